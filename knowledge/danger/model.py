"""A small model of danger: short runs of letters, of sounds and of words, each with its weights.

It is trained by ``tsunagari knowledge train`` on the sentences of ``crisis_sentences.yaml`` and
kept in ``crisis_model.npz``: no library beyond numpy, no network, the same answer everywhere.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.danger.kinds import KINDS, DangerKind
from knowledge.danger.letters import letters
from knowledge.findings import Finding, KnowledgeError
from knowledge.text import SIGNS, Sentence, fold

Floats = NDArray[np.float32]

MODEL: Final = "crisis_model.npz"
ORDINARY: Final = "ordinary"
CARE: Final = "care"
CLASSES: Final = (ORDINARY, CARE, *KINDS)
"""What a message can be; the columns of the weights."""
FIRST_KIND: Final = CLASSES.index(KINDS[0])
LETTER_RUNS: Final = 3
SOUND_RUNS: Final = (2, 4)
"""Lengths of the runs. One letter longer, the file is two fifths larger and hears no better."""
SHORT: Final = 40
"""A message up to this many letters is read as a whole: «whom can I ask?» alone says nothing."""
LONG: Final = 400
"""A longer one is read in parts only: as a whole, a cry drowns in it."""
_LEAST: Final = 1e-6
"""Keeps a certain probability from having infinite odds."""
_PART: Final = re.compile(r"[^。!?！？\n]*[。!?！？\n]*")


def grams(text: str) -> set[str]:
    """What a text without disguises consists of: runs of letters, ~sounds, =words."""
    edged = f"^{letters(text).replace(' ', '_')}$"
    said, words = _heard(text)
    found = {edged[i:j] for i in range(len(edged)) for j in _ends(i, 1, LETTER_RUNS, len(edged))}
    found |= {f"~{said[i:j]}" for i in range(len(said)) for j in _ends(i, *SOUND_RUNS, len(said))}
    found.update(f"={word}" for word in words)
    found.update(f"={one}|{two}" for one, two in pairwise(words))
    return found


def _ends(start: int, least: int, most: int, size: int) -> range:
    return range(start + least, min(start + most, size) + 1)


def _heard(text: str) -> tuple[str, list[str]]:
    """How a text sounds, and its words as the dictionary has them, with its edges."""
    words, sounds = ["^"], []
    for morpheme in Sentence(text).parts:
        if morpheme.part_of_speech()[0] not in SIGNS:
            words.append(morpheme.normalized_form().lower())
            sounds.append(morpheme.reading_form() or morpheme.surface())
    return f"^{fold(''.join(sounds))}$", [*words, "$"]


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in _PART.findall(text) if part.strip()]


def parts(text: str) -> Iterator[str]:
    """The text as a whole; of one that is not short, every two sentences, and the last one."""
    sentences = split(text)
    if len(text) <= LONG or len(sentences) <= 1:
        yield text
    if len(text) > SHORT and len(sentences) > 1:
        for one, two in pairwise(sentences):
            yield one + two
        yield sentences[-1]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model makes of a message."""

    danger: float
    """Log-odds of danger against none."""
    care: float
    """Probability that at least care is due."""
    kind: DangerKind
    """The likeliest danger."""
    part: str
    """The part of the message that tells of it most."""


class Model:
    """Weights by gram, one column for each of ``CLASSES``."""

    def __init__(self, vocabulary: Sequence[str], weights: Floats, prior: Floats) -> None:
        """Take the grams, their weights, row by row, and the weights of an empty message."""
        self._rows = {gram: row for row, gram in enumerate(vocabulary)}
        self._weights = weights
        self._prior = prior

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that ``training`` writes.

        Raises:
            KnowledgeError: there is none, or it is not one.
        """
        try:
            with path.open("rb") as opened, np.load(opened) as file:
                weights = file["weights"].astype(np.float32) * file["step"]
                return cls(str(file["grams"]).split("\n"), weights, file["prior"])
        except FileNotFoundError:
            raise KnowledgeError([Finding("missing_file", path, 1)]) from None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise KnowledgeError([Finding("unreadable", path, 1)]) from None

    def judge(self, text: str) -> Judgement:
        """Judge a text without disguises by the part that tells most of danger, or of care."""
        judged = list(map(self._judge, parts(text)))
        care = max(one.care for one in judged)
        return replace(max(judged, key=lambda one: one.danger), care=care)

    def _judge(self, text: str) -> Judgement:
        logits = self._logits(grams(text))
        odds = np.exp(logits - logits.max())
        shares = odds / odds.sum()
        danger = float(shares[FIRST_KIND:].sum())
        kind = KINDS[int(shares[FIRST_KIND:].argmax())]
        log_odds = float(np.log(danger + _LEAST) - np.log(1 - danger + _LEAST))
        return Judgement(log_odds, 1 - float(shares[0]), kind, text)

    def _logits(self, found: set[str]) -> Floats:
        rows = [row for gram in found if (row := self._rows.get(gram)) is not None]
        if not rows:
            return self._prior
        total: Floats = self._weights[rows].sum(axis=0) / np.sqrt(len(rows)) + self._prior
        return total

    def strongest(self, text: str, kind: DangerKind, limit: int) -> Mapping[str, float]:
        """The grams of a text that speak most for a danger against an ordinary message."""
        column = CLASSES.index(kind)
        weighed = {
            gram: float(self._weights[row, column] - self._weights[row, 0])
            for gram in grams(text)
            if (row := self._rows.get(gram)) is not None
        }
        best = sorted(weighed, key=lambda gram: (-weighed[gram], gram))[:limit]
        return {gram: round(weighed[gram], 2) for gram in best if weighed[gram] > 0}
