"""What a person can say to a window: curated sentences for every topic, in six languages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.replies import ABROAD, BASE
from knowledge.vocabulary import Topic

TO_SAY: Final = "phrases_to_say.yaml"

Phrase = Mapping[str, Text]
"""One sentence by language; Japanese is what the window hears."""


class PhraseFile(Shape):
    """``phrases_to_say.yaml``."""

    anything: tuple[Phrase, ...]
    """Sentences that fit every trouble."""
    abroad: tuple[Phrase, ...]
    """Sentences for people who speak another language than Japanese."""
    topics: Mapping[Topic, tuple[Phrase, ...]]
    """Sentences of each topic."""


class PhrasesToSay:
    """Finds the sentences for a topic."""

    def __init__(self, data: Path = DATA) -> None:
        """Read the sentences.

        Raises:
            KnowledgeError: the file is broken.
        """
        self._file = shape(read_yaml(data / TO_SAY), PhraseFile)

    def of(self, topic: Topic, language: str) -> list[tuple[str, str]]:
        """Japanese sentences, each with the person's own language beside it (else English)."""
        foreign = () if language == BASE else self._file.abroad
        phrases = (*self._file.topics.get(topic, ()), *self._file.anything, *foreign)
        return [(phrase[BASE], phrase.get(language, phrase[ABROAD])) for phrase in phrases]
