"""What the first page of the console shows: how much is asked, and what waits for staff.

Staff inside may see small cells; wordings are not shown here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlite_utils import Database
from starlette.responses import Response

from bot.figures_words import Words, oldest_checks
from bot.store.counting import Cells, Period
from bot.store.due import due
from bot.store.edits import read_edits
from bot.store.figures import PeriodFigures, read_figures
from bot.store.groups import read_groups
from bot.web.charts import About, Chart, Value, bars, columns
from bot.web.desk import Call
from bot.web.groups import group_questions
from handlers.library import Library
from handlers.ports import OutcomeKind
from handlers.staff import EditState, GroupState
from knowledge.replies import BASE, Replies

DAYS: Final = 30
"""Days that are shown."""
_WEEK: Final = 7
_MOST: Final = 10
"""Bars of a chart, and lines of a table."""
_HOURS: Final = range(0, 24, 6)


def show_overview(call: Call) -> Response:
    """The first page."""
    group_questions(call)
    library = call.library
    values = overview_values(call.db, library, library.replies, call.now)
    return call.draw("overview.html", tasks=_tasks(call), **values)


def _tasks(call: Call) -> list[tuple[str, str, int]]:
    """Address, name and number of what waits for staff."""
    states = Counter(group.state for group in read_groups(call.db, call.now))
    knowledge, days = call.library.knowledge, call.desk.settings.attest_days
    counts = {
        ("/groups", "open"): states[GroupState.OPEN],
        ("/groups?state=claimed", "claimed"): states[GroupState.CLAIMED],
        ("/edits?state=draft", "drafts"): len(read_edits(call.db, [EditState.DRAFT])),
        ("/checks", "due"): len(due(call.db, knowledge, call.now.date(), days)),
    }
    say = call.desk.pages.say
    return [
        (address, say(f"console.overview.{name}"), count)
        for (address, name), count in counts.items()
    ]


def overview_values(
    db: Database, library: Library, replies: Replies, now: datetime, language: str = BASE
) -> dict[str, Any]:
    """What ``overview.html`` shows.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    words, today = Words(replies, library.knowledge, language), now.date()
    figures = read_figures(db, Period(today - timedelta(days=DAYS - 1), today))
    return {
        "words": words,
        "total": figures.total,
        "weeks": _weeks(figures, words),
        "charts": _charts(figures, words),
        "windows": _windows(figures, words),
        "oldest": [
            (window.name, window.area, window.assured.isoformat(), words.days(days))
            for window, days in oldest_checks(library.knowledge, today)[:_MOST]
        ],
    }


def _weeks(figures: PeriodFigures, words: Words) -> dict[str, str]:
    """The share of unanswered queries in the last seven days, and in the seven before."""
    days = figures.period.days
    return {
        "now": _share(figures, days[-_WEEK:], words),
        "before": _share(figures, days[-2 * _WEEK : -_WEEK], words),
    }


def _share(figures: PeriodFigures, days: Iterable[str], words: Words) -> str:
    asked = {day: figures.tables["day"][day].queries for day in days}
    unanswered = sum(figures.unanswered_days[day] for day in asked)
    return words.share(unanswered / sum(asked.values()) if any(asked.values()) else None)


def _charts(figures: PeriodFigures, words: Words) -> list[Chart]:
    tables = figures.tables
    status = {name: cell for name, cell in tables["status"].items() if cell.queries}
    return [
        _by_day(figures, words),
        *(
            _bars(table, cells, words)
            for table, cells in (
                ("status", status),
                ("topic", tables["topic"]),
                ("prefecture", tables["prefecture"]),
            )
        ),
        _by_hour(figures, words),
    ]


def _by_day(figures: PeriodFigures, words: Words) -> Chart:
    legend = (words.say("overview.rest"), words.say("figures.status_group.unanswered"))
    header = (words.table("day"), words.say("figures.column.queries"), *_people(words), legend[1])
    values = []
    for day, cell in figures.tables["day"].items():
        unanswered = figures.unanswered_days[day]
        cells = (f"{cell.queries:,}", f"{cell.people:,}", f"{unanswered:,}")
        values.append(Value(f"{int(day[5:7])}/{int(day[8:])}", cell.queries, unanswered, cells))
    about = About("day", words.say("overview.day"), _summary(values, words), header, legend)
    return columns(about, values, range(1, DAYS, _WEEK))


def _by_hour(figures: PeriodFigures, words: Words) -> Chart:
    values = _values("hour", figures.tables["hour"], words)
    header = (words.table("hour"), words.say("figures.column.queries"), *_people(words))
    about = About("hour", words.say("overview.hour"), _summary(values, words), header)
    return columns(about, values, _HOURS)


def _bars(table: str, cells: Cells, words: Words) -> Chart:
    """The largest cells; the table below has all of them."""
    values = _values(table, cells, words)
    header = (words.table(table), words.say("figures.column.queries"), *_people(words))
    about = About(table, words.say(f"overview.{table}"), _summary(values, words), header)
    chart = bars(about, values[:_MOST])
    rows = tuple((value.label, *value.cells) for value in values)
    return replace(chart, rows=rows)


def _values(table: str, cells: Cells, words: Words) -> list[Value]:
    return [
        Value(
            words.cell(table, name),
            cell.queries,
            cells=(f"{cell.queries:,}", f"{cell.people:,}"),
        )
        for name, cell in cells.items()
    ]


def _people(words: Words) -> tuple[str]:
    return (words.say("figures.column.people"),)


def _summary(values: Iterable[Value], words: Words) -> str:
    """The highest three, in words."""
    highest = sorted(values, key=lambda value: -value.first)[:3]
    named = [
        words.say("overview.named", label=value.label, count=f"{value.first:,}")
        for value in highest
        if value.first
    ]
    listed = words.say("list.separator").join(named)
    return words.say("overview.most", listed=listed) if listed else words.say("report.empty")


def _windows(figures: PeriodFigures, words: Words) -> list[tuple[str, ...]]:
    trouble = (
        (window, told)
        for window, told in figures.windows.items()
        if told[OutcomeKind.FAILED] or told[OutcomeKind.WRONG]
    )
    return [
        (
            words.title(window),
            *(f"{told[kind]:,}" for kind in OutcomeKind),
            words.done(*figures.looked_at[window]) if window in figures.looked_at else "",
        )
        for window, told in islice(trouble, _MOST)
    ]
