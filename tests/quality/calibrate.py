"""Fits the logistic functions of knowledge/search.py on the project's own questions.

``python -m tests.quality.calibrate`` prints the weights of each kind of entry, and how often the
answer is right for each range of probability. A pair is a question of tests/answers and one of the
entries nearest to it.
"""

import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import Final

import numpy as np

from handlers.guard import tidy
from handlers.judge import Judge
from handlers.library import open_library
from handlers.messages import Incoming, Role
from handlers.ports import Conversation
from handlers.turn import Turn
from handlers.understand import Reader
from knowledge.domains import Domain
from knowledge.search import ENTRIES, Weights
from knowledge.text import fold, words
from tests.fakes import FRIDAY_MORNING
from tests.quality import own

NEAREST: Final = 10
"""Entries paired with each question."""
RIDGE: Final = 1e-2
"""How strongly weights are held back."""
STEPS: Final = 40
HELD: Final = 3.0
"""How strongly the weights of the judge are held back."""
OUTSIDE_COUNTS: Final = 2.0
"""Questions that nobody here can answer are few, and count more."""
DESCENTS: Final = 4000

Numbers = np.ndarray


def questions() -> Iterator[tuple[str, set[str]]]:
    """Every single question with the ids of its right entries; none for unanswerable ones."""
    for question in own.questions():
        if "expect" in question.row and len(question.turns) == 1:
            yield question.turns[0], {*question.row["expect"], *question.row.get("also", [])}


def pairs() -> list[tuple[Numbers, Numbers]]:
    """For each kind: the features of every pair, and whether the entry is right."""
    index = open_library().index
    ids = np.array([document.id for document in index.documents])
    found: list[tuple[list[Numbers], list[bool]]] = [([], []) for _ in ENTRIES.kinds]
    for text, expected in questions():
        tables = index.features(index.likeness(words(text)))
        for (features, right), learned, table in zip(found, index.learned, tables, strict=True):
            for number in np.argsort(-(table[:, 0] + table[:, 1]))[:NEAREST]:
                features.append(table[number])
                right.append(ids[learned.documents[number]] in expected)
    return [(np.array(f, dtype=float), np.array(r, dtype=float)) for f, r in found]


def fit(features: Numbers, right: Numbers) -> tuple[Numbers, float]:
    """Weights and constant by Newton's method, held back a little; none below zero."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    used = np.ones(features.shape[1], dtype=bool)
    while True:
        scaled = np.c_[np.ones(len(features)), ((features - mean) / spread)[:, used]]
        weights = np.zeros(scaled.shape[1])
        for _ in range(STEPS):
            probability = 1 / (1 + np.exp(-scaled @ weights))
            held = RIDGE * np.r_[0, weights[1:]] * len(right) / 100
            slope = scaled.T @ (probability - right) + held
            bend = (scaled * (probability * (1 - probability))[:, None]).T @ scaled
            weights -= np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
        if (weights[1:] >= 0).all():
            full = np.zeros(features.shape[1])
            full[used] = weights[1:] / spread[used]
            return full, float(weights[0] - (full * mean).sum())
        used[np.flatnonzero(used)[int(np.argmin(weights[1:]))]] = False


def matters() -> tuple[Numbers, Numbers, Numbers]:
    """The evidence of every single question, what it is about, and how much it counts.

    Each is asked twice, once without saying who asks.
    """
    library = open_library()
    judge, reader = Judge(library), Reader(library)
    evidence, matter, counts = [], [], []
    for question in own.questions():
        if len(question.turns) > 1 or "expect_set" in question.row:
            continue
        domain = _domain(question)
        for role in (Role(question.role), None):
            incoming = Incoming(question.turns[0], "calibrate", FRIDAY_MORNING, role=role)
            turn = Turn(incoming, Conversation(), text=tidy(incoming.text))
            turn.folded = fold(turn.text)
            reader.read(turn)
            reader.rank(turn, library.index)
            evidence.append(judge.evidence(turn))
            matter.append(list(Domain).index(domain))
            counts.append(OUTSIDE_COUNTS if domain is Domain.OUTSIDE else 1.0)
    return np.array(evidence), np.array(matter), np.array(counts)


def _domain(question: own.Question) -> Domain:
    if question.row.get("expect") == ["unanswered"]:
        return Domain.OUTSIDE
    return Domain.WINDOWS if question.file.startswith(own.RESIDENTS) else Domain.RULES


def fit_judge(evidence: Numbers, matter: Numbers, counts: Numbers) -> Numbers:
    """Weights (evidence, domains) by accelerated descent, held back but for the constant."""
    spread = evidence.std(axis=0)
    spread[spread == 0] = 1
    scaled, right = evidence / spread, np.eye(len(Domain))[matter]
    held = np.r_[0, np.full(evidence.shape[1] - 1, HELD)][:, None]
    pace = 1 / (0.5 * np.linalg.eigvalsh(scaled.T @ (scaled * counts[:, None])).max() + HELD)
    weights = ahead = np.zeros((evidence.shape[1], len(Domain)))
    for step in range(DESCENTS):
        probability = np.exp(scaled @ ahead)
        probability /= probability.sum(axis=1, keepdims=True)
        slope = scaled.T @ ((probability - right) * counts[:, None]) + held * ahead
        next_ = ahead - pace * slope
        ahead = next_ + step / (step + 3) * (next_ - weights)
        weights = next_
    return weights / spread[:, None]


def print_judge() -> None:
    """Print the weights of handlers/judge.py."""
    weights = fit_judge(*matters())
    for domain, column in zip(Domain, (weights - weights.mean(axis=1)[:, None]).T, strict=True):
        print(f"    Domain.{domain.name}: ({', '.join(f'{weight:.2f}' for weight in column)}),")


def main() -> int:
    """Print the weights and the reliability."""
    print_judge()
    for beginnings, (features, right) in zip(ENTRIES.kinds, pairs(), strict=True):
        weights, constant = fit(features, right)
        print(" ".join(beginnings))
        for name, weight in zip(fields(Weights), (*weights, constant), strict=True):
            print(f"    {name.name}={weight:.2f},")
        probability = 1 / (1 + np.exp(-(features @ weights + constant)))
        for low in np.arange(0, 1, 0.1):
            inside = (probability >= low) & (probability < low + 0.1)
            if inside.any():
                share = right[inside].mean()
                print(f"{low:.1f}–{low + 0.1:.1f}: {inside.sum():5} pairs, right {share:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
