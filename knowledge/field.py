"""Terms over rows (sentences, documents), weighted by rarity: an inverted index in flat arrays."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Arrays = Mapping[str, NDArray[np.generic]]
"""What an index consists of, by name, for keeping it on disk."""

_SOUND_LENGTHS: Final = (2, 3)
_LETTER_LENGTHS: Final = (1, 2)
_SEPARATOR: Final = "\n"
_AT_ONCE: Final = 1024
"""Terms multiplied at once, which bounds the memory."""


def sounds(reading: str) -> Counter[str]:
    """Pairs and triples of letters of a reading, with how often each stands there."""
    return _pieces(reading, _SOUND_LENGTHS)


def letters(folded: str) -> Counter[str]:
    """Letters and pairs of letters of a folded sentence, its beginning and end marked."""
    return _pieces(f"^{folded}$", _LETTER_LENGTHS)


def _pieces(text: str, lengths: tuple[int, ...]) -> Counter[str]:
    return Counter(
        text[start : start + length]
        for length in lengths
        for start in range(len(text) - length + 1)
    )


class Field:
    """One way of comparing: the cosine of terms weighted by rarity, with every row at once."""

    def __init__(self, arrays: Arrays, name: str = "field") -> None:
        """Take what ``arrays`` gave, see ``made``."""
        self._known = unpacked(arrays[f"{name}.terms"])
        self._number = {term: number for number, term in enumerate(self._known)}
        self._rarity = arrays[f"{name}.rarity"].astype(np.float32)
        self._rows = arrays[f"{name}.rows"].astype(np.int32)
        self._values = arrays[f"{name}.values"].astype(np.float32)
        self._starts = arrays[f"{name}.starts"].astype(np.int64)
        self.size = int(arrays[f"{name}.size"][0])

    @classmethod
    def made(cls, rows: Sequence[Mapping[str, int]]) -> "Field":
        """Take the terms of each row, with how often each stands there."""
        owners, terms, counts = _flat(rows)
        number = {term: at for at, term in enumerate(dict.fromkeys(terms))}
        columns = np.array([number[term] for term in terms], dtype=np.intp)
        seen = np.bincount(columns, minlength=len(number))
        rarity = np.log(1 + len(rows) / np.maximum(seen, 1)).astype(np.float32)
        weights = (1 + np.log(counts)) * rarity[columns]
        lengths = np.sqrt(np.bincount(owners, weights**2, minlength=len(rows)))
        order = np.argsort(columns, kind="stable")
        return cls(
            {
                "field.terms": packed(number),
                "field.rarity": rarity,
                "field.rows": owners[order],
                "field.values": (weights / np.maximum(lengths[owners], 1e-9))[order],
                "field.starts": np.r_[0, np.cumsum(seen)],
                "field.size": np.array([len(rows)]),
            }
        )

    def arrays(self, name: str) -> Arrays:
        """Everything it consists of."""
        return {
            f"{name}.terms": packed(self._known),
            f"{name}.rarity": self._rarity,
            f"{name}.rows": self._rows,
            f"{name}.values": self._values,
            f"{name}.starts": self._starts,
            f"{name}.size": np.array([self.size]),
        }

    def weight(self, term: str) -> float:
        """How rare a term is; one that no row has counts as the rarest."""
        number = self._number.get(term)
        return math.log(1 + self.size) if number is None else float(self._rarity[number])

    def cosines(self, terms: Mapping[str, int]) -> Numbers:
        """The cosine of a question's terms with every row."""
        spans, weights, length = [], [], 0.0
        for term, count in terms.items():
            number = self._number.get(term)
            weight = (1 + math.log(count)) * self.weight(term)
            length += weight**2
            if number is not None:
                spans.append(slice(self._starts[number], self._starts[number + 1]))
                weights.append(weight)
        if not spans:
            return np.zeros(self.size, dtype=np.float32)
        rows = np.concatenate([self._rows[span] for span in spans])
        scale = 1 / math.sqrt(length)
        values = [self._values[s] * (w * scale) for s, w in zip(spans, weights, strict=True)]
        return np.bincount(rows, np.concatenate(values), self.size).astype(np.float32)

    def said(self, chosen: NDArray[np.bool_]) -> Counter[str]:
        """How many of the chosen rows have each term."""
        columns = np.repeat(np.arange(len(self._known)), np.diff(self._starts))
        counts = np.bincount(columns[chosen[self._rows]], minlength=len(self._known))
        return Counter({self._known[n]: int(counts[n]) for n in np.flatnonzero(counts)})

    def among(self, rows: NDArray[np.intp]) -> Numbers:
        """The cosines of some rows with each other, (rows, rows)."""
        place = np.full(self.size, -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        cosines = np.zeros((len(rows), len(rows)), dtype=np.float32)
        for first in range(0, len(self._known), _AT_ONCE):
            last = min(first + _AT_ONCE, len(self._known))
            span = slice(self._starts[first], self._starts[last])
            columns = np.repeat(np.arange(last - first), np.diff(self._starts[first : last + 1]))
            at = place[self._rows[span]]
            table = np.zeros((len(rows), last - first), dtype=np.float32)
            table[at[at >= 0], columns[at >= 0]] = self._values[span][at >= 0]
            cosines += table @ table.T
        return cosines


def packed(words: Iterable[str]) -> NDArray[np.uint8]:
    """Words without line ends, as an array."""
    return np.frombuffer(_SEPARATOR.join(words).encode(), dtype=np.uint8)


def unpacked(array: NDArray[np.generic]) -> list[str]:
    """The words of such an array."""
    joined = array.tobytes().decode()
    return joined.split(_SEPARATOR) if joined else []


def _flat(
    rows: Iterable[Mapping[str, int]],
) -> tuple[NDArray[np.intp], list[str], NDArray[np.float64]]:
    owners: list[int] = []
    terms: list[str] = []
    counts: list[int] = []
    for number, row in enumerate(rows):
        owners += [number] * len(row)
        terms += row
        counts += row.values()
    return np.array(owners, dtype=np.intp), terms, np.array(counts, dtype=np.float64)
