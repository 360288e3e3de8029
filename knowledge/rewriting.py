"""Curated files written anew in standard form, as long as nothing is lost by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

import yaml
from pydantic import BaseModel

from knowledge.entries import Guideline, ProgramList, WindowFile
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import (
    DATA,
    Document,
    PlatformFile,
    edition_files,
    read_text,
    shape,
    window_files,
    yaml_of,
)
from knowledge.standard_form import file_text, heading_of

_BLOCK: Final = frozenset({"|", ">"})
"""Styles of texts of several lines; after the sign, a comment may stand on its line."""

_Shaped = TypeVar("_Shaped", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[_Shaped]):
    """A curated file, taken apart so that it can be written again."""

    heading: str
    """The comments at its beginning."""
    document: Document
    """What it holds, with lines."""
    shape: _Shaped
    """What it holds, in its shape."""

    def text(self, shape: BaseModel) -> str:
        """The file with another content."""
        return file_text(self.heading, shape)


def standard_files(data: Path = DATA) -> dict[Path, type[BaseModel]]:
    """The files that are kept in standard form, with their shapes."""
    programs = data / "programs"
    return {
        **dict.fromkeys(edition_files(data), Guideline),
        programs / "r6.yaml": ProgramList,
        programs / "platforms.yaml": PlatformFile,
        **dict.fromkeys(window_files(data), WindowFile),
    }


def taken_apart(text: str, path: Path, model: type[_Shaped]) -> Sheet[_Shaped]:
    """Take the text of a file apart.

    Raises:
        KnowledgeError: it is not YAML, lacks its shape, or would lose its comments.
    """
    document = yaml_of(text, path)
    shaped = shape(document, model)
    heading = heading_of(text)
    refuse_comments(text, path, after=heading.count("\n"))
    return Sheet(heading, document, shaped)


def rewritten(path: Path, model: type[BaseModel]) -> str:
    """The text of a file in standard form.

    Raises:
        KnowledgeError: as ``taken_apart``, or the file cannot be read.
    """
    sheet = taken_apart(read_text(path), path, model)
    return sheet.text(sheet.shape)


def refuse_comments(text: str, path: Path, after: int = 0) -> None:
    """Refuse comments in YAML that can be read, but for those of the first lines.

    Raises:
        KnowledgeError: every comment, with its line.
    """
    lines = [line for line in _comments(text) if line > after]
    if lines:
        raise KnowledgeError([Finding("comment", path, line) for line in lines])


def _comments(text: str) -> Iterator[int]:
    """The line of every # that stands in no value."""
    text = text.removeprefix("\ufeff") + "\n"
    end = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start = token.start_mark.index
        yield from _sharps(text, end, start)
        end = max(end, start)
        if isinstance(token, yaml.ScalarToken):
            if token.style in _BLOCK:
                yield from _sharps(text, start, text.index("\n", start))
            end = token.end_mark.index


def _sharps(text: str, start: int, end: int) -> Iterator[int]:
    """A line each, although a comment may have several signs."""
    between = text[start:end]
    if "#" not in between:  # lines are counted from the beginning of the text: seldom, then
        return
    first = text.count("\n", 0, start) + 1
    for number, line in enumerate(between.split("\n")):
        if "#" in line:
            yield first + number
