"""A connection that one thread of its own holds; what the disk does stops no answer."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog
from sqlite_utils import Database

from bot.store.database import cause_of, open_database

Value = TypeVar("Value")

_log = structlog.get_logger()


class OwnThread:
    """Does work on the database, one piece after the other."""

    def __init__(self, path: Path, name: str) -> None:
        """Prepare; the database is opened by the first work. ``name``: what is kept, for logs."""
        self.path = path
        self._name = name
        self._db: Database | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def do(self, work: Callable[[Database], Value], otherwise: Value) -> Value:
        """The result of work; where the disk fails, which is logged, what is given instead."""

        def run() -> Value:
            if self._db is None:
                self._db = open_database(self.path)
            return work(self._db)

        try:
            return self._thread.submit(run).result()
        except (sqlite3.Error, OSError) as error:
            _log.error(f"{self._name} not kept", error=cause_of(error))
            return otherwise

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        db, self._db = self._db, None
        if db is not None:
            self._thread.submit(db.close).result()
        self._thread.shutdown()
