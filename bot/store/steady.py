"""Which file is at a path, and that nobody replaces it meanwhile: a lock on its folder.

SQLite opens a database and its journal by name, one after the other. Were the file replaced in
between, a connection would join the old database with the journal of the new one.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PATIENCE: Final = 2.0
"""Seconds to wait until nobody is in the middle of something."""
_LOOK: Final = 0.02

Identity = tuple[int, int]
"""A file whatever its name: device and inode."""


def identity(path: Path) -> Identity | None:
    """Which file is at a path; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextlib.contextmanager
def staying(path: Path) -> Iterator[None]:
    """While the block lasts nobody replaces the file at a path, in any process."""
    try:
        folder = _folder(path)
    except OSError:  # no folder, no file to replace; or one that only others may read
        yield
        return
    try:
        with contextlib.suppress(OSError):  # a disk that knows no locks
            fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[None]:
    """Nobody opens the file at a path, or works on it, while the block lasts.

    Raises:
        OSError: somebody works on it for longer than ``PATIENCE``, or the disk knows no locks.
    """
    folder = _folder(path)
    try:
        _wait_for(folder)
        yield
    finally:
        os.close(folder)


def _folder(path: Path) -> int:
    """The folder in which SQLite keeps a database and its journal; a link is followed."""
    return os.open(path.resolve().parent, os.O_RDONLY | os.O_DIRECTORY)


def _wait_for(folder: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(_LOOK)
        else:
            return
