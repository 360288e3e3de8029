"""Drafts can be found again: their ids are unique, and what they name exists."""

from collections.abc import Iterator

from knowledge.checks.material import Material
from knowledge.drafts import PREFIX, Draft, DraftFile, draft_files
from knowledge.findings import Finding
from knowledge.load import Document, Place


def drafts(material: Material) -> Iterator[Finding]:
    """Every draft has an id of its own, and names entries and drafts that exist."""
    first: dict[str, str] = {}
    placed = list(_drafts(material))
    ids = {draft.id for _, _, draft in placed}
    for document, number, draft in placed:
        line = document.line(("drafts", number, "id"))
        if not draft.id.startswith(PREFIX):
            yield Finding("draft_id", document.path, line, entry=draft.id)
        if draft.id in first:
            values = {"first": first[draft.id]}
            yield Finding("repeated_id", document.path, line, values, draft.id)
        first.setdefault(draft.id, f"{document.path.name}:{line}")
        for place, target in _named(draft):
            known = material.ids if place[0] == "near" else ids
            if target not in known or target == draft.id:
                line = document.line(("drafts", number, *place))
                values = {"key": str(place[0]), "id": target}
                yield Finding("draft_target", document.path, line, values, draft.id)


def _named(draft: Draft) -> Iterator[tuple[Place, str]]:
    """The ids a draft names, and where in it."""
    yield from ((("near", number), near.id) for number, near in enumerate(draft.near))
    yield from ((("look_alikes", number), id_) for number, id_ in enumerate(draft.look_alikes))


def _drafts(material: Material) -> Iterator[tuple[Document, int, Draft]]:
    for path in draft_files(material.data):
        name = path.relative_to(material.data).as_posix()
        file = material.shaped(name, DraftFile)
        for number, draft in enumerate(file.drafts if file else ()):
            yield material.documents[name], number, draft
