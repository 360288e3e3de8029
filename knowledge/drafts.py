"""Drafts: answers of a municipality, imported, waiting for an officer. People never see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import Field

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape

FOLDER: Final = "drafts"
"""Where the files of drafts are, within the data."""
PREFIX: Final = "draft/"
"""How the id of every draft begins."""


class Origin(Shape):
    """The file that was imported."""

    file: Text
    """Its name."""
    imported: date
    """The day it was imported."""
    encoding: Text
    """Its encoding."""
    rows: int
    """Its rows, sound or not."""


class Near(Shape):
    """An entry that may answer a draft's question already."""

    id: Text
    """Its id: guideline/2-2."""
    score: float
    """How probable that is, 0 to 1."""


class Draft(Shape):
    """One question and answer, word for word, and what helps to judge it."""

    id: Text
    """Its file and its id there: draft/faq/12."""
    line: int
    """Its line in the file."""
    category: str = ""
    """Where the municipality files it; empty if nowhere."""
    asks: tuple[Text, ...] = Field(min_length=1)
    """The question; ways to ask it may be added."""
    text: Text
    """The answer, word for word."""
    numbers: tuple[Text, ...] = ()
    """Telephone numbers in the answer, as one dials them; each may deserve a window."""
    near: tuple[Near, ...] = ()
    """Entries people are shown already, the nearest first."""
    look_alikes: tuple[Text, ...] = ()
    """Drafts that are asked for nearly alike, the most alike first."""


class DraftFile(Shape):
    """The drafts of one import."""

    origin: Origin
    """The file that was imported."""
    drafts: tuple[Draft, ...] = ()
    """One for every question."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft and where it stands."""

    draft: Draft
    """The draft."""
    path: Path
    """Its file."""
    line: int
    """Its line there."""


def draft_files(data: Path = DATA) -> list[Path]:
    """The files of drafts of a data folder, in order; there may be none."""
    return sorted((data / FOLDER).glob("*.yaml"))


def load_drafts(data: Path = DATA) -> Iterator[Placed]:
    """Read every draft.

    Raises:
        KnowledgeError: a file cannot be read or lacks its shape.
    """
    for path in draft_files(data):
        document = read_yaml(path)
        for number, draft in enumerate(shape(document, DraftFile).drafts):
            yield Placed(draft, path, document.line(("drafts", number)))
