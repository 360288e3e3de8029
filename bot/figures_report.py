"""The report of a period, as parts that Markdown and Word write each in their way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from bot.figures_tables import Handout
from bot.figures_words import Words, oldest_checks
from bot.store.counting import ANSWERED_SINCE, Cell
from bot.suppression import Outside, Released
from handlers.ports import OutcomeKind

MOST: Final = 10
"""Gaps, windows and entries that a report names."""
_ASKED: Final = (
    "topic", "prefecture", "status", "day", "hour", "role", "channel", "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the report."""

    text: str
    """What it says."""
    level: int = 2
    """2, or 3 for one table."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph."""

    text: str
    """What it says; its line breaks are kept."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    header: tuple[str, ...]
    """Headings of the columns."""
    rows: tuple[tuple[str, ...], ...]
    """Cells, line by line."""
    bars: tuple[float | None, ...] = ()
    """Length of each line's bar, 0 to 1, None for a hidden one; no bars at all where empty."""


Part: TypeAlias = Heading | Note | Grid


def title(given: Handout) -> str:
    """What the report is called."""
    return given.words.say("report.title", period=given.words.period(given.figures.period))


def report(given: Handout) -> Iterator[Part]:
    """The parts after the title."""
    words, figures = given.words, given.figures
    yield Note(words.say("report.made", made=given.made.date().isoformat()))
    yield from _summary(figures, words)
    yield Heading(words.say("report.asked"))
    yield Note(words.say("report.asked.note"))
    for table in _ASKED:
        yield Heading(words.table(table), level=3)
        yield _cells(table, figures.tables[table], words)
    yield from _gaps(figures, words)
    yield from _windows(figures, words)
    yield from _oldest(given)
    yield Heading(words.say("report.entries"))
    shown = dict(islice(figures.tables["entry"].items(), MOST))
    yield _cells("entry", shown, words) if shown else Note(words.say("report.empty"))
    yield Heading(words.say("report.versions"))
    yield _cells("knowledge", figures.tables["knowledge"], words)
    yield Heading(words.say("report.small"))
    yield Note(words.say("report.small.note"))


def _summary(figures: Released, words: Words) -> Iterator[Part]:
    total, since = figures.total, figures.tables["afterwards"].get(ANSWERED_SINCE)
    rows = {
        "total": _counts(total, words)[0],
        "people": _counts(total, words)[1],
        "unanswered": words.share(figures.unanswered_share),
        "since": _counts(since, words)[0],
        "opened": words.number(figures.opened),
        "resolved": words.number(figures.resolved),
        "median": words.days(figures.median_days),
    }
    yield Heading(words.say("report.summary"))
    header = (words.say("figures.column.cell"), words.say("figures.column.value"))
    named = tuple((words.say(f"report.summary.{key}"), value) for key, value in rows.items())
    yield Grid(header, named)


def _cells(table: str, cells: Outside, words: Words) -> Part:
    """A table with its bars; the longest is that of the largest cell that may be told."""
    if not cells:
        return Note(words.say("report.withheld"))
    most = max((cell.queries for cell in cells.values() if cell), default=0)
    columns = ("cell", "queries", "people")
    header = (words.table(table), *(words.say(f"figures.column.{c}") for c in columns[1:]))
    rows = tuple((words.cell(table, name), *_counts(cell, words)) for name, cell in cells.items())
    bars = (None if cell is None else cell.queries / max(most, 1) for cell in cells.values())
    return Grid(header, rows, tuple(bars))


def _counts(cell: Cell | None, words: Words) -> tuple[str, str]:
    numbers = (None, None) if cell is None else (cell.queries, cell.people)
    return words.number(numbers[0]), words.number(numbers[1])


def _gaps(figures: Released, words: Words) -> Iterator[Part]:
    yield Heading(words.say("report.gaps"))
    yield Note(words.say("report.gaps.note"))
    rows = tuple(
        (
            str(gap.id),
            _topics(gap.topics, words),
            *_counts(gap.cell, words),
            words.done(gap.state, gap.resolution),
            words.title(gap.entry) if gap.entry else words.say("figures.none"),
            words.days(gap.days),
        )
        for gap in figures.gaps[:MOST]
    )
    columns = ("gap", "topics", "queries", "people", "done", "entry", "days")
    yield _grid(columns, rows, words)


def _topics(topics: Mapping[str, Cell], words: Words) -> str:
    names = [words.cell("topic", topic) for topic in topics]
    return words.say("list.separator").join(names) or words.say("figures.unknown")


def _windows(figures: Released, words: Words) -> Iterator[Part]:
    kinds = tuple(OutcomeKind)
    yield Heading(words.say("report.windows"))
    yield Note(words.say("report.windows.note"))
    trouble = {
        window: told
        for window, told in figures.windows.items()
        if told[OutcomeKind.FAILED] != 0 or told[OutcomeKind.WRONG] != 0
    }
    rows = tuple(
        (
            words.title(window),
            *(words.number(told[kind]) for kind in kinds),
            words.done(*figures.looked_at[window]) if window in figures.looked_at else "",
        )
        for window, told in islice(trouble.items(), MOST)
    )
    yield _grid(("window", *kinds, "done"), rows, words)


def _oldest(given: Handout) -> Iterator[Part]:
    words = given.words
    yield Heading(words.say("report.oldest"))
    rows = tuple(
        (window.name, window.area, window.assured.isoformat(), words.days(days))
        for window, days in oldest_checks(words.knowledge, given.made.date())[:MOST]
    )
    yield _grid(("window", "area", "assured", "days"), rows, words)


def _grid(columns: Sequence[str], rows: tuple[tuple[str, ...], ...], words: Words) -> Part:
    if not rows:
        return Note(words.say("report.empty"))
    return Grid(tuple(words.say(f"figures.column.{column}") for column in columns), rows)
