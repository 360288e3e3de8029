"""Many cases, the same for the same seed, and what came of them."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.damage import DAMAGE, Case
from tests.fuzz.making import Maker
from tests.fuzz.world import FIRST, World


@dataclass
class Tally:
    """What came of all cases."""

    cases: Counter[str] = field(default_factory=Counter)
    """By damage."""
    results: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By damage and result."""
    faults: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By damage and what was wrong."""
    examples: dict[str, bytes] = field(default_factory=dict)
    """An update for each fault."""
    kinds: Counter[str] = field(default_factory=Counter)
    """By kind of update."""
    covered: set[tuple[type, str]] = field(default_factory=set)
    """Fields that were there."""


def run(world: World, loop: asyncio.AbstractEventLoop, cases: int, number: int) -> Tally:
    """Bring so many cases; ``number``: the seed."""
    tally = Tally()
    count = 0

    @st.composite
    def strategy(draw: Any) -> Case:
        nonlocal count
        count += 1
        maker = Maker(draw, FIRST + count, tally.covered)
        name = maker.pick(tuple(DAMAGE))
        kind, update = maker.update()
        case = Case(name, kind, {"update_id": count * 2, **update})
        DAMAGE[name](maker, case)
        return case

    brought = 0

    @seed(number)
    @settings(
        max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy())
    def each(case: Case) -> None:
        nonlocal brought
        brought += 1
        outcome = loop.run_until_complete(world.bring(case, webhook=brought % 4 == 0))
        tally.cases[case.name] += 1
        tally.kinds[case.kind] += 1
        tally.results[case.name][outcome.result] += 1
        for fault in outcome.faults:
            tally.faults[case.name][fault] += 1
            tally.examples.setdefault(fault, case.json)

    each()
    return tally
