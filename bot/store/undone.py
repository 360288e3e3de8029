"""What inbox and outbox hold, in memory too: a database that is begun anew gets it back."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from sqlite_utils import Database

from bot.store import inbox, outbox
from bot.store.database import cause_of, reading

_FINISHED: Final = 1000
"""Ids of updates that Telegram may bring once more."""
_INBOX: Final = "select bot, update_id, at, payload, tries from inbox where payload is not null"
_OUTBOX: Final = "select id, at, due, tries, payload, priority from outbox"

_log = structlog.get_logger()


class Undone:
    """Belongs to the thread that writes: it notes what was committed there, in the same order.

    Everything in it is as it is on disk: encrypted, and gone when it is done with.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._updates: dict[inbox.Key, tuple[inbox.Row, int]] = {}
        self._finished: deque[inbox.Row] = deque(maxlen=_FINISHED)
        self._messages: dict[int, outbox.Waiting] = {}
        self._last = 0  # number of the last message
        self._read = False  # whether an earlier run's was read in this one
        self._notes: dict[Any, Callable[[Any, Any], None]] = {
            inbox.add: self._added,
            inbox.finish: lambda key, _: self._finish(key),
            inbox.unfinished: self._unfinished,
            inbox.expire: lambda moment, _: self._expire(moment),
            outbox.answer: self._answered,
            outbox.remove: lambda ids, _: self._remove(ids),
            outbox.postpone: lambda later, _: self._postpone(later),
            outbox.waiting: lambda _, rows: self._waiting(rows),
        }

    def note(self, job: object, given: Any, made: Any) -> None:  # noqa: ANN401  as the jobs have it
        """Note a job that was committed, what it was given and what it made."""
        if job in self._notes:
            self._notes[job](given, made)

    def salvage(self, aside: Path) -> None:
        """Read what can be read in a corrupt database, if this run has not read it before.

        What is damaged does no harm: it does not unseal.
        """
        if self._read:
            return
        with _as_far_as_it_goes(), closing(reading(aside)) as db:
            with _as_far_as_it_goes():
                for bot, update_id, at, payload, tries in db.execute(_INBOX):
                    row = inbox.Row(bot, update_id, at, payload)
                    self._updates.setdefault(inbox.Key(bot, update_id), (row, tries))
            with _as_far_as_it_goes():
                for values in db.execute(_OUTBOX):
                    self._keep_message(outbox.Waiting(*values))

    def keep(self, db: Database) -> None:
        """Write all of it into a new database; in a transaction of the caller.

        Raises:
            sqlite3.Error: the disk does not take it.
        """
        for row in self._finished:
            inbox.keep(db, row._replace(payload=None), 0)
        for row, tries in self._updates.values():
            inbox.keep(db, row, tries)
        for waiting in self._messages.values():
            outbox.keep(db, waiting)
        outbox.number_from(db, self._last)

    # --- what jobs did ---

    def _added(self, row: inbox.Row, new: bool) -> None:  # noqa: FBT001  what the job makes
        if new:
            self._updates[inbox.Key(row.bot, row.update_id)] = (row, 0)

    def _finish(self, key: inbox.Key) -> None:
        if found := self._updates.pop(key, None):
            self._finished.append(found[0]._replace(payload=None))

    def _unfinished(self, bot: int, rows: list[inbox.Arrived]) -> None:
        self._read = True
        for one in rows:
            row = inbox.Row(bot, one.update_id, one.at, one.payload)
            self._updates[inbox.Key(bot, one.update_id)] = (row, one.tries)

    def _expire(self, moment: str) -> None:
        old = [key for key, (row, _) in self._updates.items() if row.at < moment]
        for key in old:
            del self._updates[key]

    def _answered(self, answer: outbox.Answer, ids: list[int]) -> None:
        if answer.update:
            self._finish(answer.update)
        for number, row in zip(ids, answer.rows, strict=True):
            at, due, priority, tries, payload = row
            self._keep_message(outbox.Waiting(number, at, due, tries, payload, priority))

    def _keep_message(self, waiting: outbox.Waiting) -> None:
        self._messages.setdefault(waiting.id, waiting)
        self._last = max(self._last, waiting.id)

    def _remove(self, ids: list[int]) -> None:
        for number in ids:
            self._messages.pop(number, None)

    def _postpone(self, later: outbox.Later) -> None:
        if found := self._messages.get(later.id):
            self._messages[later.id] = found._replace(tries=later.tries, due=later.due)

    def _waiting(self, rows: list[outbox.Waiting]) -> None:
        for row in rows:
            self._keep_message(row)


@contextmanager
def _as_far_as_it_goes() -> Iterator[None]:
    """Read rows until one cannot be read."""
    try:
        yield
    except sqlite3.Error as error:
        _log.warning("mail read in part", error=cause_of(error))
