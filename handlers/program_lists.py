"""Ways through the programs: by activity, by facet, by region, two side by side, neighbours."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from handlers.choices import ASKED, PROGRAMS
from handlers.messages import Choice, Reply, Status
from handlers.programs import OVERVIEW, ProgramDesk
from handlers.turn import Turn
from knowledge.entries import Program
from knowledge.places import Gazetteer
from knowledge.regions import RegionFile
from knowledge.replies import Replies
from knowledge.vocabulary import Activity

MENU: Final = "list:menu"
ACTIVITIES: Final = "list:activities"
FACETS: Final = "list:facets"
COMPARE: Final = "list:compare"
ACTIVITY: Final = "activity:"
FACET: Final = "facet:"
WITH: Final = "with:"
FEWEST: Final = 2
"""A facet that only one program has is no way to find others."""
FACETS_SHOWN: Final = 24
"""Buttons that a screen bears."""
NOT_LISTED: Final = "program/none"
CHOICE_BYTES: Final = 64
"""Bytes that the id of a choice may have, see ``handlers.messages.Choice``."""


class ProgramLists:
    """Finds programs without words."""

    def __init__(
        self, programs: ProgramDesk, gazetteer: Gazetteer, regions: RegionFile, replies: Replies
    ) -> None:
        """Take the programs, the places and the sentences."""
        self._programs = programs
        self._places = gazetteer
        self._regions = regions
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            MENU: self.menu,
            ACTIVITIES: self.activities,
            FACETS: self.facets,
            COMPARE: self.compare_first,
        }
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            ACTIVITY: self.with_activity,
            FACET: self.with_facet,
            WITH: self.compare,
        }

    def menu(self, turn: Turn) -> Reply:
        """How to look?"""
        ways = {
            PROGRAMS: "choice.by_prefecture",
            ACTIVITIES: "choice.by_activity",
            FACETS: "choice.by_facet",
            COMPARE: "choice.compare",
            OVERVIEW: "choice.overview",
            NOT_LISTED: "choice.not_in_list",
        }
        choices = (Choice(way, self._say(turn, key)) for way, key in ways.items())
        sentence = self._say(turn, "programs.menu", year=self._programs.year)
        return Reply(Status.CLARIFY_CHOICE, opening=(sentence,), choices=tuple(choices))

    def activities(self, turn: Turn) -> Reply:
        """Which activity? Each with the number of its programs."""
        counts = Counter(a for p in self._listed for a in p.activities)
        choices = (
            Choice(
                f"{ACTIVITY}{activity}",
                self._say(
                    turn,
                    "choice.activity",
                    name=self._programs.activity(activity),
                    count=str(counts[activity]),
                ),
            )
            for activity in Activity
        )
        sentence = self._say(turn, "programs.which_activity", year=self._programs.year)
        return Reply(Status.CLARIFY_CHOICE, opening=(sentence,), choices=tuple(choices))

    def facets(self, turn: Turn) -> Reply:
        """Which facet? Those that several programs have, the most frequent first."""
        counts = Counter(facet for p in self._listed for facet in _facets(p))
        shown = [f for f, count in counts.most_common() if count >= FEWEST and _fits(f)]
        choices = (
            Choice(
                f"{FACET}{facet}",
                self._say(turn, "choice.activity", name=facet, count=str(counts[facet])),
            )
            for facet in shown[:FACETS_SHOWN]
        )
        sentence = self._say(turn, "programs.which_facet")
        return Reply(Status.CLARIFY_CHOICE, opening=(sentence,), choices=tuple(choices))

    def with_activity(self, turn: Turn, activity: str) -> Reply | None:
        """Every program with an activity."""
        if activity not in frozenset(Activity):
            return None
        found = self._programs.with_activities([Activity(activity)])
        return self._counted(turn, self._programs.activity(Activity(activity)), found)

    def with_facet(self, turn: Turn, facet: str) -> Reply | None:
        """Every program with a facet."""
        found = [program for program in self._listed if facet in _facets(program)]
        return self._counted(turn, facet, found) if found else None

    def region(self, turn: Turn) -> Reply | None:
        """The programs of a region that the text names; None if it names none."""
        name = self._region_of(turn.text)
        if name is None:
            return None
        ids = [self._places.by_id[i].name for i in self._regions.regions[name]]
        found = [p for p in self._listed if p.prefecture in ids]
        sentence = self._say(
            turn, "programs.region", region=name, count=str(len(found)), year=self._programs.year
        )
        return self._shown(turn, sentence, found) if found else None

    def compare_first(self, turn: Turn) -> Reply:
        """Which is the first of two?"""
        choices = tuple(Choice(f"{WITH}{_slug(p)}", p.prefecture) for p in self._listed)
        sentence = self._say(turn, "programs.compare_first")
        return Reply(Status.CLARIFY_PREFECTURE, opening=(sentence,), choices=choices)

    def compare(self, turn: Turn, slugs: str) -> Reply | None:
        """Two programs side by side, or the question which the second is."""
        by_slug = {_slug(program): program for program in self._listed}
        named = slugs.split(":")
        if len(named) > FEWEST or not set(named) <= by_slug.keys():
            return None
        first = by_slug[named[0]]
        if len(named) == FEWEST:
            return self._shown(
                turn,
                self._say(turn, "programs.compare", year=self._programs.year),
                [first, by_slug[named[1]]],
                *self.differences(turn, first, by_slug[named[1]]),
            )
        others = (p for p in self._listed if p is not first)
        return Reply(
            Status.CLARIFY_PREFECTURE,
            opening=(self._say(turn, "programs.compare_second", prefecture=first.prefecture),),
            choices=tuple(Choice(f"{WITH}{slugs}:{_slug(p)}", p.prefecture) for p in others),
        )

    def differences(self, turn: Turn, first: Program, second: Program) -> tuple[str, ...]:
        """The activities both have, and those only one has."""
        both = set(first.activities) & set(second.activities)
        sentences = [
            self._say(turn, "programs.compare_common", value=self._names(turn, both)),
            *(
                self._say(
                    turn,
                    "programs.compare_only",
                    prefecture=program.prefecture,
                    value=self._names(turn, set(program.activities) - both),
                )
                for program in (first, second)
            ),
        ]
        return ("\n".join(sentences),)

    def neighbours(
        self, turn: Turn, prefecture: str
    ) -> tuple[tuple[str, ...], tuple[Choice, ...]]:
        """What to say and offer where a prefecture is not listed: its neighbours that are."""
        here = self._places.by_name[prefecture]
        near = [self._places.by_id[i] for i in self._regions.neighbours[here.id]]
        listed = [p for p in near if p.name in self._programs.by_prefecture]
        key = "programs.neighbours" if listed else "programs.no_neighbours"
        sentence = self._say(turn, key, prefecture=prefecture, year=self._programs.year)
        names = self._say(turn, "list.separator").join(p.name for p in listed)
        said = f"{sentence}\n{names}" if names else sentence
        choices = (*(Choice(f"{ASKED}{p.id}", p.name) for p in listed), self._menu_choice(turn))
        return (said,), choices

    def _counted(self, turn: Turn, what: str, found: Sequence[Program]) -> Reply:
        sentence = self._say(
            turn,
            "programs.set",
            what=f"「{what}」",
            count=str(len(found)),
            year=self._programs.year,
        )
        return self._shown(turn, sentence, found)

    def _shown(self, turn: Turn, sentence: str, found: Sequence[Program], *more: str) -> Reply:
        return Reply(
            Status.ANSWERED,
            opening=(sentence, *more),
            cards=tuple(self._programs.card(program, 1.0) for program in found),
            closing=(self._say(turn, "programs.closing"),),
            choices=(self._menu_choice(turn),),
        )

    def _menu_choice(self, turn: Turn) -> Choice:
        return Choice(MENU, self._say(turn, "choice.programs"))

    def _names(self, turn: Turn, activities: set[Activity]) -> str:
        names = [self._programs.activity(a) for a in Activity if a in activities]
        separator = self._say(turn, "list.separator")
        return separator.join(names) or self._say(turn, "programs.nothing")

    def _region_of(self, text: str) -> str | None:
        normal = unicodedata.normalize("NFKC", text).lower()
        return next((name for name in self._regions.regions if name.lower() in normal), None)

    @property
    def _listed(self) -> list[Program]:
        return list(self._programs.by_prefecture.values())

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def _slug(program: Program) -> str:
    return program.id.removeprefix("program/")


def _facets(program: Program) -> list[str]:
    facets = program.facets
    return list(dict.fromkeys([*facets.methods, *facets.media, *facets.targets, *facets.partners]))


def _fits(facet: str) -> bool:
    return len(f"{FACET}{facet}".encode()) <= CHOICE_BYTES
