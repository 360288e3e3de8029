"""What staff read from the log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any, Final

from sqlite_utils import Database

from bot.store.rows import OUTCOMES, TABLE, UNANSWERED, StoredQuery, stamp, stored_query
from handlers.staff import PEOPLE

OUTSIDE: Final = "person is not null and role is not 'staff' and channel != 'console'"
"""Questions of somebody from outside, in SQL: staff who try things out are nobody."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which queries; all of them unless something is given."""

    status: str = ""
    """How the status begins: ``unanswered``, or a whole one."""
    since: date | None = None
    """The first day, in Asia/Tokyo."""
    until: date | None = None
    """The last day, in Asia/Tokyo."""
    channel: str | None = None
    """console, telegram, ask."""

    def where(self) -> tuple[str, dict[str, str]]:
        """The condition in SQL, and its values."""
        given = {
            "status": ("instr(status, :status) = 1", self.status),
            "since": ("substr(at, 1, 10) >= :since", self.since and self.since.isoformat()),
            "until": ("substr(at, 1, 10) <= :until", self.until and self.until.isoformat()),
            "channel": ("channel = :channel", self.channel),
        }
        conditions = [condition for condition, value in given.values() if value]
        values = {name: value for name, (_, value) in given.items() if value}
        return " and ".join(conditions) or "1", values


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over queries."""

    total: int
    """How many there are."""
    groups: Counter[str]
    """By the first word of the status."""
    statuses: Counter[str]
    """By status."""
    days: Counter[date]
    """By day in Asia/Tokyo."""
    entries: Counter[str]
    """How often each entry was shown."""
    median_latency_ms: float | None
    """Half of the queries took no longer, in milliseconds; None if there are none."""

    @property
    def unanswered_share(self) -> float | None:
        """Unanswered queries among all, 0 to 1; None if there are none."""
        return self.groups[UNANSWERED] / self.total if self.total else None


def read_queries(
    db: Database, wanted: Filter | None = None, limit: int | None = None
) -> Iterator[StoredQuery]:
    """Queries, newest first."""
    where, values = (wanted or Filter()).where()
    rows = db.table(TABLE).rows_where(where, values, order_by="at desc, id desc", limit=limit)
    return _stored(db, rows)


def read_query(db: Database, number: int) -> StoredQuery | None:
    """The query of that number, or None."""
    return next(_stored(db, db.table(TABLE).rows_where("id = ?", [number])), None)


def _stored(db: Database, rows: Iterable[Mapping[str, Any]]) -> Iterator[StoredQuery]:
    """Rows with what their groups know: whether they may be read, and how they stand."""
    may_be_read, ended = readable(db), _ended(db)
    for row in rows:
        group = ended.get(row.get("group_id"))
        yield stored_query(row, readable=row["id"] in may_be_read, ended=group)


def _ended(db: Database) -> dict[int | None, tuple[str, str | None]]:
    """State and resolution of every group by its number; an older database has none."""
    if "groups" not in db.table_names():
        return {}
    rows = db.execute("select id, state, resolution from groups").fetchall()
    return {number: (state, resolution) for number, state, resolution in rows}


def readable(db: Database) -> set[int]:
    """Numbers of the queries whose wording staff may read.

    Enough people asked alike, or the asker permits it. An older database has no groups, so
    nothing of it is readable until the program has opened it once.
    """
    if "person" not in db.table(TABLE).columns_dict:
        return set()
    rows = db.execute(
        "select id from queries where permitted = 1 or group_id in ("  # noqa: S608  a constant
        f"select group_id from queries where {OUTSIDE} "
        "group by group_id having count(distinct person) >= ?)",
        [PEOPLE],
    )
    return {number for (number,) in rows.fetchall()}


def figures_of(queries: Iterable[StoredQuery]) -> Figures:
    """Count queries; goes through them once."""
    groups, statuses = Counter[str](), Counter[str]()
    days, entries = Counter[date](), Counter[str]()
    latencies = []
    for query in queries:
        groups[query.status.partition("_")[0]] += 1
        statuses[query.status] += 1
        days[query.at.date()] += 1
        entries.update(query.entries)
        latencies.append(query.latency_ms)
    slow = median(latencies) if latencies else None
    return Figures(len(latencies), groups, statuses, days, entries, slow)


def outcomes_of(db: Database, wanted: Filter | None = None) -> Counter[tuple[str, str]]:
    """How often each thing was told of each window, by window and kind; days only are filtered.

    An older database has none.
    """
    if OUTCOMES not in db.table_names():
        return Counter()
    days = wanted or Filter()
    where, values = Filter(since=days.since, until=days.until).where()
    rows = db.query(f"select window, kind from {OUTCOMES} where {where}", values)  # noqa: S608
    return Counter((row["window"], row["kind"]) for row in rows)


def count_older(db: Database, older_than: datetime) -> int:
    """How many queries are older than a moment."""
    return db.table(TABLE).count_where("at < ?", [stamp(older_than)])
