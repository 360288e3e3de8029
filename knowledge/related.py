"""Which words of a vocabulary mean nearly the same: by the angle between their vectors."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.directions import unit
from knowledge.field import Arrays, Numbers
from knowledge.vectors import Vectors

LEAST: Final = 0.5
"""Words less alike than this have nothing to do with each other."""
MOST: Final = 50
"""So many neighbours of a word are kept."""
_FIRST: Final = 64
_LIKELY: Final = 256
_AT_ONCE: Final = 2048
"""Words compared at once, which bounds the memory."""


class Related:
    """The neighbours of every word of a vocabulary."""

    def __init__(self, arrays: Arrays) -> None:
        """Take what ``arrays`` gave, see ``made``."""
        self.table = arrays["related.table"].astype(np.float32)
        self.middle: Numbers = arrays["related.middle"].astype(np.float32)
        known = np.any(self.table, axis=1)
        self._centred = unit(self.table - np.outer(known, self.middle))
        self._first = np.ascontiguousarray(self._centred[:, :_FIRST].T)
        self._starts = arrays["related.starts"].astype(np.int64)
        self._words = arrays["related.words"].astype(np.int32)
        self._likeness = arrays["related.likeness"].astype(np.float32)

    @staticmethod
    def made(vocabulary: Sequence[str], vectors: Vectors) -> Arrays:
        """Compare every word with every other."""
        table = np.zeros((len(vocabulary), vectors.dimensions), dtype=np.float32)
        for number, word in enumerate(vocabulary):
            vector = vectors.of(word)
            if vector is not None:
                table[number] = vector
        known = np.any(table, axis=1)
        middle = table.sum(axis=0) / max(int(known.sum()), 1)
        centred = unit(table - np.outer(known, middle))
        counts, words, likeness = [0], [np.zeros(0, dtype=np.int32)], [np.zeros(0, np.float32)]
        for start in range(0, len(centred), _AT_ONCE):
            for number, cosines in enumerate(centred[start : start + _AT_ONCE] @ centred.T, start):
                cosines[number] = 1  # a word without a vector is near itself alone
                near, like = nearest(cosines)
                counts.append(len(near))
                words.append(near)
                likeness.append(like)
        return {
            "related.table": table.astype(np.float16),
            "related.middle": middle,
            "related.starts": np.cumsum(counts),
            "related.words": np.concatenate(words),
            "related.likeness": np.concatenate(likeness),
        }

    def to(self, number: int) -> tuple[NDArray[np.int32], Numbers]:
        """The neighbours of a word of the vocabulary, itself among them, and their cosines."""
        span = slice(self._starts[number], self._starts[number + 1])
        return self._words[span], self._likeness[span]

    def to_vectors(
        self, vectors: Sequence[Numbers]
    ) -> Iterator[tuple[NDArray[np.int32], Numbers]]:
        """The neighbours of words that are not in the vocabulary, by their vectors.

        They are looked for among the words that are nearest by the first numbers, which tell most.
        """
        if not vectors:
            return
        directions = unit(np.stack(vectors) - self.middle)
        for direction, rough in zip(directions, directions[:, :_FIRST] @ self._first, strict=True):
            likely = np.argpartition(-rough, min(_LIKELY, len(rough) - 1))[:_LIKELY]
            near, likeness = nearest(self._centred[likely] @ direction)
            yield likely[near].astype(np.int32), likeness


def nearest(cosines: Numbers) -> tuple[NDArray[np.int32], Numbers]:
    """The numbers and cosines of the nearest words, in the vocabulary's order."""
    near = np.flatnonzero(cosines > LEAST)
    if len(near) > MOST:
        near = np.sort(near[np.argpartition(-cosines[near], MOST)[:MOST]])
    return near.astype(np.int32), cosines[near]
