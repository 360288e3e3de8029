"""Questions that sound alike, by the reading of their words: 私立 and 市立 are the same sound."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

ALIKE: Final = 90
"""From this share of equal letters (in percent) two questions are worth a look.

Of 1,786 questions of one municipality 40 pairs reach it: the same question worded twice, and
pairs of one word's difference (受けたい, 受けたくない) that must not be mixed up. From 85 on there
are 163, most of them one sentence about different stations or parks.
"""
KEPT: Final = 20
"""The most alike that are kept for one question: a sentence with another place name in each row
would have thousands."""
_CHUNK: Final = 256
"""Questions compared with all others at once, so that memory grows with their number only."""

Watch: TypeAlias = "Callable[[Sequence[Any]], Iterable[Any]]"
"""Goes through a sequence, perhaps showing how far it is."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts that sound alike."""

    first: int
    """The number of one."""
    second: int
    """The number of the other."""
    score: int
    """How alike they are, in percent."""


def look_alikes(readings: Sequence[str], watch: Watch = iter) -> tuple[list[list[Alike]], int]:
    """For each text those most alike, the best first, and how many pairs there are in all."""
    kept: list[list[Alike]] = [[] for _ in readings]
    pairs = 0
    for start in watch(range(0, len(readings), _CHUNK)):
        chunk = readings[start : start + _CHUNK]
        scores = process.cdist(
            chunk, readings, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8
        )
        for number, row in enumerate(scores, start=start):
            found = list(_found(number, row, readings))
            pairs += sum(alike.second > number for alike in found)
            kept[number] = found[:KEPT]
    return kept, pairs


def _found(number: int, scores: NDArray[np.uint8], readings: Sequence[str]) -> Iterator[Alike]:
    others = np.flatnonzero(scores)
    for other in others[np.argsort(-scores[others].astype(np.int16), kind="stable")].tolist():
        if other != number and readings[other] and readings[number]:
            yield Alike(number, other, int(scores[other]))
