"""Drafts can be found again: their ids are unique, and the entries near them exist."""

from collections.abc import Iterator

from knowledge.checks.material import Material
from knowledge.drafts import PREFIX, Draft, DraftFile, draft_files
from knowledge.findings import Finding
from knowledge.load import Document


def drafts(material: Material) -> Iterator[Finding]:
    """Every draft has an id of its own, and the entries near it exist."""
    first: dict[str, str] = {}
    for document, number, draft in _drafts(material):
        line = document.line(("drafts", number, "id"))
        if not draft.id.startswith(PREFIX):
            yield Finding("draft_id", document.path, line, entry=draft.id)
        if draft.id in first:
            values = {"first": first[draft.id]}
            yield Finding("repeated_id", document.path, line, values, draft.id)
        first.setdefault(draft.id, f"{document.path.name}:{line}")
        # Look-alikes need not be there any more: drafts that are done with are deleted.
        for place, near in enumerate(draft.near):
            if near.id not in material.ids:
                line = document.line(("drafts", number, "near", place))
                yield Finding("draft_near", document.path, line, {"id": near.id}, draft.id)


def _drafts(material: Material) -> Iterator[tuple[Document, int, Draft]]:
    for path in draft_files(material.data):
        name = path.relative_to(material.data).as_posix()
        file = material.shaped(name, DraftFile)
        for number, draft in enumerate(file.drafts if file else ()):
            yield material.documents[name], number, draft
