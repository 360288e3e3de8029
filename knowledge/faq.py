"""Any municipality's FAQ, as a spreadsheet saves it: columns id, question, answer[, category]."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.faq_file import UNREADABLE, read_faq_text
from knowledge.faq_index import FaqIndex
from knowledge.faq_sheet import REQUIRED, Sheet, read_sheet
from knowledge.findings import Finding, Severity
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.vectors import load_vectors

_UNUSABLE: Final = re.compile(f"[{UNREADABLE}\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""Broken letters and control characters, tabs and line ends apart."""
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


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
    line: int = 0
    """Its line in the file, from 1; 0 if it stands in none."""


@dataclass(frozen=True, slots=True)
class Faq:
    """A FAQ, read; broken rows are listed, not lost silently."""

    questions: tuple[Question, ...]
    """Every sound row."""
    findings: tuple[Finding, ...]
    """What is wrong with the others, and what is odd in these, by line."""
    encoding: str = ""
    """The encoding of the file."""

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """The rows that were left out: one finding for each."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def rows(self) -> int:
        """How many rows the file has, sound or not."""
        return len(self.questions) + len(self.skipped)


def read_faq(path: Path) -> Faq:
    """Read a FAQ in UTF-8 (with or without BOM) or CP932; a broken row is a finding.

    Raises:
        KnowledgeError: the file cannot be read, or lacks a column.
    """
    text, encoding = read_faq_text(path)
    sheet = read_sheet(path, text)
    questions: dict[str, Question] = {}
    findings: list[Finding] = []
    for row in sheet.rows:
        if isinstance(row, Finding):
            findings.append(row)
            continue
        fields = {column: row.cells[number] for column, number in sheet.columns.items()}
        fields["id"] = " ".join(fields["id"].split())
        question = Question(**fields, line=row.line)
        if fault := _fault(path, question, sheet) or _repeated(path, question, questions):
            findings.append(fault)
            continue
        questions[question.id] = question
        findings += _marked_up(path, question)
    return Faq(tuple(questions.values()), tuple(findings), encoding)


def faq_index(faq: Faq, shelf: Shelf = NO_SHELF) -> FaqIndex:
    """The questions and answers of a FAQ, made searchable."""
    return FaqIndex(faq.questions, load_vectors(), shelf)


def _fault(path: Path, question: Question, sheet: Sheet) -> Finding | None:
    """What makes a row unusable by itself."""
    fields = {column: getattr(question, column) for column in sheet.columns}
    for column, text in fields.items():
        if found := _UNUSABLE.search(text):
            values = {
                "column": sheet.header[sheet.columns[column]],
                "code": f"U+{ord(found.group()):04X}",
            }
            return Finding("faq_character", path, question.line, values)
    empty = [column for column in REQUIRED if not fields[column]]
    names = " / ".join(sheet.header[sheet.columns[column]] for column in empty)
    return Finding("faq_empty", path, question.line, {"column": names}) if empty else None


def _repeated(path: Path, question: Question, before: dict[str, Question]) -> Finding | None:
    if question.id not in before:
        return None
    values = {"id": question.id, "first": str(before[question.id].line)}
    return Finding("faq_repeated_id", path, question.line, values)


def _marked_up(path: Path, question: Question) -> list[Finding]:
    tag = _TAG.search(question.answer)
    if not tag:
        return []
    values = {"tag": tag.group()}
    return [Finding("faq_markup", path, question.line, values, severity=Severity.WARNING)]
