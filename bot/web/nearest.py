"""The entries nearest to a group: what may answer it already."""

from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from bot.store.groups import texts_to_search
from handlers.gaps import Group
from handlers.library import Library
from handlers.nearest import nearest as nearest_ids

READ: Final = 20
"""Wordings that are compared; more say nothing new."""


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that is near."""

    id: str
    """Its id."""
    title: str
    """Its title or name."""
    score: float
    """How probable it is that it answers, 0 to 1."""


def nearest(library: Library, db: Database, group: Group) -> list[Near]:
    """The nearest entries, best first; none for a window's group.

    Where nobody may read a wording, all are compared although none is shown: which entries are
    near tells no more than the topics do.
    """
    if group.window:
        return []
    texts = group.readable[:READ] or texts_to_search(db, group.id, READ)
    if not texts:
        return []
    entries = library.knowledge.entries
    found = nearest_ids(library.index, texts)
    return [Near(one, entries[one].title, score) for one, score in found]
