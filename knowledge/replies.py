"""Every sentence the assistant says: curated in ``data/replies*.yaml``, by key and language."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from knowledge.entries import Window
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml
from knowledge.vocabulary import Channel

BASE: Final = "ja"
"""The language every sentence has."""
ABROAD: Final = "en"
"""The language for people whose own has no sentence here."""


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
        abroad = spoken.get(ABROAD, spoken[BASE]) if language != BASE else spoken[BASE]
        return spoken.get(language, abroad).format_map({**self.numbers, **values})


def load_replies(data: Path = DATA) -> Replies:
    """Load the sentences of all ``replies*.yaml``.

    Raises:
        KnowledgeError: a key stands twice, lacks Japanese, or differs in its placeholders.
    """
    texts: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []
    for path in sorted(data.glob("replies*.yaml")):
        document = read_yaml(path)
        for key, spoken in document.data.items():
            line = document.line((key,))
            if key in texts or not isinstance(spoken, dict) or BASE not in spoken:
                findings.append(Finding("reply_incomplete", path, line, {"key": key}))
                continue
            texts[key] = spoken
            for language, sentence in spoken.items():
                if _placeholders(sentence) != _placeholders(spoken[BASE]):
                    values = {"key": key, "language": language}
                    findings.append(Finding("reply_placeholders", path, line, values))
    if findings:
        raise KnowledgeError(findings)
    return Replies(texts)


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
