"""What is still missing: windows not yet confirmed, places without a window, old pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.entries import NATIONWIDE, Shape, Source, Text, Window
from knowledge.vocabulary import Topic

OLD: Final = 3
"""Years after which a page is too old to rely on."""

_DATE: Final = re.compile(r"(?<!\d)(?P<year>20\d\d)(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?(?!\d)")


class Unconfirmed(Shape):
    """A window left out because too few pages confirm it. Its number is not kept here."""

    id: Text
    """The id it will have."""
    name: Text
    """Its name."""
    area: Text
    """全国, a prefecture or a city."""
    topics: tuple[Topic, ...]
    """The troubles it is for."""
    why: Text
    """What is lacking."""


class MissingFile(Shape):
    """``missing.yaml``."""

    windows: tuple[Unconfirmed, ...]
    """Windows left out."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing in the windows that are published."""

    without: dict[Topic, tuple[str, ...]]
    """For every topic the prefectures that have no own window for it."""
    old: tuple[tuple[Window, str], ...]
    """Windows whose newest page is too old or undated, with its date (empty = undated)."""
    hours_unknown: tuple[Window, ...]
    """Windows whose hours are not known."""


def gaps(windows: dict[str, tuple[Window, ...]], today: date) -> Gaps:
    """What is missing, of the published windows of every area (全国 and all prefectures)."""
    everything = [window for group in windows.values() for window in group]
    newest = [(window, _newest(window)) for window in everything]
    limit = f"{today.year - OLD}{today.isoformat()[4:]}"
    return Gaps(
        without={topic: tuple(_without(topic, windows)) for topic in Topic},
        old=tuple((window, seen) for window, seen in newest if _last_day(seen) < limit),
        hours_unknown=tuple(w for w in everything if not w.opening_hours),
    )


def dates_seen(source: Source) -> list[str]:
    """The dates, months or years of a page, as far as known: 2025-03."""
    return [match.group() for match in _DATE.finditer(source.seen)]


def _newest(window: Window) -> str:
    return max((day for source in window.sources for day in dates_seen(source)), default="")


def _without(topic: Topic, windows: dict[str, tuple[Window, ...]]) -> Iterator[str]:
    for area, group in windows.items():
        if area != NATIONWIDE and not any(topic in window.topics for window in group):
            yield area


def _last_day(seen: str) -> str:
    """The last day a date can mean, for comparing as text: 2023 may be as late as 2023-12-31."""
    return seen + "-12-31"[len(seen) - 4 :] if seen else ""
