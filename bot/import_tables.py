"""What became of an imported FAQ: tables in Japanese for officers, JSON for tools."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from knowledge.drafting import Import
from knowledge.faq import Faq
from knowledge.findings import Finding, Severity
from knowledge.replies import Replies

SHOWN: Final = 20
"""Rows of a table of what may be thousands: look-alikes and near entries."""
LINES: Final = 10
"""Lines that are named of those with the same warning."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is told."""

    path: Path
    """The file that was imported."""
    faq: Faq
    """What was read."""
    made: Import
    """What was made of it."""

    @property
    def counts(self) -> dict[str, int]:
        """How many of everything."""
        drafts = self.made.file.drafts
        return {
            "rows": self.faq.rows,
            "drafts": len(drafts),
            "duplicates": len(self.made.duplicates),
            "skipped": len(self.faq.skipped),
            "warnings": len(self.warnings),
            "look_alikes": self.made.pairs,
            "near": sum(bool(draft.near) for draft in drafts),
        }

    @property
    def warnings(self) -> list[Finding]:
        """What is odd in rows that were used."""
        return [f for f in self.faq.findings if f.severity is Severity.WARNING]

    def plain(self) -> dict[str, Any]:
        """All of it, for tools."""
        drafts = self.made.file.drafts
        return {
            "file": str(self.path),
            "encoding": self.faq.encoding,
            "counts": self.counts,
            "skipped": [_plain(finding) for finding in self.faq.skipped],
            "warnings": [_plain(finding) for finding in self.warnings],
            "duplicates": [
                {
                    "line": duplicate.question.line,
                    "id": duplicate.question.id,
                    "first_line": duplicate.first.line,
                    "first_id": duplicate.first.id,
                    "same_answer": duplicate.same_answer,
                }
                for duplicate in self.made.duplicates
            ],
            "look_alikes": [
                {"drafts": [pair.first.id, pair.second.id], "score": pair.score}
                for pair in self.made.look_alikes
            ],
            "near": [
                {"draft": draft.id, "entries": [near.model_dump() for near in draft.near]}
                for draft in drafts
                if draft.near
            ],
        }


@dataclass(frozen=True, slots=True)
class ImportSheets:
    """Writes the report as tables."""

    console: Console
    """Where to."""
    replies: Replies
    """Headings."""

    def report(self, report: Report) -> None:
        """Everything, what must be mended first."""
        self.tell("summary", file=report.path.name, encoding=report.faq.encoding)
        counts = [(self.say(f"count.{name}"), count) for name, count in report.counts.items()]
        self._table("counts", ("what", "count"), counts)
        skipped = [(f.line, f.what, f.remedy) for f in report.faq.skipped]
        self._table("skipped", ("line", "wrong", "remedy"), skipped)
        self._table("warnings", ("lines", "wrong", "remedy"), self._grouped(report.warnings))
        duplicates = [
            (
                one.question.line,
                one.first.line,
                self.say(f"answer.{'same' if one.same_answer else 'differs'}"),
                one.question.question,
            )
            for one in report.made.duplicates
        ]
        self._table("duplicates", ("line", "first", "answer", "question"), duplicates)
        self._look_alikes(report.made)
        self._near(report.made)

    def say(self, key: str, **values: str) -> str:
        """A sentence."""
        return self.replies.say(f"import.{key}", **values)

    def tell(self, key: str, **values: str) -> None:
        """Say a sentence."""
        self.console.print(self.say(key, **values), soft_wrap=True)

    def _grouped(self, warnings: Sequence[Finding]) -> list[tuple[str, str, str]]:
        """One row for each kind: a thousand answers may have tags."""
        groups: dict[str, list[Finding]] = {}
        for finding in warnings:
            groups.setdefault(finding.code, []).append(finding)
        return [(self._lines(group), group[0].what, group[0].remedy) for group in groups.values()]

    def _lines(self, group: Sequence[Finding]) -> str:
        lines = self.replies.say("list.separator").join(str(f.line) for f in group[:LINES])
        more = len(group) - LINES
        return self.say("more_lines", lines=lines, count=str(more)) if more > 0 else lines

    def _look_alikes(self, made: Import) -> None:
        pairs = [
            (
                pair.score,
                pair.first.line,
                pair.first.asks[0],
                pair.second.line,
                pair.second.asks[0],
            )
            for pair in made.look_alikes[:SHOWN]
        ]
        columns = ("score", "line", "question", "line", "other")
        self._table("look_alikes", columns, pairs, more=made.pairs - len(pairs))

    def _near(self, made: Import) -> None:
        near = [(draft, draft.near[0]) for draft in made.file.drafts if draft.near]
        near.sort(key=lambda one: -one[1].score)
        best = [(one.score, draft.line, draft.asks[0], one.id) for draft, one in near[:SHOWN]]
        columns = ("score", "line", "question", "entry")
        self._table("near", columns, best, more=len(near) - len(best))

    def _table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        more: int = 0,
    ) -> None:
        """A table under its heading; nothing where there are no rows."""
        table = Table(box=box.SIMPLE)
        for column in columns:
            table.add_column(self.say(column), overflow="fold", no_wrap=column == "entry")
        for row in rows:
            table.add_row(*map(str, row))
        if not table.row_count:
            return
        self.tell(title)
        self.console.print(table)
        if more > 0:
            self.tell("more", count=str(more))


def _plain(finding: Finding) -> dict[str, str | int]:
    return {
        "line": finding.line,
        "code": finding.code,
        "what": finding.what,
        "remedy": finding.remedy,
    }
