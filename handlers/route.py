"""Which kind of answer a message wants: windows, a clause, a program, a set, or none.

Slots decide first; the likeness of words only ranks what the slots leave. The constants were
chosen on the development questions, see docs/quality.md.
"""

import math
from collections.abc import Mapping
from typing import Final

from handlers.fallback import FallbackDesk
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.messages import Card, Reply, Role
from handlers.program_lists import ProgramLists
from handlers.programs import NONE, OVERVIEW
from handlers.residents import ResidentDesk
from handlers.turn import Turn
from handlers.wording import asks_of_region, asks_which_prefectures, pull_of_rules
from knowledge.vocabulary import Kind

ANSWER: Final = 0.25
"""From this probability a clause or program is the answer."""
OFFER: Final = 0.05
"""From this probability it is offered as a choice."""
WINDOW: Final = -1.0
"""From here windows are the answer (in logits, like every weight of evidence below)."""
BESIDE: Final = 0.7
"""Clauses this near to the best (as a share of its probability) are shown beside it."""
EXACT: Final = 0.9
"""From this probability a curated ask was met so well that it outranks words out of scope."""
ABOUT: Final = 0.5
"""From this probability a clause about a named clause leads: ⑦は補助でできる？"""

ROLE: Final[Mapping[Role | None, float]] = {
    Role.RESIDENT: 1.0,
    Role.MEMBER: -3.0,
    Role.STAFF: -4.0,
    None: 0.0,
}
"""How far who is asking speaks for windows."""
NEED: Final = 1.5
"""A property asked for speaks for windows."""
FOREIGN: Final = -1.5
"""In another language words are few and alike by chance, unless they name a topic."""
TOPIC_LETTER: Final = 0.35
"""What each letter of a topic's phrases adds."""
TOPIC_START: Final = -2.0
"""What a topic starts from."""
USUAL_LENGTH: Final = 40
"""Letters up to which a message needs no more than one phrase of a topic."""
RAMBLING: Final = 0.012
"""What every further letter takes away: in a long story one phrase may stand by chance."""
PLACE: Final = 1.0
"""A named prefecture speaks for its program."""
DOING: Final = 1.0
"""With a named activity it does so more."""
OWN_NAME: Final = 0.15
"""What the mere name of a prefecture adds to the likeness of its program."""


