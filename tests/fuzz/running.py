"""Many cases, the same for the same seed, and what came of them."""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from handlers.library import Library
from tests.fuzz.damage import DAMAGE, Case
from tests.fuzz.making import Maker
from tests.fuzz.world import FIRST, world

TOLD: Final = 1000
"""After so many cases it is told how far it is."""


@dataclass
class Tally:
    """What came of all cases."""

    cases: Counter[str] = field(default_factory=Counter)
    """By damage."""
    results: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By damage and result."""
    failed: Counter[str] = field(default_factory=Counter)
    """By damage: cases with something that should not have happened."""
    faults: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By damage and what was wrong."""
    examples: dict[str, bytes] = field(default_factory=dict)
    """An update for each fault."""
    kinds: Counter[str] = field(default_factory=Counter)
    """By kind of update."""
    covered: set[tuple[type, str]] = field(default_factory=set)
    """Fields that were there."""


def each_case(cases: int, number: int, tally: Tally, see: Callable[[Case], None]) -> None:
    """Make so many cases, one after the other; ``number``: the seed."""
    made = count(1)

    @st.composite
    def strategy(draw: Any) -> Case:
        this = next(made)
        maker = Maker(draw, FIRST + this, tally.covered)
        name = maker.pick(tuple(DAMAGE))
        kind, update = maker.update()
        case = Case(name, kind, {"update_id": this * 2, **update})
        DAMAGE[name](maker, case)
        return case

    @seed(number)
    @settings(
        max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy())
    def bring(case: Case) -> None:
        tally.cases[case.name] += 1
        tally.kinds[case.kind] += 1
        see(case)

    bring()


def run(cases: int, number: int, library: Library | None = None, only: str = "") -> Tally:
    """Bring so many cases to the application: every fourth as the webhook does.

    ``library``: one that is loaded already; ``only``: the damage whose cases are brought.
    """
    tally, brought = Tally(), count(1)
    with asyncio.Runner() as runner:
        around = world(library)
        here = runner.run(around.__aenter__())

        def see(case: Case) -> None:
            if only not in {"", case.name}:
                return
            outcome = runner.run(here.bring(case, webhook=next(brought) % 4 == 0))
            tally.results[case.name][outcome.result] += 1
            tally.failed[case.name] += bool(outcome.faults)
            if (done := tally.cases.total()) % TOLD == 0:
                sys.stderr.write(f"{done:,}/{cases:,}, failures {tally.failed.total()}\n")
            for fault in outcome.faults:
                tally.faults[case.name][fault] += 1
                tally.examples.setdefault(fault, case.json)

        try:
            each_case(cases, number, tally, see)
        finally:
            runner.run(around.__aexit__(None, None, None))
    return tally
