"""What of the figures may leave: cells of few people hidden, and what would give them away.

A cell of 1 to 4 people is hidden (``SMALL``). Where the whole is published, one hidden cell would
be the whole less the others, so further cells are hidden, smallest first, until in every whole
that is published the hidden cells together

- are two at least and belong to ``SMALL`` people at least, because their sum can be computed, and
- count ``SMALL - 1`` queries more than there are cells that are not empty, because each of them
  is known to count one at least. So each hidden cell may count anything from 1 to ``SMALL``.

Cells hidden for themselves and for others look alike: which is which would tell too much. A table
for which that cannot be reached is not published at all; nor is anything when everything together
was asked by fewer than ``SMALL`` people. Wholes within wholes are a tree: all queries consist of
status groups and those of statuses; the unanswered ones, of those answered since and those not
yet, and those of gaps. Below a hidden cell everything is hidden. Queries may name several topics
and prefectures, so these do not add up to a whole; they are treated as if they did, which hides
rather too much than too little.

A zero stays a zero: that nobody asked tells of nobody, and without it a chart of days has holes.
How many groups were opened or resolved is told where ``SMALL`` people asked them, how long that
took where there are ``SMALL`` such groups too.
What was told of windows has no people at all; counts below ``SMALL`` are hidden, and no sums of
them are published. Entries shown have no whole either.

Periods that overlap can be subtracted from each other. No rule within one file prevents that:
the handbook tells staff to hand out whole months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.store.concerned import Concerned
from bot.store.counting import ANSWERED_SINCE, NOT_YET, ORDERED, Cell, Cells, Period
from bot.store.figures import Gap, PeriodFigures
from bot.store.rows import UNANSWERED
from handlers.ports import OutcomeKind
from handlers.staff import SMALL, GroupState, Resolution

Outside: TypeAlias = Mapping[str, Cell | None]
"""Cells as they may leave; None for a hidden one."""

_WHOLE: Final = (
    "topic", "prefecture", "day", "hour", "role", "channel", "language", "knowledge",
)  # fmt: skip
"""Tables whose whole is all queries, and that consist of nothing else."""
_UNGROUPED: Final = ""
"""What is in no gap: not published itself, but it is what the others leave of the whole."""


@dataclass(frozen=True, slots=True)
class Released:
    """Figures as they may leave."""

    period: Period
    """The days."""
    total: Cell | None
    """All queries; None where too few people asked for anything to be told."""
    tables: Mapping[str, Outside]
    """Cells by table; a table of which nothing may be told is empty."""
    gaps: tuple[Gap, ...]
    """Only those that may be told; their topics only where enough people named them."""
    opened: int | None
    """Groups of questions made in the period; None where too few people asked them."""
    resolved: int | None
    """Groups of questions resolved in it; None likewise."""
    median_days: float | None
    """Half of these took no longer, in days; None where they are few, too."""
    windows: Mapping[str, Mapping[str, int | None]]
    """What was told of each window by kind; None for a hidden count."""
    looked_at: Mapping[str, tuple[GroupState, Resolution | None]]
    """What staff did last about a window."""

    @property
    def unanswered_share(self) -> float | None:
        """Unanswered queries among all, 0 to 1; None where they are hidden, or nobody asked."""
        part = self.tables["status_group"].get(UNANSWERED)
        if part is None or not self.total or not self.total.queries:
            return None
        return part.queries / self.total.queries


def released(figures: PeriodFigures, concerned: Concerned) -> Released:
    """Hide what must not leave; ``concerned``: who stands behind the numbers of groups."""
    enough = not 0 < figures.total.people < SMALL
    tables, gaps = _tables(figures) if enough else ({table: {} for table in figures.tables}, [])
    resolved = _of_many(figures.resolved, concerned.resolved)
    return Released(
        period=figures.period,
        total=figures.total if enough else None,
        tables=tables,
        gaps=tuple(gaps),
        opened=_of_many(figures.opened, concerned.opened),
        resolved=resolved,
        median_days=figures.median_days if resolved and resolved >= SMALL else None,
        windows=_windows(figures.windows),
        looked_at=figures.looked_at,
    )


def _of_many(groups: int, people: int) -> int | None:
    """A number of groups, if enough people asked them. That there were none tells of nobody."""
    return groups if not groups or people >= SMALL else None


def hide(cells: Cells, leaves: Mapping[str, int] | None = None) -> set[str] | None:
    """The cells of one published whole that must be hidden; None: all of them, empty ones too.

    ``leaves`` says of how many cells that are not empty a cell consists; else of itself alone.
    """
    hidden = {name for name, cell in cells.items() if 0 < cell.people < SMALL}
    shown = [name for name, cell in cells.items() if cell.people >= SMALL]
    shown.sort(key=lambda name: (cells[name].people, cells[name].queries, name), reverse=True)
    while hidden and not _safe(cells, hidden, leaves or {}):
        if not shown:
            return None
        hidden.add(shown.pop())
    return hidden


def _safe(cells: Cells, hidden: Iterable[str], leaves: Mapping[str, int]) -> bool:
    parts = [cells[name] for name in hidden]
    people = set[int]().union(*(part.who for part in parts))
    spare = sum(part.queries for part in parts) - sum(leaves.get(name, 1) for name in hidden)
    return len(parts) > 1 and len(people) >= SMALL and spare >= SMALL - 1


def _tables(figures: PeriodFigures) -> tuple[dict[str, Outside], list[Gap]]:
    tables = {
        table: _outside(figures.tables[table], by_size=table not in ORDERED) for table in _WHOLE
    }
    statuses = figures.tables["status"]
    below: dict[str, dict[str, Cell]] = {}
    for status, cell in statuses.items():
        below.setdefault(status.partition("_")[0], {})[status] = cell
    tables["status_group"], parts = _two_levels(figures.tables["status_group"], below)
    tables["status"] = {status: parts[status] for status in statuses if status in parts}
    gaps: list[Gap] = []
    tables["afterwards"] = {}
    if tables["status_group"].get(UNANSWERED):
        tables["afterwards"], gaps = _afterwards(figures)
    tables["entry"] = {
        entry: cell for entry, cell in figures.tables["entry"].items() if cell.people >= SMALL
    }
    return {table: tables[table] for table in figures.tables}, gaps


def _outside(cells: Cells, *, by_size: bool) -> Outside:
    hidden = hide(cells)
    if hidden is None:
        return {}
    if by_size:  # the place of a hidden one would tell how large it is: last, by their names
        shown = {name: cell for name, cell in cells.items() if name not in hidden}
        return {**shown, **dict.fromkeys(sorted(hidden))}
    return {name: None if name in hidden else cell for name, cell in cells.items()}


def _two_levels(cells: Cells, below: Mapping[str, Cells]) -> tuple[Outside, Outside]:
    """A table, and the one of what its cells consist of; both are empty if nothing may be told."""
    leaves = {
        name: sum(part.queries > 0 for part in parts.values()) for name, parts in below.items()
    }
    hidden = hide(cells, leaves)
    if hidden is None:
        return {}, {}
    outside: dict[str, Cell | None] = {}
    for name, parts in below.items():
        covered = set(parts) if name in hidden else hide(parts)
        covered = set(parts) if covered is None else covered
        outside |= {part: None if part in covered else cell for part, cell in parts.items()}
    return {n: None if n in hidden else cell for n, cell in cells.items()}, outside


def _afterwards(figures: PeriodFigures) -> tuple[Outside, list[Gap]]:
    """The unanswered ones: whether they can be answered by now, and of which gaps they are."""
    cells = figures.tables["afterwards"]
    below: dict[str, dict[str, Cell]] = {ANSWERED_SINCE: {}, NOT_YET: {}}
    for gap in figures.gaps:
        below[ANSWERED_SINCE if gap.answered else NOT_YET][str(gap.id)] = gap.cell
    below[NOT_YET][_UNGROUPED] = figures.ungrouped
    afterwards, parts = _two_levels(cells, below)
    return afterwards, [_told_gap(gap) for gap in figures.gaps if parts.get(str(gap.id))]


def _told_gap(gap: Gap) -> Gap:
    """A gap with those topics alone that enough people named."""
    return replace(gap, topics={t: c for t, c in gap.topics.items() if c.people >= SMALL})


def _windows(told: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int | None]]:
    """Those with trouble that may be told first; the place of a hidden count tells nothing."""
    outside = {window: _told(counts) for window, counts in told.items()}

    def trouble(window: str) -> tuple[int, int, str]:
        wrong, failed = (outside[window][k] for k in (OutcomeKind.WRONG, OutcomeKind.FAILED))
        return -(1 if wrong is None else wrong), -(1 if failed is None else failed), window

    return {window: outside[window] for window in sorted(outside, key=trouble)}


def _told(counts: Mapping[str, int]) -> dict[str, int | None]:
    kinds = {kind.value: counts.get(kind, 0) for kind in OutcomeKind}
    return {kind: None if 0 < count < SMALL else count for kind, count in kinds.items()}
