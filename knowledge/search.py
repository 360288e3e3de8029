"""Ranked matches over entries that many asks lead to: clauses, programs, windows.

A question is compared with every sentence of every entry (title, asks, sentences of the text) in
four ways, each between 0 and 1:

- words: SudachiPy's normalized forms with synonyms joined, weighted by rarity, cosine;
- sounds: pairs and triples of letters of the reading: こうふきん, 交付禁 and 交付金 sound alike;
- letters: letters and pairs of letters as written, so that parts of compounds meet;
- meaning: the angle between the sums of word vectors: 委託 and 外注 mean nearly the same.

Joined by ``SHARES`` they give the likeness to a sentence. From the likenesses come, for each
entry: its nearest sentence, and what the asks have taught (``knowledge.learned``). A logistic
function makes them the probability that the entry is the answer.
Same input, same score.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.field import Arrays, Field, Numbers, letters, sounds
from knowledge.learned import Learned
from knowledge.meaning import Meaning
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.text import Sentence, Words
from knowledge.vectors import Vectors

FIELDS: Final = ("words", "sounds", "letters")
SHARES: Final = (0.3, 0.3, 0.2, 0.2)
"""How words, sounds, letters and meaning join; docs/quality.md shows what each is worth."""
TEXT_WEIGHT: Final = 0.8
"""A sentence of the text counts a little less than an ask: people ask, documents state."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic function of what speaks for an entry."""

    nearest: float
    """Of the likeness to its nearest sentence."""
    learned: float
    """Of what the asks have taught."""
    constant: float
    """What is added."""


EVEN: Final = Weights(nearest=4.0, learned=8.0, constant=-5.0)
"""For documents of no special kind."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How what is found out of documents is weighed."""

    kinds: Mapping[tuple[str, ...], Weights]
    """The kinds that are told apart among themselves, by the beginnings of their ids."""
    shares: tuple[float, ...] = SHARES
    """How the ways of comparing join."""


