"""Looks at all that ``serve`` needs, a line each: in order, a notice, or bad with a remedy."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.replies import Replies


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    check: str
    """What: settings, token, clock …"""
    level: Level
    """How it stands."""
    result: str = "ok"
    """What was found; ``doctor.<check>.<result>`` is its sentence."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the sentence names: counts, dates, files, closed words. No secret."""

    @property
    def _key(self) -> str:
        return f"doctor.{self.check}.{self.result}"

    def what(self, replies: Replies, language: str) -> str:
        """What was found, in words."""
        return replies.say(self._key, language, **self.values)

    def remedy(self, replies: Replies, language: str) -> str:
        """What to do; empty where nothing is to be done."""
        if self.level is Level.OK:
            return ""
        return replies.say(f"{self._key}.remedy", language, **self.values)


Check = Callable[[], Iterable[Line]]
"""Looks at one thing, or at several that belong together; does not raise."""


def examine(checks: Iterable[Check]) -> Iterator[Line]:
    """The lines of every check, in order."""
    for check in checks:
        yield from check()


def ok(check: str, result: str = "ok", **values: str) -> Line:
    """It is in order."""
    return Line(check, Level.OK, result, values)


def notice(check: str, result: str, **values: str) -> Line:
    """It works, but somebody should look at it."""
    return Line(check, Level.NOTICE, result, values)


def bad(check: str, result: str, **values: str) -> Line:
    """It does not work."""
    return Line(check, Level.BAD, result, values)
