"""Which topics a sentence sounds like, learned from curated sentences each time we start.

Three judges, added up: the words and sounds a sentence shares with the sentences of a topic
(naive Bayes), the place of its words among the word vectors (ridge regression), and the letters
of the topic's own phrases. Nothing is drawn by lot; every weight can be asked for its reason.
The constants were chosen on questions written by somebody else, see docs/quality.md.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.directions import unit
from knowledge.entries import NATIONWIDE, Shape, Text
from knowledge.field import Arrays, packed, unpacked
from knowledge.lexicon import Lexicon
from knowledge.load import DATA, Knowledge, read_yaml, shape
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.text import Sentence
from knowledge.vectors import Vectors
from knowledge.vocabulary import Kind, Topic

Numbers = NDArray[np.float32]

TAUGHT: Final = {"example": 2.0, "ask": 1.0, "phrase": 1.0}
"""How much a sentence of each origin teaches by its words; an example is a whole sentence."""
MEANT: Final = {"example": 2.0, "ask": 1.0, "phrase": 0.5}
"""How much it teaches by the vectors of its words."""
WORDS: Final = 0.5
"""Weight of shared words and sounds, in logits per root of their number."""
VECTORS: Final = 5.0
"""Weight of the place among the word vectors."""
LETTERS: Final = 0.3
"""Weight of each letter of a topic's phrases."""
LETTERS_COUNTED: Final = 12.0
"""So many letters settle it; more add nothing."""
UNSEEN: Final = 0.3
"""A word a topic never had counts as said so often."""
SOUND_LENGTHS: Final = (3, 4)
SPELLING_LENGTHS: Final = (2, 3)
STIFFNESS: Final = 2.0
"""Ridge regression's usual: how far few sentences may bend it."""
_SOUND: Final = "♪"
_SPELLING: Final = "✎"
_PIECES: Final = frozenset({_SOUND, _SPELLING})
LEAST: Final = 0.02
"""Less probable topics are left out."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A curated sentence whose topic is known."""

    text: str
    """The sentence."""
    topic: Topic | None
    """Its topic; None if it is about no trouble at all."""
    origin: str
    """example, ask or phrase."""


class ExampleFile(Shape):
    """``examples.yaml``."""

    examples: Mapping[Topic, tuple[Text, ...]]
    """Sentences of people by the topic of their trouble."""
    none: tuple[Text, ...]
    """Sentences that are about no trouble at all."""


def lessons(knowledge: Knowledge, lexicon: Lexicon, data: Path = DATA) -> Iterator[Taught]:
    """Every curated sentence whose topic is known.

    The asks of local windows are left out: the names of their places would count as words.

    Raises:
        KnowledgeError: the file of examples is broken.
    """
    file = shape(read_yaml(data / "examples.yaml"), ExampleFile)
    national = [window for window in knowledge.windows if window.area == NATIONWIDE]
    others = [entry for entry in knowledge.entries.values() if entry.kind is not Kind.WINDOW]
    by_topic = [
        *((text, topic, "example") for topic, said in file.examples.items() for text in said),
        *(
            (text, topic, "phrase")
            for topic, texts in lexicon.file.topics.items()
            for text in texts
        ),
        *((text, window.topics[0], "ask") for window in national for text in window.asks),
    ]
    yield from (Taught(text, topic, origin) for text, topic, origin in by_topic)
    yield from (Taught(text, None, "example") for text in file.none)
    for unrelated in (*others, *lexicon.out_of_scope):
        yield from (Taught(text, None, "ask") for text in unrelated.asks)


