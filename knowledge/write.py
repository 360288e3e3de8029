"""A shape in standard form: block YAML in which every scalar reads as text, whoever reads it.

What PyYAML, a newer YAML or a spreadsheet would take for a number, a date or a truth (0570, 9:00,
2026-11-21, no, #8008) is quoted. Reading the file and writing it again gives the same bytes.
"""

import re
from typing import Any, Final, TypeAlias

import yaml
from pydantic import BaseModel

Texts: TypeAlias = "str | list[Texts] | dict[str, Texts]"

_PLAIN: Final = re.compile(r"[^\W\d_].*")
"""What begins with a letter is no number, date or sign."""
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_BEYOND: Final = re.compile("[\U00010000-\U0010fffe]")
"""PyYAML spells 𠮷 and 📞 as \\U… within double quotes."""
_OTHER_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
"""For YAML they end a line too, and would come back as another one."""


def dump(shape: BaseModel, heading: str = "") -> str:
    """Write a shape, what is empty left out, under a heading of comments."""
    comments = "".join(f"# {line}\n" for line in heading.splitlines())
    texts = _texts(shape.model_dump(mode="json", by_alias=True))
    options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": float("inf")}
    return comments + str(yaml.dump(texts, Dumper=_Writer, **options))


def _texts(value: Any) -> Texts:  # noqa: ANN401 - whatever a shape holds
    """Every value as text, what is empty left out."""
    if isinstance(value, dict):
        kept = {key: _texts(inner) for key, inner in value.items() if inner is not None}
        return {key: inner for key, inner in kept.items() if inner not in ("", [], {})}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return str(value)


def style(text: str) -> str | None:
    """How a text is written: plainly, as a block of lines, or quoted."""
    if _OTHER_LINE_ENDS.search(text):
        return '"'
    if "\n" in text:
        return "|" if text == text.strip() else '"'
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return None
    return "'" if _BEYOND.search(text) else '"'


class _Writer(yaml.SafeDumper):
    """Lists stand deeper than the key above them, as in the files people write."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's
        return True


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style(text))


_Writer.add_representer(str, _represented)
