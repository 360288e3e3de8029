"""A connection that one thread of its own holds; what the disk does stops no answer."""

import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog
from sqlite_utils import Database

from bot.store.corruption import Met, ignore
from bot.store.current import Current
from bot.store.database import cause_of, open_database
from bot.store.steady import staying

Value = TypeVar("Value")

_log = structlog.get_logger()


class OwnThread:
    """Does work on the database, one piece after the other."""

    def __init__(self, path: Path, name: str, met: Met = ignore) -> None:
        """Prepare; the database is opened by the first work. ``name``: what is kept, for logs."""
        self.path = path
        self._name = name
        self._met = met
        self._current = Current(path, open_database)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def do(self, work: Callable[[Database], Value], otherwise: Value) -> Value:
        """The result of work; where the disk fails, which is logged, what is given instead."""

        def run() -> Value:
            with staying(self.path):
                return work(self._current.get())

        try:
            return self._thread.submit(run).result()
        except (sqlite3.Error, OSError) as error:
            _log.error(f"{self._name} not kept", error=cause_of(error))
            self._met(error)
            return otherwise

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        with contextlib.suppress(RuntimeError):  # closed before
            self._thread.submit(self._current.close).result()
        self._thread.shutdown()
