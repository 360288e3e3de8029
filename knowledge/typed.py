"""One entry as an officer types it: YAML from outside, so nothing in it is trusted."""

from pathlib import Path
from typing import Final, TypeAlias

import yaml

from knowledge.entries import Clause, Program, Window
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import shape, yaml_of
from knowledge.rewriting import refuse_comments

AnyEntry: TypeAlias = Clause | Program | Window
"""What an officer can edit."""

LIMIT: Final = 64
"""KiB of one entry; the longest we have takes 8."""
_DEEPEST: Final = 16
"""Levels of an entry; the parser itself goes down without end, and breaks the process."""
_KINDS: Final[dict[str, type[AnyEntry]]] = {
    "guideline/": Clause,
    "program/": Program,
    "window/": Window,
}
"""What an id begins with → its shape."""
_BEGINS: Final = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_ENDS: Final = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_REFUSED: Final = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
"""Ten aliases of ten aliases make a gigabyte of a line; and no value begins with & * or !."""


def read_entry(text: str, file: Path) -> AnyEntry:
    """Read one entry; every value is text, and its id tells its kind.

    Args:
        text: the entry as YAML, from the first column on.
        file: the file for which it is meant; findings name it, with lines of the text.

    Raises:
        KnowledgeError: it is too large, not YAML, lacks its shape, repeats a key, has unknown
            ones, aliases, tags, or comments, which would be lost.
    """
    _refuse_large(text, file)
    _refuse_wild(text, file)
    document = yaml_of(text, file)
    refuse_comments(text, file)
    name = str(document.data.get("id", "")) if isinstance(document.data, dict) else ""
    kind = next((kind for start, kind in _KINDS.items() if name.startswith(start)), None)
    if name and not kind:
        line = document.line(("id",))
        raise KnowledgeError([Finding("wrong_id", file, line, {"id": name}, name)])
    entry: AnyEntry = shape(document, kind or Window)
    return entry


def _refuse_large(text: str, file: Path) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:  # half of a sign that was cut in two
        line = text.count("\n", 0, error.start) + 1
        raise KnowledgeError([Finding("yaml_control", file, line)]) from None
    if size > LIMIT * 1024:
        raise KnowledgeError([Finding("entry_large", file, 1, {"limit": str(LIMIT)})])


def _refuse_wild(text: str, file: Path) -> None:
    """Look at the signs one by one, before anything is built of them."""
    level = 0
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            level += isinstance(token, _BEGINS) - isinstance(token, _ENDS)
            wild = "yaml_sign" if isinstance(token, _REFUSED) else ""
            if code := wild or ("entry_deep" if level > _DEEPEST else ""):
                raise KnowledgeError([Finding(code, file, token.start_mark.line + 1)])
    except yaml.YAMLError:
        return  # the parser meets it too, and says more of it
