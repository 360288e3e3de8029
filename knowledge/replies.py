"""Every sentence the assistant says, by key and language.

What people looking for help read is curated in ``data/replies/<language>.yaml``, one file for each
language; what members and staff read, in ``data/replies*.yaml``, a key with all its languages.
"""

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from knowledge.entries import Window
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, Document, Place, read_yaml
from knowledge.vocabulary import Channel

BASE: Final = "ja"
"""The language every sentence has."""
ABROAD: Final = "en"
"""The language for people whose own has no sentence here."""
EASY: Final = "ja-easy"
"""やさしい日本語: short words and sentences, for those who learn Japanese."""
FRAME: Final = (BASE, EASY, ABROAD, "zh", "pt", "vi")
"""The languages with a file of sentences; Chinese is in simplified characters."""


@dataclass(frozen=True, slots=True)
class Replies:
    """The sentences."""

    texts: dict[str, dict[str, str]]
    """{key: {language: sentence with {placeholders}}}."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Numbers that sentences name: {yorisoi} is filled from the record of window/yorisoi."""

    def with_numbers_of(self, windows: Iterable[Window]) -> "Replies":
        """The same sentences; a window's number is {its_slug}, so it stands in one place only."""
        numbers = {
            window.id.partition("/")[2].replace("-", "_"): contact.value
            for window in windows
            for contact in reversed(window.contacts)
            if contact.kind is Channel.PHONE
        }
        return replace(self, numbers=numbers)

    def say(self, key: str, language: str = BASE, **values: str) -> str:
        """The sentence of a key, filled in.

        Raises:
            KeyError: no such key, or a placeholder without a value: a mistake in the program.
        """
        spoken = self.texts[key]
        known = next(code for code in (language, *_instead(language)) if code in spoken)
        return spoken[known].format_map({**self.numbers, **values})


def _instead(language: str) -> tuple[str, ...]:
    """The languages that stand in for one, the nearest first."""
    return (BASE,) if language in {BASE, EASY} else (ABROAD, BASE)


def load_replies(data: Path = DATA) -> Replies:
    """Load the sentences of all ``replies*.yaml`` and ``replies/*.yaml``.

    A key may lack any language but Japanese: ``knowledge.checks`` finds it, people are answered.

    Raises:
        KnowledgeError: a key stands twice, lacks Japanese, or differs in its placeholders.
    """
    found: dict[str, dict[str, _Sentence]] = {}
    findings: list[Finding] = []
    for key, language, sentence in _sentences(data):
        spoken = found.setdefault(key, {})
        if language in spoken or not isinstance(sentence.text, str):
            findings.append(sentence.finding("reply_incomplete", key=key))
        spoken.setdefault(language, sentence)
    findings += [finding for key, spoken in found.items() for finding in _faults(key, spoken)]
    if findings:
        raise KnowledgeError(findings)
    return Replies({k: {code: s.text for code, s in v.items()} for k, v in found.items()})


def _faults(key: str, spoken: Mapping[str, "_Sentence"]) -> Iterator[Finding]:
    """What is wrong between the languages of a key."""
    if BASE not in spoken:
        yield next(iter(spoken.values())).finding("reply_incomplete", key=key)
        return
    texts = {code: s for code, s in spoken.items() if isinstance(s.text, str)}
    wanted = _placeholders(texts[BASE].text) if BASE in texts else None
    for language, sentence in texts.items():
        named = _placeholders(sentence.text)
        if named is None or named != wanted:
            values = {"key": key, "language": language}
            yield sentence.finding("reply_placeholders", **values)


class _Sentence(NamedTuple):
    """A sentence in one language, and where it stands."""

    text: Any
    """The sentence as it was read; a text, if the file is sound."""
    document: Document
    """Its file."""
    place: Place
    """Its place in the file."""

    def finding(self, code: str, **values: str) -> Finding:
        """Something wrong with it."""
        return Finding(code, self.document.path, self.document.line(self.place), values)


def _sentences(data: Path) -> Iterator[tuple[str, str, _Sentence]]:
    """Key, language and sentence, of every file."""
    for path in sorted(data.glob("replies*.yaml")):
        document = read_yaml(path)
        for key, spoken in _entries(document.data):
            by_language = spoken if isinstance(spoken, dict) else {BASE: None}
            for language, text in by_language.items():
                yield key, language, _Sentence(text, document, (key,))
    for path in sorted(data.glob("replies/*.yaml")):
        document = read_yaml(path)
        for key, text in _entries(document.data):
            yield key, path.stem, _Sentence(text, document, (key,))


def _entries(mapping: object) -> Iterable[tuple[str, Any]]:
    return mapping.items() if isinstance(mapping, dict) else [("", None)]


def _placeholders(sentence: str) -> set[str] | None:
    """The names in braces; None if the braces are not paired or name nothing."""
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None
    return names if all(name.isidentifier() for name in names) else None
