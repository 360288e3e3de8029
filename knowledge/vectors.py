"""Static word vectors: 委託 and 外注 mean nearly the same, 委託 and 寂しい do not.

The table in ``data/vectors`` was made once from a multilingual sentence model, see its README: for
each common word the direction in which the model points. Only look-ups are left; no model runs.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.load import DATA

FOLDER: Final = DATA / "vectors"
_BYTES: Final = 8


class Vectors:
    """Vectors by word; read from disk as they are needed."""

    def __init__(self, folder: Path) -> None:
        """Open ``keys``, ``rows`` and ``scales``."""
        self._folder = folder
        self._keys = np.load(folder / "keys.npy", mmap_mode="r")
        self._rows = np.load(folder / "rows.npy", mmap_mode="r")
        self._scales = np.load(folder / "scales.npy", mmap_mode="r")

    def __repr__(self) -> str:
        """Which table it is."""
        return f"Vectors({self._folder.name}, {self._rows.shape}, {self._keys[:4].tolist()})"

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return int(self._rows.shape[1])

    def of(self, word: str) -> NDArray[np.float32] | None:
        """The vector of a word in its normalized form, or None if it has none.

        Words that say much about what a sentence means have longer ones.
        """
        key = name(word)
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return None
        vector: NDArray[np.float32] = self._rows[place].astype(np.float32)
        return vector * np.float32(self._scales[place])


def name(word: str) -> np.uint64:
    """The number by which the table knows a word."""
    digest = hashlib.blake2b(word.encode(), digest_size=_BYTES).digest()
    return np.uint64(int.from_bytes(digest, "little"))


@cache
def load_vectors() -> Vectors:
    """The vectors that belong to the project."""
    return Vectors(FOLDER)
