"""What the console needs from outside. ``bot`` brings the real ones, tests bring fakes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.store.edits import Edit
from handlers.library import Library
from knowledge.findings import Finding

SendCode: TypeAlias = Callable[[int, str], Awaitable[None]]
"""Sends a sentence with a one-time code to a chat; must not raise."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that would be answered otherwise."""

    text: str | None
    """Its wording; None while nobody may read it."""
    source: str
    """``log`` for a question people asked, ``tests`` for one of tests/answers."""
    group: int | None
    """The group it is in, if any."""
    before_status: str
    """How it ends now."""
    after_status: str
    """How it would end."""
    before: tuple[str, ...]
    """Ids of the entries shown now, best first."""
    after: tuple[str, ...]
    """Ids of the entries that would be shown."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What an edit would change in the answers to questions asked before."""

    answered: tuple[Changed, ...]
    """Not answered now, but then."""
    changed: tuple[Changed, ...]
    """Answered with other entries."""
    near_ties: tuple[Changed, ...]
    """Two entries would come close to each other."""
    asked: int
    """How many questions were asked again."""

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {
            "asked": self.asked,
            "answered": len(self.answered),
            "changed": len(self.changed),
            "near_ties": len(self.near_ties),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of publishing or undoing."""

    problem: str | None = None
    """own_draft, no_replay, check_failed, conflict, not_draft, not_written, changed_since; or
    None where it was done."""
    version: str | None = None
    """Version of the knowledge since."""
    findings: tuple[Finding, ...] = ()
    """Why the check failed."""


class Publisher(Protocol):
    """Tries edits, publishes them and undoes that."""

    def check(self, edit: Edit) -> Sequence[Finding]:
        """Findings the change would bring, errors and warnings."""

    def begin_replay(self, edit: Edit) -> None:
        """Begin to ask the old questions again, in a thread of its own; once at a time."""

    def replay_of(self, edit: Edit) -> Replay | None:
        """What the replay showed; None while it runs, or where it was not begun."""

    def running(self, edit: Edit) -> bool:
        """Whether the replay runs."""

    def publish(self, edit: Edit, who: str) -> Outcome:
        """Write the entry into its file, and tell the audit."""

    def undo(self, edit: Edit, who: str) -> Outcome:
        """Write the file as it was before."""


class LibrarySource(Protocol):
    """The knowledge as it is now."""

    @property
    def library(self) -> Library:
        """The last one that was sound."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why a newer one cannot be used; empty if it can."""

    def refresh(self) -> None:
        """Look whether the data changed, and load it then; takes seconds where it did."""
