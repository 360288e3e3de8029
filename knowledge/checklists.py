"""Checklists: questions in an order, each with the clause it rests on."""

from pathlib import Path

from pydantic import Field

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape


class Item(Shape):
    """One question."""

    clause: Text
    """Id of the clause it rests on."""
    text: Text
    """The question, in our words."""
    text_en: Text
    """The same in English."""


class Checklist(Shape):
    """One list."""

    id: Text
    """Never changes: ``checklist/outsourcing``."""
    title: Text
    """What it is for: 委託する前に."""
    title_en: Text
    """The same in English."""
    items: tuple[Item, ...] = Field(min_length=3, max_length=12)
    """The questions, in order; more than a screen holds would not be read."""


class ChecklistFile(Shape):
    """``checklists.yaml``."""

    checklists: tuple[Checklist, ...]
    """Every list."""


def load_checklists(data: Path = DATA) -> tuple[Checklist, ...]:
    """Read the lists.

    Raises:
        KnowledgeError: the file is broken.
    """
    return shape(read_yaml(data / "checklists.yaml"), ChecklistFile).checklists
