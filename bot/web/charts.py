"""Charts as rectangles and texts, which ``charts.html`` draws as SVG with its numbers beside it.

320 units wide and drawn in that size, so that a telephone of 360 pixels shows letters as they are.
Both colours have a contrast of more than 3:1 with white and with near black.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 320
"""Units across, and pixels."""
FIRST: Final = "#2b6cb0"
"""Of most bars: 5.4:1 on white."""
SECOND: Final = "#b45309"
"""Of the part that needs a look: 5.0:1 on white."""

_LETTERS: Final = 26
"""Full-width letters of a label that fit above a bar."""
_LINE: Final = 36
"""Height of a label with its bar."""
_BAR: Final = 12
_PLOT: Final = 120
"""Height of columns."""
_TOP: Final = 42
"""Room above the columns: the legend, and the number of the highest."""
_GAP: Final = 1.5
_EDGE: Final = 18
"""So far from the edges the middle of a label stays, so that nothing of it is cut off."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar, or a part of one."""

    x: float
    """From the left."""
    y: float
    """From the top."""
    width: float
    """Across."""
    height: float
    """Down."""
    fill: str
    """Its colour."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the chart."""

    x: float
    """Where it stands, by its anchor."""
    y: float
    """Its base line, from the top."""
    text: str
    """What it says."""
    anchor: str = "start"
    """start, middle, end."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and the table that says the same."""

    id: str
    """Unique on its page; letters only."""
    title: str
    """What it shows."""
    summary: str
    """What there is to see, for those who do not see it."""
    height: float
    """Units down."""
    rects: tuple[Rect, ...]
    """Bars."""
    labels: tuple[Label, ...]
    """Texts."""
    header: tuple[str, ...]
    """Headings of the table."""
    rows: tuple[tuple[str, ...], ...]
    """Lines of the table."""
    width: int = WIDTH
    """Units across."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one bar or column stands for."""

    label: str
    """What it is called."""
    first: int
    """Its length."""
    second: int = 0
    """What of it stands in the second colour, on top."""
    cells: tuple[str, ...] = ()
    """The rest of its line in the table, after the label."""


@dataclass(frozen=True, slots=True)
class About:
    """What is said about a chart."""

    id: str
    """Unique on its page; letters only."""
    title: str
    """What it shows."""
    summary: str
    """What there is to see."""
    header: tuple[str, ...]
    """Headings of the table."""
    legend: tuple[str, ...] = ()
    """What the two colours stand for; none where there is one."""


def bars(about: About, values: Sequence[Value]) -> Chart:
    """One bar a line, its label above it and its number behind it."""
    most = max((value.first for value in values), default=0) or 1
    rects, labels = [], []
    for number, value in enumerate(values):
        top = number * _LINE
        rects.append(Rect(0, top + 18, _round(value.first / most * WIDTH), _BAR, FIRST))
        labels.append(Label(0, top + 13, _short(value.label)))
        labels.append(Label(WIDTH, top + 13, f"{value.first:,}", "end"))
    drawn = tuple(rect for rect in rects if rect.width)
    return _chart(about, values, len(values) * _LINE, drawn, tuple(labels))


def columns(about: About, values: Sequence[Value], ticks: Iterable[int]) -> Chart:
    """Columns side by side; ``ticks`` are the numbers of those whose label stands below."""
    most = max((value.first for value in values), default=0)
    step = WIDTH / max(len(values), 1)
    bottom = _TOP + _PLOT
    rects = [Rect(0, bottom, WIDTH, 1, "currentColor")]
    for number, value in enumerate(values):
        x, width = _round(number * step), _round(step - _GAP)
        rects += _column(x, width, value, _PLOT / (most or 1), bottom)
    labels = [Label(0, _TOP - 8, f"{most:,}")]
    for number in ticks:
        label = values[number].label
        middle = min(max((number + 0.5) * step, _EDGE), WIDTH - _EDGE)
        labels.append(Label(_round(middle), bottom + 16, label, "middle"))
    for number, text in enumerate(about.legend):
        x = number * WIDTH / 2
        rects.append(Rect(x, 4, 12, 12, (FIRST, SECOND)[number]))
        labels.append(Label(x + 18, 15, text))
    return _chart(about, values, bottom + 24, tuple(rects), tuple(labels))


def _column(x: float, width: float, value: Value, unit: float, bottom: float) -> list[Rect]:
    """A column; its two parts do not touch, so that they differ without their colours too."""
    low, high = (value.first - value.second) * unit, value.second * unit
    parts = [Rect(x, _round(bottom - low), width, _round(low), FIRST)] if low else []
    if high:
        height = max(high - 1, 1)
        parts.append(Rect(x, _round(bottom - low - high), width, _round(height), SECOND))
    return parts


def _chart(
    about: About,
    values: Iterable[Value],
    height: float,
    rects: tuple[Rect, ...],
    labels: tuple[Label, ...],
) -> Chart:
    rows = tuple((value.label, *value.cells) for value in values)
    return Chart(about.id, about.title, about.summary, height, rects, labels, about.header, rows)


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1]}…"


def _round(number: float) -> float:
    return round(number, 1)
