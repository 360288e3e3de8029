"""Which of thousands of curated phrases a sentence contains, in microseconds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

from knowledge.text import Lemma, ends_inflected, fold, lemmas

Key = TypeVar("Key", bound=str)

_HEAD: Final = 2
"""Phrases are looked up by so many first letters."""
_BARE: Final = "無い"
"""What よなき is cut into; alone it says nothing."""


class Phrases(Generic[Key]):
    """Phrases found as they stand, in folded text."""

    def __init__(self, lists: Mapping[Key, Iterable[str]]) -> None:
        """Fold the phrases and file them by their first letters."""
        self._by_head: dict[str, dict[str, list[Key]]] = defaultdict(dict)
        for key, phrases in lists.items():
            for phrase in dict.fromkeys(map(fold, phrases)):
                if phrase:
                    self._by_head[phrase[:_HEAD]].setdefault(phrase, []).append(key)

    def found(self, folded: str) -> dict[Key, set[str]]:
        """The phrases a folded text contains, by what they show."""
        found: dict[Key, set[str]] = {}
        for start in range(len(folded)):
            for head in (folded[start : start + _HEAD], folded[start]):
                for phrase, keys in self._by_head.get(head, {}).items():
                    if folded.startswith(phrase, start):
                        for key in keys:
                            found.setdefault(key, set()).add(phrase)
        return found


class InflectedPhrases(Generic[Key]):
    """Phrases that end in a verb or an adjective, found whatever the inflection."""

    def __init__(
        self, lists: Mapping[Key, Iterable[str]], settling: Mapping[Key, Iterable[str]]
    ) -> None:
        """Cut the phrases into words; one word alone counts only if it is ``settling``."""
        self._starting: dict[Lemma, dict[tuple[tuple[Lemma, ...], Key], str]] = defaultdict(dict)
        for key, phrases in lists.items():
            settles = set(settling.get(key, ()))
            for phrase in filter(ends_inflected, phrases):
                said = lemmas(phrase)
                # One word alone (食べる, 出る) says too little unless it settles the topic.
                alone = len(said) == 1 and (phrase not in settles or said[0].form == _BARE)
                if said and said[-1].inflected and not alone:
                    # さみしい and 寂しい are one word: only the first spelling counts.
                    self._starting[said[0]].setdefault((said, key), fold(phrase))

    def found(self, said: tuple[Lemma, ...]) -> dict[Key, set[str]]:
        """The phrases a sentence says, folded, by what they show."""
        found: dict[Key, set[str]] = {}
        for start, lemma in enumerate(said):
            for (phrase, key), folded in self._starting.get(lemma, {}).items():
                if said[start : start + len(phrase)] == phrase:
                    found.setdefault(key, set()).add(folded)
        return found


def maximal(phrases: Iterable[str]) -> list[str]:
    """The phrases that are not part of a longer one."""
    longest_first = sorted(phrases, key=len, reverse=True)
    kept: list[str] = []
    for phrase in longest_first:
        if not any(phrase in other for other in kept):
            kept.append(phrase)
    return kept
