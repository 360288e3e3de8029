"""What those who run it see: health, readiness, metrics; never a word of a person, nor an id."""

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError

from bot.app import App as Joined
from bot.live import Live
from bot.operation import health
from bot.operation.counted import CountedLog, CountedRequest, sent
from bot.operation.health import CONTACT_SECONDS, Health, writable
from bot.operation.local import local_app, served
from bot.operation.metrics import CHANNELS, LIMITS, OTHER, STATUSES, Metrics, Reload, Sent, State
from bot.operation_side import operation_side
from bot.settings import Settings, SettingsError, load_settings
from bot.staff_side import news
from bot.store.database import open_database
from bot.store.query_log import SqliteQueryLog
from bot.telegram import operation as beside
from bot.telegram.app import App
from bot.telegram.operation import NOTHING, Operation, waiting_rows
from bot.telegram.processor import processor_of
from handlers.library import Library
from handlers.messages import Status
from handlers.ports import Asked
from tests.bot.fakes import FakeBotApi, FakeClock, Talk
from tests.bot.queries import AT, KEY, query
from tests.bot.test_serve import SECONDS, TSUNAGARI, bot, free_port
from tests.bot_api import TOKEN, BotApiServer, Person
from tests.fakes import FakeLog

CANARY = "ぬばたまのあいことば"
"""What a person writes; no output may hold it."""


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def told(metrics: Metrics) -> dict[str, float]:
    """Every series with its value."""
    lines = metrics.text().decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


# metrics ───────────────────────────────────────────────────────────────────────────────────────


def test_every_series_is_there_from_the_start(metrics: Metrics) -> None:
    series = told(metrics)

    for status in STATUSES:
        assert series[f'tsunagari_answer_seconds_count{{status="{status}"}}'] == 0
        for channel in CHANNELS:
            assert series[f'tsunagari_answers_total{{channel="{channel}",status="{status}"}}'] == 0
    assert {f'tsunagari_sends_total{{result="{result}"}}' for result in Sent} < series.keys()
    assert series["tsunagari_log_rows_lost_total"] == 0
    for limit in LIMITS:
        assert series[f'tsunagari_updates_left_out_total{{limit="{limit}"}}'] == 0


async def test_what_a_limit_left_out_is_counted(
    app: App, kept_in: Settings, clock: FakeClock, metrics: Metrics
) -> None:
    operation = Operation(kept_in, clock, metrics, State)
    async with operation.running(app):
        processor_of(app).arriving._limits.leave_out("all")
        assert told(metrics)['tsunagari_updates_left_out_total{limit="all"}'] == 1


def test_an_answer_is_counted_by_status_and_channel_with_its_duration(metrics: Metrics) -> None:
    log = FakeLog()
    counted = CountedLog(log, metrics)
    counted.record(query(latency=0.02))
    counted.record(query(status=Status.CRISIS_SIGNPOSTED, channel="ask"))

    series = told(metrics)
    assert series['tsunagari_answers_total{channel="telegram",status="answered"}'] == 1
    assert series['tsunagari_answers_total{channel="ask",status="crisis"}'] == 1
    assert series['tsunagari_answer_seconds_bucket{le="0.01",status="answered"}'] == 0
    assert series['tsunagari_answer_seconds_bucket{le="0.025",status="answered"}'] == 1
    assert len(log.queries) == 2


def test_the_log_behind_the_counts_gets_everything(metrics: Metrics) -> None:
    log, asked = FakeLog(), Asked("telegram:1", AT)
    counted = CountedLog(log, metrics)
    counted.permit(asked)
    counted.follow(asked, "ja", AT)
    counted.unfollow(asked)
    counted.outcome("outcome")  # type: ignore[arg-type]

    assert [wish[0] for wish in log.wishes] == ["permit", "follow", "unfollow"]
    assert log.outcomes == ["outcome"]
    assert counted.keeps


