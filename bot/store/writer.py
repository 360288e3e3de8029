"""Writes to the database from one thread of its own, in one transaction what waits together."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import structlog
from sqlite_utils import Database

from bot.store.corruption import Corruption
from bot.store.database import cause_of, open_database, writing
from bot.store.steady import Identity, identity
from bot.store.undone import Undone

BUSY_SECONDS: Final = 1.0
"""Wait for another process that writes; people wait with us, so it is short."""
LOOK_SECONDS: Final = 5.0
"""Between two looks at a database that is said to be corrupt."""

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

    def __init__(
        self, corruption: Corruption, connect: Callable[[Path], Database] = open_durable
    ) -> None:
        """Nothing is opened before the first job."""
        self._corruption = corruption
        self._path = corruption.path
        self._connect = connect
        self._db: Database | None = None  # the thread's alone
        self._file: Identity | None = None  # the same: which file it is
        self._anew = False  # the same: whether what is undone must be written into it
        self._undone = Undone()  # the same
        self._told: set[str] = set()  # the same
        self._lock = threading.Lock()  # guards the next four
        self._waiting: list[_Task] = []
        self._scheduled = False
        self._looking = False
        self._look_after = 0.0
        self._dirty = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        corruption.look = self.look

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
            if self._looking:  # which may take seconds, and people wait
                raise UnkeptError
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

    def look(self) -> None:
        """Look soon whether the database is corrupt, and begin a new one then; from any thread."""
        now = time.monotonic()
        with self._lock:
            if self._looking or now < self._look_after:
                return
            self._looking, self._look_after = True, now + LOOK_SECONDS
        try:
            self._thread.submit(self._look).add_done_callback(_tell_of)
        except RuntimeError:  # closed
            self._looking = False

    def close(self) -> None:
        """Write what waits, and close the database."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._thread.submit(self._disconnect)
        self._thread.shutdown()
        self._corruption.hold.let_go()

    # --- on the thread ---

    def _write(self) -> None:
        with self._lock:
            tasks, self._waiting = self._waiting, []
            self._scheduled = False
        made: list[tuple[_Task, Any]] = []
        try:
            made = self._written(tasks)
        except (sqlite3.Error, OSError) as error:
            self._fail(error)
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
        for task, result in made:
            self._undone.note(task.job, task.given, result)
        self._dirty = True
        if self._told:
            self._told.clear()
            _log.warning("inbox kept again")
        return made

    def _database(self) -> Database:
        # SQLite would go on writing into a file that somebody has removed or replaced.
        there = identity(self._path)
        if self._file not in {None, there}:
            self._disconnect()
            self._anew = True
        if self._db is None:
            self._corruption.hold.take()
            self._db = self._connect(self._path)
            self._corruption.hold.mark()
            self._file = identity(self._path)
        if aside := self._corruption.take_unread():
            self._undone.salvage(aside)
            self._anew = True
        if self._anew:
            with writing(self._db):
                self._undone.keep(self._db)
            self._anew = False
        return self._db

    def _look(self) -> None:
        """See ``look``. Until it ends everybody is answered from memory."""
        try:
            self._disconnect()
            if self._corruption.examine():
                self._database()
                for write in self._corruption.again:
                    write()
        except (sqlite3.Error, OSError) as error:
            self._disconnect()
            self._tell(cause_of(error))
        finally:
            with self._lock:
                self._looking = False

    def _checkpoint(self) -> None:
        try:
            if self._db is not None:
                self._db.execute("pragma wal_checkpoint(truncate)").fetchall()
        except (sqlite3.Error, OSError) as error:
            self._fail(error)

    def _fail(self, error: sqlite3.Error | OSError) -> None:
        self._disconnect()
        self._tell(cause_of(error))
        self._corruption.met(error)

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
