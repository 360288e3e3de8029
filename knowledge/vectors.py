"""Static word vectors: 委託 and 外注 are used alike, 委託 and 寂しい are not.

The vectors are those of the package ja_ginza (480,443 words of Japanese web text mapped to 20,000
rows of 300 dimensions). Only its two data files are read; the package itself is not imported, so
neither spaCy nor a model is needed, and nothing is looked up over a network.
"""

import importlib.util
import struct
from functools import cache
from pathlib import Path
from typing import Final

import msgpack
import numpy as np
from numpy.typing import NDArray

PACKAGE: Final = "ja_ginza"
DIMENSIONS: Final = 300

_MULTIPLIER: Final = 0xC6A4A7935BD1E995
_MASK: Final = (1 << 64) - 1
_SHIFT: Final = 47


class VectorsMissingError(Exception):
    """The package with the word vectors is not installed; ``make setup`` installs it."""


class Vectors:
    """Vectors of length one by word."""

    def __init__(self, folder: Path) -> None:
        """Read ``key2row`` and ``vectors`` of a spaCy vocabulary folder."""
        rows = msgpack.unpackb((folder / "key2row").read_bytes(), strict_map_key=False)
        keys = np.fromiter(rows.keys(), dtype=np.uint64, count=len(rows))
        numbers = np.fromiter(rows.values(), dtype=np.int32, count=len(rows))
        order = np.argsort(keys)
        self._keys, self._rows = keys[order], numbers[order]
        table = np.load(folder / "vectors").astype(np.float32)
        lengths = np.linalg.norm(table, axis=1, keepdims=True)
        self._table: NDArray[np.float32] = table / np.maximum(lengths, 1e-9)

    def of(self, word: str) -> NDArray[np.float32] | None:
        """The vector of a word, or None if it has none."""
        key = np.uint64(murmur(word.encode()))
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return None
        vector: NDArray[np.float32] = self._table[self._rows[place]]
        return vector


@cache
def load_vectors() -> Vectors:
    """The vectors of the installed package, read once (about 0.4 s).

    Raises:
        VectorsMissingError: the package is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    folders = list(Path(found.origin).parent.glob("*/vocab")) if found and found.origin else []
    if not folders:
        message = f"the package {PACKAGE} with the word vectors is not installed: run make setup"
        raise VectorsMissingError(message)
    return Vectors(folders[0])


def murmur(data: bytes, seed: int = 1) -> int:
    """MurmurHash64A, by which spaCy's vocabulary names its words."""
    value = (seed ^ (len(data) * _MULTIPLIER)) & _MASK
    whole = len(data) // 8 * 8
    for (word,) in struct.iter_unpack("<Q", data[:whole]):
        mixed = word * _MULTIPLIER & _MASK
        mixed = (mixed ^ (mixed >> _SHIFT)) * _MULTIPLIER & _MASK
        value = (value ^ mixed) * _MULTIPLIER & _MASK
    if data[whole:]:
        value = (value ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _MASK
    value = (value ^ (value >> _SHIFT)) * _MULTIPLIER & _MASK
    return value ^ (value >> _SHIFT)
