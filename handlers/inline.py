"""Cards that can be put into any chat: clauses and programs for a few words, without a reply."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from handlers.guard import LIMIT, tidy
from handlers.library import Library
from handlers.messages import Card
from handlers.programs import NONE
from knowledge.vocabulary import CLAUSE_OF_ACTIVITY

MOST: Final = 10
"""Cards offered at once."""
LEAST: Final = 0.02
"""From this score a card may be meant: the person chooses, nothing is decided for them."""
FIRST: Final = (
    "guideline/1", "guideline/2-1", "guideline/2-2", "guideline/2-3", "guideline/2-4",
    "guideline/3-1", "guideline/3-2", "guideline/4-3", "guideline/5-1", "program/overview",
)  # fmt: skip
"""Offered before anything is typed."""


class InlineDesk:
    """Chooses the cards. Keeps nothing and logs nothing: others' chats are not ours."""

    def __init__(self, library: Library) -> None:
        """Take the library."""
        self._library = library

    def offer(self, text: str, at: datetime) -> tuple[Card, ...]:
        """At most ten cards, best first; none where nothing is near. In danger, help alone."""
        words = tidy(text)[:LIMIT]
        danger = self._library.watch.notice(words)
        if danger and not danger.soft:
            return tuple(self._library.windows.cards(danger.windows[:MOST], at, "ja"))
        ids = self._ids(words) if words else [(entry_id, 1.0) for entry_id in FIRST]
        return tuple(self._card(entry_id, score) for entry_id, score in ids[:MOST])

    def _ids(self, text: str) -> list[tuple[str, float]]:
        library = self._library
        slots = library.understanding.slots(text)
        named = [c.id for r in slots.references.clauses for c in library.clauses.named(r)]
        programs = [library.programs.of(p).id for p in slots.prefectures]
        acting = [CLAUSE_OF_ACTIVITY[activity] for activity in slots.activities]
        ranking = library.index.rank(text)
        scored = {**ranking.of("guideline/"), **ranking.of("program/")}
        near = sorted(scored, key=lambda entry_id: -scored[entry_id])
        likely = [entry_id for entry_id in near if scored[entry_id] >= LEAST]
        sure = dict.fromkeys(_listed([*named, *programs]), 1.0)
        rest = {i: scored.get(i, 0.0) for i in _listed([*likely, *acting]) if i not in sure}
        return [*sure.items(), *rest.items()]

    def _card(self, entry_id: str, score: float) -> Card:
        clauses, programs = self._library.clauses, self._library.programs
        if entry_id in clauses.clauses:
            return clauses.card(clauses.clauses[entry_id], score)
        return programs.card(programs.programs[entry_id], score)


def _listed(ids: Iterable[str]) -> list[str]:
    """Each once, without «not listed», which says nothing without its prefecture."""
    return [entry_id for entry_id in dict.fromkeys(ids) if entry_id != NONE]
