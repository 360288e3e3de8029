"""Ids are well formed and unique, and what refers to something finds it."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.checks.complete import ABSENT, ALL_PROGRAMS, OVERVIEW, prefecture_names
from knowledge.checks.files import GUIDELINE, MISSING, PROGRAMS
from knowledge.checks.material import Material, Record, at
from knowledge.entries import Program
from knowledge.findings import Finding
from knowledge.gaps import MissingFile
from knowledge.text import clean, without_space
from knowledge.vocabulary import Kind

_WINDOW: Final = re.compile(r"window/[a-z0-9]+(?:-[a-z0-9]+)*")


def ids(material: Material) -> Iterator[Finding]:
    """No id stands twice, and a window's has the form of one.

    Those of clauses and programs are a closed list, see ``complete``.
    """
    first: dict[str, str] = {}
    for record in material.records:
        entry = record.entry
        if entry.kind is Kind.WINDOW and not _WINDOW.fullmatch(entry.id):
            yield record.finding("wrong_id", "id", id=entry.id)
        if entry.id in first:
            yield record.finding("repeated_id", "id", first=first[entry.id])
        first.setdefault(entry.id, record.where)


def unconfirmed(material: Material) -> Iterator[Finding]:
    """A window that was left out is not a window that is there."""
    file = material.shaped(MISSING, MissingFile)
    for number, window in enumerate(file.windows if file else ()):
        if window.id in material.ids:
            yield at(
                material.documents[MISSING], "missing_is_there", "windows", number, id=window.id
            )


def references(material: Material) -> Iterator[Finding]:
    """``see`` names other entries that exist."""
    files = (GUIDELINE, PROGRAMS, *material.window_names)
    all_read = all(name in material.documents for name in files)
    for record in material.quoted:
        for number, target in enumerate(record.entry.see):
            unknown = all_read and target not in material.ids
            if unknown or target == record.entry.id:
                yield record.finding("unknown_see", "see", number, see=target)


def laws(material: Material) -> Iterator[Finding]:
    """A clause's laws are named in its text, with number and article."""
    for record in material.clauses:
        text = without_space(record.entry.text)
        for number, law in enumerate(record.entry.laws):
            for words in (law.name, law.number, law.article):
                if without_space(words) not in text:
                    yield record.finding("not_in_text", "laws", number, words=words)


def programs(material: Material) -> Iterator[Finding]:
    """A recipient's program has its prefecture and activities, and facets in its own words."""
    names = prefecture_names(material)
    for record in material.programs:
        program = record.entry
        slug = program.id.removeprefix("program/")
        if program.id in ALL_PROGRAMS - {OVERVIEW, ABSENT}:
            if names and program.prefecture != names.get(slug):
                yield record.finding("wrong_prefecture", "prefecture", name=names.get(slug, slug))
            if not program.activities:
                yield record.finding("no_activity", "activities")
        yield from _facets(record)


def _facets(record: Record[Program]) -> Iterator[Finding]:
    text = without_space(clean(record.entry.text))
    # Ways of working are people's words for what the text describes: 委託, 準備会議.
    for kind, facets in record.entry.facets.model_dump(exclude={"methods"}).items():
        for number, words in enumerate(facets):
            if without_space(words) not in text:
                yield record.finding("not_in_text", "facets", kind, number, words=words)
