"""What could not be answered, as staff see it: questions that ask alike, windows with trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.staff import GroupState, Resolution
from knowledge.entries import Clause, Program, Window


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a group, as staff may see it."""

    id: int
    """Number of the query."""
    at: datetime
    """When it was asked."""
    text: str | None
    """Redacted; None while nobody may read it."""
    cause: str | None
    """``none_chosen`` or ``disliked``; None where nothing was found."""
    about: str | None
    """The entry that was no answer."""
    topics: tuple[str, ...]
    """Topics that were understood."""
    prefectures: tuple[str, ...]
    """Prefectures that were named."""
    language: str
    """The language it was written in."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask alike, or what was told of one window."""

    id: int
    """Its number; it never changes."""
    window: str | None
    """The window people could not reach; None for questions."""
    state: GroupState
    """open, claimed, resolved."""
    claimed_by: str | None
    """Who works on it."""
    resolution: Resolution | None
    """How it was resolved."""
    entry: str | None
    """The entry that covers it."""
    changed: datetime | None
    """When the state last changed."""
    people: int
    """How many different people asked; for a window, how often it was told."""
    rank: float
    """People, weighted by how recently they asked; the largest gap first."""
    first: datetime | None
    """When it was first asked."""
    last: datetime | None
    """When it was last asked."""
    questions: tuple[Question, ...] = ()
    """Newest first."""
    told: Mapping[str, int] | None = None
    """Of a window: how often each thing was told."""
    waiting: int = 0
    """How many people want to be told of the answer."""

    @property
    def readable(self) -> tuple[str, ...]:
        """The wordings staff may read, each once."""
        return tuple(dict.fromkeys(q.text for q in self.questions if q.text))

    @property
    def hidden(self) -> int:
        """How many questions nobody may read yet."""
        return sum(question.text is None for question in self.questions)


class Queue(Protocol):
    """Keeps the groups. A deed that fails says so; none raises."""

    def groups(self, officer: str) -> Sequence[Group]:
        """Groups that wait or that this officer holds, the largest gap first."""

    def wordings(self, group: int) -> Sequence[str]:
        """All wordings of a group, for comparing; they are not all to be shown."""

    def claim(self, group: int, officer: str) -> bool:
        """Take a group; False if somebody else has it, or this officer may not."""

    def release(self, group: int, officer: str) -> bool:
        """Give a group back; False if this officer does not hold it."""

    def resolve(
        self, group: int, officer: str, resolution: Resolution, entry: str | None = None
    ) -> bool:
        """End a group; False if somebody else has it, or this officer may not."""

    def draft(
        self, group: int, officer: str, entry: Clause | Program | Window, base: str
    ) -> int | None:
        """Keep an entry's new text as a draft that answers a group; None if it was refused."""


class NoQueue:
    """Where nothing is kept, nothing waits."""

    def groups(self, officer: str) -> Sequence[Group]:
        """Nothing."""
        del officer
        return ()

    def wordings(self, group: int) -> Sequence[str]:
        """Nothing."""
        del group
        return ()

    def claim(self, group: int, officer: str) -> bool:
        """Nothing can be taken."""
        del group, officer
        return False

    def release(self, group: int, officer: str) -> bool:
        """Nothing is held."""
        del group, officer
        return False

    def resolve(
        self, group: int, officer: str, resolution: Resolution, entry: str | None = None
    ) -> bool:
        """Nothing can be ended."""
        del group, officer, resolution, entry
        return False

    def draft(
        self, group: int, officer: str, entry: Clause | Program | Window, base: str
    ) -> int | None:
        """Nothing can be written."""
        del group, officer, entry, base
        return None
