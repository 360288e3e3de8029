"""Keeps queries, from one thread of its own. Whatever the disk does, people get answers."""

import contextlib
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from sqlite_utils import Database

from bot.clock import SystemClock
from bot.store.corruption import Met, ignore
from bot.store.current import Current
from bot.store.database import cause_of, database_path, open_database, writing
from bot.store.latches import KEEP
from bot.store.retention import expire
from bot.store.rows import OUTCOMES, TABLE, Row, row_of, row_of_outcome
from bot.store.steady import staying
from bot.store.wishes import FOLLOW, FULFIL, HUSH, PERMIT, UNFOLLOW, wish_of
from handlers.ports import Asked, Clock, Outcome, Query

_LIMIT: Final = 10_000
"""Queries that may wait for a disk; some 5 MB."""

Value = TypeVar("Value")

_log = structlog.get_logger()


def open_query_log(  # noqa: PLR0913  each is a decision of its own
    database_url: str,
    pseudonym_key: str,
    *,
    report: Callable[[str], None] | None = None,
    retention_days: int | None = None,
    crisis_hours: int | None = None,
    clock: Clock | None = None,
    met: Met = ignore,
    sure: Callable[[], bool] = lambda: True,
) -> "SqliteQueryLog":
    """The query log of a database, such as ``sqlite:///data/tsunagari.db``; close it at the end.

    The first query makes the file. What is over is deleted now, once a day while queries come, and
    by ``expire``: queries after ``retention_days`` (None: never), latches after ``crisis_hours``.
    What the disk refuses is logged, and told to ``report`` in one line, once per cause, and to
    ``met``. Nothing is deleted before the clock is ``sure``.

    Raises:
        DatabaseUrlError: the URL names no SQLite file.
        ValueError: the key is empty.
    """
    if not pseudonym_key:
        message = "the pseudonym key is empty"
        raise ValueError(message)
    log = SqliteQueryLog(
        database_path(database_url),
        pseudonym_key,
        report=report,
        retention=None if retention_days is None else timedelta(days=retention_days),
        calm=KEEP if crisis_hours is None else timedelta(hours=crisis_hours),
        clock=clock or SystemClock(),
        met=met,
        sure=sure,
    )
    log.expire()
    return log


