"""Finds the entry of a FAQ that answers a question: one question and a long answer each.

Three likenesses between a question and an entry are added up:

- words: BM25 over question and answer, in which a word also finds the words nearest to it: each
  word of the question counts as much as it is rare and says something, times the best of the
  entry's words, times the square of their likeness (1 for the word itself);
- topic: the angle between the sums of word vectors of the question and of the whole entry;
- sense: the same between the question and the entry's question.

First the entries with the question's words or their nearest neighbours are gathered by an inverted
index; only the best of them are compared in full, all at once, in flat arrays: time grows little
with the number of entries. How the constants were chosen is in docs/quality.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.directions import Directions, unit
from knowledge.field import Arrays, Numbers, packed, unpacked
from knowledge.related import Related
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.text import Said, Sentence
from knowledge.vectors import Vectors

K1: Final = 1.2
B: Final = 0.75
"""BM25's usual: how soon a word said again counts less, how much a long text is held back."""
CANDIDATES: Final = 100
"""So many entries are compared in full."""
CLOSE: Final = 0.6
"""Neighbours at least this near gather entries, too."""
WORDS, TOPIC, SENSE = 1.0, 7.0, 15.0
"""How much each likeness counts."""
MIDDLE, WIDTH = 16.0, 4.0
"""The sum at which an entry is as likely right as wrong, and how fast that changes."""

Text = Mapping[str, Said]


class Row(Protocol):
    """One entry of a FAQ."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def question(self) -> str:
        """How it is asked."""

    @property
    def answer(self) -> str:
        """What is answered."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry found."""

    id: str
    """Its id."""
    score: float
    """How probably it answers the question, 0 to 1."""


class _Asked(NamedTuple):
    """One word of a question."""

    weight: float
    """How rare it is, times how much it says."""
    vector: Numbers
    """Its vector; zeros where it has none."""
    near: NDArray[np.int32]
    """The words of the vocabulary that are near, itself among them."""
    likeness: Numbers
    """How near they are."""


class FaqIndex:
    """The entries of a FAQ, made searchable."""

    def __init__(self, rows: Sequence[Row], vectors: Vectors, shelf: Shelf = NO_SHELF) -> None:
        """Index the entries; ``shelf`` keeps what takes seconds to make."""
        self._ids = [row.id for row in rows]
        self._vectors = vectors
        contents = [text for row in rows for text in (row.id, row.question, row.answer)]
        arrays = shelf.arrays("faq", [repr(vectors), *contents], lambda: _made(rows, vectors))
        self._number = {word: at for at, word in enumerate(unpacked(arrays["words"]))}
        self._entry_starts = arrays["entry.starts"].astype(np.int64)
        self._entry_words = arrays["entry.words"].astype(np.int32)
        self._entry_values = arrays["entry.values"].astype(np.float32)
        self._word_starts = arrays["word.starts"].astype(np.int64)
        self._word_entries = arrays["word.entries"].astype(np.int32)
        self._word_values = arrays["word.values"].astype(np.float32)
        self._rarity = arrays["rarity"].astype(np.float32)
        self._rarest = float(_rarity(len(rows), np.zeros(1, dtype=np.intp))[0])
        self._related = Related(arrays)
        self._topics = Directions(arrays, "topics")
        self._senses = Directions(arrays, "senses")

    def search(self, question: str, limit: int = 10) -> list[Match]:
        """The best entries for a question, best first; ties in the entries' order."""
        words = self._asked(Sentence(question).said)
        chosen = self._candidates(words)
        if not len(chosen):
            return []
        total = sum(word.weight * word.vector for word in words)
        direction = unit(np.asarray(total, dtype=np.float32))
        sums = (
            WORDS * self._by_words(words, chosen)
            + TOPIC * self._topics.cosines(direction, chosen)
            + SENSE * self._senses.cosines(direction, chosen)
        )
        scores = 1 / (1 + np.exp((MIDDLE - sums) / WIDTH))
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Match(self._ids[chosen[n]], round(float(scores[n]), 4)) for n in best]

    def _asked(self, said: Text) -> list[_Asked]:
        """The question's words, each with the words of the vocabulary that are near."""
        known = [(self._number[form], word) for form, word in said.items() if form in self._number]
        words = [
            _Asked(
                word.weight * float(self._rarity[number]),
                self._related.table[number],
                *self._related.to(number),
            )
            for number, word in known
        ]
        strange = [(form, word) for form, word in said.items() if form not in self._number]
        vectors = [self._vectors.of(form) for form, _ in strange]
        near = self._related.to_vectors([vector for vector in vectors if vector is not None])
        for (_, word), vector in zip(strange, vectors, strict=True):
            if vector is not None:  # a word that nobody knows finds nothing
                words.append(_Asked(word.weight * self._rarest, vector, *next(near)))
        return words

    def _candidates(self, words: Sequence[_Asked]) -> NDArray[np.intp]:
        """The entries with the most of the question's words and their close neighbours."""
        entries, values = [], []
        for word in words:
            close = np.flatnonzero(word.likeness >= CLOSE)
            weights = word.weight * word.likeness[close] ** 2
            for number, weight in zip(word.near[close].tolist(), weights.tolist(), strict=True):
                span = slice(self._word_starts[number], self._word_starts[number + 1])
                entries.append(self._word_entries[span])
                values.append(self._word_values[span] * np.float32(weight))
        if not entries:
            return np.zeros(0, dtype=np.intp)
        sums = np.bincount(np.concatenate(entries), np.concatenate(values), len(self._ids))
        found = np.flatnonzero(sums)
        if len(found) > CANDIDATES:
            found = found[np.argpartition(-sums[found], CANDIDATES)[:CANDIDATES]]
        return np.sort(found)

    def _by_words(self, words: Sequence[_Asked], chosen: NDArray[np.intp]) -> Numbers:
        """BM25 with neighbours, of the chosen entries."""
        likeness = np.zeros((len(words), len(self._number)), dtype=np.float32)
        for row, word in zip(likeness, words, strict=True):
            row[word.near] = word.likeness**2
        sizes = self._entry_starts[chosen + 1] - self._entry_starts[chosen]
        begins = np.cumsum(sizes) - sizes
        places = np.arange(int(sizes.sum())) + np.repeat(
            self._entry_starts[chosen] - begins, sizes
        )
        met = np.flatnonzero(np.any(likeness, axis=0)[self._entry_words[places]])
        places, owners = places[met], np.repeat(np.arange(len(chosen)), sizes)[met]
        each = likeness[:, self._entry_words[places]] * self._entry_values[places]
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        weights = np.array([word.weight for word in words], dtype=np.float32)
        scores = np.zeros(len(chosen), dtype=np.float32)
        scores[owners[first]] = weights @ np.maximum.reduceat(each, first, axis=1)
        return scores


