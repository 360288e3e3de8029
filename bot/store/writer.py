"""Writes to the database from one thread of its own, in one transaction what waits together."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import structlog
from sqlite_utils import Database

from bot.store.database import cause_of, open_database, writing

BUSY_SECONDS: Final = 1.0
"""Wait for another process that writes; people wait with us, so it is short."""

Given = TypeVar("Given")
Made = TypeVar("Made")

_log = structlog.get_logger()


class UnkeptError(Exception):
    """The disk refuses, and nothing was written."""


class _Task(NamedTuple):
    """One thing to write."""

    job: Callable[[Database, Sequence[Any]], Sequence[Any]]
    given: object
    done: asyncio.Future[Any]


def open_durable(path: Path) -> Database:
    """Open the database so that what was committed survives a power cut too."""
    db = open_database(path, busy=BUSY_SECONDS)
    db.execute("pragma synchronous = full")
    return db


class Writer:
    """Belongs to one event loop. Only one process at a time writes so to a database."""

    def __init__(self, path: Path, connect: Callable[[Path], Database] = open_durable) -> None:
        """Nothing is opened before the first job."""
        self._path = path
        self._connect = connect
        self._db: Database | None = None  # the thread's alone
        self._held: int | None = None  # the same: the file that says whose database it is
        self._told: set[str] = set()  # the same
        self._lock = threading.Lock()  # guards the next two
        self._waiting: list[_Task] = []
        self._scheduled = False
        self._dirty = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")

    async def do(
        self, job: Callable[[Database, Sequence[Given]], Sequence[Made]], given: Given
    ) -> Made:
        """Do a job in a transaction, with all that waits for the same job; give its result.

        ``job`` takes what was given to each, and gives as many results, in the same order.

        Raises:
            UnkeptError: the disk refuses; nothing was written.
        """
        done: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.append(_Task(job, given, done))
            schedule, self._scheduled = not self._scheduled, True
        if schedule:
            try:
                self._thread.submit(self._write).add_done_callback(_tell_of)
            except RuntimeError:
                raise UnkeptError from None  # closed
        return await done

    async def checkpoint(self) -> None:
        """Empty the write-ahead log if anything was written: deleted rows still stand in it."""
        if self._dirty:
            self._dirty = False
            await asyncio.wrap_future(self._thread.submit(self._checkpoint))

    def close(self) -> None:
        """Write what waits, and close the database."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._thread.submit(self._disconnect)
        self._thread.shutdown()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    # --- on the thread ---

    def _write(self) -> None:
        with self._lock:
            tasks, self._waiting = self._waiting, []
            self._scheduled = False
        made: list[tuple[_Task, Any]] = []
        try:
            made = self._written(tasks)
        except (sqlite3.Error, OSError) as error:
            self._disconnect()
            self._tell(cause_of(error))
        finally:  # after a mistake of ours nobody may wait for ever
            if tasks:
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    tasks[0].done.get_loop().call_soon_threadsafe(_settle, tasks, made)

    def _written(self, tasks: Sequence[_Task]) -> list[tuple[_Task, Any]]:
        together: dict[Any, list[_Task]] = {}
        for task in tasks:
            together.setdefault(task.job, []).append(task)
        made: list[tuple[_Task, Any]] = []
        db = self._database()
        with writing(db):
            for job, of_job in together.items():
                results = job(db, [task.given for task in of_job])
                made += zip(of_job, results, strict=True)
        self._dirty = True
        if self._told:
            self._told.clear()
            _log.warning("inbox kept again")
        return made

    def _database(self) -> Database:
        # SQLite would go on writing into a file that somebody has removed.
        if self._db is not None and not self._path.exists():
            self._disconnect()
        if self._db is None:
            self._hold()
            self._db = self._connect(self._path)
        return self._db

    def _hold(self) -> None:
        """Say that the inbox is ours; a second process would answer what is being answered."""
        if self._held is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(held)
                raise
            self._held = held

    def _checkpoint(self) -> None:
        try:
            if self._db is not None:
                self._db.execute("pragma wal_checkpoint(truncate)").fetchall()
        except (sqlite3.Error, OSError) as error:
            self._disconnect()
            self._tell(cause_of(error))

    def _disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _tell(self, cause: str) -> None:
        """Log a cause once, until it works again."""
        if cause not in self._told:
            self._told.add(cause)
            _log.error("inbox not kept", error=cause)


def _settle(tasks: Sequence[_Task], made: Sequence[tuple[_Task, Any]]) -> None:
    """Give everybody their result, on the event loop."""
    for task, result in made:
        if not task.done.done():  # whoever waited may have been cancelled
            task.done.set_result(result)
    for task in tasks:
        if not task.done.done():
            task.done.set_exception(UnkeptError())


def _tell_of(done: Future[None]) -> None:
    """A mistake of ours, which the thread would otherwise keep to itself."""
    if error := done.exception():
        _log.error("inbox failed", error=type(error).__name__)
