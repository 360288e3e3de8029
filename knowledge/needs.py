"""How a person wants to be helped, whose trouble it is, how old they are: words and their company.

``words.yaml`` lists whole phrases; here «LINE» counts where «で話したい» follows, and not in «LINE
で悪口». All of it is read from text without signs and spaces, katakana as hiragana.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import Sentence, fold, hiragana
from knowledge.vocabulary import About, Age, Need

_GAP: Final = "[^。、!?\n がてた]{0,12}?"
"""Between a time and what is asked of it: no other sentence, no story."""
_LINKS: Final = (
    "(?:が|は|も|で|を|に|って|での?会話|をかける|をするの|するの|かけるの|話す|の|ちょっと){0,3}"
)
"""Between a way and that it cannot be used."""
_TOKENS: Final = 6
"""So few words between spaces are a search: ゲイ 悩み LINE."""
_TYPED: Final = re.compile("(?<=[ぁ-ゖa-z])d(?=[ぁ-ゖ一-龥])")
"""A d left over of a で."""


class NeedFile(Shape):
    """``needs.yaml``."""

    ways: Mapping[Need, tuple[Text, ...]]
    """Names of ways to talk."""
    wanted: tuple[Text, ...]
    """What follows a way that is wanted."""
    refused: tuple[Text, ...]
    """What follows a way that cannot be used."""
    told: tuple[Text, ...]
    """What follows a way that is only part of the story."""
    told_before: tuple[Text, ...]
    """What stands before a way that is only part of the story."""
    instead: Mapping[Need, Need]
    """What is wanted where a way cannot be used."""
    times: Mapping[Need, tuple[Text, ...]]
    """Names of times."""
    asked: tuple[Text, ...]
    """What follows a time at which somebody wants to talk."""
    open: tuple[Text, ...]
    """Words that ask whether a window is open now."""
    spoken: Mapping[str, tuple[Text, ...]]
    """Names of languages."""
    no_people: tuple[Text, ...]
    """Words that hold one of those below and name nobody."""
    about: Mapping[About, tuple[Text, ...]]
    """Words for whose trouble it is."""
    ages: Mapping[Age, tuple[Text, ...]]
    """Words for how old the person is."""


class NeedReader:
    """Reads needs, languages asked for, whose trouble it is, and ages."""

    def __init__(self, file: NeedFile) -> None:
        """Take the words."""
        self._file = file

    @classmethod
    def load(cls, data: Path = DATA) -> "NeedReader":
        """Read the words.

        Raises:
            KnowledgeError: the file is broken.
        """
        return cls(shape(read_yaml(data / "needs.yaml"), NeedFile))

    def needs(self, sentence: Sentence) -> frozenset[Need]:
        """Properties asked of a window."""
        return frozenset((*self._ways(sentence), *self._times(sentence)))

    def _ways(self, sentence: Sentence) -> Iterator[Need]:
        text = _TYPED.sub("で", sentence.folded)
        for need, (wanted, refused, keyword) in self._way_patterns.items():
            if refused.search(text):
                yield from (self._file.instead[n] for n in (need,) if n in self._file.instead)
            elif wanted.search(text) or _is_keyword(sentence, keyword):
                yield need

    def _times(self, sentence: Sentence) -> Iterator[Need]:
        text = hiragana(sentence.normal.lower()).replace(" ", "")
        yield from (need for need, pattern in self._time_patterns.items() if pattern.search(text))
        if self._open.search(sentence.folded):
            yield Need.OPEN_NOW

    def speaks(self, sentence: Sentence) -> str | None:
        """The language a sentence names, if it names one."""
        return _first(self._spoken, sentence.folded)

    def about(self, sentence: Sentence) -> About:
        """Whose trouble it is; one's own where nobody else is named."""
        return About(_first(self._about, self._people(sentence)) or About.ME)

    def age(self, sentence: Sentence) -> Age | None:
        """How old the person is who writes, as far as the words tell."""
        found = _first(self._ages, self._people(sentence))
        return Age(found) if found else None

    def _people(self, sentence: Sentence) -> str:
        """The text without words that only look as if they named somebody: 大丈夫."""
        return re.sub(_any(self._file.no_people), "・", sentence.folded)

    @cached_property
    def _way_patterns(
        self,
    ) -> dict[Need, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
        file = self._file
        before = "".join(f"(?<!{re.escape(word)})" for word in map(fold, file.told_before))
        patterns = {}
        for need, names in file.ways.items():
            name = f"{before}{_any(names)}"
            patterns[need] = (
                re.compile(f"{name}(?!{_any(file.told)}){_any(file.wanted)}"),
                re.compile(f"{name}{_LINKS}{_any(file.refused)}"),
                re.compile(_any(names)),
            )
        return patterns

    @cached_property
    def _time_patterns(self) -> dict[Need, re.Pattern[str]]:
        asked = _any(self._file.asked)
        times = self._file.times.items()
        return {need: re.compile(f"{_any(names)}{_GAP}{asked}") for need, names in times}

    @cached_property
    def _open(self) -> re.Pattern[str]:
        return re.compile(_any(self._file.open))

    @cached_property
    def _spoken(self) -> dict[str, re.Pattern[str]]:
        return {code: re.compile(_any(names)) for code, names in self._file.spoken.items()}

    @cached_property
    def _about(self) -> dict[str, re.Pattern[str]]:
        return {about: re.compile(_any(names)) for about, names in self._file.about.items()}

    @cached_property
    def _ages(self) -> dict[str, re.Pattern[str]]:
        return {age: re.compile(_any(names)) for age, names in self._file.ages.items()}


def _any(names: Iterable[str]) -> str:
    longest_first = sorted({fold(name) for name in names}, key=lambda name: (-len(name), name))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def _first(patterns: Mapping[str, re.Pattern[str]], folded: str) -> str | None:
    return next((key for key, pattern in patterns.items() if pattern.search(folded)), None)


def _is_keyword(sentence: Sentence, name: re.Pattern[str]) -> bool:
    """Whether a way stands alone among the few words of a search."""
    tokens = sentence.normal.split()
    few = 1 < len(tokens) <= _TOKENS
    return few and any(name.fullmatch(fold(token)) for token in tokens)
