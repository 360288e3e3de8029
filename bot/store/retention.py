"""What ends by time: every table that is kept for a while only, in one transaction."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.store.database import writing
from bot.store.post import KEEP
from bot.store.rows import stamp

ENDED: Final[Mapping[str, str]] = {
    "queries": "at < :old",
    "outcomes": "at < :old",
    "askers": "until < :now or query not in (select id from queries)",
    "latches": "at < :calm",
    "invitations": "until <= :now",
    "watches": "until <= :now",
    "sessions": "until <= :now",
    # Usually gone long before: this is for a program that does not serve any more.
    "inbox": "at < :undelivered",
    "outbox": "at < :undelivered",
}
"""By table, the rows whose time is over. Queries before askers, who wait for one of them."""
LASTING: Final = frozenset(
    {"groups", "members", "owners", "attestations", "audit", "accounts", "edits", "keys"}
)
"""Tables that time does not empty: people leave them, staff work with them."""


def expire(
    db: Database, now: datetime, queries: timedelta | None, latches: timedelta
) -> Counter[str]:
    """Delete what is over at a moment so that no trace stays; give how many rows of each table.

    ``queries``: how long questions and outcomes are kept, None for ever; ``latches``: how long
    it is remembered that somebody was in danger.

    Raises:
        sqlite3.Error: the database cannot be written.
    """
    values = {
        "now": stamp(now),
        "old": stamp(now - queries) if queries is not None else "",
        "calm": stamp(now - latches),
        "undelivered": stamp(now - KEEP),
    }
    deleted = Counter[str]()
    with writing(db):
        for table, ended in ENDED.items():
            deleted[table] = db.execute(f"delete from {table} where {ended}", values).rowcount  # noqa: S608
    if deleted.total():
        # secure_delete has overwritten the rows in the database, not in the write-ahead log.
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
    return deleted