def test_labels_are_closed_sets(metrics: Metrics) -> None:
    CountedLog(FakeLog(), metrics).record(query(channel=CANARY, text=CANARY, about=CANARY))
    metrics.update(CANARY)

    text = metrics.text().decode()
    assert CANARY not in text
    assert told(metrics)[f'tsunagari_answers_total{{channel="{OTHER}",status="answered"}}'] == 1
    assert told(metrics)[f'tsunagari_updates_total{{kind="{OTHER}"}}'] == 1


def test_the_state_is_looked_up_when_asked_for(metrics: Metrics) -> None:
    states = iter(
        [
            State({"log": 3, "outbox": 2, CANARY: 1}, 4, "0123456789ab", True, False, 12.5),
            State(),
        ]
    )
    metrics.state = lambda: next(states)

    full, empty = told(metrics), told(metrics)
    assert {name: value for name, value in full.items() if "waiting" in name} == {
        'tsunagari_waiting{queue="log"}': 3,
        'tsunagari_waiting{queue="outbox"}': 2,
    }
    assert full["tsunagari_log_rows_lost_total"] == 4
    assert full['tsunagari_knowledge_info{version="0123456789ab"}'] == 1
    assert full["tsunagari_knowledge_refused"] == 1
    assert full["tsunagari_canary_sings"] == 0
    assert full["tsunagari_contact_seconds"] == 12.5
    assert "tsunagari_canary_sings" not in empty


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, "ok"), (429, "limited"), (403, "blocked"), (400, "refused"), (502, "failed")],
)
def test_what_became_of_a_call_is_one_of_six_words(status: int, result: str) -> None:
    assert sent(status) == result


async def test_calls_are_counted_and_handed_on(metrics: Metrics) -> None:
    api = FakeBotApi()
    api.failures["sendMessage"].extend([NetworkError(CANARY), (429, CANARY)])
    request = CountedRequest(api, metrics)
    await request.initialize()
    with pytest.raises(NetworkError):
        await request.do_request("https://x/sendMessage", "POST")
    assert (await request.do_request("https://x/sendMessage", "POST"))[0] == 429
    assert (await request.do_request("https://x/getMe", "POST"))[0] == 200
    await request.shutdown()

    series = told(metrics)
    assert request.read_timeout == api.read_timeout
    assert [series[f'tsunagari_sends_total{{result="{r}"}}'] for r in Sent] == [1, 1, 0, 0, 0, 1]
    assert CANARY not in metrics.text().decode()


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (None, [0, 0]),
        (SimpleNamespace(library=True, version="b"), [1, 0]),
        (SimpleNamespace(library=None, version="b", findings=()), [0, 1]),
    ],
)
def test_new_knowledge_is_counted(
    library: Library, metrics: Metrics, clock: FakeClock, change: Any, result: list[int]
) -> None:
    live = Live(lambda: library, lambda _: None, clock)  # type: ignore[arg-type,return-value]
    source = SimpleNamespace(refresh=lambda: change)
    news(Joined(live, clock, source=source), metrics.reloaded)  # type: ignore[arg-type]

    series = told(metrics)
    assert [series[f'tsunagari_reloads_total{{result="{r}"}}'] for r in Reload] == result


# health ────────────────────────────────────────────────────────────────────────────────────────


def test_everything_in_order_is_ready(tmp_path: Path) -> None:
    sound = Health(lambda: "v", tmp_path / "x.db", lambda: 1.0, lambda: False)

    assert set(sound.checks().values()) == {True}
    for broken, name in [
        (replace(sound, knowledge=lambda: ""), "knowledge"),
        (replace(sound, contact=lambda: None), "contact"),
        (replace(sound, contact=lambda: CONTACT_SECONDS), "contact"),
        (replace(sound, silent=lambda: True), "canary"),
    ]:
        assert [check for check, right in broken.checks().items() if not right] == [name]


def test_a_database_that_takes_rows_is_writable(tmp_path: Path) -> None:
    path = tmp_path / "a?b" / "x.db"
    assert writable(path)
    assert not path.parent.exists()
    open_database(path).close()
    assert writable(path)


def test_somebody_who_writes_is_no_fault(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "x.db")) as db:
        db.conn.execute("begin immediate")
        assert writable(tmp_path / "x.db")


def test_a_file_that_is_no_database_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("x" * 5000, encoding="utf-8")
    assert not writable(tmp_path / "x.db")


