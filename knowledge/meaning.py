"""What sentences are about: the sum of their words' vectors, less what all sentences share."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.directions import unit
from knowledge.field import Arrays, Field, Numbers
from knowledge.vectors import Vectors


class Meaning:
    """The directions of sentences."""

    def __init__(self, vectors: Vectors, field: Field, rows: Numbers, middle: Numbers) -> None:
        """Take the directions of the sentences and what they share, see ``made``."""
        self._vectors = vectors
        self._field = field
        self._rows = rows
        self._middle = middle

    @classmethod
    def made(
        cls, vectors: Vectors, field: Field, sentences: Sequence[Mapping[str, int]]
    ) -> "Meaning":
        """Take the terms of each sentence, and the field that knows how rare they are."""
        nothing = np.zeros(vectors.dimensions, dtype=np.float32)
        meaning = cls(vectors, field, nothing[None, :], nothing)
        if sentences:
            directions = unit(np.stack([meaning._sum(terms) for terms in sentences]))
            meaning._middle = directions.mean(axis=0)
            meaning._rows = unit(directions - meaning._middle)
        return meaning

    @classmethod
    def of(cls, arrays: Arrays, vectors: Vectors, field: Field) -> "Meaning":
        """What ``arrays`` gave."""
        rows = arrays["meaning.rows"].astype(np.float32)
        return cls(vectors, field, rows, arrays["meaning.middle"].astype(np.float32))

    def arrays(self) -> Arrays:
        """Everything it consists of."""
        return {"meaning.rows": self._rows.astype(np.float16), "meaning.middle": self._middle}

    def among(self, rows: NDArray[np.intp]) -> Numbers:
        """The cosines of some sentences with each other, (rows, rows)."""
        chosen = self._rows[rows]
        cosines: Numbers = chosen @ chosen.T
        return cosines

    def cosines(self, terms: Mapping[str, int]) -> Numbers:
        """The cosine of a question's terms with every sentence; 0 where it has no vectors."""
        total = self._sum(terms)
        if not total.any():
            return np.zeros(len(self._rows), dtype=np.float32)
        cosines: Numbers = self._rows @ unit(unit(total) - self._middle)
        return cosines

    def _sum(self, terms: Mapping[str, int]) -> Numbers:
        total = np.zeros(self._vectors.dimensions, dtype=np.float32)
        for term in terms:
            vector = self._vectors.of(term)
            if vector is not None:
                total += vector * np.float32(self._field.weight(term))
        return total
