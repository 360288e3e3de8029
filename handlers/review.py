"""Staff go through what could not be answered, one group after the other, in a private chat."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from handlers.gaps import Group, Queue
from handlers.library import Library
from handlers.messages import Choice, Reply, Role, Status
from handlers.nearest import nearest
from handlers.new_window import blank_window
from handlers.ports import OutcomeKind
from handlers.staff import GroupState, Resolution
from handlers.turn import Turn
from knowledge.edits import with_asks
from knowledge.entries import Clause
from knowledge.grouping import Grouping
from knowledge.standard_form import entry_text
from knowledge.vocabulary import Topic

REVIEW: Final = "review"
COVERED: Final = "review:covered:"
NEW: Final = "review:new:"
WANTED: Final = "review:wanted:"
OUTSIDE: Final = "review:outside:"
NO_QUESTION: Final = "review:none:"
CHECKED: Final = "review:checked:"
LATER: Final = "review:later:"
RELEASE: Final = "review:release:"
SAMPLES: Final = 5
"""Wordings shown of a group."""
OFFERED: Final = 3
"""Entries offered for a group."""
_ENDS: Final = (NEW, WANTED, OUTSIDE, NO_QUESTION, LATER)
"""What else can be decided, in the order of the buttons."""
_DIGITS: Final = 12
_TOPICS: Final = frozenset(Topic)


class ReviewDesk:
    """Shows a group with its nearest entries, and does what the officer decides."""

    def __init__(self, queue: Queue, library: Library) -> None:
        """Take where the groups are kept, and the knowledge."""
        self._queue = queue
        self._library = library
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {REVIEW: self.begin}
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            COVERED: self._covered,
            NEW: self._new,
            WANTED: lambda turn, group: self._end(turn, group, Resolution.NEEDS_ENTRY),
            OUTSIDE: lambda turn, group: self._end(turn, group, Resolution.OUT_OF_SCOPE),
            NO_QUESTION: lambda turn, group: self._end(turn, group, Resolution.NOT_A_QUESTION),
            CHECKED: lambda turn, group: self._end(turn, group, Resolution.COVERED_BY),
            LATER: self._later,
            RELEASE: self._release,
        }

    def begin(self, turn: Turn) -> Reply:
        """The group with the largest gap; staff only, and not where others read along."""
        if turn.role is not Role.STAFF:
            return self._said(turn, "review.staff_only")
        if not turn.incoming.reachable:
            return self._said(turn, "review.private_only")
        return self._next(turn)

    def _later(self, turn: Turn, group: str) -> Reply | None:
        return self._next(turn, after=_number(group)) if self._may(turn) else None

    def _release(self, turn: Turn, number: str) -> Reply | None:
        group = self._open(turn, number)
        if group is None:
            return None
        done = self._queue.release(group.id, turn.incoming.conversation)
        key = "review.released" if done else "review.taken"
        return self._next(turn, group.id, self._say(turn, key))

    def _next(self, turn: Turn, after: int | None = None, *first: str) -> Reply:
        """The group that follows in the order of the gaps; others' claimed ones are left out."""
        waiting = self._queue.groups(turn.incoming.conversation)
        numbers = [group.id for group in waiting]
        start = numbers.index(after) + 1 if after in numbers else 0
        if start >= len(waiting):
            key = "review.end" if waiting else "review.nothing"
            return self._said(turn, key, first=first)
        return self._shown(turn, waiting[start], len(waiting), first)

    def _shown(self, turn: Turn, group: Group, waiting: int, first: Sequence[str]) -> Reply:
        summary = self._say(
            turn, "review.group", number=str(group.id), people=str(group.people),
            last=_day(group.last), waiting=str(waiting),
        )  # fmt: skip
        if group.window:
            return self._window(turn, group, (*first, summary))
        near = nearest(self._library.index, self._queue.wordings(group.id), OFFERED)
        return Reply(
            Status.SMALLTALK,
            opening=(*first, summary, *self._wordings(turn, group)),
            closing=(self._say(turn, "review.what_now"),),
            choices=(
                *(self._offer(turn, group, entry, score) for entry, score in near),
                *(self._choice(turn, prefix, group) for prefix in _ENDS),
                *self._held(turn, group),
            ),
        )

    def _held(self, turn: Turn, group: Group) -> list[Choice]:
        held = group.state is GroupState.CLAIMED
        return [self._choice(turn, RELEASE, group)] if held else []

    def _wordings(self, turn: Turn, group: Group) -> list[str]:
        """What may be read, how much may not, and what it is about."""
        readable = [self._say(turn, "review.wording", text=t) for t in group.readable[:SAMPLES]]
        found = {topic: None for q in group.questions for topic in q.topics if topic in _TOPICS}
        names = self._say(turn, "list.separator").join(
            self._say(turn, f"topic.{topic}") for topic in found
        )
        hidden = self._say(turn, "review.hidden", count=str(group.hidden)) if group.hidden else ""
        topics = self._say(turn, "review.topics", topics=names) if names else ""
        return [
            part for part in ("\n".join(readable), self._why(turn, group), hidden, topics) if part
        ]

    def _why(self, turn: Turn, group: Group) -> str:
        """The words for which these questions stand together, as far as they may be read."""
        grouping = Grouping(self._library.index, {group.id: group.readable})
        words = self._say(turn, "list.separator").join(grouping.words(group.id))
        return self._say(turn, "review.words", words=words) if words else ""

    def _offer(self, turn: Turn, group: Group, entry: str, score: float) -> Choice:
        label = self._say(turn, "review.covered", title=self._title(entry), percent=f"{score:.0%}")
        return Choice(f"{COVERED}{group.id}:{entry}", label)

    def _window(self, turn: Turn, group: Group, opening: Sequence[str]) -> Reply:
        told = group.told or {}
        counts = {kind.value: str(told.get(kind.value, 0)) for kind in OutcomeKind}
        at, language = turn.incoming.at, turn.language
        cards = self._library.windows.cards([group.window or ""], at, language)
        return Reply(
            Status.SMALLTALK,
            opening=(*opening, self._say(turn, "review.told", **counts)),
            cards=tuple(cards),
            closing=(self._say(turn, "review.window_what_now"),),
            choices=(
                self._choice(turn, CHECKED, group),
                self._choice(turn, LATER, group),
                *self._held(turn, group),
            ),
        )

    def _covered(self, turn: Turn, tapped: str) -> Reply | None:
        """The wordings become ways to ask an entry: a draft, until somebody publishes it."""
        number, _, entry_id = tapped.partition(":")
        entry = self._library.knowledge.entries.get(entry_id)
        group = self._open(turn, number)
        if group is None or entry is None:
            return None
        officer = turn.incoming.conversation
        if not self._queue.claim(group.id, officer):
            return self._next(turn, group.id, self._say(turn, "review.taken"))
        title = self._title(entry_id)
        changed = with_asks(entry, group.readable)
        if changed == entry:  # nothing may be read, or it is asked so already
            self._queue.resolve(group.id, officer, Resolution.COVERED_BY, entry_id)
            return self._next(turn, group.id, self._say(turn, "review.marked", title=title))
        edit = self._queue.draft(group.id, officer, changed, entry_text(entry))
        key = "review.drafted" if edit else "review.not_kept"
        return self._next(turn, group.id, self._say(turn, key, title=title, edit=str(edit)))

    def _new(self, turn: Turn, number: str) -> Reply | None:
        """A draft of a new window to fill in, kept for the console and shown as a file's text."""
        group = self._open(turn, number)
        if group is None:
            return None
        officer = turn.incoming.conversation
        if not self._queue.claim(group.id, officer):
            return self._next(turn, group.id, self._say(turn, "review.taken"))
        entry = blank_window(self._library.replies, group, turn.incoming.at.date())
        edit = self._queue.draft(group.id, officer, entry, "")
        key = "review.new" if edit else "review.not_kept"
        said = self._say(turn, key, edit=str(edit), title=entry.title)
        return Reply(
            Status.SMALLTALK,
            opening=(said, entry_text(entry)),
            choices=(Choice(REVIEW, self._say(turn, "review.next")),),
        )

    def _end(self, turn: Turn, number: str, resolution: Resolution) -> Reply | None:
        group = self._open(turn, number)
        if group is None:
            return None
        officer = turn.incoming.conversation
        done = self._queue.resolve(group.id, officer, resolution, group.window)
        return self._next(turn, None, self._say(turn, "review.done" if done else "review.taken"))

    def _open(self, turn: Turn, number: str) -> Group | None:
        """The group of a button; None for one that is resolved, made up, or not for this chat."""
        if not self._may(turn):
            return None
        return next(
            (g for g in self._queue.groups(turn.incoming.conversation) if g.id == _number(number)),
            None,
        )

    @staticmethod
    def _may(turn: Turn) -> bool:
        return turn.role is Role.STAFF and turn.incoming.reachable

    def _title(self, entry_id: str) -> str:
        entry = self._library.knowledge.entries[entry_id]
        if isinstance(entry, Clause):
            return self._library.clauses.label(entry)
        return entry.title

    def _choice(self, turn: Turn, prefix: str, group: Group) -> Choice:
        word = prefix.split(":")[1]
        return Choice(f"{prefix}{group.id}", self._say(turn, f"review.choice.{word}"))

    def _said(self, turn: Turn, key: str, *, first: Sequence[str] = ()) -> Reply:
        return Reply(Status.SMALLTALK, opening=(*first, self._say(turn, key)))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._library.replies.say(key, turn.language, **values)


def _number(text: str) -> int | None:
    short = len(text) <= _DIGITS and text.isascii()
    return int(text) if short and text.isdecimal() else None


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else "—"