class TopicModel:
    """How probable each topic is for a sentence."""

    def __init__(
        self, taught: Iterable[Taught], vectors: Vectors, shelf: Shelf = NO_SHELF
    ) -> None:
        """Learn from the curated sentences; ``shelf`` keeps what takes seconds to learn."""
        lessons = list(taught)
        self._vectors = vectors
        self._vector = cache(vectors.of)
        self._kinds: tuple[Topic | None, ...] = (*Topic, None)
        contents = (f"{lesson.origin} {lesson.topic} {lesson.text}" for lesson in lessons)
        arrays = shelf.arrays("topics", [repr(vectors), *contents], lambda: self._learn(lessons))
        self._rows = {feature: row for row, feature in enumerate(unpacked(arrays["features"]))}
        self._weights: Numbers = arrays["weights"].astype(np.float32)
        rarity = arrays["rarity"].astype(np.float64).tolist()
        self._rarity = dict(zip(unpacked(arrays["forms"]), rarity, strict=True))
        self._unknown = math.log(1 + len(lessons))
        self._common: Numbers = arrays["common"].astype(np.float32)
        self._slopes: Numbers = arrays["slopes"].astype(np.float32)

    def _learn(self, lessons: list[Taught]) -> Arrays:
        """Everything that takes time to learn."""
        sentences = [Sentence(lesson.text) for lesson in lessons]
        kinds = np.array([self._kinds.index(lesson.topic) for lesson in lessons])
        self._learn_words(sentences, kinds, [TAUGHT[lesson.origin] for lesson in lessons])
        self._learn_vectors(sentences, kinds, [MEANT[lesson.origin] for lesson in lessons])
        return {
            "features": packed(self._rows),
            "weights": self._weights,
            "forms": packed(self._rarity),
            "rarity": np.array(list(self._rarity.values())),
            "common": self._common,
            "slopes": self._slopes,
        }

    def _learn_words(
        self, sentences: list[Sentence], kinds: NDArray[np.int64], weights: list[float]
    ) -> None:
        """Naive Bayes: how much oftener a feature stands in a topic than elsewhere."""
        found = [features(sentence) for sentence in sentences]
        seen = Counter(feature for each in found for feature in each)
        often = (
            feature for feature, times in seen.items() if times > 1 or feature[0] not in _PIECES
        )
        self._rows = {feature: row for row, feature in enumerate(often)}
        width = len(self._kinds)
        places: list[int] = []
        lessons: list[int] = []
        for number, each in enumerate(found):
            rows = [self._rows[feature] * width for feature in each if feature in self._rows]
            places += rows
            lessons += [number] * len(rows)
        said = np.bincount(
            np.array(places) + kinds[lessons],
            weights=np.array(weights)[lessons],
            minlength=len(self._rows) * width,
        ).reshape(-1, width)
        here, all_said = said.sum(axis=0), said.sum()
        smooth = UNSEEN * len(self._rows)
        inside = (said + UNSEEN) / (here + smooth)
        outside = (said.sum(axis=1, keepdims=True) - said + UNSEEN) / (all_said - here + smooth)
        self._weights = np.log(inside / outside).astype(np.float32)

    def _learn_vectors(
        self, sentences: list[Sentence], kinds: NDArray[np.int64], weights: list[float]
    ) -> None:
        """Ridge regression from the centroid of a sentence's word vectors to its topic."""
        seen = Counter(form for sentence in sentences for form in set(sentence.words.forms))
        size = len(sentences)
        self._rarity = {form: math.log(1 + size / (1 + count)) for form, count in seen.items()}
        self._unknown = math.log(1 + size)
        self._common = np.zeros(self._vectors.dimensions, dtype=np.float32)
        centroids = np.stack([self._centroid(sentence) for sentence in sentences])
        self._common = centroids.mean(axis=0)
        known = np.hstack([centroids - self._common, np.ones((size, 1), dtype=np.float32)])
        wanted = np.eye(len(self._kinds), dtype=np.float32)[kinds] - 1 / len(self._kinds)
        weighted = known * np.array(weights, dtype=np.float32)[:, None]
        stiff = STIFFNESS * np.eye(known.shape[1], dtype=np.float32)
        bent = weighted.T @ known + stiff
        self._slopes = np.linalg.solve(bent, weighted.T @ wanted).astype(np.float32)

    def _centroid(self, sentence: Sentence) -> Numbers:
        total = np.zeros(self._vectors.dimensions, dtype=np.float32)
        for form in dict.fromkeys(sentence.words.forms):
            vector = self._vector(form)
            if vector is not None:
                total += vector * np.float32(self._rarity.get(form, self._unknown))
        return unit(total) - self._common

    def of(self, sentence: Sentence, letters: Mapping[Topic, float]) -> dict[Topic | None, float]:
        """Topics with their probabilities, most probable first; None: no trouble at all.

        ``letters`` are those of each topic's phrases in the sentence.
        """
        evidence = WORDS * self._by_words(sentence) + VECTORS * self._by_vectors(sentence)
        for topic, count in letters.items():
            evidence[self._kinds.index(topic)] += LETTERS * min(count, LETTERS_COUNTED)
        shares = np.exp(evidence - evidence.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return {self._kinds[n]: float(shares[n]) for n in order if shares[n] >= LEAST}

    def _by_words(self, sentence: Sentence) -> Numbers:
        known = [self._rows[f] for f in features(sentence) if f in self._rows]
        summed: Numbers = self._weights[known].sum(axis=0)
        return summed / np.float32(math.sqrt(len(known) or 1))

    def _by_vectors(self, sentence: Sentence) -> Numbers:
        return np.append(self._centroid(sentence), np.float32(1)) @ self._slopes

    def reasons(self, sentence: Sentence, topic: Topic | None, limit: int = 5) -> list[str]:
        """The words and sounds that speak most for a topic."""
        column = self._kinds.index(topic)
        known = [f for f in features(sentence) if f in self._rows]
        return sorted(known, key=lambda f: -float(self._weights[self._rows[f], column]))[:limit]


def features(sentence: Sentence) -> list[str]:
    """What a sentence is compared by: words whatever their inflection, pieces of sound, letters.

    The sounds bear kana and slips, the letters other languages.
    """
    return list(
        dict.fromkeys(
            (
                *(f"{lemma.form}{'-' if lemma.negated else ''}" for lemma in sentence.lemmas),
                *(_SOUND + piece for piece in _pieces(sentence.words.reading, SOUND_LENGTHS)),
                *(_SPELLING + piece for piece in _pieces(sentence.folded, SPELLING_LENGTHS)),
            )
        )
    )


def _pieces(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    whole = f"^{text}$"
    for length in lengths:
        for start in range(len(whole) - length + 1):
            yield whole[start : start + length]
