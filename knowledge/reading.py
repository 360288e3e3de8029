"""Reads curated files: text and YAML, bounded, so that no file can take the machine's memory.

YAML is read sign by sign. Building its nodes first, as PyYAML does, goes down one call for each
level, which breaks the process where a file is deep without end; and ten aliases of ten aliases
make a gigabyte of a line. No curated file has either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from knowledge.findings import Finding, KnowledgeError
from knowledge.problems import yaml_problem

LARGEST_FILE: Final = 20_000_000
"""Bytes of one curated file. The largest of ours has a third of a million."""
DEEPEST: Final = 32
"""Levels of lists and mappings. Ours have seven."""

Place: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a file: ("clauses", 3, "asks", 0)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file, read."""

    path: Path
    """The file."""
    data: Any
    """Nested dicts, lists and texts."""
    lines: dict[Place, int]
    """The line of every value, from 1."""

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_text(path: Path) -> str:
    """Read one text file.

    Raises:
        KnowledgeError: the file is absent, cannot be read, is too large, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise KnowledgeError([Finding("missing_file", path, 1)]) from None
    except OSError:
        raise KnowledgeError([Finding("unreadable", path, 1)]) from None
    if len(content) > LARGEST_FILE:
        limit = {"limit": str(LARGEST_FILE // 1_000_000)}
        raise KnowledgeError([Finding("file_large", path, 1, limit)])
    try:
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise KnowledgeError([Finding("not_utf8", path, line)]) from None


def read_yaml(path: Path) -> Document:
    """Read one YAML file, every scalar as text (0570064556 stays what it is).

    Raises:
        KnowledgeError: the file cannot be read, is not YAML, or repeats a key.
    """
    return yaml_of(read_text(path), path)


def yaml_of(text: str, path: Path) -> Document:
    """Read the text of a YAML file; findings name ``path``.

    Raises:
        KnowledgeError: it is not YAML, is too deep, has aliases, tags or a second document, or
            repeats a key.
    """
    reader = _Reader(path)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except yaml.YAMLError as error:
        code, line = yaml_problem(error, text)
        raise KnowledgeError([Finding(code, path, line)]) from None
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return Document(path, reader.data, reader.lines)


@dataclass(slots=True)
class _Level:
    """A list or a mapping that is not closed yet."""

    place: Place
    """Where it stands."""
    value: list[object] | dict[str, object]
    """What it holds so far."""
    key: str | None = None
    """Of a mapping: the key whose value comes next."""

    def here(self) -> Place:
        """Where the next value stands."""
        return (*self.place, len(self.value) if isinstance(self.value, list) else self.key or "")


@dataclass(slots=True)
class _Reader:
    """Turns the signs of a YAML file into texts, lists and dicts; remembers their lines."""

    path: Path
    """The file, for findings."""
    data: object = field(default_factory=dict)
    """What the file holds; an empty one holds nothing."""
    lines: dict[Place, int] = field(default_factory=dict)
    """The line of every value."""
    findings: list[Finding] = field(default_factory=list)
    """Keys that stand twice."""
    documents: int = 0
    """How many were begun."""
    open: list[_Level] = field(default_factory=list)
    """What is not closed yet, the outermost first."""

    def take(self, event: yaml.Event) -> None:
        """Go on by one sign."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        for code in self._wrong(event):
            raise KnowledgeError([Finding(code, self.path, line)])
        match event:
            case yaml.ScalarEvent() if self._awaits_key():
                self._key(str(event.value), line)
            case yaml.ScalarEvent():
                self._put(event.value, line)
            case yaml.MappingStartEvent():
                self._begin({}, line)
            case yaml.SequenceStartEvent():
                self._begin([], line)
            case yaml.CollectionEndEvent():
                self.open.pop()

    def _wrong(self, event: yaml.Event) -> Iterator[str]:
        """Codes of what no curated file has."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                yield "not_yaml"
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            yield "yaml_sign"
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.open) == DEEPEST:
                yield "entry_deep"
            if self._awaits_key():  # a list or a mapping as a key
                yield "not_yaml"

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and not self._has_key()

    def _has_key(self) -> bool:
        return self.open[-1].key is not None

    def _key(self, key: str, line: int) -> None:
        level = self.open[-1]
        place = (*level.place, key)
        if place in self.lines:
            values = {"key": key, "first": str(self.lines[place])}
            self.findings.append(Finding("repeated_key", self.path, line, values))
        self.lines[place] = line
        level.key = key

    def _begin(self, value: list[object] | dict[str, object], line: int) -> None:
        place = self._put(value, line)
        self.open.append(_Level(place, value))

    def _put(self, value: object, line: int) -> Place:
        """Put a value where it belongs; give where that is."""
        if not self.open:
            self.data = value
            self.lines[()] = line
            return ()
        level = self.open[-1]
        place = level.here()
        if isinstance(level.value, list):
            level.value.append(value)
            self.lines[place] = line
        else:  # the line of a key is that of its value: there it is mended
            level.value[level.key or ""] = value
            level.key = None
        return place
