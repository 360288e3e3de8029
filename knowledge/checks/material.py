"""Everything a check looks at: read as far as it can be read, each thing with its file and line.

Unlike ``knowledge.load`` a broken file does not stop here: what is sound is checked all the same,
so that an officer sees every finding at once.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.checks.files import (
    DRAFT_FILES,
    FRAME_FILES,
    GUIDELINE,
    MUNICIPALITIES,
    PLAIN,
    PROGRAMS,
    REPLY_FILES,
    SHAPES,
    FrameFile,
    ReplyFile,
)
from knowledge.drafts import DraftFile
from knowledge.entries import Clause, Entry, Guideline, Program, Window, WindowFile
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.load import Document, Place, read_text, read_yaml, shape, window_files
from knowledge.text import clean, without_space

_FILL: Final = "review.fill"
"""The sentence that is put where something is to be written."""

_Read = TypeVar("_Read")
_Entry = TypeVar("_Entry", bound=Entry)
_Entry_co = TypeVar("_Entry_co", bound=Entry, covariant=True)


@dataclass(frozen=True, slots=True)
class Record(Generic[_Entry_co]):
    """An entry and where it stands."""

    entry: _Entry_co
    """The entry."""
    document: Document
    """Its file."""
    place: Place
    """Its place in the file."""

    @property
    def where(self) -> str:
        """File name and line."""
        return f"{self.document.path.name}:{self.document.line((*self.place, 'id'))}"

    def finding(
        self, code: str, *place: str | int, severity: Severity = Severity.ERROR, **values: str
    ) -> Finding:
        """Something wrong with the entry, at one of its fields if a place is given."""
        line = self.document.line((*self.place, *place))
        return Finding(code, self.document.path, line, values, self.entry.id, severity)


def at(document: Document, code: str, *place: str | int, **values: str) -> Finding:
    """Something wrong in a file, at a place."""
    return Finding(code, document.path, document.line(place), values)


@dataclass(frozen=True)
class Material:
    """What could be read, and what could not."""

    data: Path
    """The folder of the curated data."""
    today: date
    """The day the check is made for."""
    documents: dict[str, Document]
    """The YAML files that can be read, by their path within the folder."""
    plain: dict[str, str]
    """The files that are not YAML, likewise."""
    questions: tuple[Document, ...] | None
    """The files of test questions; None where there is no such folder."""
    findings: tuple[Finding, ...]
    """What cannot be read or lacks its shape."""

    @cached_property
    def clauses(self) -> tuple[Record[Clause], ...]:
        """Every clause that has its shape."""
        return tuple(self._records(GUIDELINE, "clauses", Clause))

    @cached_property
    def programs(self) -> tuple[Record[Program], ...]:
        """Every program that has its shape."""
        return tuple(self._records(PROGRAMS, "programs", Program))

    @cached_property
    def windows(self) -> tuple[Record[Window], ...]:
        """Every window that has its shape, published or not."""
        files = (self._records(name, "windows", Window) for name in self.window_names)
        return tuple(chain.from_iterable(files))

    @cached_property
    def window_names(self) -> tuple[str, ...]:
        """The window files, readable or not."""
        return tuple(f"windows/{path.name}" for path in window_files(self.data))

    @property
    def quoted(self) -> tuple[Record[Clause | Program], ...]:
        """Every clause and program that has its shape."""
        return (*self.clauses, *self.programs)

    @property
    def records(self) -> tuple[Record[Clause | Program | Window], ...]:
        """Every entry that has its shape."""
        return (*self.clauses, *self.programs, *self.windows)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every id written, even of entries that lack their shape."""
        lists = [(GUIDELINE, "clauses"), (PROGRAMS, "programs")]
        lists += [(name, "windows") for name in self.window_names]
        return frozenset(
            str(item["id"])
            for name, key in lists
            if name in self.documents
            for _, item in listed(self.documents[name], key)
            if "id" in item
        )

    @cached_property
    def reply_documents(self) -> tuple[Document, ...]:
        """The files of sentences that are sound."""
        names = (_name(path, self.data) for path in _reply_files(self.data))
        return tuple(self.documents[name] for name in names if self.sound(name))

    @cached_property
    def reply_keys(self) -> frozenset[str] | None:
        """The keys of all sentences; None where a file of them is not sound."""
        if len(self.reply_documents) < len(_reply_files(self.data)):
            return None
        return frozenset(key for document in self.reply_documents for key in document.data)

    @cached_property
    def fill_words(self) -> frozenset[str]:
        """What stands in a new window where something is to be written, in every language."""
        found = (document.data.get(_FILL, {}) for document in self.reply_documents)
        return frozenset(word for words in found for word in words.values())

    def sound(self, *names: str) -> bool:
        """Whether files can be read and have their shape."""
        return all(
            name in self.documents
            and not any(finding.path == self.documents[name].path for finding in self.findings)
            for name in names
        )

    def shaped(self, name: str, model: type["_Model"]) -> "_Model | None":
        """A file in its shape; None where it is not sound."""
        return model.model_validate(self.documents[name].data) if self.sound(name) else None

    def source(self, name: str) -> str | None:
        """A source document without white space, look-alike radicals mapped; None if absent."""
        return without_space(clean(self.plain[name])) if name in self.plain else None

    @cached_property
    def municipalities(self) -> dict[str, frozenset[str]]:
        """The prefectures of every name of a municipality."""
        found: dict[str, set[str]] = {}
        for row in csv.DictReader(self.plain[MUNICIPALITIES].splitlines()):
            found.setdefault(row["municipality"], set()).add(row["prefecture"])
        return {name: frozenset(prefectures) for name, prefectures in found.items()}

    def _records(self, name: str, key: str, model: type[_Entry]) -> Iterator[Record[_Entry]]:
        """One by one, so that one broken entry does not hide what is wrong with the others."""
        if name not in self.documents:
            return
        document = self.documents[name]
        for place, item in listed(document, key):
            try:
                entry = model.model_validate(item)
            except ValidationError:
                continue
            yield Record(entry, document, place)


