"""Who was in danger not long ago, also after a restart: a pseudonym, the kind and the time."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.store.corruption import Met, ignore
from bot.store.database import cause_of, open_database, writing
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp
from bot.store.steady import staying
from handlers.ports import Clock

KEEP: Final = timedelta(hours=24)
"""How long a latch holds, from a person's last message."""
LIMIT: Final = 10_000
"""People in danger at a time; the ones silent for longest are forgotten."""
BUSY_SECONDS: Final = 1.0
"""Wait for another process that writes: who wants to be forgotten waits with us."""

_log = structlog.get_logger()


class Latches(Protocol):
    """Remembers who was in danger. Only time ends it, or the person's wish to be forgotten."""

    def holds(self, conversation: str) -> bool:
        """Whether danger was noticed not long ago."""

    def put(self, conversation: str, kind: str) -> None:
        """Danger was noticed, or the person wrote again. Must not raise."""

    def forget(self, conversation: str) -> None:
        """Forget it at the person's wish."""


class MemoryLatches:
    """Remembers while the program runs; safe to use from several threads."""

    def __init__(self, clock: Clock, *, keep: timedelta = KEEP, limit: int = LIMIT) -> None:
        """Begin with none."""
        self.clock = clock
        self.keep = keep
        self._limit = limit
        self._lock = threading.Lock()
        self._since: OrderedDict[str, datetime] = OrderedDict()

    def holds(self, conversation: str) -> bool:
        """Whether danger was noticed not long ago."""
        with self._lock:
            self._forget_old()
            return self.name(conversation) in self._since

    def put(self, conversation: str, kind: str) -> None:
        """Danger was noticed, or the person wrote again."""
        del kind
        with self._lock:
            self._since.pop(self.name(conversation), None)
            self._since[self.name(conversation)] = self.clock.now()
            self._forget_old()

    def forget(self, conversation: str) -> None:
        """Forget it at the person's wish. On disk ``bot.store.privacy`` does."""
        with self._lock:
            self._since.pop(self.name(conversation), None)

    def name(self, conversation: str) -> str:
        """What a conversation is remembered by."""
        return conversation

    def remember(self, since: Mapping[str, datetime]) -> None:
        """Take over what was remembered elsewhere, oldest first."""
        with self._lock:
            self._since.update(since)

    def _forget_old(self) -> None:
        after = self.clock.now() - self.keep
        while self._since and (
            len(self._since) > self._limit or next(iter(self._since.values())) < after
        ):
            self._since.popitem(last=False)


class SqliteLatches(MemoryLatches):
    """Remembers on disk too. No words, no name: a keyed pseudonym, the kind of danger, the time.

    A disk that fails is logged, and the latch holds in memory all the same. Nobody waits for the
    disk: it is written from a thread of its own, within moments.
    """

    def __init__(
        self,
        path: Path,
        key: str,
        clock: Clock,
        *,
        keep: timedelta = KEEP,
        met: Met = ignore,
    ) -> None:
        """Read what still holds; the database is made by the first latch."""
        super().__init__(clock, keep=keep)
        self._path = path
        self._key = key
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="latches")
        self._met = met
        try:
            self.remember(_kept(path))
        except (sqlite3.Error, OSError) as error:
            self._fail("latches not read", error)

    def name(self, conversation: str) -> str:
        """The pseudonym of a conversation."""
        return pseudonym_of(conversation, self._key)

    def put(self, conversation: str, kind: str) -> None:
        """Remember, and delete what no longer holds."""
        super().put(conversation, kind)
        now = self.clock.now()
        self._thread.submit(self._keep, (self.name(conversation), kind, stamp(now)), now)

    def forget(self, conversation: str) -> None:
        """Forget it, when what is being written is written: else it would be there again."""
        super().forget(conversation)
        self.settle()

    def settle(self) -> None:
        """Wait until all is written that was put so far."""
        self._thread.submit(tuple).result()

    def close(self) -> None:
        """Wait until all is written."""
        self._thread.shutdown()

    def _keep(self, row: tuple[str, str, str], now: datetime) -> None:
        try:
            _keep(self._path, [row], now - self.keep)
        except (sqlite3.Error, OSError) as error:
            self._fail("latch not kept", error)

    def keep_again(self) -> None:
        """Write what holds into a new database; of which kind it was is not known any more."""
        with self._lock:
            rows = [(name, "unknown", stamp(at)) for name, at in self._since.items()]
        try:
            _keep(self._path, rows, self.clock.now() - self.keep)
        except (sqlite3.Error, OSError) as error:
            self._fail("latch not kept", error)

    def _fail(self, event: str, error: sqlite3.Error | OSError) -> None:
        _log.error(event, error=cause_of(error))
        self._met(error)


def _kept(path: Path) -> dict[str, datetime]:
    """All there are: the clock may not be right yet, see ``bot.store.retention``."""
    if not path.exists():
        return {}
    db = open_database(path)
    try:
        rows = db.execute("select pseudonym, at from latches order by at").fetchall()
    finally:
        db.close()
    return {pseudonym: datetime.fromisoformat(at) for pseudonym, at in rows}


def _keep(path: Path, rows: Sequence[tuple[str, str, str]], after: datetime) -> None:
    with staying(path):
        db = open_database(path, busy=BUSY_SECONDS)
        try:
            with writing(db):
                db.conn.executemany(
                    "insert or replace into latches (pseudonym, kind, at) values (?, ?, ?)", rows
                )
                db.execute("delete from latches where at < ?", [stamp(after)])
        finally:
            db.close()
