"""The curated word lists: by which words people show a topic, a need, an activity, a facet."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import fold, words
from knowledge.vocabulary import Activity, Need, Topic

Key = TypeVar("Key", bound=str)


class OutOfScope(Shape):
    """A subject that people ask about and the two documents do not cover."""

    id: Text
    """Its id: rate, ceiling, deadline."""
    label: Text
    """What it is called in the reply: 補助率."""
    words: tuple[Text, ...]
    """Words that mark the subject, even where other words overlap."""
    unless: tuple[Text, ...] = ()
    """Words beside which it is another matter after all."""
    asks: tuple[Text, ...] = ()
    """Example questions."""


class WordFile(Shape):
    """``words.yaml``."""

    topics: Mapping[Topic, tuple[Text, ...]]
    """Phrases by which people show that their trouble is of a topic."""
    strong: Mapping[Topic, tuple[Text, ...]]
    """The phrases that settle a topic by themselves."""
    needs: Mapping[Need, tuple[Text, ...]]
    """Phrases that ask for a property of a window."""
    languages: Mapping[str, tuple[Text, ...]]
    """Words by which a message in a language is recognised."""
    activities: Mapping[Activity, tuple[Text, ...]]
    """Phrases that ask for programs with an activity."""
    facets: Mapping[str, tuple[Text, ...]]
    """Other words for a facet as the programs write it."""
    groups: tuple[tuple[Text, ...], ...]
    """Synonyms: each group is one meaning."""
    smalltalk: Mapping[str, tuple[Text, ...]]
    """Messages that are only a greeting, thanks and the like."""
    wordless: tuple[Text, ...]
    """Messages that say only that somebody is in trouble."""


class ScopeFile(Shape):
    """``out_of_scope.yaml``."""

    subjects: tuple[OutOfScope, ...]
    """Every subject."""


@dataclass(frozen=True)
class Lexicon:
    """The word lists, folded for matching."""

    file: WordFile
    """The lists as curated."""
    out_of_scope: tuple[OutOfScope, ...]
    """Subjects outside the documents."""

    @classmethod
    def load(cls, data: Path = DATA) -> "Lexicon":
        """Read the word lists.

        Raises:
            KnowledgeError: a file is broken.
        """
        lists = shape(read_yaml(data / "words.yaml"), WordFile)
        scope = shape(read_yaml(data / "out_of_scope.yaml"), ScopeFile)
        return cls(lists, scope.subjects)

    @cached_property
    def _topics(self) -> dict[Topic, tuple[str, ...]]:
        return _folded(self.file.topics)

    @cached_property
    def _strong(self) -> dict[Topic, tuple[str, ...]]:
        return _folded(self.file.strong)

    @cached_property
    def _needs(self) -> dict[Need, tuple[str, ...]]:
        return _folded(self.file.needs)

    @cached_property
    def _activities(self) -> dict[Activity, tuple[str, ...]]:
        return _folded(self.file.activities)

    @cached_property
    def _facets(self) -> dict[str, tuple[str, ...]]:
        return {
            facet: tuple({fold(facet), *map(fold, others)})
            for facet, others in self.file.facets.items()
        }

    @cached_property
    def _smalltalk(self) -> dict[str, str]:
        return {fold(word): kind for kind, group in self.file.smalltalk.items() for word in group}

    @cached_property
    def _wordless(self) -> frozenset[str]:
        return frozenset(map(fold, self.file.wordless))

    @cached_property
    def _synonyms(self) -> dict[str, str]:
        """Every word form of a group → the first word's form."""
        joined: dict[str, str] = {}
        for group in self.file.groups:
            forms = [words(word).forms for word in group]
            single = [form[0] for form in forms if len(form) == 1]
            joined |= {form: single[0] for form in single if form not in joined}
        return joined

    def topics(self, folded: str) -> dict[Topic, float]:
        """Topics with weights: the letters of the phrases found, strong ones doubled."""
        found: dict[Topic, float] = {}
        for topic, phrases in self._topics.items():
            weight = sum(len(phrase) for phrase in _maximal(phrases, folded))
            weight += sum(len(phrase) for phrase in _maximal(self._strong.get(topic, ()), folded))
            if weight:
                found[topic] = float(weight)
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def needs(self, folded: str) -> tuple[Need, ...]:
        """Properties a sentence asks for."""
        return _named(self._needs, folded)

    def activities(self, folded: str) -> tuple[Activity, ...]:
        """Activities a sentence names."""
        return _named(self._activities, folded)

    def facets(self, folded: str) -> tuple[str, ...]:
        """Facets a sentence names, as the programs write them."""
        return _named(self._facets, folded)

    def smalltalk(self, folded: str) -> str | None:
        """The kind of small talk, if the message is nothing else."""
        if folded in self._smalltalk:
            return self._smalltalk[folded]
        rest, kinds = folded, []
        for _ in range(_TALK_PARTS):  # ありがとう、助かりました
            start = max((p for p in self._smalltalk if rest.startswith(p)), key=len, default="")
            if not start:
                return None
            kinds.append(self._smalltalk[start])
            rest = rest.removeprefix(start)
            if not rest:
                return kinds[0]
        return None

    def wordless(self, folded: str) -> bool:
        """Whether the message says only that somebody is in trouble."""
        return folded in self._wordless

    def joined(self, form: str) -> str:
        """The form that stands for all its synonyms."""
        return self._synonyms.get(form, form)

    def subject(self, folded: str) -> OutOfScope | None:
        """The subject outside the documents that a sentence names."""
        for subject, marks, unless in self._scope:
            if any(m in folded for m in marks) and not any(word in folded for word in unless):
                return subject
        return None

    @cached_property
    def _scope(self) -> list[tuple[OutOfScope, tuple[str, ...], tuple[str, ...]]]:
        return [
            (subject, tuple(map(fold, subject.words)), tuple(map(fold, subject.unless)))
            for subject in self.out_of_scope
        ]


_TALK_PARTS: Final = 3


def _folded(lists: Mapping[Key, tuple[str, ...]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(map(fold, phrases))) for key, phrases in lists.items()}


def _named(lists: Mapping[Key, tuple[str, ...]], folded: str) -> tuple[Key, ...]:
    return tuple(key for key, phrases in lists.items() if any(p in folded for p in phrases))


def _maximal(phrases: tuple[str, ...], folded: str) -> list[str]:
    """The phrases found that are not part of a longer one found."""
    found = [phrase for phrase in phrases if phrase in folded]
    return [p for p in found if not any(p != other and p in other for other in found)]