def _made(rows: Sequence[Row], vectors: Vectors) -> Arrays:
    """Everything that takes time to make."""
    asked = [Sentence(row.question).said for row in rows]
    told = [_both(q, Sentence(row.answer).said) for q, row in zip(asked, rows, strict=True)]
    words = dict.fromkeys(form for text in told for form in text)
    number = {form: at for at, form in enumerate(words)}
    related = Related.made(list(words), vectors)
    counted = _counted(told, number)
    table = Related(related).table * counted["rarity"].astype(np.float32)[:, None]
    return {
        **related,
        **counted,
        "words": packed(words),
        **Directions.made(_sums(told, number, table), "topics"),
        **Directions.made(_sums(asked, number, table), "senses"),
    }


def _counted(told: Sequence[Text], number: Mapping[str, int]) -> Arrays:
    """The entries' words, by entry and by word."""
    sizes = np.array([len(text) for text in told], dtype=np.int64)
    lengths = np.array([sum(w.times for w in t.values()) for t in told], dtype=np.float32)
    held_back = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if told else 1.0, 1.0))
    entries = np.repeat(np.arange(len(told), dtype=np.int32), sizes)
    times = np.array([w.times for text in told for w in text.values()], dtype=np.float32)
    words = np.array([number[form] for text in told for form in text], dtype=np.int32)
    values = times * (K1 + 1) / (times + held_back[entries])
    order = np.argsort(words, kind="stable")
    seen = np.bincount(words, minlength=len(number))
    return {
        "entry.starts": np.r_[0, np.cumsum(sizes)],
        "entry.words": words,
        "entry.values": values,
        "word.starts": np.r_[0, np.cumsum(seen)],
        "word.entries": entries[order],
        "word.values": values[order],
        "rarity": _rarity(len(told), seen),
    }


def _rarity(size: int, seen: NDArray[np.intp]) -> Numbers:
    rarity: Numbers = np.log(1 + (size - seen + 0.5) / (seen + 0.5)).astype(np.float32)
    return rarity


def _sums(texts: Sequence[Text], number: Mapping[str, int], table: Numbers) -> Numbers:
    """The sum of each text's word vectors, weighted by rarity and by what they say."""
    sums = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
    for entry, text in enumerate(texts):
        weights = np.array([word.weight for word in text.values()], dtype=np.float32)
        sums[entry] = weights @ table[[number[form] for form in text]]
    return sums


def _both(one: Text, other: Text) -> dict[str, Said]:
    joined = dict(one)
    for form, word in other.items():
        times = joined[form].times if form in joined else 0
        joined[form] = Said(times + word.times, word.weight)
    return joined
