"""Figures as a long table for a spreadsheet, and as JSON for tools: only what may leave."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.figures_words import Words
from bot.log_tables import no_formula, printable
from bot.store.concerned import read_concerned
from bot.store.counting import Cell, Period
from bot.store.figures import Gap, read_figures
from bot.suppression import Released, released
from handlers.staff import SMALL
from knowledge.load import Knowledge
from knowledge.replies import BASE, Replies


@dataclass(frozen=True, slots=True)
class Handout:
    """Figures that are handed out, with what is needed to write them down."""

    figures: Released
    """The figures, small cells hidden."""
    words: Words
    """Names."""
    made: datetime
    """When they were counted, in Asia/Tokyo."""


def handout(  # noqa: PLR0913, PLR0917  what is read, and how it is told
    db: Database,
    period: Period,
    knowledge: Knowledge,
    replies: Replies,
    now: datetime,
    language: str = BASE,
) -> Handout:
    """Count a period, and hide what must not leave.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    figures = released(read_figures(db, period), read_concerned(db, period))
    return Handout(figures, Words(replies, knowledge, language), now)


def to_csv(given: Handout) -> bytes:
    """Table, cell, queries, people: one line for each cell, in UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = ("table", "cell", "queries", "people")
    writer.writerow(given.words.say(f"figures.column.{column}") for column in columns)
    for row in _lines(given.figures, given.words):
        writer.writerow(no_formula(printable(cell)) for cell in row)
    return out.getvalue().encode("utf-8-sig")


def _lines(figures: Released, words: Words) -> Iterator[tuple[str, str, str, str]]:
    period = words.period(figures.period)
    yield (words.table("total"), period, *_numbers(figures.total, words))
    for table, cells in figures.tables.items():
        for name, cell in cells.items():
            yield (words.table(table), words.cell(table, name), *_numbers(cell, words))
    for gap in figures.gaps:
        done = words.done(gap.state, gap.resolution)
        yield (words.table("gap"), f"{gap.id} {done}", *_numbers(gap.cell, words))
    for window, told in figures.windows.items():
        for kind, count in told.items():
            label = f"{words.title(window)} {words.say(f'figures.column.{kind}')}"
            yield words.table("window"), label, words.number(count), ""
    for key, count in (("opened", figures.opened), ("resolved", figures.resolved)):
        yield words.table("count"), words.say(f"figures.{key}"), _plainly(count, words), ""


def _plainly(count: int | None, words: Words) -> str:
    """Without separators of thousands: a spreadsheet reads numbers."""
    return words.number(None) if count is None else str(count)


def _numbers(cell: Cell | None, words: Words) -> tuple[str, str]:
    """Without separators of thousands: a spreadsheet reads numbers."""
    if cell is None:
        return words.number(None), words.number(None)
    return str(cell.queries), str(cell.people)


def to_json(given: Handout) -> bytes:
    """The figures as one JSON object in UTF-8; a hidden cell is null."""
    figures = given.figures
    values = {
        "since": figures.period.since.isoformat(),
        "until": figures.period.until.isoformat(),
        "made": given.made.isoformat(timespec="seconds"),
        "hidden_below": SMALL,
        "total": _plain(figures.total),
        "unanswered_share": figures.unanswered_share,
        "tables": {
            table: {name: _plain(cell) for name, cell in cells.items()}
            for table, cells in figures.tables.items()
        },
        "gaps": [_gap(gap) for gap in figures.gaps],
        "opened": figures.opened,
        "resolved": figures.resolved,
        "median_days": figures.median_days,
        "windows": figures.windows,
    }
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(cell: Cell | None) -> Mapping[str, int] | None:
    return None if cell is None else {"queries": cell.queries, "people": cell.people}


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "group": gap.id,
        "queries": gap.cell.queries,
        "people": gap.cell.people,
        "topics": list(gap.topics),
        "state": gap.state.value,
        "resolution": gap.resolution and gap.resolution.value,
        "entry": gap.entry,
        "published": gap.published,
        "days": gap.days,
    }
