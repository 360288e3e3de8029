"""Two texts line by line, for people who look over a change before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

AROUND: Final = 3
"""Lines shown before and after a change."""


class Fate(StrEnum):
    """How a line fared."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference."""

    fate: Fate
    """Whether both texts have it, or only the new or the old one."""
    text: str
    """Its words."""
    number: int
    """Its number in the new text, of a removed line in the old one; from 1."""


def difference(old: str, new: str) -> tuple[Line, ...]:
    """The lines that differ, and some around them; where numbers leap, same lines are left out."""
    before, after = old.splitlines(), new.splitlines()
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(AROUND)
    return tuple(
        line for group in groups for opcode in group for line in _lines(before, after, *opcode)
    )


def _lines(  # noqa: PLR0913, PLR0917 - an opcode of difflib
    before: list[str], after: list[str], tag: str, i1: int, i2: int, j1: int, j2: int
) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line(Fate.SAME, after[j], j + 1) for j in range(j1, j2))
        return
    yield from (Line(Fate.REMOVED, before[i], i + 1) for i in range(i1, i2))
    yield from (Line(Fate.ADDED, after[j], j + 1) for j in range(j1, j2))
