"""Reads JSON that is too deep, too long or half a character for the rest of the program."""

import json
import re
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

DEPTH: Final = 32
"""Levels kept of JSON that is nested too deeply to be read; an update has about ten."""
DIGITS: Final = 25
"""Digits of the longest number kept of JSON that cannot be read; Python refuses thousands."""

_PIECE = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|-?\d[\d.eE+-]*|[^"\[\]{}\d-]+|.', re.DOTALL
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def load(body: bytes) -> object:
    """Read JSON, of what is nested or long beyond reason a part; None of what is no JSON."""
    text = body.decode("utf-8", "replace")
    try:
        return _loaded(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _loaded(_shallow(text))
    except (ValueError, RecursionError):
        return None


def without_surrogates(data: Json) -> Json:
    """Give the same with halves of characters replaced: no database and no message takes them.

    Raises one of ``malformed.UNREADABLE`` if it is nested too deeply.
    """
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        cleaned: Json = _cleaned(data)
        return cleaned
    return data


def _loaded(text: str) -> object:
    found: object = json.loads(text)
    return found


def _cleaned(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value


def _shallow(text: str) -> str:
    """The same JSON with null in place of what is too deep, and of numbers too long."""
    kept, level = [], 0
    for piece in _PIECE.findall(text):
        opens, closes = piece in "[{", piece in "]}"
        level -= closes
        if level < DEPTH or (level == DEPTH and not opens and not closes):
            kept.append("null" if len(piece) > DIGITS and piece[-1].isdigit() else piece)
        elif level == DEPTH and opens:
            kept.append("null")
        level += opens
    return "".join(kept)
