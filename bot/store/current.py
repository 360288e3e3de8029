"""The connection to whatever file is at a path now; it belongs to one thread."""

from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from bot.store.steady import Identity, identity


class Current:
    """SQLite would go on writing into a file that somebody has removed or replaced."""

    def __init__(self, path: Path, connect: Callable[[Path], Database]) -> None:
        """Nothing is opened yet."""
        self._path = path
        self._connect = connect
        self._db: Database | None = None
        self._file: Identity | None = None

    def get(self) -> Database:
        """The connection, opened again if need be.

        Raises:
            OSError, sqlite3.Error: what ``connect`` raises.
        """
        if self._db is not None and identity(self._path) != self._file:
            self.close()
        if self._db is None:
            self._db = self._connect(self._path)
            self._file = identity(self._path)
        return self._db

    def close(self) -> None:
        """Close it; a second time does nothing."""
        db, self._db = self._db, None
        if db is not None:
            db.close()
