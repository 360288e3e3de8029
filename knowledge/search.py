"""Ranked matches over any set of documents: words carry the search, readings forgive slips.

A question is compared with each document in several ways, all between 0 and 1:

- nearest: its likeness to the document's nearest sentence (title, asks, sentences of the text):
  SudachiPy's normalized forms with synonyms joined, and pairs and triples of letters of the
  reading (こうふきん, 交付禁 and 交付金 sound alike), both weighted by rarity, cosine;
- meant: the same two likenesses between the sums of word vectors, which know that 委託 and 外注
  are used alike (knowledge.vectors); the direction all sentences share is taken out first;
- cover: the share of the question's rare words that the document has anywhere;
- words, sounds: its likeness to all sentences of the document taken together.

A logistic function joins them into the probability that the document is the answer. Same input,
same score.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.likeness import Cover, Field, Meaning, Numbers, Together, sounds
from knowledge.text import Words, words
from knowledge.vectors import Vectors

WORDS_SHARE: Final = 0.6
SOUNDS_SHARE: Final = 0.4
"""How the two cosines with a sentence join."""
TEXT_WEIGHT: Final = 0.8
"""A sentence of the text counts a little less than an ask: people ask, documents state."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic function of the likenesses; every one but the constant is at least 0."""

    nearest: float
    """Of the nearest sentence."""
    nearest_squared: float
    """Of its square: a sentence met word for word says more than twice half a one."""
    cover: float
    """Of the rare words the document has."""
    words: float
    """Of all sentences together, by words."""
    sounds: float
    """Of all sentences together, by sounds."""
    meant_nearest: float
    """Of the nearest sentence, by word vectors."""
    meant: float
    """Of all sentences together, by word vectors."""
    constant: float
    """What is added."""


MANY_ASKS: Final = Weights(
    nearest=4.11,
    nearest_squared=2.56,
    cover=0.00,
    words=0.00,
    sounds=6.89,
    meant_nearest=0.46,
    meant=5.01,
    constant=-5.74,
)
"""For entries with many asks; fitted on tests/answers by tests/calibrate.py, docs/quality.md."""
ONE_QUESTION: Final = Weights(
    nearest=0.65,
    nearest_squared=0.00,
    cover=2.87,
    words=0.70,
    sounds=2.10,
    meant_nearest=1.32,
    meant=0.23,
    constant=-3.96,
)
"""For a FAQ of one question and a long answer each; fitted on a municipal FAQ, docs/quality.md."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found."""

    id: str
    """Its id."""
    asks: tuple[str, ...]
    """Its title and the ways people ask for it."""
    text: tuple[str, ...] = ()
    """The sentences of its text."""


@dataclass(frozen=True, slots=True)
class Match:
    """One document found."""

    id: str
    """Its id."""
    score: float
    """0 to 1."""
    sentence: str
    """The sentence of the document that is nearest to the question."""


