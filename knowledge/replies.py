"""Every sentence the assistant says: curated in ``data/replies*.yaml``, by key and language."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeGuard

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
        spoken_by_key = document.data if isinstance(document.data, dict) else {"": None}
        for key, spoken in spoken_by_key.items():
            line = document.line((key,))
            if key in texts or not _is_spoken(spoken):
                findings.append(Finding("reply_incomplete", path, line, {"key": key}))
                continue
            texts[key] = spoken
            wanted = _placeholders(spoken[BASE])
            for language, sentence in spoken.items():
                named = _placeholders(sentence)
                if named is None or named != wanted:
                    values = {"key": key, "language": language}
                    findings.append(Finding("reply_placeholders", path, line, values))
    if findings:
        raise KnowledgeError(findings)
    return Replies(texts)


def _is_spoken(spoken: object) -> TypeGuard[dict[str, str]]:
    """Whether a value is a sentence by language, in Japanese at least."""
    if not isinstance(spoken, dict) or BASE not in spoken:
        return False
    return all(isinstance(sentence, str) for sentence in spoken.values())


def _placeholders(sentence: str) -> set[str] | None:
    """The names in braces; None if the braces are not paired or name nothing."""
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None
    return names if all(name.isidentifier() for name in names) else None
