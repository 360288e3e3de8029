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


def askers_to_tell(db: Database, loaded: datetime) -> list[Asker]:
    """Each chat once for each group that is answered by the knowledge loaded at that moment."""
    rows = db.execute(
        "select distinct a.conversation, a.language, g.id, g.entry from askers a "
        "join queries q on q.id = a.query join groups g on g.id = q.group_id "
        "where g.state = 'resolved' and g.resolution = 'covered_by' and g.entry is not null "
        "and (g.published is null or g.changed <= ?) order by a.query",
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
