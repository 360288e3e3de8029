"""How many people asked what groups of questions consist of that were opened, or resolved."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.store.counting import Period


@dataclass(frozen=True, slots=True)
class Concerned:
    """People behind numbers of groups: whether these may leave depends on them."""

    opened: int
    """People who asked the groups that were made in the period, all together."""
    resolved: int
    """Those of the groups that were resolved in it."""


def read_concerned(db: Database, period: Period) -> Concerned:
    """Count them, whenever they asked; an older database has no groups.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    if "groups" not in db.table_names():
        return Concerned(0, 0)
    days = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    counted = (
        "select count(distinct q.person) from queries q join groups g on g.id = q.group_id "
        "where g.window is null and "
    )
    made = "substr(g.made, 1, 10) between :since and :until"
    ended = "g.state = 'resolved' and substr(g.changed, 1, 10) between :since and :until"
    opened, resolved = (db.execute(counted + which, days).fetchone()[0] for which in (made, ended))
    return Concerned(opened, resolved)
