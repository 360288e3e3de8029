"""Who wants to be told: kept until they were, or for thirty days."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.store.database import writing
from bot.store.rows import stamp


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody whose question can be answered now."""

    conversation: str
    """Whom to tell."""
    language: str
    """The language they were answered in."""
    group: int
    """The group their question belongs to."""
    entry: str
    """The entry that answers it."""


def expire(db: Database, now: datetime) -> None:
    """Forget whom it took too long to answer."""
    if db.execute("select 1 from askers where until < ?", [stamp(now)]).fetchone():
        with writing(db):
            db.execute("delete from askers where until < ?", [stamp(now)])
        db.execute("pragma wal_checkpoint(truncate)").fetchall()


def answered(db: Database, group: int, entry: str, now: datetime, published: str | None) -> None:
    """Remember what those who wait are to be told, within a transaction of the caller's.

    It stays so when the group is opened again: they were promised an answer, and there is one.
    """
    db.execute(
        "update askers set entry = ?, since = ?, published = ? "
        "where query in (select id from queries where group_id = ?)",
        [entry, stamp(now), published, group],
    )


def withdrawn(db: Database, group: int) -> None:
    """The answer was taken back: those not yet told wait on; within a transaction."""
    db.execute(
        "update askers set entry = null, since = null, published = null "
        "where query in (select id from queries where group_id = ?)",
        [group],
    )


def askers_to_tell(db: Database, loaded: datetime) -> list[Asker]:
    """Each chat once for each group that is answered by the knowledge loaded at that moment."""
    rows = db.execute(
        "select distinct a.conversation, a.language, q.group_id, a.entry from askers a "
        "join queries q on q.id = a.query where a.entry is not null "
        "and (a.published is null or a.since <= ?) order by a.query",
        [stamp(loaded)],
    )
    found = {(row[0], row[2]): Asker(*row) for row in rows.fetchall()}
    return list(found.values())


def forget(db: Database, asker: Asker) -> None:
    """Delete whom to tell, so that no trace of the chat stays."""
    with writing(db):
        db.execute(
            "delete from askers where conversation = ? and query in "
            "(select id from queries where group_id = ?)",
            [asker.conversation, asker.group],
        )
    db.execute("pragma wal_checkpoint(truncate)").fetchall()
