"""Killed at random moments, over a bad line: nothing is lost, and nothing doubled without need.

``python -m tests.killed --runs 200`` does the same at length; see docs/reliability.md.
"""

from collections.abc import AsyncIterator, Sequence

import pytest

from tests.bot_api import BotApiServer, Fault, Sent
from tests.bot_api.plans import CLOSED_AFTER, Seeded
from tests.bot_api.server import Accepted
from tests.killed.__main__ import table
from tests.killed.comparing import compare
from tests.killed.lives import Nursery
from tests.killed.running import run

SEEDS = (1001, 1002, 1003, 1004, 1005, 1006)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with Nursery.open() as nursery:
        yield nursery


async def test_nothing_is_lost_and_nothing_doubled_without_need(nursery: Nursery) -> None:
    runs = [await run(nursery, seed) for seed in SEEDS]
    assert [one for one in runs if not one.sound] == []
    assert sum(one.kills for one in runs) >= len(SEEDS)
    assert table(runs).count("\n") == 4


def accepted(server: BotApiServer, *calls: tuple[int, str, bool]) -> Sequence[Accepted]:
    """Messages the server took: which life sent which part, and whether it learnt so."""
    person = server.person()
    for life, part, unanswered in calls:
        message = {"chat_id": str(person.id), "text": part}
        server.accepted.append(Accepted(made(message), life, 0.0, unanswered))
    return server.accepted


def made(parameters: dict[str, str]) -> Sent:
    return Sent(parameters["text"], parameters, {})


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ([(1, "k1/1", False)], ("k2/1",)),
        ([(1, "k2/1", False), (1, "k1/1", False)], ()),
    ],
)
def test_what_was_never_sent_is_lost(calls, found) -> None:
    server = BotApiServer()
    ones = accepted(server, *calls)
    chat = int(ones[0].sent.parameters["chat_id"])
    result = compare({"k1/1": chat, "k2/1": chat}, ones, {1: 0.5})
    assert result.lost == found
    assert result.disordered == len(calls) - 1


@pytest.mark.parametrize(
    ("calls", "kind"),
    [
        ([(1, "k1/1", False), (2, "k1/1", False)], "at_kills"),
        ([(1, "k1/1", False), (1, "k2/1", False), (2, "k1/1", False)], "doubled"),
        ([(2, "k1/1", True), (2, "k1/1", False)], "unanswered"),
        ([(2, "k1/1", False), (2, "k1/1", False)], "doubled"),
    ],
)
def test_what_was_sent_again_is_told_apart(calls, kind: str) -> None:
    server = BotApiServer()
    ones = accepted(server, *calls)
    chat = int(ones[0].sent.parameters["chat_id"])
    result = compare({"k1/1": chat, "k2/1": chat}, ones, {1: 0.5})
    assert result.gaps == ((0.5,) if kind == "at_kills" else ())
    kinds = ("at_kills", "doubled", "unanswered")
    assert {name: getattr(result, name) for name in kinds} == {
        name: ("k1/1",) if name == kind else () for name in kinds
    }


def test_what_went_to_a_chat_that_did_not_ask_is_stray() -> None:
    assert compare({"k1/1": 7}, accepted(BotApiServer(), (1, "k1/1", False)), {}).stray


def test_the_same_seed_makes_the_same_faults() -> None:
    def faults(seed: int) -> list[Fault | None]:
        plan = Seeded(seed)
        return [plan.next("sendMessage") for _ in range(200)]

    assert faults(1) == faults(1) != faults(2)
    assert CLOSED_AFTER in faults(1)
    assert Seeded(1).next("getMe") is None
