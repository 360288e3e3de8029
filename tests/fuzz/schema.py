"""The Bot API as the installed library knows it: every object and field an update can have.

Nothing is written down here by hand: a new version of the library brings its new kinds with it.
"""

import datetime as dt
import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from unittest.mock import Mock

import telegram
from telegram import Chat, MessageEntity, TelegramObject, Update
from telegram._utils import types as aliases
from telegram.constants import ChatType, MessageEntityType

DATES: Final = "date"
"""In place of a type: moments, in JSON whole seconds."""
WORDS: Final[Mapping[tuple[type, str], Sequence[str]]] = {
    (Chat, "type"): [one.value for one in ChatType],
    (MessageEntity, "type"): [one.value for one in MessageEntityType],
}
"""Fields that hold one of a few words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of an object."""

    name: str
    """Its name in JSON."""
    kind: Any
    """A plain type, ``DATES``, or the class of an object."""
    many: int
    """How many lists stand around it."""
    needed: bool
    """Whether an object has it always."""
    words: Sequence[str] = ()
    """What it may be, where it is one of a few words."""


@cache
def parts(kind: type) -> tuple[Part, ...]:
    """Every field of a class of objects."""
    found = []
    for name in inspect.signature(kind).parameters:
        if name == "api_kwargs":
            continue
        inner, many = hints(kind)[name]
        json = name.removesuffix("_user") if name == "from_user" else name
        words = WORDS.get((kind, name), ())
        found.append(Part(json, inner, many, name in needed(kind), words))
    return tuple(found)


@cache
def hints(kind: type) -> Mapping[str, tuple[Any, int]]:
    """The type of each argument, and how many lists stand around it."""
    known = {**vars(sys.modules[kind.__module__]), **names()}
    found = typing.get_type_hints(kind.__init__, known)
    return {name: _inner(hint) for name, hint in found.items() if name != "return"}


def blank(kind: type, arguments: Iterable[str]) -> Any:
    """Make an object with nothing in it."""
    filled: dict[str, object] = {}
    for name in arguments:
        inner, many = hints(kind)[name]
        filled[name] = [] if many else Mock() if is_object(inner) else 0
    return kind(**filled)


@cache
def needed(kind: type) -> frozenset[str]:
    """The arguments without which no object can be made; a few have a default all the same."""
    given = inspect.signature(kind).parameters.items()
    found = {name for name, one in given if one.default is inspect.Parameter.empty}
    while True:
        try:
            blank(kind, found)
        except TypeError as error:
            more = set(re.findall(r"`(\w+)`", str(error))) - found
            if not more:
                raise
            found |= more
        else:
            return frozenset(found)


@cache
def variants(kind: type) -> tuple[type, ...]:
    """The classes an object of this class may be: itself, or those it stands for."""
    below = [one for sub in kind.__subclasses__() for one in variants(sub)]
    return tuple(one for one in below if one.__module__.startswith("telegram.")) or (kind,)


@cache
def marks(kind: type) -> Mapping[str, Any]:
    """What tells a variant from the others: ``{"type": "emoji"}``."""
    base = kind.__mro__[1]
    own = {part.name for part in parts(kind)}
    if base is TelegramObject:
        return {}
    made = blank(kind, needed(kind))
    missing = [part.name for part in parts(base) if part.name not in own]
    return {name: 0 if name == "date" else str(getattr(made, name)) for name in missing}


def reachable() -> Iterator[type]:
    """Every class of objects that an update may hold."""
    seen: set[type] = set()
    waiting = [Update]
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        yield kind
        inner = [part.kind for part in parts(kind) if is_object(part.kind)]
        waiting += [one for found in inner for one in variants(found)]


def is_object(kind: Any) -> bool:
    """Whether it is a class of objects."""
    return isinstance(kind, type) and issubclass(kind, TelegramObject)


@cache
def names() -> dict[str, Any]:
    """What the library's annotations speak of."""
    found: dict[str, Any] = {**vars(aliases), "Sequence": Sequence, "dtm": dt}
    for module in pkgutil.walk_packages(telegram.__path__, "telegram."):
        if ".ext" in module.name or "vendor" in module.name:
            continue
        inside = vars(importlib.import_module(module.name))
        found |= {name: one for name, one in inside.items() if is_object(one)}
    return found


def _inner(hint: Any) -> tuple[Any, int]:
    """The type within ``X | None`` and lists, and the number of lists."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    if typing.get_origin(hint) in {Sequence, tuple, list}:
        inner, many = _inner(typing.get_args(hint)[0])
        return inner, many + 1
    return (DATES if hint is dt.datetime else hint), 0
