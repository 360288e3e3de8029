"""Learned from the asks themselves: which words tell one entry from the others.

The nearest ask alone errs where many entries are asked for in like words (何番ですか, できますか).
Here every ask speaks for its own entry and against the others with a weight of its own, such that
together they tell each ask's entry as well as they can: kernel ridge regression, solved once in
closed form. Same asks, same weights.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.field import Arrays, Numbers

RIDGE: Final = 0.3
"""How far the weights are held back: with less, single asks decide."""


class Learned:
    """Tells apart the entries of one kind."""

    def __init__(
        self, rows: NDArray[np.intp], documents: NDArray[np.intp], weights: Numbers
    ) -> None:
        """Take the sentences and documents of the kind and what was learned, see ``made``."""
        self._rows = rows
        self.documents = documents
        self._weights = weights

    @classmethod
    def made(
        cls, likeness: Numbers, rows: NDArray[np.intp], owners: NDArray[np.intp]
    ) -> "Learned":
        """Learn.

        Args:
            likeness: of the kind's sentences to each other, (rows, rows); is used up.
            rows: the number of each sentence in the index.
            owners: the number of the document of each.
        """
        documents = np.unique(owners)
        targets = (owners[:, None] == documents).astype(np.float32)
        likeness.flat[:: len(rows) + 1] += RIDGE
        return cls(rows, documents, np.linalg.solve(likeness, targets).astype(np.float32))

    @classmethod
    def of(cls, arrays: Arrays, name: str) -> "Learned":
        """What ``arrays`` gave under this name."""
        return cls(
            arrays[f"{name}.rows"].astype(np.intp),
            arrays[f"{name}.documents"].astype(np.intp),
            arrays[f"{name}.weights"].astype(np.float32),
        )

    def arrays(self, name: str) -> Arrays:
        """Everything it consists of."""
        return {
            f"{name}.rows": self._rows,
            f"{name}.documents": self.documents,
            f"{name}.weights": self._weights,
        }

    def told(self, likeness: Numbers) -> Numbers:
        """How much speaks for each of ``documents``, about 0 to 1.

        ``likeness`` is that of a question to every sentence of the index.
        """
        spoken: Numbers = likeness[self._rows] @ self._weights
        return spoken

    def taught(self, document: int, likeness: Numbers) -> Numbers:
        """What each sentence of the index says for a document, by its likeness to a question."""
        said = np.zeros(len(likeness), dtype=np.float32)
        column = int(np.searchsorted(self.documents, document))
        said[self._rows] = likeness[self._rows] * self._weights[:, column]
        return said
