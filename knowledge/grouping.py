"""Which unanswered questions ask alike, by the rare words they share.

The words and their weights are the search's own, so an officer can be told why two questions
stand together: «they share 交通費 and 助成». A question joins the group it is most like; nothing
that stands in a group is ever moved, so groups keep their numbers.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from knowledge.text import Sentence, Words

ALIKE: Final = 0.4
"""From this cosine on a question joins a group; docs/adr/0020 tells why."""
SHARED: Final = 5
"""Words that explain a group."""


class Rarity(Protocol):
    """The search: ``knowledge.search.Index``."""

    def rarity(self, words: Words) -> dict[str, float]:
        """The words of a sentence, synonyms joined, and how rare each is."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The group a question is most like."""

    group: int
    """Its number."""
    likeness: float
    """Cosine, 0 to 1."""
    shared: tuple[str, ...]
    """The words they share, those that weigh most first."""


class Grouping:
    """Groups of questions; each question is added once."""

    def __init__(self, index: Rarity, groups: Mapping[int, Iterable[str]]) -> None:
        """Take the search's weights, and the questions of every group so far."""
        self._index = index
        self._sums: dict[int, Counter[str]] = {}
        self._seen: dict[str, dict[str, float]] = {}
        for group, texts in groups.items():
            for text in texts:
                self.add(group, text)

    def nearest(self, text: str) -> Joined | None:
        """The group most like a question, however unlike; None if none shares a word."""
        asked = self._weights(text)
        found = [self._compared(group, asked, total) for group, total in self._sums.items()]
        best = max(found, key=lambda joined: (joined.likeness, -joined.group), default=None)
        return best if best and best.shared else None

    def group_of(self, text: str) -> int | None:
        """The group a question belongs to; None if it begins one of its own."""
        best = self.nearest(text)
        return best.group if best and best.likeness >= ALIKE else None

    def add(self, group: int, text: str) -> None:
        """Put a question into a group, which may be a new one."""
        self._sums.setdefault(group, Counter()).update(self._weights(text))

    def words(self, group: int) -> tuple[str, ...]:
        """What a group is about: its heaviest words."""
        return _heaviest(self._sums.get(group, {}))

    def _compared(
        self, group: int, asked: Mapping[str, float], total: Mapping[str, float]
    ) -> Joined:
        products = {word: weight * total[word] for word, weight in asked.items() if word in total}
        length = math.sqrt(sum(weight * weight for weight in total.values()))
        likeness = sum(products.values()) / length if length else 0.0
        return Joined(group, round(likeness, 6), _heaviest(products))

    def _weights(self, text: str) -> dict[str, float]:
        """The rarity of each word, the question's length being 1."""
        if text not in self._seen:
            rarity = self._index.rarity(Sentence(text).words)
            length = math.sqrt(sum(weight * weight for weight in rarity.values()))
            self._seen[text] = {word: weight / length for word, weight in rarity.items()}
        return self._seen[text]


def _heaviest(weights: Mapping[str, float]) -> tuple[str, ...]:
    ranked: Sequence[str] = sorted(weights, key=lambda word: (-weights[word], word))
    return tuple(ranked[:SHARED])
