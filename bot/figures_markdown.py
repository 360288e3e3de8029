"""The report of a period in Markdown."""

from collections.abc import Iterator
from typing import Final

from bot.figures_report import Grid, Heading, Note, Part, report, title
from bot.figures_tables import Handout

_WIDTH: Final = 20
"""Letters of the longest bar."""
_BAR: Final = "█"


def to_markdown(given: Handout) -> bytes:
    """The report in UTF-8; bars are block letters in a column of their own."""
    lines = [f"# {title(given)}", ""]
    column = given.words.say("figures.column.bar")
    for part in report(given):
        lines += [*_lines(part, column), ""]
    return "\n".join(lines).encode()


def _lines(part: Part, bar_column: str) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f"{'#' * part.level} {part.text}"
    elif isinstance(part, Note):
        yield part.text.replace("\n", "  \n")
    else:
        yield from _table(part, bar_column)


def _table(grid: Grid, bar_column: str) -> Iterator[str]:
    bars = [bar(share) for share in grid.bars]
    header = [*grid.header, bar_column] if bars else list(grid.header)
    yield _row(header)
    yield _row(["---", "---:", "---:", "---"] if bars else ["---"] * len(header))
    for number, row in enumerate(grid.rows):
        yield _row([*row, *bars[number : number + 1]])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def bar(share: float | None) -> str:
    """A bar of letters; what is not nothing has one at least, what is hidden has none."""
    return _BAR * max(round(_WIDTH * share), 1) if share else ""
