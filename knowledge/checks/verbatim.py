"""Clauses and programs say word for word what their sources say, and together they say all of it.

Both sides are compared without white space: the layout of a PDF's text is not the document.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from rapidfuzz.distance import Prefix

from knowledge.checks.complete import ABSENT
from knowledge.checks.files import (
    GUIDELINE,
    GUIDELINE_TEXT,
    LAYOUT,
    PROGRAMS,
    PROGRAMS_TEXT,
    LayoutFile,
)
from knowledge.checks.material import Material, Record, at
from knowledge.entries import Clause, Guideline, Program
from knowledge.findings import Finding
from knowledge.text import without_space

SHOWN: Final = 15
"""Characters a message quotes on each side of a difference."""

_OUR_NAME: Final = frozenset({"guideline/0"})
"""Clauses whose section is our name for the place, not a heading of the document."""

_NUMBER: Final = re.compile("（[０-９]+）$|[①-⑳]$")

_Quoted = Record[Clause] | Record[Program]


class Piece(NamedTuple):
    """A line of an entry's text."""

    record: _Quoted
    """The entry."""
    label: str
    """What the source has before it: headings and numbers; empty but for the first line."""
    text: str
    """The line, without white space."""


def guideline(material: Material) -> Iterator[Finding]:
    """Compare the clauses with the guideline."""
    source, layout = material.source(GUIDELINE_TEXT), material.shaped(LAYOUT, LayoutFile)
    if source is not None and layout:
        pieces, whole = _clauses(material.clauses), material.sound(GUIDELINE)
        yield from _compared(pieces, source, layout.guideline, whole=whole)


def editions(material: Material) -> Iterator[Finding]:
    """Compare the clauses of every other edition with its own document."""
    for name in sorted(material.documents):
        edition = material.shaped(name, Guideline) if _is_other_edition(name) else None
        if edition is None:
            continue
        text = f"sources/guideline_{PurePosixPath(name).stem}.txt"
        source, document = material.source(text), material.documents[name]
        if source is None:
            yield at(document, "edition_without_source", "edition", source=text)
            continue
        for number, clause in enumerate(edition.clauses):
            if not all(without_space(line) in source for line in clause.text.splitlines()):
                place = ("clauses", number, "text")
                yield at(document, "edition_differs", *place, id=clause.id, source=text)


def _is_other_edition(name: str) -> bool:
    return name.startswith("guideline/") and name != GUIDELINE


def programs(material: Material) -> Iterator[Finding]:
    """Compare the programs with the list; our own ``program/none`` is not in it."""
    source, layout = material.source(PROGRAMS_TEXT), material.shaped(LAYOUT, LayoutFile)
    if source is not None and layout:
        pieces, whole = _programs(material.programs), material.sound(PROGRAMS)
        yield from _compared(pieces, source, layout.programs, whole=whole)


def _clauses(records: Iterable[Record[Clause]]) -> Iterator[Piece]:
    section = ""
    for record in records:
        clause = record.entry
        number = _NUMBER.search(clause.place)
        heading = clause.section if clause.section != section else ""
        heading = "" if clause.id in _OUR_NAME else heading
        section = clause.section
        yield from _pieces(record, heading + (number.group() if number else ""))


def _programs(records: Iterable[Record[Program]]) -> Iterator[Piece]:
    recipients = 0
    for record in records:
        if record.entry.id == ABSENT:
            continue
        recipients += bool(record.entry.prefecture)
        number = str(recipients) if record.entry.prefecture else ""
        yield from _pieces(record, number + record.entry.prefecture)


def _pieces(record: _Quoted, label: str) -> Iterator[Piece]:
    for line in record.entry.text.splitlines():
        yield Piece(record, without_space(label), without_space(line))
        label = ""


def _compared(
    pieces: Iterable[Piece], source: str, furniture: Sequence[str], *, whole: bool
) -> Iterator[Finding]:
    """Follow the source from its beginning to its end.

    What stands between two pieces tells nothing where the file is not ``whole``.
    """
    longest_first = sorted(map(without_space, furniture), key=len, reverse=True)
    position = 0
    before: Piece | None = None
    known = True
    """Whether the place reached is certain: what follows a differing line is not left over."""
    for piece in pieces:
        found = source.find(piece.text, position)
        if found < 0:
            yield _different(piece, _without(longest_first, source[position:]))
        elif known and whole:
            yield from _gap(
                piece, before or piece, _without(longest_first, source[position:found])
            )
        known = found >= 0
        position = found + len(piece.text) if known else position
        before = piece
    rest = _without(longest_first, source[position:])
    if rest and before and known and whole:
        yield before.record.finding("left_over", "text", left=_shown(rest))


def _gap(piece: Piece, before: Piece, gap: str) -> Iterator[Finding]:
    if not gap.endswith(piece.label):
        yield piece.record.finding(
            "label_differs", "place", source=_shown(gap), ours=_shown(piece.label)
        )
    elif gap != piece.label:
        left = gap.removesuffix(piece.label)
        yield before.record.finding("left_over", "text", left=_shown(left))


def _different(piece: Piece, rest: str) -> Finding:
    """Show the first differing place."""
    start = rest.find(piece.label)
    rest = rest[start + len(piece.label) :] if start >= 0 else rest
    same = Prefix.similarity(piece.text, rest)
    return piece.record.finding(
        "not_verbatim" if same else "not_verbatim_at_first",
        "text",
        before=piece.text[max(0, same - SHOWN) : same],
        ours=piece.text[same : same + SHOWN],
        source=rest[same : same + SHOWN],
    )


def _without(furniture: Sequence[str], text: str) -> str:
    """A part of the source without what the pages put before it."""
    while found := next((words for words in furniture if text.startswith(words)), None):
        text = text.removeprefix(found)
    return text


def _shown(text: str) -> str:
    return text if len(text) <= 2 * SHOWN else f"{text[:SHOWN]}…{text[-SHOWN:]}"
