"""Fits the logistic function of knowledge/search.py on the project's own questions.

``python -m tests.quality.calibrate`` prints the weights, and how often the answer is right for each range
of probability. A pair is a question of tests/answers and one of the entries nearest to it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import yaml

from handlers.library import open_library
from knowledge import search
from knowledge.text import words

ANSWERS = Path(__file__).parents[1] / "answers"
NEAREST = 12
"""Entries paired with each question."""
RIDGE = 1e-2
"""How strongly weights are held back."""


def questions() -> Iterator[tuple[str, set[str]]]:
    """Every question with the ids of its right entries; none for the unanswerable ones."""
    for path in sorted(ANSWERS.glob("*.yaml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for row in loaded.get("questions", []):
            if "expect" in row:
                yield row["q"], set(row["expect"]) | set(row.get("also", []))


def pairs() -> tuple[np.ndarray, np.ndarray]:
    """Features and whether the entry is right, for every pair."""
    library = open_library()
    index = library.index
    ids = [document.id for document in index.documents]
    features, right = [], []
    for text, expected in questions():
        split = words(text)
        terms = Counter(library.lexicon.joined(form) for form in split.forms)
        table, _ = index.features(terms, search.sounds(split.reading), every=True)
        rough = table[:, 0] + table[:, 2] / 2 + table[:, 3] / 2 + table[:, 4] / 2 + table[:, 6] / 2
        for number in np.argsort(-rough)[:NEAREST]:
            features.append(table[number])
            right.append(ids[number] in expected)
    return np.array(features, dtype=float), np.array(right, dtype=float)


def fit(features: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and constant by Newton's method, held back a little; none below zero."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    used = np.ones(features.shape[1], dtype=bool)
    while True:
        scaled = np.c_[np.ones(len(features)), ((features - mean) / spread)[:, used]]
        weights = np.zeros(scaled.shape[1])
        for _ in range(40):
            probability = 1 / (1 + np.exp(-scaled @ weights))
            slope = (
                scaled.T @ (probability - right) + RIDGE * np.r_[0, weights[1:]] * len(right) / 100
            )
            bend = (scaled * (probability * (1 - probability))[:, None]).T @ scaled
            weights -= np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
        if (weights[1:] >= 0).all():
            full = np.zeros(features.shape[1])
            full[used] = weights[1:] / spread[used]
            return full, float(weights[0] - (full * mean).sum())
        used[np.flatnonzero(used)[int(np.argmin(weights[1:]))]] = False


def main() -> int:
    """Print the weights and the reliability."""
    features, right = pairs()
    weights, constant = fit(features, right)
    for name, weight in zip(fields(search.Weights), (*weights, constant), strict=True):
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
