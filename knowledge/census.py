"""How much we know: entries by kind, windows by place, by topic and by age."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from knowledge.checks.windows import LATE, SOON
from knowledge.entries import NATIONWIDE, Window
from knowledge.load import Knowledge, window_files
from knowledge.vocabulary import Kind, Topic


class Age(StrEnum):
    """How long ago a window was assured."""

    FRESH = "fresh"
    HALFWAY = "halfway"
    SOON = "soon"
    LATE = "late"

    @classmethod
    def of(cls, days: int) -> "Age":
        """The age of a number of days: the check warns from ``SOON`` on and refuses ``LATE``."""
        if days < SOON:
            return cls.FRESH if days < SOON // 2 else cls.HALFWAY
        return cls.SOON if days < LATE else cls.LATE


@dataclass(frozen=True, slots=True)
class Census:
    """The counts. Only published windows are counted, but for ``unpublished``."""

    kinds: dict[Kind, int]
    """Entries of each kind."""
    unpublished: int
    """Windows that are drafts or withdrawn."""
    areas: dict[str, int]
    """Windows of the whole country and of every prefecture."""
    topics: dict[Topic, tuple[int, int]]
    """National and local windows of every topic."""
    ages: dict[Age, int]
    """Windows by the time since they were assured."""
    drafts: int
    """Questions of imported FAQs that wait for an officer."""


def census(
    knowledge: Knowledge, areas: dict[str, tuple[Window, ...]], today: date, *, drafts: int = 0
) -> Census:
    """Count everything; drafts are no part of the knowledge, so their number is told."""
    kinds = Counter(entry.kind for entry in knowledge.entries.values())
    ages = Counter(Age.of((today - window.assured).days) for window in knowledge.windows)
    national = Counter(topic for window in areas.get(NATIONWIDE, ()) for topic in window.topics)
    every = Counter(topic for window in knowledge.windows for topic in window.topics)
    return Census(
        kinds={kind: kinds[kind] for kind in Kind},
        unpublished=len(knowledge.unpublished),
        areas={area: len(windows) for area, windows in areas.items()},
        topics={topic: (national[topic], every[topic] - national[topic]) for topic in Topic},
        ages={age: ages[age] for age in Age},
        drafts=drafts,
    )


def by_area(knowledge: Knowledge, data: Path) -> dict[str, tuple[Window, ...]]:
    """The published windows of every window file, by its area, in the files' order."""
    return {
        area: tuple(w for w in knowledge.windows if knowledge.places[w.id][0] == path)
        for path, area in zip(window_files(data), knowledge.areas, strict=True)
    }
