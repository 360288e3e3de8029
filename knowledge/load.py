"""From YAML files to entries: every value is text, repeated and unknown keys are refused.

Every finding is collected with its file and line; ``KnowledgeError`` carries them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.entries import (
    Clause,
    Entry,
    Guideline,
    Platform,
    Program,
    ProgramList,
    Shape,
    Window,
    WindowFile,
)
from knowledge.findings import Finding, KnowledgeError
from knowledge.problems import shape_problem, yaml_problem
from knowledge.vocabulary import Publication

DATA: Final = Path(__file__).parent / "data"
"""The folder of the curated data."""

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


Model = TypeVar("Model", bound=BaseModel)


class PlatformFile(Shape):
    """What public pages say of each recipient's platform."""

    platforms: tuple[Platform, ...]
    """One for each recipient."""


@dataclass(frozen=True)
class Knowledge:
    """Everything we know."""

    guideline: Guideline
    """The implementation guideline."""
    programs: ProgramList
    """The programs of the fiscal year."""
    windows: tuple[Window, ...]
    """Every published window, national ones first."""
    platforms: tuple[Platform, ...] = ()
    """What public pages say of each recipient's platform."""
    places: dict[str, tuple[Path, int]] = field(default_factory=dict)
    """File and line of every entry, by id."""
    areas: tuple[str, ...] = ()
    """The area of every window file."""
    unpublished: tuple[Window, ...] = ()
    """Drafts and withdrawn windows: kept, checked, never shown."""
    editions: tuple[Guideline, ...] = ()
    """Every edition of the guideline, oldest first; ``guideline`` is the last of them."""

    @cached_property
    def entries(self) -> dict[str, Clause | Program | Window]:
        """Every entry people can be shown, by id."""
        everything: tuple[Clause | Program | Window, ...] = (
            *self.guideline.clauses,
            *self.programs.programs,
            *self.windows,
        )
        return {entry.id: entry for entry in everything}


def read_text(path: Path) -> str:
    """Read one text file.

    Raises:
        KnowledgeError: the file is absent, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise KnowledgeError([Finding("not_utf8", path, line)]) from None
    except FileNotFoundError:
        raise KnowledgeError([Finding("missing_file", path, 1)]) from None
    except OSError:
        raise KnowledgeError([Finding("unreadable", path, 1)]) from None


def read_yaml(path: Path) -> Document:
    """Read one YAML file, every scalar as text (0570064556 stays what it is).

    Raises:
        KnowledgeError: the file cannot be read, is not YAML, or repeats a key.
    """
    return yaml_of(read_text(path), path)


def yaml_of(text: str, path: Path) -> Document:
    """Read the text of a YAML file; findings name ``path``.

    Raises:
        KnowledgeError: it is not YAML, or repeats a key.
    """
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        code, line = yaml_problem(error, text)
        raise KnowledgeError([Finding(code, path, line)]) from None
    reader = _Reader(path)
    data = reader.value(root, ()) if root is not None else {}
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return Document(path, data, reader.lines)


class _Reader:
    """Turns YAML nodes into texts, lists and dicts, remembering lines and repeated keys."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, place: Place) -> object:
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                line = key_node.start_mark.line + 1
                first = str(self.lines[*place, key])
                finding = Finding("repeated_key", self.path, line, {"key": key, "first": first})
                self.findings.append(finding)
            found[key] = self.value(value_node, (*place, key))
            self.lines[*place, key] = key_node.start_mark.line + 1
        return found


def shape(document: Document, model: type[Model]) -> Model:
    """Give a document its shape.

    Raises:
        KnowledgeError: every unknown key, missing or wrong value, with its line.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise KnowledgeError([_finding(document, problem) for problem in error.errors()]) from None


def _finding(document: Document, problem: Any) -> Finding:  # noqa: ANN401 - pydantic's own dict
    code, place, values = shape_problem(problem)
    values["key"] = values["key"] or document.path.name
    return Finding(code, document.path, document.line(place), values, _entry_id(document, place))


def _entry_id(document: Document, place: Place) -> str:
    value = document.data
    found = ""
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(value, dict):
            found = str(value.get("id", found))
    return found


def load(data: Path = DATA) -> Knowledge:
    """Load everything we know; a broken file stops here, nothing is half loaded.

    Raises:
        KnowledgeError: all findings of all files.
    """
    findings: list[Finding] = []

    def attempt(path: Path, model: type[Model]) -> tuple[Document, Model] | None:
        try:
            document = read_yaml(path)
            return document, shape(document, model)
        except KnowledgeError as error:
            findings.extend(error.findings)
            return None

    editions = [attempt(path, Guideline) for path in edition_files(data)]
    programs = attempt(data / "programs" / "r6.yaml", ProgramList)
    platforms = attempt(data / "programs" / "platforms.yaml", PlatformFile)
    files = [attempt(path, WindowFile) for path in window_files(data)]
    if findings or not (programs and platforms):
        raise KnowledgeError(findings)
    guidelines = sorted(filter(None, editions), key=lambda edition: edition[1].in_force_from)
    joined = _join(guidelines[-1], programs, platforms[1], [file for file in files if file])
    return replace(joined, editions=tuple(guideline for _, guideline in guidelines))


def edition_files(data: Path) -> list[Path]:
    """The files of the guideline's editions; ``r6.yaml`` there must be."""
    folder = data / "guideline"
    return sorted({folder / "r6.yaml", *folder.glob("r[0-9]*.yaml")})


def window_files(data: Path) -> list[Path]:
    """The window files of a data folder, in order; names beginning with _ are templates."""
    return sorted(p for p in (data / "windows").glob("*.yaml") if not p.name.startswith("_"))


def _join(
    guideline: tuple[Document, Guideline],
    programs: tuple[Document, ProgramList],
    platforms: PlatformFile,
    files: list[tuple[Document, WindowFile]],
) -> Knowledge:
    groups: list[tuple[Document, str, tuple[Entry, ...]]] = [
        (guideline[0], "clauses", guideline[1].clauses),
        (programs[0], "programs", programs[1].programs),
        *((document, "windows", file.windows) for document, file in files),
    ]
    places, repeated = _places(groups)
    if repeated:
        raise KnowledgeError(repeated)
    windows = [window for _, file in files for window in file.windows]
    return Knowledge(
        guideline=guideline[1],
        programs=programs[1],
        platforms=platforms.platforms,
        windows=tuple(w for w in windows if w.status is Publication.PUBLISHED),
        unpublished=tuple(w for w in windows if w.status is not Publication.PUBLISHED),
        places=places,
        areas=tuple(file.area for _, file in files),
    )


def _places(
    groups: list[tuple[Document, str, tuple[Entry, ...]]],
) -> tuple[dict[str, tuple[Path, int]], list[Finding]]:
    places: dict[str, tuple[Path, int]] = {}
    repeated: list[Finding] = []
    for document, line, entry in _entries(groups):
        if entry.id in places:
            path, first = places[entry.id]
            values = {"first": f"{path.name}:{first}"}
            repeated.append(Finding("repeated_id", document.path, line, values, entry.id))
        places.setdefault(entry.id, (document.path, line))
    return places, repeated


def _entries(
    groups: list[tuple[Document, str, tuple[Entry, ...]]],
) -> Iterator[tuple[Document, int, Entry]]:
    for document, key, entries in groups:
        for number, entry in enumerate(entries):
            yield document, document.line((key, number)), entry
