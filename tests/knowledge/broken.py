"""A copy of the curated data and of the test questions, in which one thing can be broken."""

import os
import re
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from knowledge.check import check
from knowledge.findings import Finding
from knowledge.load import DATA

ANSWERS = Path(__file__).parents[1] / "answers"

Key = tuple[str, str, str, str]


def newest_date(data: Path = DATA) -> date:
    """The day the newest window was assured: on it, nothing is of the future and nothing old."""
    files = (path.read_text(encoding="utf-8") for path in (data / "windows").glob("[0-9]*.yaml"))
    return max(date.fromisoformat(d) for t in files for d in re.findall(r'assured: "(.{10})"', t))


class Copy:
    """The copy; paths are within ``knowledge/data``, of questions ``answers/…``."""

    def __init__(self, folder: Path, of: "Copy | None" = None) -> None:
        self.folder = folder
        self.data = folder / "knowledge" / "data"
        self.answers = folder / "tests" / "answers"
        # Links to the files of a copy, which ``write`` never writes into.
        place = os.link if of else shutil.copy2
        shutil.copytree(of.data if of else DATA, self.data, copy_function=place)
        shutil.copytree(of.answers if of else ANSWERS, self.answers, copy_function=place)
        self.today = of.today if of else newest_date(self.data)
        self._new: list[Finding] | None = None
        self.known: frozenset[Key] = of.known if of else frozenset(map(self.key, self.check()))

    def path(self, name: str) -> Path:
        """The file of a name."""
        return self.answers.parent / name if name.startswith("answers/") else self.data / name

    def write(self, name: str, text: str | bytes) -> None:
        """Replace a file; the sources are read-only, so it is made anew."""
        self._new = None
        path = self.path(name)
        path.unlink(missing_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, name: str, after: str, old: str, new: str) -> int:
        """Replace the first ``old`` that follows ``after``; its line, from 1."""
        text = self.path(name).read_text(encoding="utf-8")
        start = text.index(old, text.index(after))
        self.write(name, text[:start] + new + text[start + len(old) :])
        return text[:start].count("\n") + 1

    def cut(self, name: str, after: str, start: str, end: str) -> int:
        """Take out what stands from ``start`` up to ``end``; the line, from 1."""
        text = self.path(name).read_text(encoding="utf-8")
        first = text.index(start, text.index(after))
        return self.replace(name, after, text[first : text.index(end, first + len(start))], "")

    def check(self) -> list[Finding]:
        """Every finding."""
        return check(self.data, today=self.today, answers=self.answers)

    def new(self) -> list[Finding]:
        """The findings that the copy did not have before it was broken."""
        if self._new is None:
            self._new = [f for f in self.check() if self.key(f) not in self.known]
        return self._new

    def found(self) -> list[tuple[str, str, int, str]]:
        """Code, file, line and entry of the new findings, once they speak to officers."""
        new = self.new()
        assert all(map(speaks_to_officers, new))
        return [(f.code, self.name(f), f.line, f.entry) for f in new]

    def name(self, finding: Finding) -> str:
        """The file of a finding, as ``path`` takes it."""
        root = self.data if finding.path.is_relative_to(self.data) else self.answers.parent
        return finding.path.relative_to(root).as_posix()

    def key(self, finding: Finding) -> Key:
        """What makes two findings the same, wherever a replacement has moved their line."""
        return (finding.code, self.name(finding), finding.entry, str(finding.values))


def speaks_to_officers(finding: Finding) -> bool:
    """Whether it says in Japanese what is wrong and how to mend it, with nothing to fill in."""
    sentences = (finding.what, finding.remedy)
    return all(
        re.search("[ぁ-ん]", text) and not re.search(r"\{\w+\}", text) for text in sentences
    )


def codes(findings: Iterable[Finding]) -> set[str]:
    """The codes of findings."""
    return {finding.code for finding in findings}
