"""The query log as staff see it: tables, CSV for a spreadsheet, JSON for tools."""

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.store.reading import Figures
from bot.store.rows import StoredQuery
from handlers.ports import OutcomeKind
from knowledge.replies import Replies

LISTED: Final = ("id", "at", "channel", "role", "status", "state", "entries", "text")
"""Columns of the list."""
KEPT: Final = (*LISTED, "resolution", "scores", "slots", "latency_ms", "pseudonym")
"""Columns of one query and of an export: all there are."""
Outcomes = Counter[tuple[str, str]]
"""How often each thing was told of each window, by window and kind."""
BUSIEST: Final = 10
"""Entries that the figures name."""

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A spreadsheet may take a cell that begins with one of these for a formula, and run it."""


@dataclass(frozen=True, slots=True)
class LogSheets:
    """Writes tables."""

    console: Console
    """Where to."""
    replies: Replies
    """Headings."""

    def queries(self, queries: Iterable[StoredQuery]) -> None:
        """A list of queries, one a line."""
        table = self._table("queries", *LISTED)
        for query in queries:
            cells = _cells(query, self.replies)
            # Text: what a person wrote must not be read as the console's own markup.
            table.add_row(*(Text(cells[column]) for column in LISTED))
        self.console.print(table)

    def query(self, query: StoredQuery) -> None:
        """One query, one column a line."""
        table = Table(show_header=False, box=box.SIMPLE)
        for column, cell in _cells(query, self.replies).items():
            table.add_row(self.replies.say(f"log.column.{column}"), Text(cell))
        self.console.print(table)

    def figures(self, figures: Figures) -> None:
        """Counts over queries."""
        none = self.replies.say("log.stats.none")
        share, latency = figures.unanswered_share, figures.median_latency_ms
        self._line("total", count=str(figures.total))
        self._line("unanswered", share=none if share is None else f"{share:.1%}")
        self._line("latency", milliseconds=none if latency is None else f"{latency:.0f}")
        self._counts("groups", "group", figures.groups.most_common())
        self._counts("statuses", "status", figures.statuses.most_common())
        self._counts("days", "day", sorted(figures.days.items(), reverse=True))
        self._counts("entries", "entry", figures.entries.most_common(BUSIEST))

    def outcomes(self, outcomes: Outcomes) -> None:
        """What people told of windows; the ones that need a look first."""
        kinds = tuple(OutcomeKind)
        table = self._table("outcomes", "window", *kinds)
        for window in _by_trouble(outcomes):
            counts = (str(outcomes[window, kind]) for kind in kinds)
            table.add_row(Text(window), *counts)
        self.console.print(table)

    def _line(self, key: str, **values: str) -> None:
        self.console.print(self.replies.say(f"log.stats.{key}", **values), soft_wrap=True)

    def _counts(self, title: str, column: str, counts: Iterable[tuple[object, int]]) -> None:
        table = self._table(title, column, "count")
        for value, count in counts:
            table.add_row(Text(str(value)), str(count))
        self.console.print(table)

    def _table(self, title: str, *columns: str) -> Table:
        table = Table(
            title=self.replies.say(f"log.title.{title}"), title_justify="left", box=box.SIMPLE
        )
        for column in columns:
            heading = self.replies.say(f"log.column.{column}")
            table.add_column(heading, overflow="fold", no_wrap=column in {"id", "at"})
        return table


def _by_trouble(outcomes: Outcomes) -> list[str]:
    """Windows, those with wrong numbers first, then those that most could not reach."""
    wrong, failed = OutcomeKind.WRONG, OutcomeKind.FAILED
    windows = {window for window, _ in outcomes}
    return sorted(windows, key=lambda w: (-outcomes[w, wrong], -outcomes[w, failed], w))


def figures_json(figures: Figures, outcomes: Outcomes) -> str:
    """The figures as one JSON object."""

    def plain(counts: Counter[str]) -> dict[str, int]:
        return dict(counts.most_common())

    values = {
        "total": figures.total,
        "unanswered_share": figures.unanswered_share,
        "median_latency_ms": figures.median_latency_ms,
        "groups": plain(figures.groups),
        "statuses": plain(figures.statuses),
        "days": {day.isoformat(): count for day, count in sorted(figures.days.items())},
        "entries": plain(figures.entries),
        "outcomes": {
            window: {kind.value: outcomes[window, kind] for kind in OutcomeKind}
            for window in _by_trouble(outcomes)
        },
    }
    return json.dumps(values, ensure_ascii=False)


def to_json(queries: Iterable[StoredQuery]) -> bytes:
    """A JSON array of objects in UTF-8."""
    values = [{**asdict(query), "at": query.at.isoformat()} for query in queries]
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def to_csv(queries: Iterable[StoredQuery], replies: Replies) -> bytes:
    """A table in UTF-8 with a byte order mark, so that Excel does not take it for Shift_JIS."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(replies.say(f"log.column.{column}") for column in KEPT)
    for query in queries:
        writer.writerow(no_formula(cell) for cell in _cells(query, replies).values())
    return out.getvalue().encode("utf-8-sig")


def _cells(query: StoredQuery, replies: Replies) -> dict[str, str]:
    """Every column as people read it, in the order of ``KEPT``."""
    cells: dict[str, object] = {
        **asdict(query),
        "at": query.at.isoformat(sep=" ", timespec="seconds").removesuffix("+09:00"),
        "entries": " ".join(query.entries),
        "scores": " ".join(f"{score:.2f}" for score in query.scores),
        "slots": json.dumps(query.slots, ensure_ascii=False),
        "latency_ms": f"{query.latency_ms:.1f}",
        "text": replies.say("log.hidden") if query.hidden else query.text,
    }
    return {column: printable(str(cells[column] or "")) for column in KEPT}


def printable(text: str) -> str:
    """Without control characters, which could steer the terminal, and on one line."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def no_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
