"""Trains the model of danger: multinomial logistic regression on curated sentences, in numpy.

The whole set is looked at in every step and nothing is drawn by lot: the same sentences give the
same file. Training is for the one who changes the sentences; the assistant only reads the file.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.danger.kinds import DangerKind
from knowledge.danger.letters import Disguises, plain
from knowledge.danger.model import CARE, CLASSES, MODEL, ORDINARY, Floats, grams
from knowledge.danger.signs import CrisisFile
from knowledge.entries import Shape
from knowledge.load import read_yaml, shape

SIGNS: Final = "crisis.yaml"
SENTENCES: Final = "crisis_sentences.yaml"

_SEEN_IN: Final = 2
"""Grams of fewer sentences are left out."""
_STEPS: Final = 100
_RATE: Final = 0.1
_SLOWER: Final = 0.6
"""From this share of the steps on they are smaller."""
_RIDGE: Final = 0.003
"""Holds the weights small; between 0.001 and 0.01 danger is noticed alike, within a hundredth,
and the larger, the more often ordinary messages are taken for it."""
_FINEST: Final = 127
"""Weights are kept as whole numbers of steps, −127 to 127."""

Ints = NDArray[np.intp]


class SentenceFile(Shape):
    """``crisis_sentences.yaml``: one sentence a line, ⏎ stands for a line break."""

    danger: dict[DangerKind, str]
    """Sentences of people in danger."""
    care: str
    """Sentences that ask for care, without alarm."""
    ordinary: dict[str, str]
    """Sentences of nobody in danger, by what they are about."""

    def examples(self) -> list[tuple[str, int]]:
        """Every sentence, and the number of its class."""
        groups = [
            *((kind, text) for kind, text in self.danger.items()),
            (CARE, self.care),
            *((ORDINARY, text) for text in self.ordinary.values()),
        ]
        return [
            (line.replace("⏎", "\n"), CLASSES.index(name))
            for name, text in groups
            for line in text.strip().split("\n")
        ]


@dataclass(frozen=True, slots=True)
class Trained:
    """What training gives."""

    vocabulary: tuple[str, ...]
    """Grams, sorted."""
    weights: NDArray[np.int8]
    """Steps, one row for each gram."""
    step: np.float32
    """What one step is worth."""
    prior: Floats
    """Weights of a message without any known gram."""
    of: str
    """What the sentences are known by."""
    sentences: int
    """How many there were."""

    def save(self, folder: Path) -> None:
        """Write the file; the same weights give the same bytes."""
        np.savez_compressed(
            folder / MODEL,
            grams=np.array("\n".join(self.vocabulary)),
            weights=self.weights,
            step=self.step,
            prior=self.prior,
            of=np.array(self.of),
        )


def digest(folder: Path) -> str:
    """What the sentences of a data folder are known by, however their lines end."""
    text = (folder / SENTENCES).read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def is_stale(folder: Path) -> bool:
    """Whether the model was trained on other sentences than stand there now."""
    with np.load(folder / MODEL) as file:
        return str(file["of"]) != digest(folder)


def train(folder: Path) -> Trained:
    """Train on the sentences of a data folder.

    Raises:
        KnowledgeError: they, or the signs with the disguises, are unsound.
    """
    disguises = Disguises(shape(read_yaml(folder / SIGNS), CrisisFile).spellings)
    examples = dict(shape(read_yaml(folder / SENTENCES), SentenceFile).examples())
    found = [grams(disguises.off(plain(text))) for text in examples]
    counts = Counter(gram for one in found for gram in one)
    vocabulary = tuple(sorted(gram for gram, count in counts.items() if count >= _SEEN_IN))
    rows = {gram: row for row, gram in enumerate(vocabulary)}
    known = [np.array(sorted(rows[g] for g in one if g in rows), dtype=np.intp) for one in found]
    weights, prior = _fit(_Examples(known, list(examples.values()), len(vocabulary)))
    step = np.float32(np.abs(weights).max() / _FINEST)
    steps = np.rint(weights / step).astype(np.int8)
    return Trained(vocabulary, steps, step, prior, digest(folder), len(examples))


class _Examples:
    """Which grams stand in which sentence, for adding up both ways without a loop."""

    def __init__(self, known: Sequence[Ints], classes: Sequence[int], size: int) -> None:
        self.size = size
        self.truth = np.eye(len(CLASSES), dtype=np.float32)[list(classes)]
        lengths = np.array([max(len(rows), 1) for rows in known])
        self._rows = np.concatenate([rows if len(rows) else np.zeros(1, int) for rows in known])
        of = np.repeat(np.arange(len(known)), lengths)
        self._share = (1 / np.sqrt(lengths)).astype(np.float32)[of][:, None]
        self._starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        order = np.argsort(self._rows, kind="stable")
        self._by_row = of[order]
        self._share_by_row = self._share[order]
        self._seen, self._row_starts = np.unique(self._rows[order], return_index=True)

    def logits(self, weights: Floats) -> Floats:
        """What the weights make of every sentence."""
        total: Floats = np.add.reduceat(weights[self._rows] * self._share, self._starts, axis=0)
        return total

    def gradient(self, wrong: Floats) -> Floats:
        """In which direction each weight is wrong."""
        total = np.zeros((self.size, len(CLASSES)), dtype=np.float32)
        parts = wrong[self._by_row] * self._share_by_row
        total[self._seen] = np.add.reduceat(parts, self._row_starts, axis=0)
        return total / np.float32(len(wrong))


class _Adam:
    """Steps of its own size for every weight (Kingma and Ba, 2015)."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._mean = np.zeros_like(values)
        self._spread = np.zeros_like(values)

    def step(self, gradient: Floats, number: int, rate: float) -> None:
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._spread = 0.99 * self._spread + 0.01 * gradient * gradient
        mean = self._mean / (1 - 0.9**number)
        self.values = self.values - rate * mean / (
            np.sqrt(self._spread / (1 - 0.99**number)) + 1e-6
        )


def _fit(examples: _Examples) -> tuple[Floats, Floats]:
    classes = len(CLASSES)
    weights = _Adam(np.zeros((examples.size, classes), dtype=np.float32))
    prior = _Adam(np.zeros(classes, dtype=np.float32))
    ridge = np.float32(_RIDGE / len(examples.truth))
    for number in range(1, _STEPS + 1):
        logits = examples.logits(weights.values) + prior.values
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        wrong = odds / odds.sum(axis=1, keepdims=True) - examples.truth
        rate = _RATE if number < _STEPS * _SLOWER else _RATE * 0.3
        gradient = examples.gradient(wrong) + ridge * weights.values
        weights.step(gradient, number, rate)
        prior.step(wrong.mean(axis=0), number, rate)
    return weights.values, prior.values
