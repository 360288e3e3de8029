"""Counts over a period: what was asked, by how many people. Rows are read once, no text ever.

What is counted here is for staff inside. What leaves goes through ``bot.suppression`` first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlite_utils import Database

from bot.store.counting import Cell, Cells, Count, Period
from bot.store.reading import Filter, outcomes_of
from bot.store.rows import TABLE, UNANSWERED
from handlers.ports import OutcomeKind
from handlers.staff import GroupState, Resolution

_COLUMNS: Final = (
    "at", "pseudonym", "channel", "role", "status", "entries", "slots", "knowledge", "group_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of unanswered questions that were asked in the period."""

    id: int
    """Number of the group."""
    cell: Cell
    """What was asked of it in the period."""
    topics: Cells
    """What it was about."""
    state: GroupState
    """open, claimed, resolved."""
    resolution: Resolution | None
    """How it was resolved; None until then."""
    entry: str | None
    """The entry that covers it."""
    published: str | None
    """Version of the knowledge that answers it; None until then."""
    days: float | None
    """Days from its first question ever to its resolution; None until then."""

    @property
    def answered(self) -> bool:
        """Whether an entry was published that answers it; «covered by» alone may be older."""
        covered = self.resolution is Resolution.COVERED_BY
        return self.state is GroupState.RESOLVED and covered and bool(self.published)


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Everything that is counted over a period."""

    period: Period
    """The days."""
    total: Cell
    """All queries."""
    tables: Mapping[str, Cells]
    """Cells by the name of each of ``TABLES``; a query may be in several of topic and the like."""
    unanswered_days: Counter[str]
    """Unanswered queries by day."""
    gaps: tuple[Gap, ...]
    """Groups asked in the period, those of most people first."""
    ungrouped: Cell
    """Unanswered queries that are in no group."""
    opened: int
    """Groups of questions that were made in the period."""
    resolved: int
    """Groups of questions that were resolved in it."""
    median_days: float | None
    """Half of the resolved ones took no longer, from first question to resolution."""
    windows: Mapping[str, Counter[str]]
    """What people told of each window: reached, failed, wrong."""
    looked_at: Mapping[str, tuple[GroupState, Resolution | None]]
    """What staff did last about a window of which trouble was told."""

    @property
    def unanswered_share(self) -> float | None:
        """Unanswered queries among all, 0 to 1; None if there are none."""
        unanswered = self.tables["status_group"][UNANSWERED].queries
        return unanswered / self.total.queries if self.total.queries else None


def read_figures(db: Database, period: Period) -> PeriodFigures:
    """Count everything over a period; an older database lacks groups and versions."""
    groups = _groups(db)
    count = Count(period, {number: _is_answered(group) for number, group in groups.items()})
    for row in _rows(db, period):
        count.add(*row)
    questions = [group for group in groups.values() if not group["window"]]
    resolved = [g for g in questions if _is_resolved(g) and period.has(g["changed"])]
    days = [days for group in resolved if (days := _days(group)) is not None]
    return PeriodFigures(
        period=period,
        total=count.total,
        tables=count.ordered(),
        unanswered_days=count.unanswered_days,
        gaps=_gaps(count, groups),
        ungrouped=count.ungrouped,
        opened=sum(period.has(group["made"]) for group in questions),
        resolved=len(resolved),
        median_days=median(days) if days else None,
        windows=_windows(db, period),
        looked_at={
            g["window"]: (g["state"], g["resolution"]) for g in groups.values() if g["window"]
        },
    )


def first_day(db: Database) -> date | None:
    """The day of the oldest query that is kept; None if there is none."""
    (at,) = db.execute("select min(at) from queries").fetchone()
    return datetime.fromisoformat(at).date() if at else None


def _rows(db: Database, period: Period) -> Iterator[tuple[Any, ...]]:
    """The rows of a period, one after the other; a column that an older database lacks is null."""
    there = db.table(TABLE).columns_dict
    asked = {"pseudonym": "coalesce(person, '')"} if "person" in there else {}
    columns = ", ".join(
        asked.get(name, name) if name in there else f"null as {name}" for name in _COLUMNS
    )
    bounds = [period.since.isoformat(), (period.until + timedelta(days=1)).isoformat()]
    return db.execute(f"select {columns} from queries where at >= ? and at < ?", bounds)  # noqa: S608


def _groups(db: Database) -> dict[int, dict[str, Any]]:
    """Every group by its number, with the moment of its first question; in their order."""
    if "groups" not in db.table_names():
        return {}
    rows = db.query(
        "select id, made, window, state, resolution, entry, changed, published, "
        "(select min(at) from queries where group_id = groups.id) as first from groups order by id"
    )
    return {row["id"]: _typed(row) for row in rows}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    resolution = Resolution(row["resolution"]) if row["resolution"] else None
    return {**row, "state": GroupState(row["state"]), "resolution": resolution}


def _is_resolved(group: Mapping[str, Any]) -> bool:
    return group["state"] is GroupState.RESOLVED and bool(group["changed"])


def _is_answered(group: Mapping[str, Any]) -> bool:
    """The same as ``Gap.answered``, of a row."""
    covered = group["resolution"] is Resolution.COVERED_BY
    return _is_resolved(group) and covered and bool(group["published"])


def _days(group: Mapping[str, Any]) -> float | None:
    if not _is_resolved(group) or not group["first"]:
        return None
    taken = datetime.fromisoformat(group["changed"]) - datetime.fromisoformat(group["first"])
    return taken / timedelta(days=1)


def _gaps(count: Count, groups: Mapping[int, Mapping[str, Any]]) -> tuple[Gap, ...]:
    found = [
        Gap(
            id=number,
            cell=cell,
            topics=count.gap_topics[number],
            days=_days(groups[number]),
            **{key: groups[number][key] for key in ("state", "resolution", "entry", "published")},
        )
        for number, cell in count.gaps.items()
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.cell.people, -gap.cell.queries, gap.id)))


def _windows(db: Database, period: Period) -> dict[str, Counter[str]]:
    """What was told of each window; of those with wrong numbers first, then by failures."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (window, kind), number in outcomes_of(db, Filter("", period.since, period.until)).items():
        told[window][kind] = number
    return dict(sorted(told.items(), key=lambda item: _trouble(*item)))


def _trouble(window: str, told: Counter[str]) -> tuple[int, int, str]:
    return -told[OutcomeKind.WRONG], -told[OutcomeKind.FAILED], window
