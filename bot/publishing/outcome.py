"""How publishing or undoing ended."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.findings import Finding


class Problem(StrEnum):
    """Why nothing was published, or undone."""

    OWN_DRAFT = "own_draft"
    """Who wrote a draft does not sign it."""
    NO_REPLAY = "no_replay"
    """No replay of this text on this data."""
    CHECK_FAILED = "check_failed"
    """It would bring errors, or the data has some that keep it from being loaded."""
    CONFLICT = "conflict"
    """The entry is no longer as it was when the draft was begun."""
    NOT_DRAFT = "not_draft"
    """It is no draft any more."""
    NOT_WRITTEN = "not_written"
    """The disk or the database failed; everything is as it was."""
    CHANGED_SINCE = "changed_since"
    """The entry is no longer as it was published, so there is nothing to undo."""


class Warned(StrEnum):
    """What went otherwise than one would think, although it was published."""

    NOT_COMMITTED = "not_committed"
    """The file is written, but git refused the commit: a hook, a lock, a merge."""
    NOT_SHOWN = "not_shown"
    """The window's status is not published: nobody sees it, so its group is not resolved."""
    OTHERS_CHANGES = "others_changes"
    """The commit also has changes to this file that somebody had not committed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended."""

    problem: Problem | None = None
    """Why nothing was done; None where it was."""
    version: str | None = None
    """Version of the knowledge since; None where nothing was done."""
    findings: tuple[Finding, ...] = ()
    """What the change brings: errors where it was refused, warnings where it was not."""
    warnings: tuple[Warned, ...] = ()
    """What went otherwise."""


class RefusedError(Exception):
    """Nothing is done; says why."""

    def __init__(self, problem: Problem, findings: tuple[Finding, ...] = ()) -> None:
        """Say why."""
        super().__init__(problem)
        self.problem = problem
        self.findings = findings
