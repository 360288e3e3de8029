"""The ways of comparing a question with sentences and documents; each gives 0 to 1.

``Field``: terms weighted by rarity, cosine. ``Together``: the same with all sentences of a
document. ``Cover``: the rare words a document has. ``Meaning``: sums of word vectors.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.vectors import DIMENSIONS, Vectors

Numbers = NDArray[np.float32]

_K1: Final = 1.2
_B: Final = 0.75
"""BM25's usual: how soon a word said again counts less, how much a long document is held back."""
_SOUND_LENGTHS: Final = (2, 3)


class Field:
    """One way of comparing: terms with rarity weights over sentences, as an inverted index."""

    def __init__(self, sentences: Sequence[Counter[str]]) -> None:
        """Take the terms of each sentence."""
        self.size = len(sentences)
        seen: Counter[str] = Counter()
        for terms in sentences:
            seen.update(terms.keys())
        self.rarity = {term: math.log(1 + self.size / count) for term, count in seen.items()}
        self.unknown = math.log(1 + self.size)
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for number, terms in enumerate(sentences):
            for term, weight in self.vector(terms).items():
                numbers, weights = postings.setdefault(term, ([], []))
                numbers.append(number)
                weights.append(weight)
        self.postings = _arrays(postings)

    def vector(self, terms: Mapping[str, int]) -> dict[str, float]:
        """Weights by rarity, of length one. A term nobody uses weighs as the rarest."""
        weights = {
            term: (1 + math.log(count)) * self.rarity.get(term, self.unknown)
            for term, count in terms.items()
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def cosines(self, terms: Mapping[str, int]) -> Numbers:
        """The cosine of the question with every sentence."""
        return _sum(self.postings, self.vector(terms), self.size)


class Meaning:
    """Sums of word vectors, of each sentence and of each document."""

    def __init__(
        self,
        vectors: Vectors,
        field: Field,
        sentences: Sequence[Counter[str]],
        owners: Sequence[int],
        size: int,
    ) -> None:
        """Take the terms of each sentence and the number of the document it belongs to."""
        self._vectors = vectors
        self._field = field
        sums = np.stack([self._sum(terms) for terms in sentences])
        self._common = sums.mean(axis=0)
        self._sentences = _unit(sums - self._common)
        together = np.zeros((size, sums.shape[1]), dtype=np.float32)
        np.add.at(together, np.array(owners), self._sentences)
        self._documents = _unit(together)

    def cosines(
        self, terms: Mapping[str, int], weight: Numbers, starts: NDArray[np.intp]
    ) -> tuple[Numbers, Numbers]:
        """For each document: of its nearest sentence, and of all its sentences together."""
        question = _unit((self._sum(terms) - self._common)[None, :])[0]
        sentences = np.maximum(self._sentences @ question, 0) * weight
        nearest: Numbers = np.maximum.reduceat(sentences, starts)
        return nearest, np.maximum(self._documents @ question, 0)

    def _sum(self, terms: Mapping[str, int]) -> Numbers:
        total = np.zeros(DIMENSIONS, dtype=np.float32)
        for term in terms:
            vector = self._vectors.of(term)
            if vector is not None:
                total += vector * np.float32(self._field.rarity.get(term, self._field.unknown))
        length = float(np.linalg.norm(total))
        return total / np.float32(length or 1.0)


def _unit(rows: Numbers) -> Numbers:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Numbers = rows / np.maximum(lengths, 1e-9).astype(np.float32)
    return unit


class Cover:
    """The share of a question's words, weighted by rarity, that each document has: BM25."""

    def __init__(
        self, sentences: Sequence[Counter[str]], owners: Sequence[int], size: int
    ) -> None:
        """Take the terms of each sentence and the number of the document it belongs to."""
        counted: list[Counter[str]] = [Counter() for _ in range(size)]
        for owner, terms in zip(owners, sentences, strict=True):
            counted[owner].update(terms)
        self._field = Field([Counter(dict.fromkeys(terms, 1)) for terms in counted])
        lengths = np.array([terms.total() for terms in counted], dtype=np.float32)
        long = 1 - _B + _B * lengths / (lengths.mean() if size else 1)
        self._postings = {}
        for term, (numbers, _) in self._field.postings.items():
            counts = np.array([counted[number][term] for number in numbers], dtype=np.float32)
            self._postings[term] = numbers, counts / (counts + np.float32(_K1) * long[numbers])

    def of(self, terms: Mapping[str, int]) -> Numbers:
        """The share for every document."""
        scores = np.zeros(self._field.size, dtype=np.float32)
        total = 0.0
        for term in terms:
            rarity = self._field.rarity.get(term, self._field.unknown)
            total += rarity
            if term in self._postings:
                numbers, weights = self._postings[term]
                scores[numbers] += weights * np.float32(rarity)
        return scores / np.float32(total or 1.0)


class Together:
    """All sentences of a document as one: the sum of their directions."""

    def __init__(
        self,
        field: Field,
        sentences: Sequence[Counter[str]],
        owners: Sequence[int],
        size: int,
    ) -> None:
        """Take a field, the terms of each sentence and the number of its document."""
        self._field = field
        self._size = size
        sums: list[dict[str, float]] = [{} for _ in range(size)]
        for owner, terms in zip(owners, sentences, strict=True):
            for term, weight in field.vector(terms).items():
                sums[owner][term] = sums[owner].get(term, 0.0) + weight
        postings: dict[str, tuple[list[int], list[float]]] = {}
        for number, weights in enumerate(sums):
            length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            for term, weight in weights.items():
                numbers, values = postings.setdefault(term, ([], []))
                numbers.append(number)
                values.append(weight / length)
        self._postings = _arrays(postings)

    def cosines(self, terms: Mapping[str, int]) -> Numbers:
        """The cosine with every document."""
        return _sum(self._postings, self._field.vector(terms), self._size)


_Lists = Mapping[str, tuple[list[int], list[float]]]
_Arrays = dict[str, tuple[NDArray[np.int32], Numbers]]


def _arrays(postings: _Lists) -> _Arrays:
    return {
        term: (np.array(numbers, dtype=np.int32), np.array(weights, dtype=np.float32))
        for term, (numbers, weights) in postings.items()
    }


def _sum(postings: _Arrays, vector: Mapping[str, float], size: int) -> Numbers:
    """The weighted sum of the terms' rows, in one pass over all of them."""
    known = [(*postings[term], weight) for term, weight in vector.items() if term in postings]
    if not known:
        return np.zeros(size, dtype=np.float32)
    numbers = np.concatenate([row for row, _, _ in known])
    weights = np.concatenate([values * np.float32(weight) for _, values, weight in known])
    return np.bincount(numbers, weights, minlength=size).astype(np.float32)


def sounds(reading: str) -> Counter[str]:
    """Pairs and triples of letters of a reading, with how often each stands there."""
    return Counter(
        reading[start : start + length]
        for length in _SOUND_LENGTHS
        for start in range(len(reading) - length + 1)
    )
