"""Any municipality's FAQ, as a spreadsheet saves it: columns id, question, answer[, category]."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.faq_index import FaqIndex
from knowledge.findings import Finding, KnowledgeError
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.vectors import load_vectors

COLUMNS: Final = ("id", "question", "answer")


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a FAQ."""

    id: str
    """Its id, as in the file."""
    question: str
    """How it is asked."""
    answer: str
    """What is answered."""
    category: str = ""
    """Where the municipality files it; empty if the file has no such column."""


@dataclass(frozen=True, slots=True)
class Faq:
    """A FAQ, read; broken rows are listed, not lost silently."""

    questions: tuple[Question, ...]
    """Every sound row."""
    findings: tuple[Finding, ...]
    """What is wrong with the others, by line."""


def read_faq(path: Path) -> Faq:
    """Read a FAQ in UTF-8 (with or without BOM) or CP932.

    Raises:
        KnowledgeError: the file cannot be read, or lacks a column.
    """
    rows = csv.DictReader(io.StringIO(_decoded(path), newline=""))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise KnowledgeError([Finding("faq_column", path, 1, {"column": ", ".join(missing)})])
    questions: dict[str, Question] = {}
    findings: list[Finding] = []
    for line, row in _with_lines(rows):
        empty = [column for column in COLUMNS if not (row[column] or "").strip()]
        if empty:
            findings.append(Finding("faq_empty", path, line, {"column": ", ".join(empty)}))
        elif row["id"] in questions:
            findings.append(Finding("faq_repeated_id", path, line, {"id": row["id"]}))
        else:
            category = (row.get("category") or "").strip()
            questions[row["id"]] = Question(row["id"], row["question"], row["answer"], category)
    return Faq(tuple(questions.values()), tuple(findings))


def faq_index(faq: Faq, shelf: Shelf = NO_SHELF) -> FaqIndex:
    """The questions and answers of a FAQ, made searchable."""
    return FaqIndex(faq.questions, load_vectors(), shelf)


def _with_lines(rows: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    line = rows.line_num + 1
    for row in rows:
        yield line, row
        line = rows.line_num + 1


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        why = {"why": str(error.strerror)}
        raise KnowledgeError([Finding("unreadable", path, 1, why)]) from None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KnowledgeError([Finding("not_utf8", path, 1)])
