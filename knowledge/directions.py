"""Where texts point: sums of word vectors, less what all of them share, one byte a number."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.field import Arrays, Numbers

_LARGEST: Final = 127


class Directions:
    """The directions of many texts."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Take what ``arrays`` gave under this name, see ``made``."""
        self._rows = arrays[f"{name}.rows"].astype(np.int8)
        self._scales = arrays[f"{name}.scales"].astype(np.float32)
        self._middle = arrays[f"{name}.middle"].astype(np.float32)

    @staticmethod
    def made(sums: Numbers, name: str) -> Arrays:
        """Take the sum of each text."""
        directions = unit(sums)
        middle = directions.sum(axis=0) / max(len(sums), 1)
        rows = unit(directions - middle)
        scales = np.abs(rows).max(axis=1, initial=1e-9) / _LARGEST
        return {
            f"{name}.rows": np.round(rows / scales[:, None]).astype(np.int8),
            f"{name}.scales": scales.astype(np.float32),
            f"{name}.middle": middle,
        }

    def cosines(self, direction: Numbers, chosen: NDArray[np.intp]) -> Numbers:
        """The cosine of a direction with some of the texts."""
        rows = self._rows[chosen].astype(np.float32)
        cosines: Numbers = (rows @ unit(direction - self._middle)) * self._scales[chosen]
        return cosines


def unit(rows: Numbers) -> Numbers:
    """Rows of length one; rows of nothing stay nothing."""
    lengths = np.sqrt(np.einsum("...i,...i->...", rows, rows))[..., None]
    made: Numbers = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return made
