"""Checklists rest on clauses that exist; regions and neighbours are prefectures that exist."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.checklists import ChecklistFile
from knowledge.checks.complete import prefecture_names
from knowledge.checks.files import CHECKLISTS, GUIDELINE, REGIONS
from knowledge.checks.material import Material, at
from knowledge.findings import Finding
from knowledge.regions import RegionFile

_SLUG: Final = re.compile(r"checklist/[a-z][a-z-]{0,39}")
"""With a digit for each question it must fit a button: 64 bytes."""


def checklists(material: Material) -> Iterator[Finding]:
    """Every list has its id once, and every question a clause of the guideline."""
    file = material.shaped(CHECKLISTS, ChecklistFile)
    if file is None:
        return
    document = material.documents[CHECKLISTS]
    first: dict[str, int] = {}
    for number, checklist in enumerate(file.checklists):
        place = ("checklists", number, "id")
        if not _SLUG.fullmatch(checklist.id):
            yield at(document, "wrong_checklist", *place, id=checklist.id)
        if checklist.id in first:
            line = str(first[checklist.id])
            yield at(document, "repeated_checklist", *place, id=checklist.id, first=line)
        first.setdefault(checklist.id, document.line(place))
        for item, question in enumerate(checklist.items):
            if GUIDELINE in material.documents and not _is_clause(material, question.clause):
                where = ("checklists", number, "items", item, "clause")
                yield at(document, "unknown_clause", *where, clause=question.clause)


def regions(material: Material) -> Iterator[Finding]:
    """Every prefecture of the table exists."""
    file, names = material.shaped(REGIONS, RegionFile), prefecture_names(material)
    if file is None or not names:
        return
    document = material.documents[REGIONS]
    for key, table in (("regions", file.regions), ("neighbours", file.neighbours)):
        for name, ids in table.items():
            for number, prefecture in enumerate(ids):
                if prefecture not in names:
                    where = (key, name, number)
                    yield at(document, "unknown_prefecture_id", *where, id=prefecture)


def neighbours(material: Material) -> Iterator[Finding]:
    """Every prefecture has its row, and neighbours name each other."""
    file, names = material.shaped(REGIONS, RegionFile), prefecture_names(material)
    if file is None:
        return
    document = material.documents[REGIONS]
    for prefecture in names.keys() - file.neighbours.keys():
        yield at(document, "no_neighbours", "neighbours", id=prefecture)
    for name, ids in file.neighbours.items():
        for number, other in enumerate(ids):
            if other in names and name not in file.neighbours.get(other, ()):
                where = ("neighbours", name, number)
                yield at(document, "lonely_neighbour", *where, id=other, back=name)


def _is_clause(material: Material, clause_id: str) -> bool:
    return clause_id.startswith("guideline/") and clause_id in material.ids
