"""Why an entry got its score: for officers who wonder, and for whoever tunes the search."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from knowledge.search import Ranking
from knowledge.text import Sentence

TAUGHT: Final = 5
"""Asks that explain what was learned."""


@dataclass(frozen=True, slots=True)
class Why:
    """What made a score."""

    id: str
    """The document."""
    score: float
    """Its score, 0 to 1."""
    nearest: tuple[str, float]
    """Its nearest sentence and the likeness to it."""
    learned: tuple[float, tuple[tuple[str, float], ...]]
    """What the asks have taught, and the asks that say most for and against it."""
    ways: dict[str, float]
    """The likeness to the nearest sentence by each way of comparing."""
    words: dict[str, float]
    """The words shared with the nearest sentence, and how rare they are."""


def why(ranking: Ranking, entry_id: str) -> Why:
    """What made the score of one document of a ranking."""
    index = ranking.index
    number = next(n for n, document in enumerate(index.documents) if document.id == entry_id)
    place = index.nearest(number, ranking.likeness)
    nearest = index.sentences[place]
    told, asks = _learned(ranking, number)
    asked, said = index.rarity(ranking.words), index.rarity(Sentence(nearest).words)
    shared = sorted(asked.keys() & said.keys(), key=lambda word: (-asked[word], word))
    cosines = index.cosines(ranking.words).items()
    return Why(
        id=entry_id,
        score=round(float(ranking.scores[number]), 4),
        nearest=(nearest, round(float(ranking.likeness[place]), 3)),
        learned=(told, asks),
        ways={name: round(float(cosine[place]), 3) for name, cosine in cosines},
        words={word: round(asked[word], 2) for word in shared},
    )


def _learned(ranking: Ranking, number: int) -> tuple[float, tuple[tuple[str, float], ...]]:
    """What the asks of its kind say of a document, the strongest voices first."""
    index = ranking.index
    learned = next(kind for kind in index.learned if number in kind.documents)
    told = learned.told(ranking.likeness)[list(learned.documents).index(number)]
    taught = learned.taught(number, ranking.likeness)
    strongest = np.argsort(-np.abs(taught), kind="stable")[:TAUGHT]
    asks = tuple((index.sentences[n], round(float(taught[n]), 3)) for n in strongest)
    return round(float(told), 3), asks
