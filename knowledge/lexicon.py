"""The curated word lists: by which words people show a topic, a need, an activity, a facet."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.phrases import InflectedPhrases, Phrases, maximal
from knowledge.text import Lemma, fold, words
from knowledge.vocabulary import Activity, Need, Topic


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
    def _topics(self) -> Phrases[Topic]:
        return Phrases(self.file.topics)

    @cached_property
    def _inflected_topics(self) -> InflectedPhrases[Topic]:
        return InflectedPhrases(self.file.topics, self.file.strong)

    @cached_property
    def _strong(self) -> Phrases[Topic]:
        return Phrases(self.file.strong)

    @cached_property
    def _needs(self) -> Phrases[Need]:
        return Phrases(self.file.needs)

    @cached_property
    def _inflected_needs(self) -> InflectedPhrases[Need]:
        return InflectedPhrases(self.file.needs, {})

    @cached_property
    def _activities(self) -> Phrases[Activity]:
        return Phrases(self.file.activities)

    @cached_property
    def _facets(self) -> Phrases[str]:
        facets = self.file.facets.items()
        return Phrases({facet: (facet, *others) for facet, others in facets})

    @cached_property
    def _programs(self) -> Phrases[str]:
        return Phrases({"programs": self.file.programs})

    @cached_property
    def _smalltalk(self) -> dict[str, str]:
        return {fold(word): kind for kind, group in self.file.smalltalk.items() for word in group}

    @cached_property
    def _wordless(self) -> frozenset[str]:
        return frozenset(map(fold, self.file.wordless))

    @cached_property
    def synonyms(self) -> dict[str, str]:
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
        named = self._topics.found(folded)
        inflected = self._inflected_topics.found(said)
        strong = self._strong.found(folded)
        found: dict[Topic, float] = {}
        for topic in Topic:
            phrases = {*maximal(named.get(topic, ())), *inflected.get(topic, ())}
            letters = sum(map(len, (*phrases, *maximal(strong.get(topic, ())))))
            if letters:
                found[topic] = float(letters)
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def needs(self, folded: str, said: tuple[Lemma, ...] = ()) -> tuple[Need, ...]:
        """Properties a sentence asks for."""
        found = {*self._needs.found(folded), *self._inflected_needs.found(said)}
        return tuple(need for need in Need if need in found)

    def activities(self, folded: str) -> tuple[Activity, ...]:
        """Activities a sentence names."""
        found = self._activities.found(folded)
        return tuple(activity for activity in Activity if activity in found)

    def facets(self, folded: str) -> tuple[str, ...]:
        """Facets a sentence names, as the programs write them."""
        found = self._facets.found(folded)
        return tuple(facet for facet in self.file.facets if facet in found)

    def asks_program(self, folded: str) -> bool:
        """Whether a sentence asks for a prefecture's program, or whether it is listed."""
        return bool(self._programs.found(folded))

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

    def subject(self, folded: str) -> OutOfScope | None:
        """The subject outside the documents that a sentence names."""
        marked, spared = self._scope.found(folded), self._spared.found(folded)
        return next((s for s in self.out_of_scope if s.id in marked and s.id not in spared), None)

    @cached_property
    def _scope(self) -> Phrases[str]:
        return Phrases({subject.id: subject.words for subject in self.out_of_scope})

    @cached_property
    def _spared(self) -> Phrases[str]:
        return Phrases({subject.id: subject.unless for subject in self.out_of_scope})


_TALK_PARTS: Final = 3
"""So many greetings and thanks in a row are still only that."""
