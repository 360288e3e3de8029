"""What a message wants: clauses and programs, windows, or something that nobody here knows.

Everything that speaks for one or another is weighed together. The weights were fitted on the
project's own questions by ``tests/quality/calibrate.py``, see docs/quality.md.
"""

import math
from dataclasses import dataclass
from typing import Final

from handlers.library import Library
from handlers.messages import Role
from handlers.programs import NONE, OVERVIEW
from handlers.turn import Turn
from handlers.wording import asks_permission, asks_which_clause, asks_which_prefectures
from knowledge.domains import Domain

LEAST: Final = 0.01
"""A program less probable than this is not meant by a prefecture's mere name."""
PLACE: Final = 1.0
"""A named prefecture speaks for its program (in logits, like ``DOING``)."""
DOING: Final = 1.0
"""With a named activity it does so more."""
MANY: Final = 20.0
"""Letters of topics; more of them say no more."""
LONG: Final = 300
"""Letters of a message; more of them say no more."""

EVIDENCE: Final = (
    *("constant", "rules", "windows", "topics", "likely", "no_topic", "needs", "member", "staff"),
    *("resident", "foreign", "length", "place", "program", "prefectures", "clause", "permission"),
    *("like_rules", "like_known", "subject"),
)
"""What is weighed, in the order of ``WEIGHTS``."""
WEIGHTS: Final[dict[Domain, tuple[float, ...]]] = {
    Domain.RULES: (
        -0.87, 0.48, -0.08, 0.22, -1.11, 0.42, -0.82, 1.42, 1.18, -1.47,
        -0.16, 3.72, 1.68, 0.95, 2.50, 1.71, 1.01, 0.40, 0.30, -5.63,
    ),
    Domain.WINDOWS: (
        0.95, -0.34, 0.25, 0.22, 2.21, -0.95, 0.79, -1.57, -1.22, 0.74,
        0.26, 0.58, -0.88, -0.28, -2.04, -2.08, -0.71, -0.52, 0.20, 1.28,
    ),
    Domain.OUTSIDE: (
        -0.08, -0.13, -0.17, -0.44, -1.10, 0.53, 0.02, 0.15, 0.04, 0.73,
        -0.10, -4.30, -0.80, -0.67, -0.46, 0.37, -0.30, 0.12, -0.50, 4.35,
    ),
}  # fmt: skip
"""What each piece of evidence adds for each domain."""


def logit(probability_: float) -> float:
    """A probability as a weight of evidence; 0 and 1 stay finite."""
    bounded = min(max(probability_, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def probability(evidence: float) -> float:
    """A weight of evidence as a probability."""
    return 1 / (1 + math.exp(-evidence))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How probable it is that a message wants each of the three; together 1."""

    rules: float
    """A clause or a program."""
    windows: float
    """Consultation windows."""
    outside: float
    """Something else."""


class Judge:
    """Weighs the evidence."""

    def __init__(self, library: Library) -> None:
        """Take the library."""
        self._library = library

    def verdict(self, turn: Turn) -> Verdict:
        """What a message wants."""
        evidence = self.evidence(turn)
        weighed = {
            domain: math.exp(sum(w * e for w, e in zip(weights, evidence, strict=True)))
            for domain, weights in WEIGHTS.items()
        }
        total = sum(weighed.values())
        return Verdict(
            rules=weighed[Domain.RULES] / total,
            windows=weighed[Domain.WINDOWS] / total,
            outside=weighed[Domain.OUTSIDE] / total,
        )

    def evidence(self, turn: Turn) -> tuple[float, ...]:
        """Everything that is weighed, see ``EVIDENCE``."""
        slots, lexicon, domains = turn.slots, self._library.lexicon, self._library.domains
        letters = sum(slots.topics.values())
        forms = turn.words.forms
        yes = (
            not letters, slots.needs, turn.role is Role.MEMBER, turn.role is Role.STAFF,
            turn.role is Role.RESIDENT, slots.language not in {"ja", "ja-easy"},
        )  # fmt: skip
        asked = (
            slots.prefectures, slots.asks_program or slots.activities or slots.facets,
            asks_which_prefectures(turn.text), asks_which_clause(turn.text),
            asks_permission(turn.text),
        )  # fmt: skip
        return (
            1.0,
            logit(self.rules(turn)[1]),
            logit(max(self.likeness(turn, "window/").values(), default=0.0)),
            min(letters, MANY) / MANY,
            max(slots.likely.values(), default=0.0),
            *(float(bool(one)) for one in yes),
            min(len(turn.folded), LONG) / LONG,
            *(float(bool(one)) for one in asked),
            domains.odds(forms, Domain.RULES, Domain.WINDOWS),
            domains.odds(forms, Domain.RULES, Domain.OUTSIDE),
            float(lexicon.subject(turn.folded) is not None),
        )

    def rules(self, turn: Turn) -> tuple[str, float]:
        """What speaks most among clauses and programs: its kind and how probable it is."""
        clause = self.best(turn, "guideline/")[1]
        program = self._program(turn)
        return ("program", program) if program >= clause else ("guideline", clause)

    def met(self, turn: Turn) -> float:
        """How nearly a message is what somebody curated as an ask for a clause or a program."""
        if not turn.ranking:
            return 0.0
        return max(turn.ranking.met("guideline/"), turn.ranking.met("program/"))

    def best(self, turn: Turn, prefix: str) -> tuple[str, float]:
        """The nearest entry of a kind."""
        scores = self.likeness(turn, prefix)
        best = max(scores, key=lambda entry_id: scores[entry_id], default="")
        return best, scores.get(best, 0.0)

    def likeness(self, turn: Turn, prefix: str) -> dict[str, float]:
        """How near the entries of a kind are; the name of a place says nothing about trouble."""
        ranking = turn.rest_ranking if prefix == "window/" else turn.ranking
        return ranking.of(prefix) if ranking else {}

    def _program(self, turn: Turn) -> float:
        """How probable a program is: one's own words, or any program's without the place."""
        named = turn.slots.prefectures
        if not named:
            return self.best(turn, "program/")[1]
        programs = self._library.programs
        likeness = self.likeness(turn, "program/")
        own = max(likeness.get(programs.of(name).id, 0.0) for name in named)
        rest = turn.rest_ranking.of("program/") if turn.rest_ranking else {}
        any_program = max((rest[i] for i in rest if i not in {NONE, OVERVIEW}), default=0.0)
        slots = turn.slots
        doing = DOING if slots.activities or slots.facets or slots.asks_program else 0.0
        if turn.carried:
            return probability(logit(max(own, any_program)) + doing)
        if not doing and any_program < LEAST:
            return 0.0  # the name of a place is near to its program, whatever is asked of it
        return probability(logit(max(own, any_program)) + PLACE + doing)
