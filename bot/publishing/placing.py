"""A draft in its file, and the data folder with it on trial."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from bot.store.edits import Edit
from handlers.library import Library
from knowledge.check import check
from knowledge.edits import file_of, line_of, placed, removed
from knowledge.entries import Window
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.load import read_text
from knowledge.standard_form import entry_text
from knowledge.trial import trial
from knowledge.typed import AnyEntry, read_entry
from knowledge.vocabulary import Publication

_NOT_HERE: Final = frozenset({"few_questions"})
"""Errors of which only a developer can rid an entry: they are told, and stop nothing."""
_LINE: Final = re.compile(r":\d+")

Key: TypeAlias = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with an entry put in, taken back or taken out."""

    data: Path
    """The data folder."""
    file: Path
    """The file, within the data folder."""
    entry: AnyEntry
    """The entry as it shall be, or as it was if it is taken out."""
    now: str
    """The entry's text as it stands in the file; empty where it does not."""
    before: str
    """The file's text as it is."""
    after: str
    """The file's text as it shall be."""

    @property
    def name(self) -> str:
        """The file's path within the data folder."""
        return self.file.relative_to(self.data).as_posix()

    @property
    def shown(self) -> bool:
        """Whether people are shown the entry: a window may be kept without being published."""
        window = self.entry if isinstance(self.entry, Window) else None
        return window is None or window.status is Publication.PUBLISHED


def place(edit: Edit, library: Library, data: Path) -> Placed:
    """Put the entry of a draft into the text of its file; nothing is written.

    ``library`` is that of ``data`` as it is now.

    Raises:
        KnowledgeError: the entry or its file is broken, or the entry belongs nowhere.
    """
    entry = read_entry(edit.text, data / edit.file)
    if entry.id != edit.entry:
        values = {"id": entry.id}
        raise KnowledgeError([Finding("unexpected_entry", data / edit.file, 1, values, entry.id)])
    file = _file(entry, library, data)
    before = read_text(file)
    after = placed(before, entry, file)
    return Placed(data, file, entry, _now(entry, library), before, after)


def take_back(edit: Edit, library: Library, data: Path) -> Placed:
    """The same, but with the text the entry had before the edit; a new entry is taken out.

    Raises:
        KnowledgeError: the file is broken, or the entry is no longer there.
    """
    if edit.base:
        return place(replace(edit, text=edit.base), library, data)
    entry = read_entry(edit.text, data / edit.file)
    file = _file(entry, library, data)
    before = read_text(file)
    after = removed(before, entry, file)
    return Placed(data, file, entry, _now(entry, library), before, after)


def _file(entry: AnyEntry, library: Library, data: Path) -> Path:
    """The file, unless the library is of another folder: its files are not ours to write."""
    file = file_of(entry, library.knowledge, library.gazetteer, data)
    if not file.is_relative_to(data):
        message = f"{file.name} is not within the data folder"
        raise ValueError(message)
    return file


def _now(entry: AnyEntry, library: Library) -> str:
    knowledge = library.knowledge
    everything = (*knowledge.entries.values(), *knowledge.unpublished)
    return next((entry_text(one) for one in everything if one.id == entry.id), "")


@contextmanager
def on_trial(change: Placed) -> Iterator[Path]:
    """A copy of the data folder with the change in it, for a while.

    Raises:
        OSError: it cannot be written.
    """
    with TemporaryDirectory(prefix="tsunagari-") as folder:
        yield trial(change.data, {change.file: change.after}, Path(folder))


def check_data(data: Path, today: date, answers: Path | None) -> list[Finding]:
    """What the check finds, paths within the folder; what nobody can mend here is a warning."""
    found = check(data, today=today, answers=answers)
    seen = (one.seen_from(data) for one in found)
    return [
        replace(one, severity=Severity.WARNING) if one.code in _NOT_HERE else one for one in seen
    ]


def brought(
    change: Placed, found: Iterable[Finding], already: Iterable[Finding]
) -> tuple[Finding, ...]:
    """What the data with a change has, and the data without it has not.

    Lines of the entry itself are those of its own text, as an officer types it.
    """
    known = Counter(map(key_of, already))
    new = []
    for finding in found:
        key = key_of(finding)
        if known[key]:
            known[key] -= 1
        else:
            new.append(finding)
    if not any(_own(change, finding) for finding in new):
        return tuple(new)
    line = line_of(change.after, change.entry, change.file)
    return tuple(_from_line(line, one) if _own(change, one) else one for one in new)


def key_of(finding: Finding) -> Key:
    """What makes two findings the same one although lines have moved."""
    values = ((name, _LINE.sub("", value)) for name, value in sorted(finding.values.items()))
    return finding.code, finding.path.as_posix(), finding.entry, tuple(values)


def _own(change: Placed, finding: Finding) -> bool:
    return finding.entry == change.entry.id and finding.path.as_posix() == change.name


def _from_line(first: int, finding: Finding) -> Finding:
    return replace(finding, line=max(1, finding.line - first + 1))
