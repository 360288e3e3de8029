"""A FAQ as a table: its separator and its columns are known by the names in its first row."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.faq_rows import Lines, Row, large_fields
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import fold

COLUMNS_FILE: Final = "faq_columns.yaml"
REQUIRED: Final = ("id", "question", "answer")
SEPARATORS: Final = (",", ";", "\t")
MOST_LINES: Final = 1_000_000
"""Lines of a file; no municipality's FAQ comes near."""
MOST_ROWS: Final = 150_000
"""Rows of a file: searching 50,000 takes a gigabyte of memory."""


class Columns(Shape):
    """``faq_columns.yaml``: the names a column may have, the preferred one first."""

    id: tuple[Text, ...]
    """Of the id."""
    question: tuple[Text, ...]
    """Of the question."""
    answer: tuple[Text, ...]
    """Of the answer."""
    category: tuple[Text, ...]
    """Of the category; a file need not have it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, read."""

    columns: dict[str, int]
    """Where id, question, answer and perhaps category stand."""
    header: tuple[str, ...]
    """What the file calls its columns."""
    rows: tuple[Row | Finding, ...]
    """Every row, or what is wrong with it."""


def read_sheet(path: Path, text: str, data: Path = DATA) -> Sheet:
    """Read a table.

    Raises:
        KnowledgeError: there are too many lines or rows, a column is missing or stands there
            twice, or the first row is broken.
    """
    names = shape(read_yaml(data / COLUMNS_FILE), Columns).model_dump()
    lines = list(islice(io.StringIO(text, newline=""), MOST_LINES + 1))
    _refuse_more(path, len(lines), MOST_LINES, "faq_lines")
    start = next(number for number, line in enumerate(lines) if line.strip())
    with large_fields():
        tables = [Lines(path, lines, separator) for separator in SEPARATORS]
        heads = [(table, *table.row(start)) for table in tables]
        read = [(t, head.cells, after) for t, head, after in heads if isinstance(head, Row)]
        broken = [head for _, head, _ in heads if isinstance(head, Finding)]
        best = max(read, key=lambda one: len(_columns(one[1], names)), default=None)
        columns = _columns(best[1], names) if best else {}
        if not best or (broken and not columns):
            raise KnowledgeError(broken[:1])
        table, header, after = best
        _refuse(path, start + 1, header, columns, names)
        width = max(number for number, cell in enumerate(header, start=1) if cell)
        rows = tuple(islice(table.rows(after, width, columns["id"]), MOST_ROWS + 1))
        _refuse_more(path, len(rows), MOST_ROWS, "faq_rows")
        return Sheet(columns, header, rows)


def _refuse_more(path: Path, found: int, limit: int, code: str) -> None:
    if found > limit:
        raise KnowledgeError([Finding(code, path, 1, {"limit": f"{limit:,}"})])


def _columns(header: Sequence[str], names: dict[str, tuple[str, ...]]) -> dict[str, int]:
    folded = list(map(fold, header))
    return {
        column: folded.index(name)
        for column, aliases in names.items()
        for name in map(fold, reversed(aliases))  # the first of them is set last
        if name in folded
    }


def _refuse(
    path: Path,
    line: int,
    header: Sequence[str],
    columns: dict[str, int],
    names: dict[str, tuple[str, ...]],
) -> None:
    """Stop where a column cannot be known."""
    findings = [
        Finding("faq_column", path, line, {"column": column, "known": " / ".join(names[column])})
        for column in REQUIRED
        if column not in columns
    ]
    folded = list(map(fold, header))
    findings += [
        Finding("faq_column_twice", path, line, {"column": header[number]})
        for number in columns.values()
        if folded.count(folded[number]) > 1
    ]
    if findings:
        raise KnowledgeError(findings)
