"""A corrupt database in a process that serves: who meets it says so, one sets it aside."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.store.aside import corrupt, finish, is_corrupt, is_sqlite, set_aside
from bot.store.database import cause_of
from bot.store.holding import Hold
from handlers.ports import Clock

_log = structlog.get_logger()

Met = Callable[[sqlite3.Error | OSError], object]
"""Is told what the database said; from any thread, and does not raise."""


def ignore(_error: sqlite3.Error | OSError) -> None:
    """For a process that does not serve, and sets nothing aside."""


class Corruption:
    """Belongs to one database."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Nothing is looked at yet."""
        self.path = path
        self.hold = Hold(path)
        """Only its holder sets the database aside."""
        self.again: list[Callable[[], object]] = []
        """What writes into a new database what this process knows still; must not raise."""
        self.tell: Callable[[Path], object] = _nobody
        """Is told where a database was set aside; from any thread."""
        self.look: Callable[[], object] = _nothing
        """Has somebody look at the database soon: the one who writes the mail."""
        self._clock = clock
        self._foreign = False
        self._unread: Path | None = None

    def start(self) -> None:
        """Look before anything is opened, and set a corrupt database aside; never raises."""
        try:
            if self.path.exists():
                self.hold.take()
                if aside := finish(self.path):  # of a start before this one
                    self._tell_of(aside)
                elif corrupt(self.path):
                    self._start_anew()
        except (sqlite3.Error, OSError) as error:
            _log.error("database not checked", error=cause_of(error))

    def met(self, error: sqlite3.Error | OSError) -> None:
        """Note what the database said; see ``Met``."""
        if is_corrupt(error):
            self.look()

    def examine(self) -> bool:
        """Look at every page and index; whether it was corrupt, and is set aside now.

        For the thread that writes the mail, which has closed its connection before.

        Raises:
            sqlite3.Error, OSError: it cannot be looked at, or not be set aside now.
        """
        self.hold.take()
        if self._foreign or not self.path.exists() or not corrupt(self.path, thorough=True):
            return False
        self._set_aside()
        return True

    def take_unread(self) -> Path | None:
        """What was set aside last, once: its mail may be read from there."""
        unread, self._unread = self._unread, None
        return unread

    def _start_anew(self) -> None:
        if self.hold.marked or is_sqlite(self.path):
            self._set_aside()
        else:  # DATABASE_URL may name somebody's notes
            self._foreign = True
            _log.error("file is no database", error="SQLITE_NOTADB")

    def _set_aside(self) -> None:
        self._tell_of(set_aside(self.path, self._clock.now()))

    def _tell_of(self, aside: Path) -> None:
        self._unread = aside
        _log.error("database set aside", file=aside.name)
        self.tell(aside)


def _nobody(_aside: Path) -> None:
    """Nobody is told."""


def _nothing() -> None:
    """Nobody looks."""