def test_a_full_disk_or_a_closed_folder_is_not_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    assert not writable(tmp_path / "x.db")
    monkeypatch.undo()
    monkeypatch.setattr(health.os, "access", lambda *_: False)
    assert not writable(tmp_path / "x.db")


# the local port ────────────────────────────────────────────────────────────────────────────────


async def ask(path: str, **checks: bool) -> httpx.Response:
    app = local_app(lambda: checks, lambda: b"tsunagari_up 1\n")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
        return await browser.get(path)


async def test_the_port_tells_life_readiness_and_metrics() -> None:
    assert (await ask("/healthz", knowledge=False)).text == "ok\n"
    right = await ask("/readyz", knowledge=True, canary=True)
    assert (right.status_code, right.json()["ready"]) == (200, True)
    wrong = await ask("/readyz", knowledge=True, canary=False)
    assert wrong.status_code == 503
    assert wrong.json() == {"ready": False, "checks": {"knowledge": True, "canary": False}}
    counts = await ask("/metrics")
    assert counts.text == "tsunagari_up 1\n"
    assert counts.headers["content-type"].startswith("text/plain; version=")
    assert (await ask("/")).status_code == 404


async def test_a_taken_port_is_named() -> None:
    app, port = local_app(dict, bytes), free_port()
    async with served(app, "127.0.0.1", port):
        with pytest.raises(SettingsError, match=r"^HEALTH_PORT: "):
            async with served(app, "127.0.0.1", port):
                pytest.fail("it was taken")
    async with served(app, "127.0.0.1", port):
        pass


