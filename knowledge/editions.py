"""Editions of a document: which is in force, and clause by clause what changed between two."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from knowledge.entries import Clause, Guideline
from knowledge.text import without_space

DIGEST_LENGTH: Final = 8
"""Hexadecimal digits of a digest: enough to see that two texts differ."""


class Kind(StrEnum):
    """How a clause fared."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Mark(StrEnum):
    """How a piece of a text fared."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text."""

    mark: Mark
    """Whether both texts have it, or only the old or the new one."""
    text: str
    """Its words."""


@dataclass(frozen=True, slots=True)
class Change:
    """One clause in two editions."""

    id: str
    """Id of the clause."""
    kind: Kind
    """How it fared."""
    old: Clause | None
    """The clause of the old edition; None if it was added."""
    new: Clause | None
    """The clause of the new edition; None if it was removed."""

    @property
    def clause(self) -> Clause:
        """The clause as it is now, or as it last was."""
        clause = self.new or self.old
        if clause is None:
            raise ValueError(self.id)
        return clause

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The old and the new text in one, with what was taken out and put in."""
        old, new = (clause.text if clause else "" for clause in (self.old, self.new))
        return tuple(pieces(old, new))


def digest(text: str) -> str:
    """A short hash of a clause's text, whatever its line breaks: equal for equal words."""
    whole = without_space(text).encode()
    return hashlib.sha256(whole).hexdigest()[:DIGEST_LENGTH]


def in_force(editions: Iterable[Guideline]) -> Guideline:
    """The newest edition: the one that came into force last."""
    return max(editions, key=lambda edition: edition.in_force_from)


def compare(old: Guideline, new: Guideline) -> list[Change]:
    """Every clause of both editions, in the new one's order; removed ones stand at the end."""
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    ids = dict.fromkeys([*after, *before])
    return [
        Change(i, _kind(before.get(i), after.get(i)), before.get(i), after.get(i)) for i in ids
    ]


def pieces(old: str, new: str) -> list[Piece]:
    """What two texts share and where they differ, in order: taken out before put in."""
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(Mark.KEPT, old[old_from:old_to]))
            continue
        if old_to > old_from:
            found.append(Piece(Mark.DELETED, old[old_from:old_to]))
        if new_to > new_from:
            found.append(Piece(Mark.INSERTED, new[new_from:new_to]))
    return found


def _kind(old: Clause | None, new: Clause | None) -> Kind:
    if old is None:
        return Kind.ADDED
    if new is None:
        return Kind.REMOVED
    return Kind.SAME if digest(old.text) == digest(new.text) else Kind.CHANGED
