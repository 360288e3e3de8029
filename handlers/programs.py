"""What is said about the prefectures' programs: quoted, and honest about who is not listed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handlers.messages import Card
from handlers.ports import NO_CONFIRMATIONS, Confirmations
from knowledge.entries import Clause, Platform, Program
from knowledge.load import Knowledge
from knowledge.replies import Replies
from knowledge.text import fold
from knowledge.vocabulary import CLAUSE_OF_ACTIVITY, Activity, Kind

OVERVIEW: Final = "program/overview"
NONE: Final = "program/none"


class ProgramDesk:
    """Finds programs by what they do and writes their cards."""

    def __init__(
        self,
        knowledge: Knowledge,
        replies: Replies,
        confirmations: Confirmations = NO_CONFIRMATIONS,
    ) -> None:
        """Take the programs, the sentences, and who tells which programs are overdue."""
        self._confirmations = confirmations
        self._list = knowledge.programs
        self._replies = replies
        self._places = {clause.id: clause.place for clause in knowledge.guideline.clauses}
        self._names = {
            entry.id: f"{entry.place} {entry.title}" if isinstance(entry, Clause) else entry.title
            for entry in knowledge.entries.values()
        }
        self._platforms = {platform.prefecture: platform for platform in knowledge.platforms}
        self.programs = {program.id: program for program in knowledge.programs.programs}
        self.by_prefecture = {p.prefecture: p for p in self.programs.values() if p.prefecture}
        self.year = replies.say(f"year.{knowledge.programs.fiscal_year}")

    def of(self, prefecture: str) -> Program:
        """The prefecture's program, or ``program/none``."""
        return self.by_prefecture.get(prefecture, self.programs[NONE])

    def with_facets(self, facets: Iterable[str]) -> list[Program]:
        """Programs that have any of the facets, in the list's order."""
        wanted = [fold(facet) for facet in facets]
        return [
            program
            for program in self.by_prefecture.values()
            if any(facet in known for known in _facets(program) for facet in wanted)
        ]

    def with_activities(self, activities: Iterable[Activity]) -> list[Program]:
        """Programs that have all the activities, in the list's order."""
        wanted = set(activities)
        return [p for p in self.by_prefecture.values() if wanted <= set(p.activities)]

    def activity(self, activity: Activity) -> str:
        """An activity's name with its clause: 実態把握・調査（３（２）②）."""
        name = self._replies.say(f"activity.{activity}")
        return f"{name}（{self._places[CLAUSE_OF_ACTIVITY[activity]]}）"

    def card(self, program: Program, score: float, prefecture: str | None = None) -> Card:
        """The card of one program; ``program/none`` takes the prefecture asked for."""
        card = Card(
            id=program.id,
            kind=Kind.PROGRAM,
            title=program.title,
            score=round(score, 4),
            quote=program.text,
            lines=tuple(self._lines(program)),
            prefecture=program.prefecture or prefecture,
            url=self._platform(program).url if self._platform(program) else "",  # type: ignore[union-attr]
        )
        if program.id != NONE:
            return card
        title = (
            self._replies.say("program.none_title", prefecture=prefecture) if prefecture else ""
        )
        lines = (self._not_listed(prefecture), *card.lines)
        return replace(card, title=title or card.title, quote="", lines=lines)

    def _lines(self, program: Program) -> Iterable[str]:
        say = self._replies.say
        separator = say("list.separator")
        if program.plain:
            yield say("clause.plain", value=program.plain)
        if program.activities:
            yield say(
                "program.activities", value=separator.join(map(self.activity, program.activities))
            )
        if platform := self._platform(program):
            yield self._platform_line(platform)
        if program.see:
            yield say("program.see", value=separator.join(self._names[i] for i in program.see))
        checked = self._list.source.checked
        standing = self._confirmations.standing(program.id, checked)
        if program.prefecture and standing.overdue:
            yield say("program.overdue")
        newer = standing.confirmed not in {None, checked}
        yield say(
            "program.source_confirmed" if newer else "program.source",
            document=self._list.document,
            checked=checked.isoformat() if checked else "",
            confirmed=standing.confirmed.isoformat() if standing.confirmed else "",
        )

    def _platform(self, program: Program) -> Platform | None:
        return self._platforms.get(program.prefecture)

    def _platform_line(self, platform: Platform) -> str:
        say = self._replies.say
        if not platform.name:
            return say("program.platform_unknown")
        known = platform.established and platform.status == "confirmed"
        value = (
            say(
                "program.platform_established",
                name=platform.name,
                established=platform.established,
            )
            if known
            else platform.name
        )
        return say("program.platform", value=value)

    def _not_listed(self, prefecture: str | None) -> str:
        if not prefecture:
            return self.programs[NONE].text
        return self._replies.say("programs.none", prefecture=prefecture, year=self.year)


def _facets(program: Program) -> list[str]:
    facets = program.facets
    known = (
        *facets.targets, *facets.media, *facets.partners,
        *facets.sizes, *facets.products, *facets.methods,
    )  # fmt: skip
    return [fold(facet) for facet in known]
