"""The curated word lists: by which words people show a topic, a need, an activity, a facet."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, TypeVar

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import Lemma, ends_inflected, fold, lemmas, words
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
    programs: tuple[Text, ...]
    """Words beside a prefecture's name that ask for its program or its place on the list."""
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
    def _topic_lemmas(self) -> "_LemmaPhrases[Topic]":
        return _LemmaPhrases(self.file.topics, self.file.strong)

    @cached_property
    def _need_lemmas(self) -> "_LemmaPhrases[Need]":
        return _LemmaPhrases(self.file.needs, {})

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
    def _programs(self) -> tuple[str, ...]:
        return tuple(map(fold, self.file.programs))

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

    def topics(self, folded: str, said: tuple[Lemma, ...] = ()) -> dict[Topic, float]:
        """Topics with weights: the letters of the phrases found, strong ones doubled.

        A phrase is found as it stands, or, if it ends in a verb or an adjective, whatever its
        inflection: 眠れない in 眠れません.
        """
        inflected = self._topic_lemmas.found(said)
        found: dict[Topic, float] = {}
        for topic, phrases in self._topics.items():
            named = {*_maximal(phrases, folded), *inflected.get(topic, ())}
            weight = sum(map(len, named))
            strong = self._strong.get(topic, ())
            weight += sum(len(phrase) for phrase in _maximal(strong, folded))
            if weight:
                found[topic] = float(weight)
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def needs(self, folded: str, said: tuple[Lemma, ...] = ()) -> tuple[Need, ...]:
        """Properties a sentence asks for."""
        inflected = self._need_lemmas.found(said)
        return tuple(dict.fromkeys((*_named(self._needs, folded), *inflected)))

    def activities(self, folded: str) -> tuple[Activity, ...]:
        """Activities a sentence names."""
        return _named(self._activities, folded)

    def facets(self, folded: str) -> tuple[str, ...]:
        """Facets a sentence names, as the programs write them."""
        return _named(self._facets, folded)

    def asks_program(self, folded: str) -> bool:
        """Whether a sentence asks for a prefecture's program, or whether it is listed."""
        return any(word in folded for word in self._programs)

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
_BARE: Final = "無い"
"""What よなき is cut into; alone it says nothing."""


def _folded(lists: Mapping[Key, tuple[str, ...]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(map(fold, phrases))) for key, phrases in lists.items()}


def _named(lists: Mapping[Key, tuple[str, ...]], folded: str) -> tuple[Key, ...]:
    return tuple(key for key, phrases in lists.items() if any(p in folded for p in phrases))


def _maximal(phrases: tuple[str, ...], folded: str) -> list[str]:
    """The phrases found that are not part of a longer one found."""
    found = [phrase for phrase in phrases if phrase in folded]
    return [p for p in found if not any(p != other and p in other for other in found)]


class _LemmaPhrases(Generic[Key]):
    """Phrases that end in a verb or an adjective, found whatever the inflection."""

    def __init__(
        self,
        lists: Mapping[Key, tuple[str, ...]],
        settling: Mapping[Key, tuple[str, ...]],
    ) -> None:
        self._starting: dict[Lemma, dict[tuple[tuple[Lemma, ...], Key], str]] = {}
        for key, phrases in lists.items():
            for phrase in filter(ends_inflected, phrases):
                said = lemmas(phrase)
                # One word alone (食べる, 出る) says too little unless it settles the topic.
                alone = len(said) == 1 and (
                    phrase not in settling.get(key, ()) or said[0].form == _BARE
                )
                if said and said[-1].inflected and not alone:
                    # さみしい and 寂しい are one word: only the first spelling counts.
                    self._starting.setdefault(said[0], {}).setdefault((said, key), fold(phrase))

    def found(self, said: tuple[Lemma, ...]) -> dict[Key, set[str]]:
        """The phrases a sentence says, folded, by what they show."""
        found: dict[Key, set[str]] = {}
        for start, lemma in enumerate(said):
            for (phrase, key), folded in self._starting.get(lemma, {}).items():
                if said[start : start + len(phrase)] == phrase:
                    found.setdefault(key, set()).add(folded)
        return found
