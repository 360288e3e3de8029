"""Opens the database: its folder, its file, its settings and its shape."""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlite_utils import Database

from bot.store.migrations import migrations
from bot.store.steady import staying

_SCHEME: Final = "sqlite:///"
_BUSY_SECONDS: Final = 5.0
"""How long to wait for another process that writes."""


class DatabaseUrlError(ValueError):
    """A DATABASE_URL that is none; the message names it."""


def database_path(url: str) -> Path:
    """The file of ``sqlite:///data/x.db`` (relative) or ``sqlite:////srv/x.db`` (absolute).

    Raises:
        DatabaseUrlError: another scheme, or no file.
    """
    path = url.removeprefix(_SCHEME)
    if path == url or not path:
        message = f"DATABASE_URL must be sqlite:/// and a file, not {url!r}"
        raise DatabaseUrlError(message)
    return Path(path)


def open_database(path: Path, *, busy: float = _BUSY_SECONDS) -> Database:
    """Open the database for writing; make it, with its folder, and bring it to today's shape.

    The connection belongs to the calling thread. Only the owner may read what this makes.

    Raises:
        OSError: the folder or the file cannot be made.
        sqlite3.Error: it is read-only, full, locked for longer than ``busy`` seconds, or no
            database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with staying(path):  # until its journal is open too
        return _opened(path, busy)


def _opened(path: Path, busy: float) -> Database:
    path.touch(mode=0o600)
    db = Database(sqlite3.connect(path, timeout=busy))
    try:
        # Deleted rows are overwritten, not only unlinked: they held what people wrote.
        for pragma in ("foreign_keys = on", "secure_delete = on", "synchronous = normal"):
            db.execute(f"pragma {pragma}")
        db.enable_wal()
        if migrations.pending(db):
            with writing(db):  # looks again at what is pending, now that no one else can apply it
                migrations.apply(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def read_database(path: Path) -> Database | None:
    """Open the database for reading alone, as it is; None if there is none yet.

    Raises:
        sqlite3.Error: it cannot be read, or is no database.
    """
    if not path.exists():
        return None
    with staying(path):
        db = Database(reading(path))
        try:
            db.execute("pragma schema_version").fetchone()
        except sqlite3.Error:
            db.close()
            raise
        return db


def reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing.

    Raises:
        sqlite3.Error: there is no such file, or it may not be read.
    """
    address = f"file:{quote(os.fspath(path.absolute()))}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)


@contextlib.contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction that holds the right to write from its begin.

    sqlite-utils begins to read first; when another process writes in between, SQLite then
    refuses at once instead of waiting.

    Raises:
        sqlite3.Error: the block's, or the database's; nothing of the block is kept.
    """
    db.conn.execute("begin immediate")
    try:
        yield
        db.commit()
    finally:
        db.rollback()  # does nothing after the commit


def cause_of(error: sqlite3.Error | OSError) -> str:
    """A closed name such as SQLITE_FULL or EACCES; an error's own text could quote a row."""
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return getattr(error, "sqlite_errorname", None) or type(error).__name__