PLAIN: Final = Tuning({("",): EVEN})
"""For documents of no special kind."""
ENTRIES: Final = Tuning(
    {
        ("guideline/", "program/"): Weights(nearest=6.39, learned=9.71, constant=-5.93),
        ("window/",): Weights(nearest=4.74, learned=11.74, constant=-5.57),
    }
)
"""For the entries; fitted on tests/answers by tests/quality/calibrate.py, see docs/quality.md."""


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
    """Documents made searchable. Built once; answers in about a millisecond."""

    def __init__(
        self,
        documents: Iterable[Document],
        synonyms: Mapping[str, str] | None = None,
        vectors: Vectors | None = None,
        tuning: Tuning = PLAIN,
        shelf: Shelf = NO_SHELF,
    ) -> None:
        """Index the documents.

        Args:
            documents: what can be found; one without any sentence is left out.
            synonyms: word forms, and the one form that stands for each.
            vectors: word vectors; without them meaning is left out.
            tuning: how what is found out is weighed.
            shelf: where what was made before is kept.
        """
        self._synonyms = synonyms or {}
        self._tuning = tuning
        self._vectors = vectors
        self.documents = tuple(d for d in documents if d.asks or d.text)
        self._beginning: dict[str, tuple[list[str], NDArray[np.intp]]] = {}
        spoken = [(n, ask, 1.0) for n, d in enumerate(self.documents) for ask in d.asks]
        stated = [(n, s, TEXT_WEIGHT) for n, d in enumerate(self.documents) for s in d.text]
        rows = sorted(spoken + stated, key=lambda row: row[0])
        self.sentences = [sentence for _, sentence, _ in rows]
        self._weight = np.array([weight for _, _, weight in rows], dtype=np.float32)
        self._owners = np.array([number for number, _, _ in rows], dtype=np.intp)
        self._starts = np.flatnonzero(np.diff(np.r_[-1, self._owners]))
        contents = (repr(rows), repr(sorted(self._synonyms.items())), repr(vectors), repr(tuning))
        arrays = shelf.arrays("entries", contents, self._made)
        self._fields = [Field(arrays, name) for name in FIELDS]
        self._meaning = Meaning.of(arrays, vectors, self._fields[0]) if vectors else None
        self.learned = [Learned.of(arrays, f"kind{n}") for n, _ in enumerate(self._tuning.kinds)]

    def _made(self) -> Arrays:
        """Everything that takes time to make."""
        split = [Sentence(sentence).words for sentence in self.sentences]
        counted = zip(*map(self._counted, split), strict=True) if split else [[], [], []]
        fields = [Field.made(list(counts)) for counts in counted]
        arrays: dict[str, NDArray[np.generic]] = {}
        for field, name in zip(fields, FIELDS, strict=True):
            arrays |= field.arrays(name)
        meaning = None
        if self._vectors:
            meaning = Meaning.made(self._vectors, fields[0], [self._terms(w) for w in split])
            arrays |= meaning.arrays()
        for number, beginnings in enumerate(self._tuning.kinds):
            chosen = [d.id.startswith(beginnings) for d in self.documents]
            rows = np.flatnonzero(np.array(chosen, dtype=np.bool_)[self._owners])
            ways: list[Field | Meaning] = [*fields, meaning] if meaning else [*fields]
            likeness = _joined(self._tuning.shares, (way.among(rows) for way in ways))
            learned = Learned.made(likeness, rows, self._owners[rows])
            arrays |= learned.arrays(f"kind{number}")
        return arrays

    def _terms(self, words: Words) -> Counter[str]:
        return Counter(self._synonyms.get(form, form) for form in words.forms)

    def _counted(self, words: Words) -> tuple[Counter[str], Counter[str], Counter[str]]:
        return self._terms(words), sounds(words.reading), letters(words.letters)

    def rank(self, question: str | Words) -> "Ranking":
        """Compare a question with every document, once."""
        words = Sentence(question).words if isinstance(question, str) else question
        scores = np.zeros(len(self.documents), dtype=np.float32)
        if not self.documents or not words.reading:
            return Ranking(self, words, scores, np.zeros(len(self.sentences), dtype=np.float32))
        likeness = self.likeness(words)
        features = self.features(likeness)
        kinds = zip(self.learned, self._tuning.kinds.values(), features, strict=True)
        for learned, weights, table in kinds:
            *used, constant = astuple(weights)
            evidence = table @ np.array(used, dtype=np.float32) + np.float32(constant)
            scores[learned.documents] = 1 / (1 + np.exp(-evidence))
        return Ranking(self, words, scores, likeness)

    def likeness(self, words: Words) -> Numbers:
        """The likeness of a question to every sentence."""
        return _joined(self._tuning.shares, self.cosines(words).values())

    def cosines(self, words: Words) -> dict[str, Numbers]:
        """The cosine of a question with every sentence, by each way of comparing."""
        counted = self._counted(words)
        ways = zip(FIELDS, self._fields, counted, strict=True)
        cosines = {name: field.cosines(counts) for name, field, counts in ways}
        if self._meaning:
            cosines["meaning"] = self._meaning.cosines(counted[0])
        return cosines

    def said(self, beginnings: tuple[str, ...]) -> Counter[str]:
        """How many sentences say each word, of the documents whose ids begin so."""
        chosen = np.array([d.id.startswith(beginnings) for d in self.documents], dtype=np.bool_)
        return self._fields[0].said(chosen[self._owners])

    def rarity(self, words: Words) -> dict[str, float]:
        """The words of a question or a sentence, synonyms joined, and how rare each is."""
        return {term: self._fields[0].weight(term) for term in self._terms(words)}

    def features(self, likeness: Numbers) -> list[Numbers]:
        """What the weights weigh, for each kind: (documents of the kind, 2)."""
        nearest = np.maximum.reduceat(likeness * self._weight, self._starts)
        return [
            np.stack([nearest[learned.documents], learned.told(likeness)], axis=1)
            for learned in self.learned
        ]

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

    def sentences_of(self, numbers: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which sentences belong to some documents."""
        return np.isin(self._owners, numbers)

    def nearest(self, number: int, likeness: Numbers) -> int:
        """The number of a document's sentence that is nearest."""
        places = np.flatnonzero(self._owners == number)
        weighed = likeness[places] * self._weight[places]
        return int(places[np.argmax(weighed)])


def _joined(shares: Iterable[float], cosines: Iterable[Numbers]) -> Numbers:
    """The cosines of all ways of comparing, as one likeness; one that is missing says nothing."""
    likeness: Numbers | None = None
    for share, cosine in zip(shares, cosines, strict=False):
        # In place: these can be some tens of megabytes.
        np.multiply(cosine, np.float32(share), out=cosine)
        likeness = cosine if likeness is None else np.add(likeness, cosine, out=likeness)
    return np.zeros(0, dtype=np.float32) if likeness is None else likeness


@dataclass(frozen=True)
class Ranking:
    """A question compared with every document of an index."""

    index: Index
    """The index."""
    words: Words
    """The question's words."""
    scores: Numbers
    """A score for each document, 0 to 1."""
    likeness: Numbers
    """The likeness to each sentence."""

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
        ids, numbers = self.index.beginning(prefix)
        return dict(zip(ids, self.scores[numbers].tolist(), strict=True))

    def met(self, prefix: str) -> float:
        """How like the question the nearest sentence is, of documents whose ids begin so."""
        _, numbers = self.index.beginning(prefix)
        return float(self.likeness[self.index.sentences_of(numbers)].max(initial=0.0))

    def _match(self, number: int) -> Match:
        nearest = self.index.sentences[self.index.nearest(number, self.likeness)]
        score = round(min(float(self.scores[number]), 1.0), 4)
        return Match(self.index.documents[number].id, score, nearest)
