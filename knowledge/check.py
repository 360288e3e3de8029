"""Whether the curated data is sound: every finding at once, each with file, line and remedy.

The questions themselves stand in ``knowledge.checks``, one file for each kind.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from knowledge.checks import (
    asks,
    complete,
    drafts,
    ids,
    sentences,
    tables,
    verbatim,
    windows,
)
from knowledge.checks.material import Material, read
from knowledge.findings import Finding, Severity
from knowledge.load import DATA

CHECKS: Final[tuple[Callable[[Material], Iterator[Finding]], ...]] = (
    verbatim.guideline,
    verbatim.programs,
    complete.entries,
    complete.platforms,
    complete.prefectures,
    complete.window_files,
    complete.topics,
    ids.ids,
    ids.unconfirmed,
    ids.references,
    ids.laws,
    ids.programs,
    drafts.drafts,
    windows.contacts,
    windows.hours,
    windows.areas,
    windows.limits,
    windows.languages,
    windows.dates,
    windows.filled_in,
    windows.documents,
    asks.enough,
    asks.once,
    asks.unseen,
    asks.expected,
    asks.questions,
    sentences.replies,
    sentences.translations,
    sentences.phrases,
    sentences.weekdays,
    sentences.crisis,
    sentences.model,
    sentences.numbers,
    tables.checklists,
    tables.regions,
    tables.neighbours,
    verbatim.editions,
)
"""Every question asked of the data."""


def check(data: Path = DATA, *, today: date, answers: Path | None = None) -> list[Finding]:
    """Check a folder of curated data, sorted by file and line.

    Args:
        data: the folder.
        today: the day for which dates are judged.
        answers: the folder of test questions, ``tests/answers``; without it, and where it does
            not exist, nothing is said of them.
    """
    material = read(data, today, answers if answers and answers.is_dir() else None)
    found = [*material.findings, *(finding for one in CHECKS for finding in one(material))]
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.code))


def summary(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}
