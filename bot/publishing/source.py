"""The library of today: loaded anew when the data changes, kept when the new data is broken."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import structlog

from bot.publishing.placing import Key, key_of
from bot.publishing.watching import DataWatch
from handlers.library import Library, open_library
from handlers.ports import Clock
from knowledge.check import check
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.shelf import NO_SHELF, Shelf

AGE: Final = "assured_late"
"""The one error that comes by itself, as days go by: it stops no reload."""
_TRIES: Final = 3
"""How often data is read that changes while it is read."""
_TOLD: Final = 10
"""Findings in the log; the first ones lead to the rest."""
UNSOUND: Final = (
    LookupError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile,
)  # fmt: skip
"""What reading raises for data of a kind that no check knows."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Change:
    """The data folder holds something else than before."""

    version: str
    """Version of what it holds now."""
    library: Library | None
    """The new library; None where the data is broken and the old one stays."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the data, paths within the folder; empty where it was loaded."""


class LibrarySource:
    """Holds the library of a data folder; safe to use from several threads."""

    def __init__(
        self,
        data: Path,
        clock: Clock,
        shelf: Shelf = NO_SHELF,
        library: Library | None = None,
        opened: Callable[[Path, Shelf], Library] = open_library,
    ) -> None:
        """Hold ``library``, which was opened from ``data``, or open it.

        Raises:
            KnowledgeError: the data is unsound: there is no old library to keep.
        """
        self.data = data
        self._clock = clock
        self._shelf = shelf
        self._open = opened
        self._watch = DataWatch(data)
        self._refreshing = Lock()
        self._current = library or opened(data, shelf)
        self._refused: Change | None = None
        # Errors of the data in use, and of what was read last.
        self._accepted: frozenset[Key] | None = None
        self._next: frozenset[Key] = frozenset()

    @property
    def current(self) -> Library:
        """The library of today; whoever answers a message takes it once for that message."""
        return self._current

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why what is in the folder is not in use; empty when it is."""
        refused = self._refused
        return refused.findings if refused else ()

    def tried(self, data: Path, shelf: Shelf) -> Library:
        """The library of another folder, opened in the same way.

        Raises:
            KnowledgeError: its data is unsound.
        """
        return self._open(data, shelf)

    def version(self) -> str:
        """Version of what is in the folder now, in use or not.

        Raises:
            OSError: a file cannot be read.
        """
        return self._watch.version()

    def refresh(self) -> Change | None:
        """Load the data if it has changed; None if not, or if that was told before.

        Looking takes about a millisecond, loading a second or more; a second caller waits.
        """
        with self._refreshing:
            for _ in range(_TRIES):
                change = self._look()
                if change is None or self._rests(change):
                    return self._take(change)
        return None  # it goes on changing: the next look will find it still

    def loaded(self) -> Library:
        """The library of what is in the folder now.

        Raises:
            KnowledgeError: what is there is broken, so that an older library is in use.
        """
        self.refresh()
        if self.findings:
            raise KnowledgeError(self.findings)
        return self._current

    def _seen(self) -> str:
        try:
            return self._watch.version()
        except OSError:
            return ""

    def _rests(self, change: Change) -> bool:
        """Whether the data was the same before, while and after it was read."""
        library = change.library
        same = library is None or library.version == change.version
        return same and change.version == self._seen()

    def _look(self) -> Change | None:
        found = self._seen()
        if found == self._current.version:
            self._refused = None
            if self._accepted is None:  # at the start there was no time for it
                self._accepted = frozenset(map(key_of, self._errors()))
            return None
        if self._refused and self._refused.version == found:
            return None
        return self._reading(found)

    def _reading(self, found: str) -> Change:
        """Errors that the data in use has too are no reason to go on with it."""
        try:
            errors = self._errors()
            known = self._accepted or frozenset()
            if new := [error for error in errors if key_of(error) not in known]:
                return self._refusal(found, new)
            library = self._open(self.data, self._shelf)
        except KnowledgeError as error:
            return self._refusal(found, error.findings)
        except OSError:
            return self._refusal(found, [Finding("unreadable", self.data, 1)])
        except UNSOUND as error:
            values = {"error": type(error).__name__}
            return self._refusal(found, [Finding("not_loaded", self.data, 1, values)])
        self._next = frozenset(map(key_of, errors))
        return Change(found, library)

    def _errors(self) -> list[Finding]:
        found = check(self.data, today=self._clock.now().date())
        return [one for one in found if one.severity is Severity.ERROR and one.code != AGE]

    def _refusal(self, version: str, findings: Sequence[Finding]) -> Change:
        return Change(version, None, tuple(one.seen_from(self.data) for one in findings))

    def _take(self, change: Change | None) -> Change | None:
        if change is None:
            return None
        if change.library:
            self._current, self._refused = change.library, None
            self._accepted = self._next
            _log.info("knowledge loaded", version=change.version)
        else:
            self._refused = change
            told = [f"{one.path}:{one.line} {one.code}" for one in change.findings[:_TOLD]]
            count = len(change.findings)
            _log.error("knowledge refused", version=change.version, count=count, findings=told)
        return change
