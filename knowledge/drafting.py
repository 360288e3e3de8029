"""From a FAQ to drafts: repeated questions left out, look-alikes and near entries noted."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from knowledge.alike import Alike, Watch, look_alikes
from knowledge.drafts import PREFIX, Draft, DraftFile, Near, Origin
from knowledge.faq import Faq, Question
from knowledge.telephone import telephone_numbers
from knowledge.text import fold, without_space, words

NEAR: Final = 0.7
"""From this score an entry may answer the question already.

Of 1,786 questions of one municipality about a hundred reach it; rather more than half of those
are on what the entry is about. From 0.5 to 0.7 it is a quarter, the rest share a word by chance.
"""
NEAREST: Final = 3
"""Entries that are noted for one draft."""
_NO_SLUG: Final = re.compile(r"[\W_]+")


class Step(StrEnum):
    """What takes time."""

    NEAR = "near"
    """Searching each question among the published entries."""
    LOOK_ALIKES = "look_alikes"
    """Comparing the questions with each other."""


class Found(Protocol):
    """One entry found."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def score(self) -> float:
        """How probable it is, 0 to 1."""
        ...


class Entries(Protocol):
    """Whatever searches the published entries."""

    def search(self, question: str, limit: int, /) -> Sequence[Found]:
        """The best entries, the best first."""
        ...


class Progress(Protocol):
    """Shows how far a step is."""

    def watch(self, step: Step) -> Watch:
        """What goes through the sequence of a step."""
        ...


class Unseen:
    """Shows nothing."""

    def watch(self, step: Step) -> Watch:
        """Go through a sequence."""
        del step
        return iter


UNSEEN: Final = Unseen()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A question that was asked before; it becomes no draft."""

    question: Question
    """The later one."""
    first: Question
    """The one that became a draft."""

    @property
    def same_answer(self) -> bool:
        """Whether the answers are the same but for white space."""
        return without_space(self.question.answer) == without_space(self.first.answer)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Two drafts that are asked for nearly alike."""

    first: Draft
    """One."""
    second: Draft
    """The other, later in the file."""
    score: int
    """How alike, in percent."""


@dataclass(frozen=True, slots=True)
class Import:
    """What became of a FAQ."""

    file: DraftFile
    """The drafts."""
    duplicates: tuple[Duplicate, ...]
    """Questions that were asked before, by line."""
    look_alikes: tuple[LookAlike, ...]
    """Pairs, the most alike first; of very many the most alike of each draft."""
    pairs: int
    """How many such pairs there are."""


def make_drafts(
    path: Path, faq: Faq, imported: date, entries: Entries, progress: Progress = UNSEEN
) -> Import:
    """Make a draft of every question that was not asked before.

    Args:
        path: the file the FAQ was read from; its name is part of the drafts' ids.
        faq: its questions.
        imported: the day of the import.
        entries: searches what people are shown already.
        progress: is told how far the work is.
    """
    questions, duplicates = _once(faq.questions)
    readings = [words(question.question).reading for question in questions]
    alikes, pairs = look_alikes(readings, progress.watch(Step.LOOK_ALIKES))
    ids = [f"{PREFIX}{slug(path)}/{question.id}" for question in questions]
    drafts = [
        _draft(ids, number, question, alikes[number], _near(question, entries))
        for number, question in progress.watch(Step.NEAR)(list(enumerate(questions)))
    ]
    origin = Origin(file=path.name, imported=imported, encoding=faq.encoding, rows=faq.rows)
    best = sorted((a for group in alikes for a in group if a.first < a.second), key=_best_first)
    return Import(
        file=DraftFile(origin=origin, drafts=tuple(drafts)),
        duplicates=tuple(duplicates),
        look_alikes=tuple(LookAlike(drafts[a.first], drafts[a.second], a.score) for a in best),
        pairs=pairs,
    )


def slug(path: Path) -> str:
    """The name of a file as part of an id: ``令和６年度 FAQ.csv`` is ``令和6年度-faq``."""
    name = unicodedata.normalize("NFKC", path.stem).lower()
    return _NO_SLUG.sub("-", name).strip("-") or "faq"


def _once(questions: Sequence[Question]) -> tuple[list[Question], list[Duplicate]]:
    first: dict[str, Question] = {}
    duplicates: list[Duplicate] = []
    for question in questions:
        # What consists of signs only folds to nothing, and is no repetition of anything.
        known = first.setdefault(fold(question.question) or question.question, question)
        if known is not question:
            duplicates.append(Duplicate(question, known))
    return list(first.values()), duplicates


def _draft(
    ids: Sequence[str], number: int, question: Question, alikes: list[Alike], near: list[Near]
) -> Draft:
    return Draft(
        id=ids[number],
        line=question.line,
        category=question.category,
        asks=(question.question,),
        text=question.answer,
        numbers=telephone_numbers(question.answer),
        near=tuple(near),
        look_alikes=tuple(ids[alike.second] for alike in alikes),
    )


def _near(question: Question, entries: Entries) -> list[Near]:
    found = entries.search(question.question, NEAREST)
    return [Near(id=one.id, score=round(one.score, 2)) for one in found if one.score >= NEAR]


def _best_first(alike: Alike) -> tuple[int, int, int]:
    return -alike.score, alike.first, alike.second
