"""What an officer changes: where an entry belongs, and its file with the entry in it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from knowledge.entries import (
    NATIONWIDE,
    Clause,
    Entry,
    Guideline,
    Program,
    ProgramList,
    Shape,
    Window,
    WindowFile,
)
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import Knowledge
from knowledge.places import Gazetteer
from knowledge.rewriting import Sheet, taken_apart
from knowledge.text import fold
from knowledge.typed import AnyEntry

EDITABLE: Final = frozenset({"asks", "plain", "see"})
"""What is ours in a clause and a program; the rest is as their documents have it."""
_FILES: Final[dict[type[AnyEntry], tuple[type[Shape], str]]] = {
    Clause: (Guideline, "clauses"),
    Program: (ProgramList, "programs"),
    Window: (WindowFile, "windows"),
}
"""The shape of an entry's file, and its list of entries."""

_Entry = TypeVar("_Entry", bound=Entry)


def file_of(entry: AnyEntry, knowledge: Knowledge, gazetteer: Gazetteer, data: Path) -> Path:
    """The file in which an entry stands, or into which a new window belongs.

    Raises:
        KnowledgeError: the entry is a new clause or program, or its area is of no one prefecture.
    """
    if entry.id in knowledge.places:
        return knowledge.places[entry.id][0]
    folder = data / "windows"
    if not isinstance(entry, Window):
        raise KnowledgeError([_unexpected(entry, data)])
    if entry.area == NATIONWIDE:
        return folder / "00-national.yaml"
    found = {p for place in gazetteer.places(entry.area) for p in place.prefectures}
    if len(found) != 1:
        code = "ambiguous_area" if found else "unknown_area"
        values = {"area": entry.area, "file": " / ".join(sorted(found))}
        raise KnowledgeError([Finding(code, folder, 1, values, entry.id)])
    prefecture = gazetteer.by_name[found.pop()]
    return folder / f"{prefecture.code}-{prefecture.id}.yaml"


def placed(text: str, entry: AnyEntry, file: Path) -> str:
    """The text of a file with an entry in it, in the place of the one with its id or at the end.

    Raises:
        KnowledgeError: the file is broken or would lose comments; or a clause or program is new
            or changed in what its document says.
    """
    sheet, key, entries = _listed(text, entry, file)
    numbers = _numbers(entries, entry)
    if not isinstance(entry, Window):
        _refuse_changes(sheet, key, entry, numbers)
    at = numbers[0] if numbers else len(entries)
    changed = (*entries[:at], entry, *entries[at + 1 :])
    return sheet.text(sheet.shape.model_copy(update={key: changed}))


def removed(text: str, entry: AnyEntry, file: Path) -> str:
    """The text of a file without an entry; as it is, where it is not there.

    Raises:
        KnowledgeError: the file is broken or would lose comments; or it is no window.
    """
    sheet, key, entries = _listed(text, entry, file)
    if not isinstance(entry, Window):
        raise KnowledgeError([Finding("missing_entry", file, 1, {"id": entry.id}, entry.id)])
    kept = tuple(one for one in entries if one.id != entry.id)
    return sheet.text(sheet.shape.model_copy(update={key: kept}))


def line_of(text: str, entry: AnyEntry, file: Path) -> int:
    """The line of an entry in the text of a file; 0 where it does not stand there.

    Raises:
        KnowledgeError: the file is broken or would lose comments.
    """
    sheet, key, entries = _listed(text, entry, file)
    lines = (sheet.document.line((key, number)) for number in _numbers(entries, entry))
    return next(lines, 0)


def _listed(
    text: str, entry: AnyEntry, file: Path
) -> tuple[Sheet[Any], str, tuple[AnyEntry, ...]]:
    """The file of an entry, the key of its list there, and the list."""
    model, key = _FILES[type(entry)]
    sheet = taken_apart(text, file, model)
    return sheet, key, getattr(sheet.shape, key)


def _numbers(entries: Iterable[AnyEntry], entry: AnyEntry) -> list[int]:
    return [number for number, one in enumerate(entries) if one.id == entry.id]


def _refuse_changes(
    sheet: Sheet[Any], key: str, entry: Clause | Program, numbers: list[int]
) -> None:
    if not numbers:
        raise KnowledgeError([_unexpected(entry, sheet.document.path)])
    before = getattr(sheet.shape, key)[numbers[0]]
    fields = [f for f in type(entry).model_fields if getattr(entry, f) != getattr(before, f)]
    lines = {field: sheet.document.line((key, numbers[0], field)) for field in fields}
    findings = [
        Finding("entry_fixed", sheet.document.path, lines[field], {"key": field}, entry.id)
        for field in fields
        if field not in EDITABLE
    ]
    if findings:
        raise KnowledgeError(findings)


def _unexpected(entry: AnyEntry, path: Path) -> Finding:
    return Finding("unexpected_entry", path, 1, {"id": entry.id}, entry.id)


def with_asks(entry: _Entry, asks: Iterable[str]) -> _Entry:
    """The entry with further ways to ask, without those that it has already or are no words."""
    known = {"", *map(fold, entry.asks)}
    added: list[str] = []
    for ask in asks:
        if fold(ask) not in known:
            known.add(fold(ask))
            added.append(ask.strip())
    return entry.model_copy(update={"asks": (*entry.asks, *added)})


def conflict(began: str, now: str) -> bool:
    """Whether an entry's text is no longer the one from which an officer began.

    Args:
        began: ``entry_text`` when the officer began; a form may have changed its line ends.
        now: ``entry_text`` of the entry as it stands in the file; "" where it is not there.
    """
    return began.replace("\r\n", "\n").rstrip() != now.rstrip()
