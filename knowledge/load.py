"""From YAML files to entries: every value is text, repeated and unknown keys are refused.

Every finding is collected with its file and line; ``KnowledgeError`` carries them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

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
from knowledge.problems import shape_problem
from knowledge.reading import Document, Place, read_text, read_yaml, yaml_of
from knowledge.vocabulary import Publication

__all__ = ["Document", "Place", "read_text", "read_yaml", "yaml_of"]

DATA: Final = Path(__file__).parent / "data"
"""The folder of the curated data."""

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
