"""The one form in which curated files are written: loading and writing one gives the same bytes.

So what differs between two versions of a file is what somebody changed. Lists of contacts, sources
and laws stand one a line, ways to ask likewise, other lists on the line of their key unless it
grows long; an empty line parts one entry from the next; what has its default value is left out.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from knowledge.entries import Clause, Contact, Law, Program, Source, Window

_SMALL: Final = (Contact, Source, Law)
"""What stands on one line: {kind: phone, value: "110"}."""
_ASKS: Final = "asks"
_AFTER_ASKS: Final = "assured"
"""Ways to ask come last; of a window only who confirmed it, when and from what comes later."""
_LONGEST: Final = 96
"""Characters of a key and its list; a longer list stands one value a line."""
_ALWAYS: Final = frozenset({"holidays", "cost", "languages"})
"""Written even where they have their default value: an officer is to see that nothing is known."""
_SPECIAL: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
"""What YAML does not print, or takes for the end of a line."""
_PLAIN: Final = re.compile(rf"(?![\s{_SPECIAL}])(?:[A-Za-z(]|[^\x00-\x7f])[^:#{_SPECIAL}]*")
"""What begins with a letter and has no sign of YAML is no number and no date."""
_NOT_TEXT: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_SIGNS_IN_FLOW: Final = re.compile(r"[,?\[\]{}]")
"""What ends a value within brackets."""
_LINES: Final = re.compile(rf"(?!\s)(?:[^{_SPECIAL}]|\n)+(?<!\s)")
_SPACE_AT_END: Final = re.compile(r"[^\S\n]\n")
_ESCAPED: Final = re.compile(f"[{_SPECIAL}]")


def heading_of(text: str) -> str:
    """The comments and empty lines with which a file begins, as they are."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").splitlines(keepends=True)
    heads = (number for number, line in enumerate(lines) if line.strip() and line[0] != "#")
    return "".join(lines[: next(heads, len(lines))])


def file_text(heading: str, shape: BaseModel) -> str:
    """A whole file: its heading as it is, and what it holds in standard form."""
    return heading + "".join(f"{line}\n" for line in _block(shape))


def entry_text(entry: Clause | Program | Window) -> str:
    """One entry as it stands in its file, but from the first column on."""
    return file_text("", entry)


def _block(shape: BaseModel) -> Iterator[str]:
    """The lines of a shape, a key each."""
    for number, (key, value) in enumerate(_fields(shape)):
        if isinstance(value, BaseModel):
            yield f"{key}:"
            yield from map(_indented, _block(value))
        elif isinstance(value, tuple):
            yield from _list(key, value, first=number == 0)
        else:
            yield from _text(key, str(value))


def _fields(shape: BaseModel) -> Iterator[tuple[str, Any]]:
    """Keys and values in the order in which they are written, without what is left out."""
    fields = type(shape).model_fields
    names = [name for name in fields if name != _ASKS]
    if _ASKS in fields:
        at = names.index(_AFTER_ASKS) if _AFTER_ASKS in names else len(names)
        names.insert(at, _ASKS)
    for name in names:
        value = getattr(shape, name)
        if fields[name].is_required() or name in _ALWAYS or value != fields[name].default:
            yield fields[name].alias or name, value


def _list(key: str, values: tuple[Any, ...], *, first: bool) -> Iterator[str]:
    if not values or isinstance(values[0], str):
        yield from _texts(key, values)
    elif isinstance(values[0], _SMALL):
        yield f"{key}:"
        yield from (f"  - {_flow(value)}" for value in values)
    else:
        yield from _records(key, values, first=first)


def _texts(key: str, texts: tuple[str, ...]) -> Iterator[str]:
    line = f"{key}: [{', '.join(_inline(str(text), flow=True) for text in texts)}]"
    if texts and (key == _ASKS or len(line) > _LONGEST):
        yield f"{key}:"
        yield from (f"  - {_inline(str(text), flow=False)}" for text in texts)
    else:
        yield line


def _records(key: str, records: tuple[BaseModel, ...], *, first: bool) -> Iterator[str]:
    """Entries, an empty line before each; before the first stands their key."""
    if not first:
        yield ""
    yield f"{key}:"
    for number, record in enumerate(records):
        if number:
            yield ""
        head, *rest = _block(record)
        yield f"  - {head}"
        yield from (_indented(_indented(line)) for line in rest)


def _indented(line: str) -> str:
    return f"  {line}" if line else ""


def _flow(small: BaseModel) -> str:
    pairs = (f"{key}: {_inline(str(value), flow=True)}" for key, value in _fields(small))
    return f"{{{', '.join(pairs)}}}"


def _text(key: str, text: str) -> Iterator[str]:
    """A text of several lines as they are, unless YAML would change them."""
    if "\n" in text and _LINES.fullmatch(text) and not _SPACE_AT_END.search(text):
        yield f"{key}: |-"
        yield from map(_indented, text.split("\n"))
    else:
        yield f"{key}: {_inline(text, flow=False)}"


def _inline(text: str, *, flow: bool) -> str:
    """A text on one line, in quotes where anybody could take it for something else."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _NOT_TEXT
    if plain and not (flow and _SIGNS_IN_FLOW.search(text)):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