async def get(port: int, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(f"http://127.0.0.1:{port}{path}")


async def until(port: int, right: Callable[[str], bool]) -> str:
    """The metrics, once something is true of them."""
    end = time.monotonic() + SECONDS
    while not right(text := (await get(port, "/metrics")).text):
        assert time.monotonic() < end, text
        await asyncio.sleep(0.05)
    return text


async def test_serve_tells_how_it_is_and_not_what_was_said(tmp_path: Path) -> None:
    port = free_port()
    async with (
        BotApiServer() as server,
        bot(server.base_url, TSUNAGARI, tmp_path, HEALTH_PORT=str(port)) as process,
    ):
        person = server.person()
        person.says(CANARY)
        await server.sent(person, 1, SECONDS)
        person.says("もう死にたい")
        await server.sent(person, 2, SECONDS)
        text = await until(port, lambda text: 'sends_total{result="ok"} 0' not in text)
        ready, alive = await get(port, "/readyz"), await get(port, "/healthz")
        assert await process.stop() == 0
    assert (ready.status_code, alive.text) == (200, "ok\n")
    assert ready.json()["checks"].keys() == {"knowledge", "database", "contact", "canary"}
    assert 'tsunagari_answers_total{channel="telegram",status="crisis"} 1.0' in text
    assert 'tsunagari_updates_total{kind="message"} 2.0' in text
    assert re.search(r'tsunagari_knowledge_info\{version="[0-9a-f]{12}"\} 1.0', text)
    assert "tsunagari_canary_sings 1.0" in text
    for secret in (CANARY, "死にたい", str(person.id), TOKEN, "k" * 32):
        assert secret not in text + ready.text + process.output + process.errors
    assert process.errors == ""


async def test_serve_with_a_taken_health_port_is_one_line(tmp_path: Path) -> None:
    async with BotApiServer() as server:
        port = str(server.port)
        async with bot(server.base_url, TSUNAGARI, tmp_path, HEALTH_PORT=port) as process:
            assert await process.end() == 2
    (line,) = process.errors.splitlines()
    assert line.startswith("HEALTH_PORT: ")


# beside the bot ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept_in(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'x.db'}"})


@pytest.fixture
def operation(kept_in: Settings, clock: FakeClock, metrics: Metrics) -> Operation:
    return Operation(kept_in, clock, metrics, lambda: State({"log": 1}, knowledge="v"))


async def test_updates_are_counted_by_kind(
    operation: Operation, metrics: Metrics, app: App, talk: Talk, person: Person
) -> None:
    async with operation.running(app):
        person.says(CANARY)
        person.edits(CANARY)
        person.taps_data(CANARY, None)
        await talk.go_on()
        assert told(metrics)['tsunagari_waiting{queue="updates"}'] == 0

    series = told(metrics)
    kinds = ("message", "edited_message", "callback_query")
    assert [series[f'tsunagari_updates_total{{kind="{kind}"}}'] for kind in kinds] == [1, 1, 1]
    assert CANARY not in metrics.text().decode()


def test_contact_grows_old(operation: Operation, clock: FakeClock, metrics: Metrics) -> None:
    assert "tsunagari_contact_seconds" not in told(metrics)
    operation.heard(502)
    assert not operation.checks()["contact"]
    operation.heard(200)
    assert operation.checks() == dict.fromkeys(
        ("knowledge", "database", "contact", "canary"), True
    )
    clock.move(CONTACT_SECONDS)
    assert not operation.checks()["contact"]
    assert told(metrics)["tsunagari_contact_seconds"] == CONTACT_SECONDS


async def test_with_a_webhook_telegram_is_asked_how_much_waits(
    kept_in: Settings, clock: FakeClock, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(beside, "FIRST_SECONDS", 0.01)
    asked = asyncio.Event()
    answers = iter([NetworkError(CANARY), SimpleNamespace(pending_update_count=7)])

    async def get_webhook_info() -> object:
        answer = next(answers, None)
        if answer is None:
            asked.set()
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    hooked = kept_in.model_copy(update={"telegram_webhook_url": "https://bot.example.jp/x"})
    operation = Operation(hooked, clock, metrics, State)
    application = SimpleNamespace(
        add_handler=lambda *_, **__: None,
        bot=SimpleNamespace(get_webhook_info=get_webhook_info),
        update_queue=asyncio.Queue(),
    )
    async with operation.running(application):  # type: ignore[arg-type]
        await asked.wait()
    assert told(metrics)['tsunagari_waiting{queue="webhook"}'] == 7
    assert operation.contact == 0


def test_rows_that_wait_are_counted_where_there_are_such_tables(kept_in: Settings) -> None:
    assert waiting_rows(kept_in) == {}
    with closing(open_database(kept_in.database_path)) as db:
        for table in beside.TABLES:
            db.execute(f"drop table if exists {table}")
        db.execute("create table outbox (id integer)")
        db.execute("insert into outbox values (1), (2)")
        db.conn.commit()
    assert waiting_rows(kept_in) == {"outbox": 2}
    kept_in.database_path.write_text("x" * 9000, encoding="utf-8")
    assert waiting_rows(kept_in) == {}


def test_without_operation_nothing_is_done(app: App) -> None:
    NOTHING.heard(200)
    assert NOTHING.request() is None
    assert isinstance(NOTHING.running(app), nullcontext)


def test_what_is_joined_for_serve_knows_the_log_and_the_canary(
    library: Library, kept_in: Settings, clock: FakeClock, metrics: Metrics
) -> None:
    live = Live(lambda: library, lambda _: None, clock)  # type: ignore[arg-type,return-value]

    def full(_path: Path) -> Any:
        message = CANARY
        raise sqlite3.OperationalError(message)

    log = SqliteQueryLog(kept_in.database_path, KEY, clock=clock, limit=1, connect=full)
    for _ in range(3):
        log.record(query())
    log.flush()
    joined = Joined(live, clock, source=SimpleNamespace(findings=("x",)), log=log)  # type: ignore[arg-type]
    state = operation_side(joined, kept_in, metrics, lambda: False).state()
    log.close()
    plain = operation_side(Joined(live, clock), kept_in, metrics, None).state()

    assert (state.waiting, state.lost) == ({"log": 1}, 2)
    assert (state.knowledge, state.refused, state.sings) == (library.version, True, False)
    assert (plain.waiting, plain.refused, plain.sings) == ({}, False, None)


@pytest.mark.parametrize("value", ["-1", "65536", "http"])
def test_a_wrong_health_port_is_named(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^HEALTH_PORT: "):
        load_settings({"HEALTH_PORT": value}, None)