class Index:
    """Documents made searchable. Built once; answers in well under a millisecond."""

    def __init__(
        self,
        documents: Iterable[Document],
        joined: Callable[[str], str] = lambda form: form,
        vectors: Vectors | None = None,
        weights: Weights = MANY_ASKS,
    ) -> None:
        """Index the documents; ``joined`` gives the one form that stands for its synonyms.

        A document without any sentence cannot be found and is left out.
        """
        self._joined = joined
        self.documents = tuple(d for d in documents if d.asks or d.text)
        self._beginning: dict[str, tuple[list[str], NDArray[np.intp]]] = {}
        self._sentences: list[str] = []
        counts: list[float] = []
        owners: list[int] = []
        for number, document in enumerate(self.documents):
            for sentence, weight in (
                *((ask, 1.0) for ask in document.asks),
                *((sentence, TEXT_WEIGHT) for sentence in document.text),
            ):
                self._sentences.append(sentence)
                counts.append(weight)
                owners.append(number)
        split = [words(sentence) for sentence in self._sentences]
        terms = [self._terms(sentence) for sentence in split]
        heard = [sounds(sentence.reading) for sentence in split]
        self._words = Field(terms)
        self._sounds = Field(heard)
        self._starts = np.flatnonzero(np.diff(np.array([-1, *owners])))
        self._weight = np.array(counts, dtype=np.float32)
        size = len(self.documents)
        self._cover = Cover(terms, owners, size)
        self._meant = (
            Meaning(vectors, self._words, terms, owners, size) if vectors and size else None
        )
        *used, self._constant = astuple(weights)
        self._weights = np.array(used if self._meant else used[:5], dtype=np.float32)
        self._all_words = Together(self._words, terms, owners, size)
        self._all_sounds = Together(self._sounds, heard, owners, size)

    def _terms(self, sentence: Words) -> Counter[str]:
        return Counter(self._joined(form) for form in sentence.forms)

    def rank(self, question: str | Words) -> "Ranking":
        """Compare a question with every document, once."""
        split = words(question) if isinstance(question, str) else question
        terms = self._terms(split)
        if not self.documents or not split.reading:
            nothing = np.zeros(0, dtype=np.float32)
            return Ranking(self, terms, nothing, nothing)
        features, sentences = self.features(terms, sounds(split.reading))
        evidence = features @ self._weights + np.float32(self._constant)
        scores = (1 / (1 + np.exp(-evidence))).astype(np.float32)
        return Ranking(self, terms, scores, sentences)

    def features(
        self, terms: Counter[str], heard: Counter[str], *, every: bool = False
    ) -> tuple[Numbers, Numbers]:
        """What the weights weigh, (documents, 7), and the likeness to every sentence.

        A likeness of weight 0 is left at 0, unless ``every`` one is wanted for fitting.
        """
        sentences = self._weight * (
            WORDS_SHARE * self._words.cosines(terms) + SOUNDS_SHARE * self._sounds.cosines(heard)
        )
        nearest = np.maximum.reduceat(sentences, self._starts)
        none = np.zeros(len(self.documents), dtype=np.float32)
        cover, words_, sounds_ = (every or bool(weight) for weight in self._weights[2:5])
        columns = [
            nearest,
            nearest**2,
            self._cover.of(terms) if cover else none,
            self._all_words.cosines(terms) if words_ else none,
            self._all_sounds.cosines(heard) if sounds_ else none,
            *(self._meant.cosines(terms, self._weight, self._starts) if self._meant else ()),
        ]
        return np.stack(columns, axis=1), sentences

    def search(
        self, question: str | Words, limit: int = 10, allowed: Callable[[str], bool] | None = None
    ) -> list[Match]:
        """The best documents for a question, best first; ties in the documents' order."""
        return self.rank(question).best(limit, allowed)

    def beginning(self, prefix: str) -> tuple[list[str], NDArray[np.intp]]:
        """Ids that begin so, and their documents' numbers."""
        if prefix not in self._beginning:
            numbers = [n for n, d in enumerate(self.documents) if d.id.startswith(prefix)]
            ids = [self.documents[number].id for number in numbers]
            self._beginning[prefix] = ids, np.array(numbers, dtype=np.intp)
        return self._beginning[prefix]

    def nearest(self, number: int, sentences: Numbers) -> str:
        """The sentence of a document that scored highest."""
        start = int(self._starts[number])
        following = self._starts[number + 1 : number + 2]
        end = int(following[0]) if len(following) else len(sentences)
        return self._sentences[start + int(np.argmax(sentences[start:end]))]


@dataclass(frozen=True)
class Ranking:
    """A question compared with every document of an index."""

    index: Index
    """The index."""
    terms: Counter[str]
    """The question's words, synonyms joined."""
    scores: Numbers
    """A score for each document, 0 to 1."""
    sentences: Numbers
    """A score for each sentence."""

    def best(self, limit: int = 10, allowed: Callable[[str], bool] | None = None) -> list[Match]:
        """The best documents, best first; ties in the documents' order."""
        matches: list[Match] = []
        for number in np.argsort(-self.scores, kind="stable"):
            if len(matches) == limit or self.scores[number] <= 0:
                break
            if allowed is None or allowed(self.index.documents[number].id):
                matches.append(self._match(int(number)))
        return matches

    def of(self, prefix: str) -> dict[str, float]:
        """The scores of all documents whose ids begin so, by id."""
        if not len(self.scores):
            return {}
        ids, numbers = self.index.beginning(prefix)
        return dict(zip(ids, self.scores[numbers].tolist(), strict=True))

    def _match(self, number: int) -> Match:
        nearest = self.index.nearest(number, self.sentences)
        score = round(min(float(self.scores[number]), 1.0), 4)
        return Match(self.index.documents[number].id, score, nearest)
