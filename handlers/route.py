"""Which kind of answer a message wants: windows, a clause, a program, a set, or none.

Slots decide first; the likeness of words only ranks what the slots leave. The constants were
chosen on the development questions, see docs/quality.md.
"""

from typing import Final

from handlers.fallback import FallbackDesk
from handlers.judge import Judge, Verdict
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.messages import Card, Reply, Role
from handlers.program_lists import ProgramLists
from handlers.programs import NONE
from handlers.residents import ResidentDesk
from handlers.turn import Turn
from handlers.wording import asks_of_region, asks_which_prefectures
from knowledge.vocabulary import Kind

ANSWER: Final = 0.25
"""From this probability a clause or program is the answer."""
OFFER: Final = 0.05
"""From this probability it is offered as a choice."""
UNKNOWN: Final = 0.6
"""From this probability a message is about something nobody here knows."""
DOUBTFUL: Final = 0.5
"""From this one, clauses and programs are only offered."""
BESIDE: Final = 0.7
"""Clauses this near to the best (as a share of its probability) are shown beside it."""
EXACT: Final = 0.9
"""From this likeness a curated ask was met so well that it outranks words out of scope."""
LIKELY: Final = 0.5
"""From this probability of a topic a resident's message is about trouble."""
ABOUT: Final = 0.5
"""From this probability a clause about a named clause leads: ⑦は補助でできる？"""


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
        self._judge = Judge(library)

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
        if not subject or self._wants_window(turn) or self._judge.met(turn) >= EXACT:
            return None
        sentence = self._say(turn, "fallback.out_of_scope", subject=subject.label)
        return self._fallback.out_of_scope(turn, sentence)

    def _by_number(self, turn: Turn) -> Reply | None:
        """A clause named by its number; a clause about it that fits well leads."""
        named = turn.slots.references.clauses
        if not named:
            return None
        clause_id, score = self._judge.best(turn, "guideline/")
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
        likeness = self._judge.likeness(turn, "program/")
        return self._members.matching(turn, slots.activities, slots.facets, likeness)

    def _by_likeness(self, turn: Turn) -> Reply | None:
        verdict = self._judge.verdict(turn)
        if _is_for_windows(verdict):
            return self._windows(turn)
        kind, score = self._judge.rules(turn)
        exact = self._judge.met(turn) >= EXACT
        if verdict.outside >= UNKNOWN and not exact:
            return self._unknown(turn)
        meant = kind == "program" and score >= OFFER and verdict.rules > verdict.outside
        if meant and turn.slots.prefectures:
            return self._members.of_prefectures(turn, turn.slots.prefectures, score)
        if (verdict.outside >= DOUBTFUL and not exact) or score < ANSWER:
            return self._unknown(turn) or self._offer(turn, score)
        if kind == "program":
            return self._program(turn)
        return self._members.quote(turn, self._clauses(turn))

    def _offer(self, turn: Turn, score: float) -> Reply | None:
        return self._fallback.choose(turn, self._offered(turn)) if score >= OFFER else None

    def _unknown(self, turn: Turn) -> Reply | None:
        """Whoever lives in trouble and names it is never left without windows."""
        slots = turn.slots
        likely = max(slots.likely.values(), default=0.0) >= LIKELY
        if turn.role is Role.RESIDENT and (slots.topics or likely or slots.needs):
            return self._windows(turn)
        return None

    def _windows(self, turn: Turn) -> Reply:
        if turn.slots.ambiguous and not turn.prefecture:
            return self._residents.where_of(turn, turn.slots.ambiguous)
        return self._residents.answer(turn)

    def _wants_window(self, turn: Turn) -> bool:
        return _is_for_windows(self._judge.verdict(turn))

    def _program(self, turn: Turn) -> Reply:
        best_id, best = self._judge.best(turn, "program/")
        if best_id == NONE:
            return self._not_listed(turn, best)
        return self._members.program(turn, [(best_id, best)])

    def _not_listed(self, turn: Turn, score: float) -> Reply:
        """Somebody asks whether their prefecture is listed without naming it."""
        if turn.prefecture:
            return self._members.of_prefectures(turn, (turn.prefecture,), score)
        return self._members.overview(turn, score)

    def _clauses(self, turn: Turn) -> list[tuple[str, float]]:
        scores = sorted(
            self._judge.likeness(turn, "guideline/").items(), key=lambda pair: -pair[1]
        )
        best = scores[0][1]
        return [pair for pair in scores if pair[1] >= best * BESIDE]

    def _offered(self, turn: Turn) -> tuple[Card, ...]:
        scored = {
            **self._judge.likeness(turn, "guideline/"),
            **self._judge.likeness(turn, "program/"),
        }
        scored.pop(NONE)
        best = sorted(scored.items(), key=lambda pair: -pair[1])[:3]
        return tuple(self._card(entry_id, score) for entry_id, score in best)

    def _card(self, entry_id: str, score: float) -> Card:
        clauses, programs = self._library.clauses, self._library.programs
        if entry_id in clauses.clauses:
            return clauses.card(clauses.clauses[entry_id], score)
        return programs.card(programs.programs[entry_id], score)

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._library.replies.say(key, turn.language, **values)


def _is_for_windows(verdict: Verdict) -> bool:
    return verdict.windows > max(verdict.rules, verdict.outside)
