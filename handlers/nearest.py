"""The entries that a group of unanswered questions is nearest to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from knowledge.search import Index

NEAREST: Final = 5
"""Entries shown beside a group."""


def nearest(
    index: Index, wordings: Iterable[str], limit: int = NEAREST
) -> list[tuple[str, float]]:
    """Ids of the nearest entries and their mean scores, 0 to 1, best first."""
    asked = list(dict.fromkeys(wordings))
    scores: dict[str, float] = defaultdict(float)
    for wording in asked:
        for entry, score in index.rank(wording).of("").items():
            scores[entry] += score / len(asked)
    best = sorted(scores, key=lambda entry: (-scores[entry], entry))[:limit]
    return [(entry, round(scores[entry], 4)) for entry in best]
