"""Sets a corrupt database aside, whole and under another name. Nothing is ever deleted."""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from bot.store.database import reading
from bot.store.steady import replacing

ENDS: Final = ("", "-wal", "-shm")
"""A database and what SQLite keeps beside it."""
MARK: Final = ".corrupt-"
"""Between the name of a database and the moment it was set aside."""
_CORRUPT: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_HEAD: Final = b"SQLite format 3\0"
_UNLINKABLE: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})
"""What a file system says that gives no file two names."""
_QUICK: Final = "pragma quick_check(50)"
_THOROUGH: Final = "pragma integrity_check(50)"
_HARMLESS: Final = ("NULL value in", "NUMERIC value in", "TEXT value in", "CHECK constraint")
"""Findings about values: every page and every row is where it belongs."""


def is_corrupt(error: BaseException) -> bool:
    """Whether an error says that the file is damaged: not that it is busy, full or forbidden."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return isinstance(error, sqlite3.Error) and name.startswith(_CORRUPT)


def corrupt(path: Path, *, thorough: bool = False) -> bool:
    """Whether the database at a path is damaged; ``thorough``: compare its indexes too.

    Raises:
        sqlite3.Error: it cannot be read for another reason, which says nothing of it.
    """
    try:
        with closing(reading(path)) as db:
            found = (db.execute(_THOROUGH) if thorough else db.execute(_QUICK)).fetchall()
    except sqlite3.DatabaseError as error:
        if is_corrupt(error):
            return True
        raise
    return any(line != "ok" and not _harmless(line) for (line,) in found)


def _harmless(line: str) -> bool:
    return line.startswith(_HARMLESS)


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite's do. Only while this process has it open nowhere.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def set_aside(path: Path, at: datetime) -> Path:
    """Give the database at a path, with its journal, another name; give that.

    The files that are set aside are as they were, for their owner alone; none is written over.

    Raises:
        OSError: everything stays where it was; see ``replacing`` too.
    """
    path = path.resolve()
    with replacing(path):
        for aside in _names(path, at):
            try:
                _move_all(path, aside)
            except FileExistsError:  # somebody took the name meanwhile
                continue
            return aside
    raise AssertionError  # there is always one more name


def finish(path: Path) -> Path | None:
    """End what a power cut interrupted: a database under both names loses the first.

    Raises:
        OSError: it has both names yet, or its journal has.
    """
    path = path.resolve()
    with replacing(path):
        for aside in kept_aside(path):
            if path.exists() and path.samefile(aside):
                for end in reversed(ENDS):
                    _finish(_end(path, end), _end(aside, end))
                return aside
    return None


def _finish(source: Path, target: Path) -> None:
    if not source.exists():
        return
    if target.exists() and source.samefile(target):
        source.unlink()
        _flush(target.parent)
    else:
        _move(source, target)


def kept_aside(path: Path) -> list[Path]:
    """Databases that were set aside, the newest last."""
    path = path.resolve()
    found = path.parent.glob(f"{path.name}{MARK}*")
    return sorted(file for file in found if not file.name.endswith(ENDS[1:]))


def _names(path: Path, at: datetime) -> Iterator[Path]:
    name = f"{path.name}{MARK}{at:%Y%m%dT%H%M%S}"
    for number in count(1):
        aside = path.with_name(name if number == 1 else f"{name}-{number}")
        if not any(os.path.lexists(_end(aside, end)) for end in ENDS):
            yield aside


def _move_all(path: Path, aside: Path) -> None:
    """The database last: as long as it has its name, it is found to be corrupt again."""
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    with contextlib.ExitStack() as back:
        for end in reversed(ENDS):
            if _move(_end(path, end), _end(aside, end)):
                back.callback(_end(aside, end).rename, _end(path, end))
        back.pop_all()


def _move(source: Path, target: Path) -> bool:
    """Both names first, then the old one away; False if there is no such file."""
    try:
        os.link(source, target)  # a rename alone would replace what is there
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno not in _UNLINKABLE:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        source.rename(target)
    else:
        _flush(target.parent)
        try:
            source.unlink()
        except OSError:
            target.unlink()  # the old name is there yet
            raise
    _close_to_others(target)
    _flush(target.parent)
    return True


def _close_to_others(file: Path) -> None:
    with contextlib.suppress(OSError):  # somebody else's file, which we may only write
        file.chmod(0o600)


def _end(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _flush(folder: Path) -> None:
    """Wait until the names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