class SqliteQueryLog:
    """Implements ``handlers.ports.QueryLog``.

    ``record`` only puts a row in a queue; one thread opens the connection and writes, many rows
    in one transaction. Rows that could not be written wait for the next one, up to ``limit``.
    """

    keeps = True
    """Questions are kept."""

    def __init__(  # noqa: PLR0913  each is a decision of its own
        self,
        path: Path,
        pseudonym_key: str,
        *,
        clock: Clock,
        report: Callable[[str], None] | None = None,
        retention: timedelta | None = None,
        calm: timedelta = KEEP,
        limit: int = _LIMIT,
        connect: Callable[[Path], Database] = open_database,
        met: Met = ignore,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing is opened before the first query. See ``open_query_log``."""
        self._path, self._key, self._clock, self._report = path, pseudonym_key, clock, report
        self._retention, self._calm = retention, calm
        self._limit, self._met, self._sure = limit, met, sure
        self._current = Current(path, connect)  # the writing thread's alone
        self._expired_on: date | None = None  # the writing thread's alone
        self._lock = threading.Lock()  # guards all below
        self._waiting: deque[tuple[str, Row]] = deque()  # with its table, or what is wished
        self._scheduled = False
        self._lost = self._lost_ever = 0
        self._told: set[str] = set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="query-log")

    @property
    def waiting(self) -> int:
        """How many rows wait to be written."""
        with self._lock:
            return len(self._waiting)

    @property
    def lost(self) -> int:
        """How many were lost since the start."""
        with self._lock:
            return self._lost_ever

    def record(self, query: Query) -> None:
        """Keep one query; returns at once and never raises."""
        try:
            row = row_of(query, self._key)
        except (TypeError, ValueError, OverflowError) as error:
            self._lose(type(error).__name__)
        else:
            self._keep(TABLE, row)

    def outcome(self, outcome: Outcome) -> None:
        """Keep what came of trying a window; returns at once and never raises."""
        try:
            row = row_of_outcome(outcome)
        except (ValueError, OverflowError) as error:
            self._lose(type(error).__name__)
        else:
            self._keep(OUTCOMES, row)

    def permit(self, asked: Asked) -> None:
        """Let staff read the wording of a question; returns at once and never raises."""
        self._wish(PERMIT, asked)

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        """Remember whom to tell; returns at once and never raises."""
        self._wish(FOLLOW, asked, language, until)

    def unfollow(self, asked: Asked) -> None:
        """Forget whom to tell; returns at once and never raises."""
        self._wish(UNFOLLOW, asked)

    def hush(self, conversation: str) -> None:
        """Forget to tell a conversation anything; returns at once and never raises."""
        self._wish(HUSH, Asked(conversation, self._clock.now()))

    def _wish(self, wish: str, asked: Asked, *how: Any) -> None:  # noqa: ANN401  as wish_of has it
        try:
            row = wish_of(asked, self._key, *how)
        except (ValueError, OverflowError) as error:
            self._lose(type(error).__name__)
        else:
            self._keep(wish, row)

    def _keep(self, table: str, row: Row) -> None:
        with self._lock:
            room = len(self._waiting) < self._limit
            if room:
                self._waiting.append((table, row))
            schedule = room and not self._scheduled
            self._scheduled = self._scheduled or room
        if not room:
            self._lose("full")
        elif schedule:
            self._later(self._write)

    def expire(self) -> None:
        """Delete what is over, in the background; make no database."""
        self._later(self._delete_ended)

    def flush(self) -> None:
        """Wait until every query given so far was written, or was tried to."""
        self._thread.submit(self._write).result()

    def alone(self, task: Callable[[Database], Value], discard: str = "") -> Value | None:
        """Do something once all is written, while nobody writes; None without a database.

        Of the pseudonym ``discard`` nothing stays that could not be written.

        Raises:
            OSError, sqlite3.Error: the database cannot be read or written.
        """
        return self._thread.submit(self._alone, task, discard).result()

    def close(self) -> None:
        """Write what waits, close the database, and say how many queries were lost, if any."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._thread.submit(self._write)
            self._thread.submit(self._current.close)
        self._thread.shutdown()
        with self._lock:
            lost = self._lost + len(self._waiting)
            self._waiting.clear()
            self._lost = 0
        if lost:
            self._say("query log closed incomplete", f"{lost} queries were lost", count=lost)

    def _later(self, task: Callable[[], None]) -> None:
        try:
            done = self._thread.submit(task)
        except RuntimeError:  # record() must not raise even then
            self._tell("closed")
        else:
            done.add_done_callback(self._tell_of)

    # --- on the writing thread ---

    def _write(self) -> None:
        with self._lock:
            self._scheduled = False
            rows = list(self._waiting)
        if not rows:
            return
        try:
            with staying(self._path), writing(db := self._current.get()):
                for name in (TABLE, OUTCOMES):
                    db.table(name).insert_all(row for table, row in rows if table == name)
                for wish, row in rows:
                    if wish in FULFIL:
                        FULFIL[wish](db, row)
        except (sqlite3.Error, OSError) as error:
            self._fail(error)
            return
        self._written(len(rows))
        if self._expired_on != self._clock.now().date():
            self._delete_ended()

    def _alone(self, task: Callable[[Database], Value], discard: str) -> Value | None:
        self._write()
        with self._lock:
            kept = (row for row in self._waiting if row[1].get("pseudonym") != discard)
            self._waiting = deque(kept)
        try:
            with staying(self._path):
                return task(self._current.get()) if self._path.exists() else None
        except sqlite3.Error as error:
            self._met(error)
            raise

    def _written(self, count: int) -> None:
        with self._lock:
            for _ in range(count):
                self._waiting.popleft()
            lost, self._lost = self._lost, 0
            again = bool(self._told)
            self._told.clear()
        if again:
            self._say("query log kept again", f"writing again; {lost} were lost", count=lost)

    def _delete_ended(self) -> None:
        if not self._sure():
            return
        now = self._clock.now()
        try:
            with staying(self._path):
                if self._path.exists():
                    expire(self._current.get(), now, self._retention, self._calm)
        except (sqlite3.Error, OSError) as error:
            self._fail(error)
        else:
            self._expired_on = now.date()

    # --- what went wrong ---

    def _fail(self, error: sqlite3.Error | OSError) -> None:
        self._current.close()
        self._tell(cause_of(error))
        self._met(error)

    def _lose(self, cause: str) -> None:
        with self._lock:
            self._lost, self._lost_ever = self._lost + 1, self._lost_ever + 1
        self._tell(cause)

    def _tell(self, cause: str) -> None:
        with self._lock:
            known = cause in self._told
            self._told.add(cause)
        if not known:
            self._say("query log not kept", f"not kept: {cause}", error=cause)

    def _tell_of(self, done: Future[None]) -> None:
        """A mistake of ours, which the thread would otherwise keep to itself."""
        if error := done.exception():
            self._tell(type(error).__name__)

    def _say(self, event: str, line: str, **values: str | int) -> None:
        _log.error(event, **values)
        if self._report:
            self._report(f"query log {self._path}: {line}")
