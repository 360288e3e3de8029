"""Adds up queries in cells: how many, and of how many people."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from bot.store.rows import UNANSWERED
from handlers.messages import Role, Status

UNKNOWN: Final = "unknown"
"""The cell of queries that name no topic, no prefecture, no role, no version."""
ANSWERED_SINCE: Final = "answered_since"
"""Cell of ``afterwards``: unanswered then, but an entry that answers it is published now."""
NOT_YET: Final = "not_yet"
"""Cell of ``afterwards``: the other unanswered queries."""
TABLES: Final = (
    "status_group", "status", "afterwards", "topic", "prefecture", "day", "hour", "role",
    "channel", "language", "knowledge", "entry",
)  # fmt: skip
"""The tables of the figures, in the order in which they are shown."""
ORDERED: Final = frozenset({"status_group", "status", "afterwards", "day", "hour", "role"})
"""Tables whose cells are known beforehand and stand in their own order, empty ones too."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, in Asia/Tokyo."""

    since: date
    """The first one."""
    until: date
    """The last one."""

    @classmethod
    def month(cls, name: str) -> "Period":
        """A whole month: ``2026-11``.

        Raises:
            ValueError: it is none.
        """
        first = datetime.strptime(name, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @property
    def name(self) -> str:
        """``2026-11`` for a whole month, else ``2026-11-01_2026-11-15``."""
        month = f"{self.since:%Y-%m}"
        return month if self == Period.month(month) else f"{self.since}_{self.until}"

    @property
    def days(self) -> list[str]:
        """Every day of it: 2026-11-01."""
        count = (self.until - self.since).days + 1
        return [(self.since + timedelta(days=n)).isoformat() for n in range(count)]

    def has(self, moment: str) -> bool:
        """Whether a kept moment lies in it."""
        return self.since.isoformat() <= moment[:10] <= self.until.isoformat()


@dataclass(slots=True)
class Cell:
    """How many queries, and of whom."""

    queries: int = 0
    """How many there are."""
    who: set[int] = field(default_factory=set)
    """Who asked: numbers that mean something within one reading only."""

    @property
    def people(self) -> int:
        """How many different people asked."""
        return len(self.who)


Cells: TypeAlias = Mapping[str, Cell]


class Count:
    """Adds up rows."""

    def __init__(self, period: Period, groups: Mapping[int, bool]) -> None:
        """Begin with the cells that are shown even when they are empty.

        ``groups`` says of the number of every group whether an answer to it was published.
        """
        statuses = [status.value for status in Status]
        shown = {
            "status_group": [status.group for status in Status],
            "status": statuses,
            "afterwards": (ANSWERED_SINCE, NOT_YET),
            "day": period.days,
            "hour": [f"{hour:02}" for hour in range(24)],
            "role": [*(role.value for role in Role), UNKNOWN],
        }
        self.total = Cell()
        self.tables: dict[str, defaultdict[str, Cell]] = {
            table: defaultdict(Cell, {cell: Cell() for cell in shown.get(table, ())})
            for table in TABLES
        }
        self.unanswered_days: Counter[str] = Counter()
        self.ungrouped = Cell()
        self.gaps: defaultdict[int, Cell] = defaultdict(Cell)
        self.gap_topics: defaultdict[int, defaultdict[str, Cell]] = defaultdict(
            lambda: defaultdict(Cell)
        )
        self._people: dict[str, int] = {}
        self._groups = groups

    def ordered(self) -> dict[str, Cells]:
        """The tables; cells of those that have no order of their own by people, most first."""
        return {
            table: dict(cells if table in ORDERED else sorted(cells.items(), key=_size))
            for table, cells in self.tables.items()
        }

    def add(  # noqa: PLR0913, PLR0917  the columns of a row
        self,
        at: str,
        pseudonym: str,
        channel: str,
        role: str | None,
        status: str,
        entries: str,
        slots: str,
        knowledge: str | None,
        group: int | None,
    ) -> None:
        """Count one query in every table."""
        person = self._people.setdefault(pseudonym, len(self._people))
        read = json.loads(slots)
        topics = read.get("topics") or [UNKNOWN]
        word = status.partition("_")[0]
        self.total.queries += 1
        self.total.who.add(person)
        self._put(person, "status_group", word)
        self._put(person, "status", status)
        self._put(person, "topic", *topics)
        self._put(person, "prefecture", *(read.get("prefectures") or [UNKNOWN]))
        self._put(person, "day", at[:10])
        self._put(person, "hour", at[11:13])
        self._put(person, "role", role or UNKNOWN)
        self._put(person, "channel", channel)
        self._put(person, "language", read.get("language") or "ja")
        self._put(person, "knowledge", knowledge or UNKNOWN)
        self._put(person, "entry", *json.loads(entries))
        if word == UNANSWERED:
            self.unanswered_days[at[:10]] += 1
            self._put_gap(person, group or 0, topics)

    def _put_gap(self, person: int, group: int, topics: Iterable[str]) -> None:
        since = self._groups.get(group, False)
        self._put(person, "afterwards", ANSWERED_SINCE if since else NOT_YET)
        if group not in self._groups:
            _count(self.ungrouped, person)
            return
        _count(self.gaps[group], person)
        for topic in topics:
            _count(self.gap_topics[group][topic], person)

    def _put(self, person: int, table: str, *cells: str) -> None:
        for cell in dict.fromkeys(cells):
            _count(self.tables[table][cell], person)


def _count(cell: Cell, person: int) -> None:
    cell.queries += 1
    cell.who.add(person)


def _size(item: tuple[str, Cell]) -> tuple[int, int, str]:
    name, cell = item
    return -cell.people, -cell.queries, name
