"""The canary: cries for help go the whole way, and staff hear when no window comes."""

import asyncio

import pytest
from telegram.error import Forbidden, TimedOut
from typer.testing import CliRunner

from bot.app import NoLog, build
from bot.canary import canary_of, sing_once
from bot.cli import app as command_line
from bot.settings import Settings
from bot.telegram import build_application
from bot.telegram.app import App
from bot.telegram.canary import LATE, Canary, Cry, Fault
from bot.telegram.jobs import schedule
from handlers.messages import Incoming, Reply, Status
from knowledge.canary import canary_lines
from knowledge.replies import Replies
from tests.bot.fakes import STAFF_ID, WINDOW, FakeAssistant, FakeBotApi, FakeClock

CRIES = [Cry("もう死にたい", (WINDOW,)), Cry("さみしい", (WINDOW,))]


class Deaf(FakeAssistant):
    """Hears no cry until it is mended."""

    mended = False

    def answer(self, incoming: Incoming) -> Reply:
        if self.mended:
            return super().answer(incoming)
        return Reply(Status.SMALLTALK, opening=("どうも。",))


class Slow(FakeAssistant):
    """Takes too long."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def answer(self, incoming: Incoming) -> Reply:
        self._clock.move(LATE + 1)
        return super().answer(incoming)


@pytest.fixture
def deaf() -> Deaf:
    return Deaf()


@pytest.fixture
def silent(settings: Settings, deaf: Deaf, replies: Replies, clock: FakeClock) -> Canary:
    return Canary(settings, deaf, replies, clock, CRIES[:1])


def canary(
    settings: Settings, assistant: FakeAssistant, replies: Replies, clock: FakeClock
) -> Canary:
    return Canary(settings, assistant, replies, clock, CRIES)


async def test_a_cry_that_gets_its_window_is_sound(
    settings: Settings, assistant: FakeAssistant, replies: Replies, clock: FakeClock
) -> None:
    singing = canary(settings, assistant, replies, clock)

    assert [await singing.sing() for _ in range(3)] == [(1, None), (2, None), (1, None)]
    assert [asked.text for asked in assistant.asked] == [
        "もう死にたい",
        "さみしい",
        "もう死にたい",
    ]
    assert len({asked.conversation for asked in assistant.asked}) == 3


async def test_a_reply_without_the_number_is_missing(
    settings: Settings, assistant: FakeAssistant, replies: Replies, clock: FakeClock
) -> None:
    singing = Canary(settings, assistant, replies, clock, [Cry("もう死にたい", ("119",))])

    assert await singing.sing() == (1, Fault.MISSING)


async def test_a_reply_that_comes_too_late_is_late(
    settings: Settings, replies: Replies, clock: FakeClock
) -> None:
    assert await canary(settings, Slow(clock), replies, clock).sing() == (1, Fault.LATE)


async def test_staff_are_told_once_when_it_falls_silent_and_once_when_it_sings_again(
    deaf: Deaf, silent: Canary, app: App, api: FakeBotApi, replies: Replies
) -> None:
    assert api.person().id == STAFF_ID
    await silent.watch(app.bot)
    await silent.watch(app.bot)
    deaf.mended = True
    await silent.watch(app.bot)
    await silent.watch(app.bot)

    assert [sent.text for sent in api.methods.messages] == [
        replies.say("canary.missing", line="1"),
        replies.say("canary.back", line="1"),
    ]


async def test_a_canary_that_sings_disturbs_nobody(
    deaf: Deaf, silent: Canary, app: App, api: FakeBotApi
) -> None:
    deaf.mended = True
    await silent.watch(app.bot)

    assert api.methods.messages == []


@pytest.mark.parametrize("failure", [TimedOut(), Forbidden("blocked")])
async def test_staff_who_cannot_be_told_do_not_silence_the_canary(
    silent: Canary, app: App, api: FakeBotApi, failure: Exception, logged: list[dict[str, object]]
) -> None:
    api.failures["sendMessage"].append(failure)

    await silent.watch(app.bot)

    assert [line["event"] for line in logged][-2:] == [
        "canary failed",
        "staff not told of the canary",
    ]
    assert "死にたい" not in str(logged)


class Heard(FakeAssistant):
    """Says when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.was_asked = asyncio.Event()

    def answer(self, incoming: Incoming) -> Reply:
        reply = super().answer(incoming)
        self.was_asked.set()
        return reply


async def test_it_sings_on_a_schedule(
    settings: Settings, replies: Replies, clock: FakeClock, api: FakeBotApi
) -> None:
    assistant = Heard()
    updates = FakeBotApi()
    app = build_application(
        settings, assistant, replies, clock, request=api, updates_request=updates, jobs=True
    )
    assert app.job_queue is not None
    schedule(app.job_queue, canary(settings, assistant, replies, clock), 3600)
    (job,) = app.job_queue.jobs()
    async with app:
        await app.start()
        await asyncio.wait_for(assistant.was_asked.wait(), timeout=10)
        await app.stop()

    assert job.name == "canary"
    assert assistant.asked[0].text == "もう死にたい"


def test_every_line_of_the_rota_gets_its_window_from_the_real_assistant(
    settings: Settings,
) -> None:
    said: list[str] = []

    assert sing_once(canary_of(build(NoLog()), settings), said.append)
    assert said == [f"{number}: ok" for number in range(1, len(canary_lines()) + 1)]


def test_from_the_command_line_a_silent_canary_is_exit_status_one(
    monkeypatch: pytest.MonkeyPatch, silent: Canary
) -> None:
    monkeypatch.setattr("bot.canary.canary_of", lambda *_: silent)
    monkeypatch.setattr("bot.logs.set_up_logs", lambda *_: None)

    result = CliRunner().invoke(command_line, ["canary"])

    assert result.exit_code == 1
    assert "1: missing" in result.stdout
