"""What each part of the search is worth: the own questions without it.

``python -m tests.quality.ablation`` prints a table; ``make eval ARGS=--write`` puts it into
``docs/quality.md``.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process, utils
from rich.console import Console
from rich.table import Table

from handlers.library import Library, document, open_library
from knowledge import search
from knowledge.search import ENTRIES, Index, Ranking, Tuning, Weights
from knowledge.slots import Slots, Understanding
from knowledge.text import Sentence, Words
from knowledge.vectors import load_vectors
from tests.quality import own
from tests.quality.measure import followed


def whole(library: Library) -> Library:
    """Everything."""
    return library


def without_vectors(library: Library) -> Library:
    """No word vectors."""
    return replace(library, index=_index(library, replace(ENTRIES, shares=search.SHARES[:3])))


def without_readings(library: Library) -> Library:
    """Nothing sounds alike."""
    return replace(library, index=_index(library, replace(ENTRIES, shares=(0.5, 0.0, 0.3, 0.2))))


def without_letters(library: Library) -> Library:
    """No parts of compounds."""
    return replace(library, index=_index(library, replace(ENTRIES, shares=(0.4, 0.4, 0.0, 0.2))))


def without_learning(library: Library) -> Library:
    """The nearest ask alone decides."""
    alone = Weights(nearest=14.0, learned=0.0, constant=-7.0)
    return replace(library, index=_index(library, Tuning(dict.fromkeys(ENTRIES.kinds, alone))))


def without_slots(library: Library) -> Library:
    """Nothing is read exactly: no places, numbers, years, topics."""
    return replace(library, understanding=_Blind(library.understanding))


def rapidfuzz_alone(library: Library) -> Library:
    """Letter by letter, nothing else; slots as they are."""
    return replace(library, index=_Fuzzy(library))


PARTS: Final[Mapping[str, Callable[[Library], Library]]] = {
    "everything": whole,
    "without word vectors": without_vectors,
    "without readings": without_readings,
    "without letters": without_letters,
    "without what the asks teach": without_learning,
    "without slots": without_slots,
    "rapidfuzz alone (ratio on asks)": rapidfuzz_alone,
}


class _Blind(Understanding):
    """Reads only the language."""

    def __init__(self, whole: Understanding) -> None:
        vars(self).update(vars(whole))

    def slots(self, text: str | Sentence) -> Slots:
        return Slots(language=super().slots(text).language)


class _Fuzzy(Index):
    """Likeness by rapidfuzz alone."""

    def __init__(self, library: Library) -> None:
        super().__init__(map(document, library.knowledge.entries.values()), tuning=ENTRIES)
        self._asks = [utils.default_process(sentence) for sentence in self.sentences]

    def rank(self, question: str | Words) -> Ranking:
        words = Sentence(question).words if isinstance(question, str) else question
        ratios = process.cdist([words.letters], self._asks, scorer=fuzz.ratio)[0]
        likeness = ratios.astype(np.float32) / 100
        scores = np.maximum.reduceat(likeness, self._starts)
        return Ranking(self, words, scores, likeness)


def _index(library: Library, tuning: Tuning) -> Index:
    documents = map(document, library.knowledge.entries.values())
    vectors = load_vectors() if len(tuning.shares) == len(search.SHARES) else None
    return Index(documents, library.lexicon.synonyms, vectors, tuning)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    part: str
    """What is left out."""
    values: dict[str, float]
    """The share of own questions answered rightly, by kind."""


def lines(library: Library) -> Iterator[Line]:
    """The own questions without each part in turn."""
    for name, without in followed(list(PARTS.items()), "ablation"):
        measures, _ = own.measured(without(library))
        yield Line(name, {m.name.partition(": ")[2]: m.value for m in measures})


def main() -> int:
    """Print the table."""
    found = list(lines(open_library()))
    table = Table("", *found[0].values)
    for line in found:
        table.add_row(line.part, *(f"{value:.3f}" for value in line.values.values()))
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
