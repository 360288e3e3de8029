"""Copies of the whole database: made while it is written to, and put back."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlite_utils import Database

from bot.store.accounts import COMMAND_LINE
from bot.store.audit import note
from bot.store.database import open_database, reading, writing
from bot.store.migrations import migrations

RESTORED: Final = "database.restore"
"""The deed in the audit."""


class Refusal(StrEnum):
    """Why nothing was done."""

    NO_DATABASE = "no_database"
    """There is nothing to copy."""
    EXISTS = "exists"
    """The file is there already, and stays as it is."""
    SAME = "same"
    """The copy is the database itself."""
    NOT_OURS = "not_ours"
    """The file is no database of this program."""
    DAMAGED = "damaged"
    """The file fails SQLite's integrity check."""
    NEWER = "newer"
    """A newer program made it: this one does not know its shape."""
    IN_USE = "in_use"
    """A process has the database open."""


class RefusedError(Exception):
    """Nothing was done, and nothing was changed."""

    def __init__(self, why: Refusal) -> None:
        """Say why."""
        super().__init__(why.value)
        self.why = why


def back_up(path: Path, target: Path) -> int:
    """Copy the database at ``path`` while others write to it; give the size in bytes.

    The copy is one moment of the database, whole, checked, and for the owner alone.

    Raises:
        RefusedError: there is no database, the copy is damaged, or ``target`` is there already.
        sqlite3.Error: the database cannot be read.
        OSError: the copy cannot be written.
    """
    if not path.exists():
        raise RefusedError(Refusal.NO_DATABASE)
    if os.path.lexists(target):
        raise RefusedError(Refusal.EXISTS)
    with _beside(target) as beside:
        _copy(path, beside)
        if not sound(beside):
            raise RefusedError(Refusal.DAMAGED)
        try:  # a rename alone would replace what came meanwhile
            target.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise RefusedError(Refusal.EXISTS) from None
        beside.replace(target)
    _flush(target.parent)
    return target.stat().st_size


def restore(file: Path, path: Path, at: datetime, *, replace: bool) -> Path | None:
    """Put a copy in the place of the database; give where the old one was put aside, if any.

    Its shape is brought to today's. The old one is only renamed, so nothing is lost.

    Raises:
        RefusedError: see ``Refusal``; the database is as it was.
        sqlite3.Error, OSError: what cannot be read or written; likewise.
    """
    check_copy(file)
    there = path.exists()
    if there and path.samefile(file):
        raise RefusedError(Refusal.SAME)
    if there and not replace:
        raise RefusedError(Refusal.EXISTS)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _beside(path) as beside:
        _copy(file, beside)
        _bring_forward(beside, at)
        aside = _put_aside(path, at) if there else None
        beside.replace(path)
    _flush(path.parent)
    return aside


def check_copy(file: Path) -> None:
    """Whether a file is a whole database of this program or an earlier one.

    Raises:
        RefusedError: it is not.
        OSError: it cannot be read.
    """
    with file.open("rb"):  # says why, which SQLite does not
        pass
    try:
        with closing(reading(file)) as db:
            done = {name for (name,) in db.execute("select name from _sqlite_migrations")}
    except sqlite3.Error:
        raise RefusedError(Refusal.NOT_OURS) from None
    if not sound(file):
        raise RefusedError(Refusal.DAMAGED)
    with closing(Database(memory=True)) as new:
        known = {step.name for step in migrations.pending(new)}
    if done - known:
        raise RefusedError(Refusal.NEWER)


def sound(path: Path) -> bool:
    """Whether SQLite finds every page, row and index of a file in order."""
    try:
        with closing(reading(path)) as db:
            found = db.execute("pragma integrity_check").fetchall()
    except sqlite3.Error:
        return False
    return found == [("ok",)]


def _copy(source: Path, target: Path) -> None:
    """All pages in one step: whoever writes meanwhile goes on in the journal.

    The copy is one file: what reads it later needs no journal beside it.
    """
    target.touch(mode=0o600)
    with closing(reading(source)) as db, closing(sqlite3.connect(target)) as copy:
        # What holds the database locked is told here: ``backup`` would wait for it for ever.
        db.execute("begin")
        db.execute("select count(*) from sqlite_master").fetchone()
        db.backup(copy)
        copy.execute("pragma journal_mode = delete")
    _flush(target)


def _bring_forward(copy: Path, at: datetime) -> None:
    with closing(open_database(copy)) as db:
        with writing(db):
            note(db, at, COMMAND_LINE, RESTORED, "database")
        db.execute("pragma journal_mode = delete")


def _put_aside(path: Path, at: datetime) -> Path:
    """Rename the database, once nobody has it open.

    SQLite gives up its journal only to the last one who has the database open; so that proves it.
    """
    aside = path.with_name(f"{path.name}.before-{at:%Y%m%dT%H%M%S}")
    if aside.exists():
        raise RefusedError(Refusal.IN_USE)  # another restore, in the same second
    try:
        with closing(sqlite3.connect(path, timeout=0.2)) as db:
            db.execute("pragma locking_mode = exclusive")
            mode = db.execute("pragma journal_mode = delete").fetchone()
            db.execute("begin exclusive")
            if mode != ("delete",):
                raise RefusedError(Refusal.IN_USE)
            path.rename(aside)
            db.execute("rollback")
    except sqlite3.OperationalError:
        raise RefusedError(Refusal.IN_USE) from None
    except sqlite3.DatabaseError:  # it is damaged: all the more must it be kept
        path.rename(aside)
    for end in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    return aside


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Where to write a file before it gets its name; nothing of it is left behind."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield Path(folder) / path.name


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
