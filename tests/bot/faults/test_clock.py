"""The machine's clock is set days ahead or back: nothing that waits is thought old for that."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from telegram import Bot
from telegram.ext import ContextTypes, JobQueue

from bot.clock import TOLERANCE, GuidedClock
from bot.operation.metrics import Metrics, State
from bot.settings import Settings
from bot.store.conversations import MemoryConversations
from bot.store.database import open_database
from bot.store.outbox import Outgoing
from bot.store.post import SqlitePost
from bot.store.query_log import SqliteQueryLog
from bot.telegram import build_application, timekeeping
from bot.telegram.app import App, web_request
from bot.telegram.notices import Notices
from bot.telegram.operation import Operation
from bot.telegram.repeating import Evenly, repeat, set_anew
from bot.telegram.timekeeping import Timekeeping
from handlers.ports import Conversation
from knowledge.replies import Replies
from tests.bot.fakes import FakeAssistant, FakeClock, SettledLatches, Talk
from tests.bot.queries import days, kept, query
from tests.bot.test_serve import free_port
from tests.bot_api import TOKEN, BotApiServer, Person

KEY = "k" * 32
MESSAGE = Outgoing(42, "sendMessage", {"plain": "x"}, "telegram:42")
AHEAD, BACK = timedelta(days=40), timedelta(days=-40)
JUMPS = pytest.mark.parametrize("jump", [AHEAD, BACK], ids=["ahead", "back"])


class Machine(FakeClock):
    """A machine whose clock somebody sets; its even seconds go on."""

    def __init__(self) -> None:
        super().__init__()
        self.true = self._now

    def set(self, by: timedelta) -> None:
        """Set the clock."""
        self._now += by

    def live(self, seconds: float) -> None:
        """Let time go by."""
        self.true += timedelta(seconds=seconds)
        self._now += timedelta(seconds=seconds)

    def elapsed(self) -> float:
        return self.true.timestamp()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> GuidedClock:  # type: ignore[override]
    """Guided by a Telegram that is right, and was heard twice."""
    clock = GuidedClock(machine, machine.elapsed)
    for _ in range(2):
        clock.heard(machine.true)
    return clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tsunagari.db"


# what time it is


@JUMPS
def test_a_clock_that_is_set_while_running_changes_nothing(
    machine: Machine, clock: GuidedClock, jump: timedelta
) -> None:
    machine.set(jump)
    machine.live(3600)
    assert clock.now() == machine.true
    assert clock.skew == jump
    clock.heard(machine.true)
    assert clock.now() == machine.true
    machine.set(-jump)
    assert clock.now() == machine.now() == machine.true


def test_a_little_off_is_the_machines_time(machine: Machine, clock: GuidedClock) -> None:
    machine.set(TOLERANCE)
    assert clock.now() == machine.now()
    machine.set(timedelta(seconds=1))
    assert clock.now() == machine.true


def test_one_answer_alone_is_not_believed(machine: Machine) -> None:
    clock = GuidedClock(machine, machine.elapsed)
    assert (clock.sure, clock.skew, clock.now()) == (False, None, machine.now())
    clock.heard(machine.true + AHEAD)
    assert (clock.sure, clock.now()) == (False, machine.now())
    clock.heard(machine.true)
    assert (clock.sure, clock.now()) == (False, machine.now())
    machine.set(BACK)
    clock.heard(machine.true)
    assert (clock.sure, clock.now()) == (True, machine.true)
    clock.heard(machine.true + AHEAD)
    assert clock.now() == machine.true


def test_after_the_machine_stood_still_telegram_is_believed_anew(
    machine: Machine, clock: GuidedClock
) -> None:
    machine.set(AHEAD)  # a machine that was saved and woken forty days later: the clock is right
    for _ in range(2):
        clock.heard(machine.now())
        machine.live(10)
    assert clock.now() == machine.now()


def test_the_real_clock_goes_on() -> None:
    clock = GuidedClock()
    assert abs(clock.now() - clock.machine.now()) < timedelta(seconds=5)
    assert clock.elapsed() <= clock.elapsed()
    assert clock.seconds() <= clock.seconds()


# what waits


@JUMPS
async def test_nothing_that_waits_is_dropped_or_sent_late(
    machine: Machine, clock: GuidedClock, path: Path, jump: timedelta
) -> None:
    sure = lambda: clock.sure  # noqa: E731  as it is joined
    with closing(SqlitePost(path, KEY, 1, clock, sure=sure)) as post:
        await post.arrive(7, "undone")
        await post.arrive(8, "done")
        await post.finish(8)
        (kept_one,) = await post.answer(None, [MESSAGE])
        machine.set(jump)
        await post.postpone(Outgoing(**{**vars_of(kept_one), "tries": 1, "rest": 60.0}))
        await post.tend()
        machine.live(7200)
        await post.tend()
    with closing(SqlitePost(path, KEY, 1, clock, sure=sure)) as post:
        assert not await post.arrive(8, "done")
        (waiting,) = await post.waiting()
        assert (waiting.id, waiting.rest) == (kept_one.id, 0.0)
        assert [one.update_id for one in await post.unfinished()] == [7]


def vars_of(one: Outgoing) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Outgoing.__dataclass_fields__}


async def test_a_start_with_a_wrong_clock_thinks_nothing_old_until_telegram_was_heard(
    machine: Machine, clock: GuidedClock, path: Path
) -> None:
    with closing(SqlitePost(path, KEY, 1, clock)) as post:
        await post.answer(None, [MESSAGE])
    machine.set(AHEAD)
    unsure = GuidedClock(machine, machine.elapsed)
    with closing(SqlitePost(path, KEY, 1, unsure, sure=lambda: unsure.sure)) as post:
        await post.tend()
        assert len(await post.waiting()) == 1


@JUMPS
def test_no_query_is_deleted_before_its_time(
    machine: Machine, clock: GuidedClock, path: Path, jump: timedelta
) -> None:
    with closing(open_database(path)) as db:
        kept(db, query(at=machine.true - days(10)), query(at=machine.true - days(50)))
    machine.set(jump)
    log = SqliteQueryLog(path, KEY, clock=clock, retention=days(30), sure=lambda: clock.sure)
    with closing(log):
        log.expire()
        log.flush()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select count(*) from queries").fetchone() == (1,)


def test_at_a_start_with_a_wrong_clock_no_query_is_deleted_until_telegram_was_heard(
    machine: Machine, path: Path
) -> None:
    with closing(open_database(path)) as db:
        kept(db, query(at=machine.true))
    machine.set(AHEAD)
    clock = GuidedClock(machine, machine.elapsed)
    log = SqliteQueryLog(path, KEY, clock=clock, retention=days(30), sure=lambda: clock.sure)
    with closing(log):
        log.expire()
        log.record(query(at=machine.true))
        log.flush()
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("select count(*) from queries").fetchone() == (2,)


@JUMPS
def test_who_is_in_danger_stays_so_as_long_as_promised(
    machine: Machine, clock: GuidedClock, path: Path, jump: timedelta
) -> None:
    latches = SettledLatches(path, KEY, clock)
    people = MemoryConversations(clock, latches=latches)
    people.put("telegram:42", Conversation(crisis=True, danger="suicide"))
    machine.set(jump)
    after = SettledLatches(path, KEY, clock)
    assert latches.holds("telegram:42")
    assert after.holds("telegram:42")
    after.put("telegram:43", "suicide")
    machine.live(24 * 3600 + 1)
    assert not latches.holds("telegram:42")
    assert not after.holds("telegram:42")


@JUMPS
async def test_windows_are_open_by_the_right_time(
    machine: Machine, talk: Talk, person: Person, assistant: FakeAssistant, jump: timedelta
) -> None:
    machine.set(jump)
    person.says("さみしい")
    await talk.go_on()
    assert assistant.asked[0].at == machine.true


# jobs


async def test_jobs_go_on_after_the_clock_was_set_back(app: App) -> None:
    jobs = JobQueue[Any]()
    jobs.set_application(app)
    ran = asyncio.Event()

    async def work(_context: ContextTypes.DEFAULT_TYPE) -> None:
        ran.set()

    repeat(jobs, work, 0.05, 0.05)
    await jobs.start()
    try:
        await asyncio.wait_for(ran.wait(), 10)
        ran.clear()
        (job,) = jobs.scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(jobs.scheduler.timezone) + AHEAD)
        set_anew(jobs)
        await asyncio.wait_for(ran.wait(), 10)
    finally:
        await jobs.stop()


def test_a_jump_of_a_year_makes_one_run_of_a_job_and_not_a_million() -> None:
    now = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
    trigger = Evenly(2.0, 1.0)
    first = trigger.get_next_fire_time(None, now)
    assert first == now + timedelta(seconds=1)
    later = now + timedelta(days=365)
    assert trigger.get_next_fire_time(first, later) == later + timedelta(seconds=2)


# who is told


@pytest.fixture
def told(replies: Replies) -> Notices:
    return Notices({1}, replies)


def keys(notices: Notices) -> list[tuple[str, dict[str, str]]]:
    return [(notice.key, notice.values) for notice in notices._waiting]


async def test_a_clock_that_is_off_is_logged_and_told_once(
    machine: Machine,
    clock: GuidedClock,
    told: Notices,
    logged: list[dict[str, object]],
) -> None:
    app = SimpleNamespace(job_queue=JobQueue())
    keeping = Timekeeping(clock, told)
    keeping.look(app)
    machine.set(timedelta(minutes=3))
    for _ in range(3):
        machine.live(1)
        keeping.look(app)
    assert keys(told) == [("operation.clock_off", {"seconds": "+180"})]
    assert keeping.skew == 180.0
    machine.set(timedelta(minutes=-3))
    keeping.look(app)
    keeping.look(app)
    assert [line["event"] for line in logged] == [
        *("clock off", "clock was set", "clock right again", "clock was set")
    ]
    assert len(keys(told)) == 1


def test_where_telegram_does_not_say_the_time_the_machines_counts(
    machine: Machine, told: Notices
) -> None:
    clock = GuidedClock(machine, machine.elapsed)
    keeping = Timekeeping(clock, told)
    assert not clock.sure
    for header in ("", "yesterday", "Fri, 20 Nov 2026 09:00:00 -0000"):
        keeping.dated(header)
        keeping.dated(header)
    assert keeping.skew is None
    assert (clock.sure, clock.now()) == (True, machine.now())
    for _ in range(2):
        keeping.dated(format_datetime(machine.true))
    assert keeping.skew == 0.0


async def test_the_clock_is_compared_while_serving(
    settings: Settings,
    replies: Replies,
    assistant: FakeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over HTTP, with the Date of a real answer; staff get it as a message."""
    monkeypatch.setattr(timekeeping, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr("bot.telegram.operation.TELL_SECONDS", 0.02)
    metrics = Metrics()
    clock = GuidedClock()
    real = clock.machine.now
    async with BotApiServer() as server:
        officer = server.person()
        notices = Notices({officer.id}, replies)
        keeping = Timekeeping(clock, notices)
        operation = Operation(
            settings.model_copy(update={"health_port": free_port()}),
            clock, metrics, State, notices=notices, timekeeping=keeping,
        )  # fmt: skip
        app = build_application(
            settings.model_copy(update={"telegram_base_url": server.base_url}),
            assistant, replies, clock,
            request=operation.request(), updates_request=web_request(), jobs=True,
        )  # fmt: skip
        assert settings.bot_token == TOKEN
        async with app, operation.running(app):
            await app.start()
            await Bot.get_me(app.bot)
            assert clock.sure
            monkeypatch.setattr(clock.machine, "now", lambda: real() + AHEAD)
            (sent,) = await server.sent(officer, 1)
            text = metrics.text().decode()
            await app.stop()
    assert "【時計】" in sent.text
    assert abs(clock.now() - real()) < timedelta(seconds=10)
    (line,) = [one for one in text.splitlines() if one.startswith("tsunagari_clock_skew_seconds ")]
    assert abs(float(line.split()[1]) - AHEAD.total_seconds()) < 10