def logit(probability_: float) -> float:
    """A probability as a weight of evidence; 0 and 1 stay finite."""
    bounded = min(max(probability_, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def probability(evidence: float) -> float:
    """A weight of evidence as a probability."""
    return 1 / (1 + math.exp(-evidence))


class Router:
    """Chooses the answer."""

    def __init__(
        self,
        library: Library,
        residents: ResidentDesk,
        members: MemberDesk,
        fallback: FallbackDesk,
        lists: ProgramLists,
    ) -> None:
        """Take the library and the desks that answer."""
        self._lists = lists
        self._library = library
        self._residents = residents
        self._members = members
        self._fallback = fallback

    def route(self, turn: Turn) -> Reply | None:
        """The first rule that applies answers; None if none does."""
        if turn.danger and turn.danger.soft:
            return self._residents.answer(turn, care=True)
        rules = (
            self._pointing,
            self._anything_there,
            self._outside,
            self._by_number,
            self._set,
            self._by_likeness,
        )
        return next(filter(None, (rule(turn) for rule in rules)), None)

    def _pointing(self, turn: Turn) -> Reply | None:
        """じゃあ岐阜は？: the same again, there."""
        if not turn.points:
            return None
        resident = turn.role is Role.RESIDENT
        only_place = resident and not turn.before.route and not turn.rest.forms
        if turn.before.route is Kind.WINDOW or only_place:
            return self._residents.answer(turn)
        return self._members.of_prefectures(turn, turn.slots.prefectures, 1.0)

    def _anything_there(self, turn: Turn) -> Reply | None:
        """大阪府の相談窓口: the windows of a place, whatever it is about."""
        named = turn.slots.prefectures or turn.slots.ambiguous
        if not (turn.wordless and named):
            return None
        if turn.slots.prefectures:
            return self._residents.there(turn, turn.slots.prefectures[0])
        return self._residents.where_of(turn, named)

    def _outside(self, turn: Turn) -> Reply | None:
        """Other years, other articles, and subjects the documents do not cover."""
        references = turn.slots.references
        programs = self._library.programs
        if any(year != self._library.knowledge.programs.fiscal_year for year in references.years):
            sentence = self._say(turn, "fallback.other_year", year=programs.year)
            return self._fallback.out_of_scope(turn, sentence)
        if references.articles and 11 not in references.articles:  # noqa: PLR2004 - 第11条
            sentence = self._say(turn, "fallback.other_article")
            return self._fallback.out_of_scope(turn, sentence)
        subject = self._library.lexicon.subject(turn.folded)
        if not subject or self._wants_window(turn) or self._met(turn) >= EXACT:
            return None
        sentence = self._say(turn, "fallback.out_of_scope", subject=subject.label)
        return self._fallback.out_of_scope(turn, sentence)

    def _by_number(self, turn: Turn) -> Reply | None:
        """A clause named by its number; a clause about it that fits well leads."""
        named = turn.slots.references.clauses
        if not named:
            return None
        clause_id, score = self._best(turn, "guideline/")
        clause = self._library.clauses.clauses.get(clause_id)
        if clause and score >= ABOUT and clause_id not in named:
            about = [reference for reference in named if reference in clause.see]
            if about:
                return self._members.quote(
                    turn, [(clause_id, score), *((i, ABOUT) for i in about)]
                )
        return self._members.named(turn, named)

    def _set(self, turn: Turn) -> Reply | None:
        """Which prefectures do something: all of them, counted."""
        slots = turn.slots
        if len(slots.prefectures) > 1 and not turn.carried and not self._wants_window(turn):
            return self._members.of_prefectures(turn, slots.prefectures, 1.0)
        if slots.prefectures:
            return None
        if not self._wants_window(turn) and asks_of_region(turn.text):
            return self._lists.region(turn)
        if not (slots.activities or slots.facets):
            return None
        if not asks_which_prefectures(turn.text):
            return None
        likeness = self._likeness(turn, "program/")
        return self._members.matching(turn, slots.activities, slots.facets, likeness)

    def _by_likeness(self, turn: Turn) -> Reply | None:
        kind, score = self._rules(turn)
        if self._wants_window(turn):
            return self._windows(turn)
        if kind == "program":
            return self._program(turn, score)
        if score >= ANSWER:
            return self._members.quote(turn, self._clauses(turn))
        if turn.role is Role.RESIDENT and (turn.slots.topics or turn.slots.needs):
            return self._windows(turn)
        if score >= OFFER:
            return self._fallback.choose(turn, self._offered(turn))
        return None

    def _windows(self, turn: Turn) -> Reply:
        if turn.slots.ambiguous and not turn.prefecture:
            return self._residents.where_of(turn, turn.slots.ambiguous)
        return self._residents.answer(turn)

    def _wants_window(self, turn: Turn) -> bool:
        pull = self._pull_of_windows(turn)
        return pull >= WINDOW and pull > logit(self._rules(turn)[1])

    def _pull_of_windows(self, turn: Turn) -> float:
        """How much speaks for windows: words like a window's, topics, needs, who is asking."""
        likeness = logit(max(self._likeness(turn, "window/").values(), default=0.0))
        topics = turn.slots.topics
        topical = TOPIC_START + TOPIC_LETTER * sum(topics.values()) if topics else likeness
        rambling = RAMBLING * max(0, len(turn.folded) - USUAL_LENGTH)
        needs = NEED if turn.slots.needs else 0.0
        foreign = turn.slots.language != "ja" and not topics
        return (
            max(likeness, topical)
            - rambling
            + needs
            + (FOREIGN if foreign else 0.0)
            + ROLE[turn.role]
            - pull_of_rules(turn.text, member=turn.role in {Role.MEMBER, Role.STAFF})
        )

    def _rules(self, turn: Turn) -> tuple[str, float]:
        """What speaks most among clauses and programs: its kind and how probable it is."""
        clause = self._best(turn, "guideline/")[1]
        program = self._program_score(turn)
        return ("program", program) if program >= clause else ("guideline", clause)

    def _met(self, turn: Turn) -> float:
        """How well the nearest clause or program is met by words alone, without its place."""
        return max(self._best(turn, "guideline/")[1], self._best(turn, "program/")[1])

    def _program_score(self, turn: Turn) -> float:
        """How probable a program is: one's own words, or any program's without the place."""
        named = turn.slots.prefectures
        if not named:
            return self._best(turn, "program/")[1]
        programs = self._library.programs
        likeness = self._likeness(turn, "program/")
        own = max(likeness.get(programs.of(name).id, 0.0) for name in named)
        rest = turn.rest_ranking.of("program/") if turn.rest_ranking else {}
        any_program = max((rest[i] for i in rest if i not in {NONE, OVERVIEW}), default=0.0)
        slots = turn.slots
        doing = DOING if slots.activities or slots.facets or slots.asks_program else 0.0
        if turn.carried:
            return probability(logit(max(own, any_program)) + doing)
        if not doing and max(any_program, own - OWN_NAME) < OFFER:
            return 0.0
        return probability(logit(max(own, any_program)) + PLACE + doing)

    def _program(self, turn: Turn, score: float) -> Reply | None:
        if turn.slots.prefectures:
            if score < OFFER:
                return None
            return self._members.of_prefectures(turn, turn.slots.prefectures, score)
        best_id, best = self._best(turn, "program/")
        if best >= ANSWER:
            if best_id == NONE:
                return self._not_listed(turn, best)
            return self._members.program(turn, [(best_id, best)])
        return self._fallback.choose(turn, self._offered(turn)) if best >= OFFER else None

    def _not_listed(self, turn: Turn, score: float) -> Reply:
        """Somebody asks whether their prefecture is listed without naming it."""
        if turn.prefecture:
            return self._members.of_prefectures(turn, (turn.prefecture,), score)
        return self._members.overview(turn, score)

    def _clauses(self, turn: Turn) -> list[tuple[str, float]]:
        scores = sorted(self._likeness(turn, "guideline/").items(), key=lambda pair: -pair[1])
        best = scores[0][1]
        return [pair for pair in scores if pair[1] >= best * BESIDE]

    def _offered(self, turn: Turn) -> tuple[Card, ...]:
        scored = {**self._likeness(turn, "guideline/"), **self._likeness(turn, "program/")}
        scored.pop(NONE)
        best = sorted(scored.items(), key=lambda pair: -pair[1])[:3]
        return tuple(self._card(entry_id, score) for entry_id, score in best)

    def _card(self, entry_id: str, score: float) -> Card:
        clauses, programs = self._library.clauses, self._library.programs
        if entry_id in clauses.clauses:
            return clauses.card(clauses.clauses[entry_id], score)
        return programs.card(programs.programs[entry_id], score)

    def _best(self, turn: Turn, prefix: str) -> tuple[str, float]:
        scores = self._likeness(turn, prefix)
        best = max(scores, key=lambda entry_id: scores[entry_id], default="")
        return best, scores.get(best, 0.0)

    def _likeness(self, turn: Turn, prefix: str) -> dict[str, float]:
        """How near the entries of a kind are; the name of a place says nothing about trouble."""
        ranking = turn.rest_ranking if prefix == "window/" else turn.ranking
        return ranking.of(prefix) if ranking else {}

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._library.replies.say(key, turn.language, **values)
