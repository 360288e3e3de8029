"""What an update brings to the query log is logged once its answer is kept."""

from datetime import timedelta

import pytest

from bot.handling import Handling, beside, current
from bot.held_log import HeldLog
from handlers.ports import Asked, Outcome, QueryLog
from tests.bot.queries import AT, query
from tests.fakes import FakeLog


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


def tell_all(held: HeldLog, asked: Asked) -> None:
    held.record(query())
    held.outcome(Outcome.__new__(Outcome))
    held.permit(asked)
    held.follow(asked, "ja", AT + timedelta(days=30))
    held.unfollow(asked)
    held.hush("telegram:1")


def told(log: FakeLog) -> tuple[int, int, list[object]]:
    return len(log.queries), len(log.outcomes), [wish for wish, *_ in log.wishes]


ALL = (1, 1, ["permit", "follow", "unfollow", "hush"])


def test_it_takes_everything_a_log_takes() -> None:
    port = {name for name, value in vars(QueryLog).items() if callable(value) and name[0] != "_"}
    assert port <= vars(HeldLog).keys()


def test_outside_the_handling_of_an_update_all_is_logged_at_once(log: FakeLog) -> None:
    tell_all(HeldLog(log), Asked.__new__(Asked))
    assert told(log) == ALL


def test_what_is_handled_is_logged_after_its_answer_is_kept(log: FakeLog) -> None:
    handling = Handling()
    token = current.set(handling)
    tell_all(HeldLog(log), Asked.__new__(Asked))
    current.reset(token)
    assert told(log) == (0, 0, [])
    for call in handling.after:
        call()
    assert told(log) == ALL


def test_it_keeps_what_the_log_behind_it_keeps(log: FakeLog) -> None:
    assert HeldLog(log).keeps


async def test_outside_of_it_nothing_goes_on_beside() -> None:
    done: list[str] = []

    async def act() -> None:
        done.append("done")

    await beside(act())
    assert done == ["done"]
