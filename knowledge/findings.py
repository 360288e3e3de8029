"""What the check finds: file, line, entry, what is wrong and how to mend it.

The sentences stand in ``data/findings.yaml``; here are only their codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import yaml

_SENTENCES: Final = Path(__file__).parent / "data" / "findings.yaml"


class Severity(StrEnum):
    """Whether a finding stops the start."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    code: str
    """Which kind of finding: a key of ``data/findings.yaml``."""
    path: Path
    """The file."""
    line: int
    """The line, from 1."""
    values: dict[str, str] = field(default_factory=dict)
    """What the sentences name."""
    entry: str = ""
    """Id of the entry; empty where the finding is about the file."""
    severity: Severity = Severity.ERROR
    """Error or warning."""

    @property
    def what(self) -> str:
        """What is wrong, in Japanese."""
        return sentences()[self.code]["what"].format_map(self.values)

    @property
    def remedy(self) -> str:
        """How to mend it, in Japanese."""
        return sentences()[self.code]["remedy"].format_map(self.values)

    @property
    def message(self) -> str:
        """One line in Japanese: file, line, entry, what is wrong, how to mend it."""
        mark = sentences()["severity"][self.severity]
        entry = f" {self.entry}" if self.entry else ""
        return f"[{mark}] {self.path}:{self.line}{entry}: {self.what} → {self.remedy}"

    def seen_from(self, folder: Path) -> "Finding":
        """The same finding, its path as short as somebody in a folder would type it."""
        if not self.path.is_relative_to(folder):
            return self
        return replace(self, path=self.path.relative_to(folder))


class KnowledgeError(Exception):
    """The knowledge is unsound; carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the findings, in the order found."""
        super().__init__(findings)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        """All findings, a line each."""
        return "\n".join(finding.message for finding in self.findings)


@cache
def sentences() -> dict[str, dict[str, str]]:
    """The sentences of every code: {code: {what, remedy}}."""
    text = _SENTENCES.read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 # nosec B506
    return loaded
