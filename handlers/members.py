"""Answers about the rules and the programs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from handlers.choices import PROGRAM_REGION, Choices
from handlers.clauses import ClauseDesk
from handlers.membership import MembershipDesk
from handlers.messages import Card, Choice, Reply, Role, Status
from handlers.program_lists import ProgramLists
from handlers.programs import NONE, OVERVIEW, ProgramDesk
from handlers.residents import ResidentDesk
from handlers.rules import RulesDesk
from handlers.turn import Turn
from knowledge.entries import Program
from knowledge.replies import Replies
from knowledge.vocabulary import Activity

CLAUSES_SHOWN: Final = 3
"""Clauses quoted at once: more is a document, not an answer."""
CLAUSES_FOR_MEMBERS: Final = 5
"""Members read longer quotes: they settle a question with them."""
TWO: Final = 2
IMPLEMENTING_BODY: Final = "guideline/2-1"
"""Who may receive the grant at all."""
LOCAL_WINDOWS: Final = 2
"""Windows shown with «not among the 18»."""


class MemberDesk:
    """Writes replies from clauses and programs."""

    def __init__(  # noqa: PLR0913, PLR0917  the desks it draws on
        self,
        clauses: ClauseDesk,
        programs: ProgramDesk,
        residents: ResidentDesk,
        replies: Replies,
        choices: Choices,
        rules: RulesDesk,
        lists: ProgramLists,
        membership: MembershipDesk,
    ) -> None:
        """Take the desks this one draws on."""
        self._rules = rules
        self._lists = lists
        self._membership = membership
        self._clauses = clauses
        self._programs = programs
        self._residents = residents
        self._replies = replies
        self._choices = choices

    def quote(self, turn: Turn, scored: Sequence[tuple[str, float]]) -> Reply:
        """Clauses, best first."""
        shown = scored[: _most(turn)]
        cards = [self._clauses.card(self._clauses.clauses[i], score) for i, score in shown]
        return Reply(
            Status.ANSWERED,
            opening=(self._say(turn, "clauses.opening"),),
            cards=tuple(cards),
            closing=(self._say(turn, "clauses.closing"),),
            choices=self._buttons(turn, [card.id for card in cards]),
        )

    def _buttons(self, turn: Turn, ids: Sequence[str]) -> tuple[Choice, ...]:
        """Those under quotes; a member can also be told when a clause changes."""
        watch = [self._membership.button(turn.language, ids[0])] if len(ids) == 1 else []
        return (
            *self._rules.buttons(turn.language, ids),
            *(watch if turn.role in {Role.MEMBER, Role.STAFF} else []),
        )

    def named(self, turn: Turn, references: Iterable[str]) -> Reply:
        """The clauses a message names by number; one that does not exist says which do."""
        wanted = list(references)
        found = [clause for reference in wanted for clause in self._clauses.named(reference)]
        if not found:
            return self._missing(turn, wanted[0])
        if len(found) > _most(turn):
            return self._section(turn, found[0].section, [clause.id for clause in found])
        return self.quote(turn, [(clause.id, 1.0) for clause in found])

    def _missing(self, turn: Turn, reference: str) -> Reply:
        section = reference.split("/")[1].split("-", maxsplit=1)[0]
        near = self._clauses.named(f"guideline/{section}") or [
            clause for clause in self._clauses.clauses.values() if clause.id.count("-") <= 1
        ]
        sentence = self._say(turn, "clauses.missing", place=_place(reference))
        offered = tuple(self._clauses.card(clause, 0.0) for clause in near)
        return Reply(Status.CLARIFY_CHOICE, (sentence,), choices=self._choices.entries(offered))

    def _section(self, turn: Turn, section: str, ids: Sequence[str]) -> Reply:
        offered = tuple(self._clauses.card(self._clauses.clauses[i], 1.0) for i in ids)
        sentence = self._say(turn, "clauses.section", section=section)
        return Reply(
            Status.CLARIFY_CHOICE,
            (sentence,),
            choices=self._choices.entries(offered),
            offered=offered,
        )

    def program(self, turn: Turn, scored: Sequence[tuple[str, float]]) -> Reply:
        """Programs, best first."""
        cards = [self._programs.card(self._programs.programs[i], score) for i, score in scored]
        compared = len(cards) > 1
        return Reply(
            Status.ANSWERED,
            opening=(self._opening(turn, compared=compared),),
            cards=tuple(cards),
            closing=(self._say(turn, "programs.closing"),),
        )

    def of_prefectures(self, turn: Turn, prefectures: Sequence[str], score: float) -> Reply:
        """The programs of named prefectures; honest about those that are not listed."""
        listed = [p for p in prefectures if self._programs.of(p).id != NONE]
        if not listed:
            return self.not_listed(turn, prefectures, score)
        cards = [self._programs.card(self._programs.of(p), score, p) for p in prefectures]
        two = [self._programs.of(p) for p in listed] if len(prefectures) == TWO else []
        more = self._lists.differences(turn, *two) if len(two) == TWO else ()
        return Reply(
            Status.ANSWERED,
            opening=(self._opening(turn, compared=len(cards) > 1), *more),
            cards=tuple(cards),
            closing=(self._say(turn, "programs.closing"),),
        )

    def not_listed(self, turn: Turn, prefectures: Sequence[str], score: float) -> Reply:
        """Not among the 18: said with the prefecture's name and its windows."""
        none = self._programs.programs[NONE]
        cards: list[Card] = [self._programs.card(none, score, p) for p in prefectures]
        windows = self._residents.nearby(turn, prefectures[0], LOCAL_WINDOWS)
        near, choices = self._lists.neighbours(turn, prefectures[0])
        body = self._clauses.clauses[IMPLEMENTING_BODY]
        return Reply(
            Status.ANSWERED_NOT_LISTED,
            cards=(*cards, *windows),
            closing=(
                self._say(turn, "programs.none_windows", prefecture=prefectures[0]),
                *near,
                self._say(turn, "programs.who_may", place=body.place),
            ),
            choices=(*choices, *self._choices.entries([self._clauses.card(body, 0.0)])),
        )

    def overview(self, turn: Turn, score: float) -> Reply:
        """The whole list."""
        return self.program(turn, [(OVERVIEW, score)])

    def matching(
        self,
        turn: Turn,
        activities: Sequence[Activity],
        facets: Sequence[str],
        likeness: Mapping[str, float],
    ) -> Reply | None:
        """Every program with what is asked for, counted and quoted; None if there is none."""
        found, what = self._set(activities, facets)
        if not found:
            return None
        found.sort(key=lambda program: -likeness[program.id])
        sentence = self._say(
            turn, "programs.set", what=what, count=str(len(found)), year=self._programs.year
        )
        return Reply(
            Status.ANSWERED,
            opening=(sentence,),
            cards=tuple(self._programs.card(program, 1.0) for program in found),
            closing=(self._say(turn, "programs.closing"),),
        )

    def _set(
        self, activities: Sequence[Activity], facets: Sequence[str]
    ) -> tuple[list[Program], str]:
        """Facets are nearer to the words asked than activities; several name one thing."""
        separator = self._replies.say("list.separator")
        found = self._programs.with_facets(facets)
        if found:
            return found, f"「{separator.join(facets)}」"
        found = self._programs.with_activities(activities) if activities else []
        return found, f"「{separator.join(map(self._programs.activity, activities))}」"

    def which(self, turn: Turn) -> Reply:
        """Ask which prefecture's program, region first."""
        return Reply(
            Status.CLARIFY_PREFECTURE,
            opening=(self._say(turn, "start.programs"),),
            choices=self._choices.regions(PROGRAM_REGION),
        )

    def _opening(self, turn: Turn, *, compared: bool) -> str:
        key = "programs.compare" if compared else "programs.opening"
        return self._say(turn, key, year=self._programs.year)

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def _place(reference: str) -> str:
    """guideline/9-2 as people write it: 9(2)."""
    section, *rest = reference.split("/")[1].split("-")
    return section + "".join(f"({number})" for number in rest)


def _most(turn: Turn) -> int:
    """How many clauses are quoted at once."""
    members = turn.role in {Role.MEMBER, Role.STAFF}
    return CLAUSES_FOR_MEMBERS if members else CLAUSES_SHOWN
