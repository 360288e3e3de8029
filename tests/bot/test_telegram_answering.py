"""The assistant on a thread of its own: a slow answer holds up nobody for long."""

import asyncio
import subprocess
import sys
import time

import pytest

from bot.handling import Handling, current
from bot.telegram import answering
from bot.telegram.alive import watched
from bot.telegram.answering import Answering, SlowError
from handlers.messages import Incoming, Reply, Status
from tests.bot.fakes import NOW, WINDOW, FakeAssistant, FakeBotApi, Talk
from tests.bot_api import Person


class Slow(FakeAssistant):
    """Sleeps as long as the question says, and remembers when it began."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []

    def answer(self, incoming: Incoming) -> Reply:
        self.begun.append(incoming.conversation)
        time.sleep(float(incoming.text))
        if incoming.conversation == "fails":
            raise KeyError
        return Reply(Status.ANSWERED, opening=(incoming.conversation,))


def asks(conversation: str, seconds: float = 0.0) -> Incoming:
    return Incoming(str(seconds), conversation, NOW)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    monkeypatch.setattr(answering, "SLOW_SECONDS", 0.2)
    return Slow()


async def test_the_loop_goes_round_while_the_assistant_works(slow: Slow) -> None:
    asked = asyncio.create_task(Answering(slow).answer(asks("a", 0.15)))
    await asyncio.sleep(0.01)
    assert not asked.done()
    assert (await asked).opening == ("a",)


async def test_after_an_answer_that_takes_too_long_the_next_one_comes(
    slow: Slow, logged: list[dict[str, object]]
) -> None:
    desk = Answering(slow)
    late = asyncio.create_task(desk.answer(asks("fails", 0.5)))
    await asyncio.sleep(0.01)
    assert (await desk.answer(asks("b"))).opening == ("b",)
    with pytest.raises(SlowError):
        await late
    await asyncio.sleep(0.5)
    assert [line["event"] for line in logged] == ["answer too slow", "late answer failed"]


async def test_what_a_late_answer_comes_to_is_left_alone(
    slow: Slow, logged: list[dict[str, object]]
) -> None:
    with pytest.raises(SlowError):
        await Answering(slow).answer(asks("a", 0.4))
    await asyncio.sleep(0.4)
    assert [line["event"] for line in logged] == ["answer too slow"]


async def test_a_mistake_comes_back_to_who_asked(slow: Slow) -> None:
    with pytest.raises(KeyError):
        await Answering(slow).answer(asks("fails"))


async def test_people_in_danger_wait_for_nobody_else(slow: Slow) -> None:
    desk = Answering(slow)

    async def urgent() -> None:
        current.set(Handling(urgent=True))
        await desk.answer(asks("danger"))

    others = [asyncio.create_task(desk.answer(asks(name, 0.15))) for name in ("a", "b")]
    await asyncio.sleep(0.01)
    await asyncio.create_task(urgent())
    assert slow.begun == ["a", "danger"]
    await asyncio.gather(*others)


async def test_whoever_stops_waiting_lets_the_others_go_on(slow: Slow) -> None:
    desk = Answering(slow)
    first = asyncio.create_task(desk.answer(asks("a", 0.05)))
    second = asyncio.create_task(desk.answer(asks("b")))
    third = asyncio.create_task(desk.answer(asks("c")))
    await asyncio.sleep(0.01)
    second.cancel()
    assert (await first).opening == ("a",)
    assert (await third).opening == ("c",)
    assert slow.begun == ["a", "c"]


async def test_who_asked_what_takes_too_long_gets_a_national_window(
    talk: Talk,
    api: FakeBotApi,
    person: Person,
    assistant: FakeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "SLOW_SECONDS", 0.1)
    answer = assistant.answer

    def sometimes_slow(incoming: Incoming) -> Reply:
        if incoming.text == "おそい":
            time.sleep(0.3)
        return answer(incoming)

    monkeypatch.setattr(assistant, "answer", sometimes_slow)
    person.says("おそい")
    (window,) = await talk.go_on()
    assert WINDOW in window.text
    assert isinstance(talk.errors.pop(), SlowError)
    api.person().says("委託")
    (sent,) = await talk.go_on()
    assert "委託" in sent.text


STUCK = """
import asyncio, time
from bot.telegram.alive import watched

async def main():
    async with watched(beat=0.1, stuck={limit}):
        await asyncio.sleep({well})
        time.sleep({stuck})

asyncio.run(main())
print("ended well")
"""


def run(well: float, stuck: float, limit: float) -> subprocess.CompletedProcess[str]:
    code = STUCK.format(well=well, stuck=stuck, limit=limit)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_process_that_is_stuck_is_ended_so_that_it_can_be_begun_again() -> None:
    ended = run(well=0.0, stuck=30, limit=0.5)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Timeout" in ended.stderr
    assert "in main" in ended.stderr


def test_a_process_that_goes_round_is_left_alone() -> None:
    ended = run(well=4.0, stuck=0.0, limit=3.0)
    assert (ended.returncode, ended.stdout) == (0, "ended well\n")


async def test_the_watch_ends_with_its_block() -> None:
    async with watched(beat=0.01, stuck=3.0):
        await asyncio.sleep(0.05)
    time.sleep(3.2)  # noqa: ASYNC251  were the watch still there, this test would not return
