"""The rows of a CSV file, by line: what is broken spoils its own row and no other.

A quote that is not closed would swallow every row up to the next quote. So each row is read by
itself: of a broken one only the first line is left out, and reading goes on with the next line.
"""

import contextlib
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.findings import Finding

LARGEST_FIELD: Final = 1_000_000
"""Bytes of one field in UTF-8; a larger one is no answer to anybody."""

LONGEST_ROW: Final = 1_000
"""Lines of one row. Without a limit, a quote that is never closed reads to the end of the file,
and so does the next line, and the next."""
MOST_BROKEN: Final = 10_000
"""Broken rows that are listed one by one; after them reading stops: the file is no FAQ."""

_DIGITS: Final = re.compile(r"\d+")
_THOUSANDS: Final = re.compile(r"\s*\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that CSV can read."""

    line: int
    """Its first line, from 1."""
    cells: tuple[str, ...]
    """Its fields, without white space around them; line ends are \\n."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file, to be read as rows."""

    path: Path
    """The file."""
    lines: list[str]
    """Its lines, with their ends."""
    separator: str
    """What stands between two fields."""

    def row(self, start: int) -> tuple[Row | Finding, int]:
        """The row that begins at a line (from 0) and the line after it."""
        end = min(start + LONGEST_ROW, len(self.lines))
        rest = (self.lines[number] for number in range(start, end))
        reader = csv.reader(rest, delimiter=self.separator, strict=True, skipinitialspace=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            long = "limit" in str(error)
            return self._finding("faq_long" if long else "faq_quote", start), start + 1
        following = start + reader.line_num
        if any(len(cell.encode()) > LARGEST_FIELD for cell in cells):
            return self._finding("faq_long", start), following
        return Row(start + 1, tuple(map(_tidy, cells))), following

    def rows(self, start: int, width: int, id_column: int) -> Iterator[Row | Finding]:
        """Every row from a line on; those without any text are left out: they say nothing."""
        broken = 0
        for row in self._rows(start, width, id_column):
            yield row
            broken += isinstance(row, Finding)
            if broken == MOST_BROKEN:
                yield self._finding("faq_hopeless", row.line - 1, count=f"{broken:,}")
                return

    def _rows(self, start: int, width: int, id_column: int) -> Iterator[Row | Finding]:
        while start < len(self.lines):
            first = start
            row, start = self.row(first)
            if isinstance(row, Finding):
                yield row
                continue
            if self._swallows(row, first, start, width, id_column):
                # Which of its lines are whole nobody knows: none of them becomes an answer.
                yield self._finding("faq_swallowed", first, last=str(start))
            elif any(row.cells):
                yield self._whole(row, width)

    def _whole(self, row: Row, width: int) -> Row | Finding:
        found = len(row.cells)
        if found < width or any(row.cells[width:]):
            code = "faq_few" if found < width else "faq_many"
            numbers = {"columns": str(width), "found": str(found)}
            return self._finding(code, row.line - 1, **numbers)
        return row

    def _swallows(self, row: Row, first: int, following: int, width: int, id_column: int) -> bool:
        """Whether a line in the middle of a row looks like a row of its own.

        Such a line has as many fields and an id of the same form: Q-12 beside Q-11. A price has
        that too (1,000円), but three digits after its comma.
        """
        if len(row.cells) <= id_column:
            return False
        form = _form(row.cells[id_column])
        for line in self.lines[first + 1 : following]:
            cells = line.split(self.separator)
            if len(cells) >= width and _form(cells[id_column]) == form:
                rest = line.partition(self.separator)[2]
                if not _THOUSANDS.match(rest):
                    return True
        return False

    def _finding(self, code: str, number: int, **values: str) -> Finding:
        limit = {"limit": str(LARGEST_FIELD // 1_000_000)}
        return Finding(code, self.path, number + 1, values | limit)


def _tidy(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _form(cell: str) -> str:
    return _DIGITS.sub("0", cell.strip().strip('"'))


@contextlib.contextmanager
def large_fields() -> Iterator[None]:
    """Let CSV read fields up to the limit: Python's own, 131,072 letters, holds for everybody."""
    before = csv.field_size_limit(LARGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)
