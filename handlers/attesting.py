"""The rota: an owner is asked whether an entry is still right, and says yes or no."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Final

from handlers.membership import person_of
from handlers.messages import Card, Choice, Reply, Status
from handlers.owners import Owners, Ownership
from handlers.ports import Confirmations
from handlers.programs import ProgramDesk
from handlers.turn import Turn
from handlers.windows import WindowDesk
from knowledge.attesting import Answer, Standing, fingerprint, may_ask
from knowledge.entries import Program, Window
from knowledge.load import Knowledge
from knowledge.replies import BASE, Replies

STILL: Final = "still:"
"""«Yes, it is still right», with the fingerprint of what was shown, and the entry."""
CORRECT: Final = "correct:"
"""«Something must change», likewise."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one chat is asked today."""

    ownership: Ownership
    """Whom to ask, and about which entry."""
    confirmed: date | None
    """When the entry was last confirmed."""
    reply: Reply
    """The entry as people see it, the question, and the buttons."""


class Ownable:
    """The entries that somebody can own: windows, and programs of prefectures."""

    def __init__(self, knowledge: Knowledge, programs: ProgramDesk, windows: WindowDesk) -> None:
        """Take the entries, and who writes their cards."""
        self._knowledge = knowledge
        self._programs = programs
        self._windows = windows

    @cached_property
    def entries(self) -> Mapping[str, Program | Window]:
        """The entries by id."""
        of_prefectures = (p for p in self._knowledge.programs.programs if p.prefecture)
        return {
            **{window.id: window for window in self._knowledge.windows},
            **{program.id: program for program in of_prefectures},
        }

    def title(self, entry: str) -> str:
        """The title of an entry; its id, if it is gone."""
        found = self.entries.get(entry)
        return found.title if found else entry

    def assured(self, entry: Program | Window) -> date | None:
        """The day on which the editors confirmed an entry."""
        return (
            entry.assured if isinstance(entry, Window) else self._knowledge.programs.source.checked
        )

    def card(self, entry: Program | Window, at: datetime, language: str) -> Card:
        """The entry as people see it."""
        if isinstance(entry, Window):
            return self._windows.card(entry, 1.0, at, language)
        return self._programs.card(entry, 1.0)


class AttestingDesk:
    """Asks owners, and takes their answers."""

    def __init__(self, owners: Owners, ownable: Ownable, replies: Replies) -> None:
        """Take what is kept, the entries that can be owned, and the sentences."""
        self._owners = owners
        self._ownable = ownable
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {}
        """No button goes without an entry."""
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            STILL: lambda turn, shown: self.answer(turn, shown, Answer.YES),
            CORRECT: lambda turn, shown: self.answer(turn, shown, Answer.CHANGE),
        }

    def questions(
        self, confirmations: Confirmations, at: datetime, attest_days: int
    ) -> Iterator[Question]:
        """What to ask today: in each chat one entry at most, the one confirmed longest ago."""
        today = at.date()
        held = sorted(self._owners.held(), key=lambda one: one.conversation)
        for _, chat in groupby(held, key=lambda one: one.conversation):
            mine = list(chat)
            if any(one.asked == today for one in mine):
                continue
            found = [
                (standing.confirmed or date.min, one.entry, one, standing)
                for one, standing in self._standings(mine, confirmations, today)
                if may_ask(standing, one.asked, today, attest_days)
            ]
            if found:
                *_, one, standing = min(found, key=lambda each: each[:2])
                entry = self._ownable.entries[one.entry]
                yield Question(one, standing.confirmed, self._question(entry, at, BASE))

    def _standings(
        self, mine: list[Ownership], confirmations: Confirmations, today: date
    ) -> Iterator[tuple[Ownership, Standing]]:
        for one in mine:
            entry = self._ownable.entries.get(one.entry)
            if entry:  # else it was withdrawn: there is nothing to ask
                assured = self._ownable.assured(entry)
                yield one, confirmations.standing(one.entry, assured, today)

    def _question(self, entry: Program | Window, at: datetime, language: str) -> Reply:
        shown = f"{fingerprint(entry)}:{entry.id}"
        say = self._replies.say
        return Reply(
            Status.SMALLTALK,
            opening=(say("owner.asking", language),),
            cards=(self._ownable.card(entry, at, language),),
            closing=(say(f"owner.question.{entry.kind}", language),),
            choices=(
                Choice(f"{STILL}{shown}", say("choice.still", language)),
                Choice(f"{CORRECT}{shown}", say("choice.correct", language)),
            ),
            language=language,
        )

    def answer(self, turn: Turn, shown: str, answer: Answer) -> Reply | None:
        """Keep what an owner says; None, and nothing is kept, from anybody else.

        Where the entry has changed since it was shown, it is shown again.
        """
        print_shown, _, entry_id = shown.partition(":")
        person, entry = person_of(turn.incoming.conversation), self._ownable.entries.get(entry_id)
        # In a group others can see the buttons; only private chats are asked.
        owns = turn.incoming.reachable and entry_id in self._owners.owned(person)
        if entry is None or not owns:
            return None
        if print_shown != fingerprint(entry):
            return self._question(entry, turn.incoming.at, turn.language)
        kept = self._owners.answer(person, entry_id, answer, turn.incoming.at)
        key = f"owner.answered.{answer}" if kept else "owner.not_kept"
        said = self._replies.say(key, turn.language, title=entry.title)
        return Reply(Status.SMALLTALK, opening=(said,))
