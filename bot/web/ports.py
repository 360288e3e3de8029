"""What the console needs from outside. ``bot`` brings the real ones, tests bring fakes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from bot.publishing.outcome import Outcome
from bot.publishing.replay import Replay
from bot.store.edits import Edit
from handlers.library import Library
from knowledge.findings import Finding

SendCode: TypeAlias = Callable[[int, str], Awaitable[None]]
"""Sends a sentence with a one-time code to a chat; must not raise."""


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

    def trouble(self, edit: Edit) -> Sequence[Finding]:
        """Why the last replay of a draft could not be made; empty otherwise."""

    def undo(self, edit: Edit, who: str) -> Outcome:
        """Write the file as it was before."""


class LibrarySource(Protocol):
    """The knowledge as it is now."""

    @property
    def current(self) -> Library:
        """The last one that was sound."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why a newer one cannot be used; empty if it can."""

    def refresh(self) -> object:
        """Look whether the data changed, and load it then; takes seconds where it did."""