_Model = TypeVar("_Model", bound=BaseModel)


def listed(document: Document, key: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The mappings in a list of a file, with their places."""
    items = document.data.get(key) if isinstance(document.data, dict) else None
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (key, number), item


def texts(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text in a value, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, (*place, number))


def read(data: Path, today: date, answers: Path | None) -> Material:
    """Read everything, and keep what is wrong with what cannot be read."""
    findings: list[Finding] = []

    def readable(paths: Iterable[Path], reader: Callable[[Path], _Read]) -> Iterator[_Read]:
        for path in sorted(paths):
            try:
                yield reader(path)
            except KnowledgeError as error:
                findings.extend(error.findings)

    found = readable({data / name for name in SHAPES} | set(data.rglob("*.yaml")), read_yaml)
    documents = {_name(document.path, data): document for document in found}
    texts_ = {data / name for name in PLAIN} | set(data.glob("sources/guideline_*.txt"))
    plain = dict(readable(texts_, lambda p: (_name(p, data), read_text(p))))
    shapes = {_name(path, data): WindowFile for path in window_files(data)} | SHAPES
    shapes |= {_name(path, data): Guideline for path in data.glob("guideline/r[0-9]*.yaml")}
    patterns = ((REPLY_FILES, ReplyFile), (FRAME_FILES, FrameFile), (DRAFT_FILES, DraftFile))
    for pattern, model in patterns:
        shapes |= {_name(path, data): model for path in data.glob(pattern)}
    for name in shapes.keys() & documents.keys():
        findings += _unshaped(documents[name], shapes[name])
    questions = tuple(readable(answers.glob("*.yaml"), read_yaml)) if answers else None
    return Material(data, today, documents, plain, questions, tuple(findings))


def _reply_files(data: Path) -> list[Path]:
    return sorted([*data.glob(REPLY_FILES), *data.glob(FRAME_FILES)])


def _name(path: Path, data: Path) -> str:
    return path.relative_to(data).as_posix()


def _unshaped(document: Document, model: type[BaseModel]) -> tuple[Finding, ...]:
    try:
        shape(document, model)
    except KnowledgeError as error:
        return error.findings
    return ()
