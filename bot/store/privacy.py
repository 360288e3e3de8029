"""What is kept of one person: deleted at once so that no byte stays, or given to them."""

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import structlog
from sqlite_utils import Database

from bot.store.database import cause_of, writing
from bot.store.owning import owner_of
from bot.store.pseudonym import pseudonym_of
from bot.store.query_log import SqliteQueryLog
from handlers.privacy import Stored

TIES: Final[Mapping[str, str]] = {
    "askers": "conversation = :conversation"
    " or query in (select id from queries where pseudonym = :pseudonym)",
    "queries": "pseudonym = :pseudonym",
    "latches": "pseudonym = :pseudonym",
    "members": "pseudonym = :pseudonym",
    "watches": "pseudonym = :pseudonym or conversation = :conversation",
    "owners": "pseudonym = :owner or conversation = :conversation",
    "attestations": "pseudonym = :owner",
}
"""The tables that are tied to a person, and which rows are theirs. Askers before queries."""
NOBODY: Final = ("attestations",)
"""What was said of an entry stays when its owner goes, without them: it dates the entry."""
OTHERS: Final = frozenset(
    {
        *("outcomes", "invitations", "groups", "audit", "accounts", "sessions", "edits", "keys"),
        # Sealed rows in transit: no column says whose, and none is opened but to answer it. The
        # words go when it is answered; the reply to /forget itself must still lie there.
        *("inbox", "outbox"),
    }
)
"""Tables in which nobody can be found who asks: counts, hashes of codes, the work of staff."""
INTERNAL_TABLES: Final = frozenset({"_sqlite_migrations", "sqlite_sequence"})
"""Tables of the library's and of SQLite's own."""
WITHHELD: Final = frozenset(
    {"group_id", "query", "claimed_by", "state", "resolution", "resolved_by_entry", "changed_at"}
)
"""Columns that only join tables, or tell of the work of staff."""

_CHUNK: Final = 1 << 20
_READ: Final[dict[tuple[int, int], int]] = {}
"""Files that were looked through, by device and inode; see ``_descriptor``."""

_log = structlog.get_logger()


class SqlitePrivacy:
    """Implements ``handlers.privacy.Privacy``; works on the thread of the query log.

    So what waits there to be written is written, or thrown away, first.
    """

    keeps = True
    """Something may be stored."""

    def __init__(self, log: SqliteQueryLog, path: Path, key: str) -> None:
        """``path``: the database of ``log``."""
        self._log = log
        self._path = path
        self._key = key

    def forget(self, conversation: str) -> bool:
        """Delete everything tied to a conversation; False where the disk does not let it."""
        pseudonym = pseudonym_of(conversation, self._key)
        try:
            values = self._values(conversation)
            self._log.alone(lambda db: forget(db, self._path, values), pseudonym)
        except (sqlite3.Error, OSError) as error:
            _log.error("not forgotten", error=cause_of(error))
            return False
        return True

    def _values(self, conversation: str) -> dict[str, str]:
        """By what a conversation is known: as a person who owns an entry it has another name."""
        return {
            "conversation": conversation,
            "pseudonym": pseudonym_of(conversation, self._key),
            "owner": owner_of(conversation, self._key),
        }

    def stored(self, conversation: str, limit: int) -> Stored | None:
        """What is kept of a conversation, at most so many rows of a table, the newest first."""
        values = self._values(conversation)
        try:
            return self._log.alone(lambda db: stored(db, values, limit)) or Stored({})
        except (sqlite3.Error, OSError) as error:
            _log.error("not exported", error=cause_of(error))
            return None


def forget(db: Database, path: Path, values: dict[str, str]) -> None:
    """Delete every row, in one transaction, then whatever the file still holds of them.

    Raises:
        sqlite3.Error, OSError: the database cannot be written or read.
    """
    with writing(db):
        for table, theirs in TIES.items():
            if table in NOBODY:
                db.execute(f"update {table} set pseudonym = '' where {theirs}", values)  # noqa: S608
            else:
                db.execute(f"delete from {table} where {theirs}", values)  # noqa: S608
    settle(db)
    # A page that was split or merged can keep the copy of a row that moved: not a deleted row,
    # so secure_delete leaves it. The file tells whether it does; then it is written anew.
    if holds(path, values["pseudonym"]):
        db.execute("pragma temp_store = memory")
        db.execute("vacuum")
        settle(db)


def settle(db: Database) -> None:
    """Bring the write-ahead log into the file and cut it: it keeps old pages otherwise.

    Raises:
        sqlite3.OperationalError: somebody reads for so long that it cannot be cut.
    """
    busy, _, _ = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    if busy:
        message = "the write-ahead log is in use"
        raise sqlite3.OperationalError(message)


def holds(path: Path, text: str) -> bool:
    """Whether a file holds a text of ASCII letters anywhere, free pages included."""
    wanted, before, place = text.encode(), b"", 0
    file = _descriptor(path)
    while chunk := os.pread(file, _CHUNK, place):
        if wanted in before + chunk:
            return True
        before = chunk[-len(wanted) :]
        place += len(chunk)
    return False


def _descriptor(path: Path) -> int:
    """A file to read, which stays open while the process lives.

    Closing any descriptor of a file gives up every POSIX lock the process has on it, SQLite's
    too: the next process that closed the database would delete a journal that is still in use.
    """
    there = path.stat()
    key = (there.st_dev, there.st_ino)
    if key not in _READ:
        _READ[key] = os.open(path, os.O_RDONLY)
    return _READ[key]


def stored(db: Database, values: dict[str, str], limit: int) -> Stored:
    """The rows of a person by table; tables without any are left out."""
    tables: dict[str, tuple[Mapping[str, Any], ...]] = {}
    left_out = 0
    for table, theirs in TIES.items():
        count = db.table(table).count_where(theirs, values)
        rows = db.table(table).rows_where(theirs, values, order_by="rowid desc", limit=limit)
        found = tuple({k: v for k, v in row.items() if k not in WITHHELD} for row in rows)
        if found:
            tables[table] = found
        left_out += count - len(found)
    return Stored(tables, left_out)
