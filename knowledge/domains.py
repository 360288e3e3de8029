"""Which kind of matter words speak of: the rules, people's troubles, or what nobody here knows.

Naive Bayes over the asks: how much oftener a word stands in the asks of one kind than of another.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

_PRIOR: Final = 0.5
"""What every word counts before it is seen."""


class Domain(StrEnum):
    """What a message is about."""

    RULES = "rules"
    WINDOWS = "windows"
    OUTSIDE = "outside"


class Domains:
    """Weighs words."""

    def __init__(self, counts: Mapping[Domain, Counter[str]], synonyms: Mapping[str, str]) -> None:
        """Take how many asks of every kind say a word, synonyms joined."""
        self._counts = counts
        self._synonyms = synonyms
        every = set().union(*counts.values())
        self._totals = {
            domain: counted.total() + _PRIOR * max(len(every), 1)
            for domain, counted in counts.items()
        }

    def odds(self, forms: Iterable[str], one: Domain, other: Domain) -> float:
        """How much the words speak for one kind over another; 0 where they say nothing."""
        said = {self._synonyms.get(form, form) for form in forms}
        total = sum(self._weight(form, one) - self._weight(form, other) for form in said)
        return total / math.sqrt(len(said) or 1)

    def _weight(self, form: str, domain: Domain) -> float:
        return math.log((self._counts[domain][form] + _PRIOR) / self._totals[domain])
