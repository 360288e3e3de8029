"""The same questions put to two libraries, and what they answer differently."""

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.app import NoLog
from bot.publishing.questions import LOG, Question, Said
from bot.store.conversations import MemoryConversations
from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Status

_ANSWERED: Final = Status.ANSWERED.group
_UNANSWERED: Final = Status.UNANSWERED_NO_MATCH.group
_CRISIS: Final = Status.CRISIS_SIGNPOSTED.group


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got."""

    status: Status
    """How it ended."""
    entries: tuple[str, ...]
    """Ids of the entries shown or offered, best first."""

    @property
    def first(self) -> str:
        """The entry people see first; empty where nothing was found for the question itself."""
        found = self.entries if self.status.group != _UNANSWERED else ()
        return next(iter(found), "")


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that gets another answer than before."""

    text: str | None
    """The wording; None where staff may not read it."""
    source: str
    """``log`` or ``tests``."""
    group: int | None
    """The group of unanswered questions it is in."""
    before_status: str
    """How it ends today."""
    after_status: str
    """How it would end."""
    before: tuple[str, ...]
    """Ids of the entries it gets today, best first."""
    after: tuple[str, ...]
    """Ids of the entries it would get, best first."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a draft would change for people."""

    answered: tuple[Changed, ...]
    """Unanswered today, answered then."""
    changed: tuple[Changed, ...]
    """Another entry first, or another status; also what would no longer be answered."""
    near_ties: tuple[Changed, ...]
    """Answered or not today; then the person is to choose."""
    asked: int
    """How many questions were asked."""

    def counts(self) -> dict[str, int]:
        """How many of each; this is what is kept of it."""
        return {
            "asked": self.asked,
            "answered": len(self.answered),
            "changed": len(self.changed),
            "near_ties": len(self.near_ties),
        }


class StillClock:
    """Time that stands still: both libraries are asked at one moment."""

    def __init__(self, now: datetime) -> None:
        """Stand at a moment."""
        self._now = now

    def now(self) -> datetime:
        """That moment."""
        return self._now

    def seconds(self) -> float:
        """Nothing passes."""
        return 0.0


class Asker:
    """Asks a library questions; keeps no log, and nothing from one question to the next."""

    def __init__(self, library: Library, at: datetime) -> None:
        """Ask at a moment."""
        self._library = library
        self._at = at
        self._clock = StillClock(at)
        self._conversations = MemoryConversations(self._clock)
        self._assistant = Assistant(library, NoLog(), self._conversations, self._clock)
        self._count = 0

    def ask(self, said: Said) -> Answer:
        """The answer to the last turn."""
        self._count += 1
        replies = [
            self._assistant.answer(
                Incoming(
                    turn,
                    f"replay:{self._count}",
                    self._at,
                    channel="replay",
                    role=said.role,
                    prefecture=said.prefecture,
                    language=said.language,
                )
            )
            for turn in said.turns
        ]
        cards = (*replies[-1].cards, *replies[-1].offered)
        return Answer(replies[-1].status, tuple(card.id for card in cards))


def ask_all(
    asker: Asker, questions: Iterable[Question], known: MutableMapping[Said, Answer]
) -> Iterator[None]:
    """Ask what is not ``known`` yet; stops after each question, so that it can be broken off."""
    for question in questions:
        if question.said not in known:
            known[question.said] = asker.ask(question.said)
            yield


def compared(
    questions: Iterable[Question], before: MutableMapping[Said, Answer],
    after: MutableMapping[Said, Answer],
) -> Replay:  # fmt: skip
    """What is answered differently; each question with its fate."""
    found: dict[str, list[Changed]] = {"answered": [], "changed": [], "near_ties": []}
    asked = 0
    for question in questions:
        asked += 1
        old, new = before[question.said], after[question.said]
        if fate := fate_of(old, new):
            found[fate].append(_changed(question, old, new))
    return Replay(**{fate: tuple(changed) for fate, changed in found.items()}, asked=asked)


def fate_of(old: Answer, new: Answer) -> str:
    """``answered``, ``changed``, ``near_ties``; empty where people see no difference."""
    if (old.status, old.first) == (new.status, new.first):
        return ""
    if new.status is Status.CLARIFY_CHOICE and old.status is not Status.CLARIFY_CHOICE:
        return "near_ties"
    if old.status.group == _UNANSWERED:
        if new.status.group == _UNANSWERED:
            return ""
        return "answered" if new.status.group == _ANSWERED else "changed"
    return "changed"


def _changed(question: Question, old: Answer, new: Answer) -> Changed:
    danger = _CRISIS in {old.status.group, new.status.group}
    return Changed(
        # What people in danger wrote is shown to nobody, even if it was not taken for that then.
        None if danger and question.source == LOG else question.text,
        question.source,
        question.group,
        old.status.value,
        new.status.value,
        old.entries,
        new.entries,
    )
