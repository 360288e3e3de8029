"""The process, from outside: real HTTP against a Bot API server on loopback."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram import Update

from bot.telegram import process as running
from bot.telegram.app import App
from bot.telegram.conflicts import Conflicts
from bot.telegram.process import KINDS
from tests.bot.fakes import FakeBotApi, FakeClock
from tests.bot.faults.front import Front
from tests.bot_api import TOKEN, BotApiServer

COMMAND = (sys.executable, "-m", "tests.serve_process")
"""A fake assistant: faults are tested without loading the knowledge each time."""
TSUNAGARI = (str(Path(sys.executable).with_name("tsunagari")), "serve")
"""The real thing."""

DATABASE: dict[str, str] = {}
"""The setting of the database, for each test."""
OTHER_TOKEN = "42:WRONG"
ROOT = Path(__file__).parents[2]
SECONDS = 90.0


class Process:
    """The bot as an operator runs it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.output = ""
        self.errors = ""

    async def end(self) -> int:
        """Wait until it has ended; give its exit status."""
        async with asyncio.timeout(SECONDS):
            output, errors = await self._process.communicate()
        self.output, self.errors = output.decode(), errors.decode()
        return await self._process.wait()

    async def stop(self) -> int:
        """Ask it to stop, as a service manager does, and wait; give its exit status."""
        self.signal(signal.SIGTERM)
        return await self.end()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    @property
    def running(self) -> bool:
        return self._process.returncode is None


@asynccontextmanager
async def bot(
    server_url: str, command: tuple[str, ...] = COMMAND, cwd: Path = ROOT, **settings: str
) -> AsyncIterator[Process]:
    """Run the bot in an environment of its own: no proxy, no settings of the developer."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BASE_URL": server_url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "PSEUDONYM_KEY": "k" * 32,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environ | DATABASE | settings,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a database of its own."""
    monkeypatch.setitem(DATABASE, "DATABASE_URL", f"sqlite:///{tmp_path}/data/tsunagari.db")


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_tsunagari_serves_a_whole_conversation(server: BotApiServer, tmp_path: Path) -> None:
    """/start, a rule, a button, a cry for help, thanks; then the log has them without words."""
    person = server.person()
    async with bot(server.base_url, TSUNAGARI, tmp_path) as process:
        person.says("/start")
        (welcome,) = await server.sent(person, 1, 60)
        person.says("NPOに委託できますか")
        (*_, rule) = await server.sent(person, 2, SECONDS)
        person.taps(welcome.button("相談先をさがす"))
        (*_, topics) = await server.sent(person, 3, SECONDS)
        person.says("もう死にたい")
        (*_, crisis) = await server.sent(person, 4, SECONDS)
        person.says("量子コンピューターの作り方")
        (*_, unknown) = await server.sent(person, 5, SECONDS)
        assert await process.stop() == 0
    assert "２（２）" in rule.text
    assert "委託を行うことができる" in rule.text
    assert "さみしい・話したい" in [button.text for button in topics.buttons]
    assert "#いのちSOS" in crisis.text
    assert "0120-061-338" in [button.copies for button in crisis.buttons]
    assert "いつでも話せます" in unknown.text
    assert server.refusals == []
    assert process.errors == ""
    assert "死にたい" not in process.output
    with sqlite3.connect(tmp_path / "data" / "tsunagari.db") as database:
        rows = database.execute("select status, text from queries order by id").fetchall()
    assert [status for status, _ in rows[:3]] == [
        "answered",
        "clarify_choice",
        "crisis_signposted",
    ]
    assert {text for _, text in rows} == {None}


async def test_a_conversation_from_start_to_stop(server: BotApiServer) -> None:
    person = server.person()
    async with bot(server.base_url) as process:
        person.says("/start")
        (welcome,) = await server.sent(person, 1, SECONDS)
        person.says("さみしいです")
        (_, answer) = await server.sent(person, 2)
        person.taps(welcome.button("相談先をさがす"))
        (*_, tapped) = await server.sent(person, 3)
        person.says("もう死にたい")
        (*_, crisis) = await server.sent(person, 4)
        assert await process.stop() == 0
    assert [button.text for button in welcome.buttons] == [
        "相談先をさがす",
        "実施要領を調べる",
        "県の取組を見る",
    ]
    assert "よりそいホットライン" in answer.text
    assert tapped.text == "どんなことですか。"
    assert crisis.buttons[0].copies == "0120-279-338"
    assert len(server.calls["answerCallbackQuery"]) == 1
    assert server.refusals == []
    assert server.unconfirmed == 0
    assert process.errors == ""
    assert process.output.endswith("closed\n")


async def test_only_the_updates_that_are_answered_are_asked_for(server: BotApiServer) -> None:
    async with bot(server.base_url) as process:
        (first, *_) = await server.called("getUpdates", 1, SECONDS)
        assert await process.stop() == 0
    assert json.loads(first["allowed_updates"]) == KINDS
    assert server.calls["deleteWebhook"] == [{"drop_pending_updates": "false"}]
    menus = {call.get("language_code"): call["commands"] for call in server.calls["setMyCommands"]}
    assert menus.keys() == {None, "ja", "zh", "pt", "vi"}


async def test_what_was_written_while_the_bot_was_away_is_answered(server: BotApiServer) -> None:
    person = server.person()
    person.says("さみしい")
    async with bot(server.base_url):
        await server.sent(person, 1, SECONDS)


async def test_log_of_the_process_holds_neither_words_nor_token(server: BotApiServer) -> None:
    person = server.person()
    server.fail_next("sendMessage", status=400, description="Bad Request: 山田花子")
    server.fail_next("sendMessage", status=502, description="山田花子")
    async with bot(server.base_url, LOG_LEVEL="DEBUG") as process:
        person.says("山田花子です")
        await server.until(lambda: len(server.messages) == 1, SECONDS)
        assert await process.stop() == 0
    assert '"event": "reply waits"' in process.output
    assert len(server.messages) == 1
    for secret in ("山田", TOKEN, str(person.id)):
        assert secret not in process.output + process.errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_replies_under_way_finish(
    server: BotApiServer, number: signal.Signals
) -> None:
    person = server.person()
    server.fail_next("sendMessage", status=200, seconds=1.0)
    async with bot(server.base_url) as process:
        person.says("長い")  # three messages, of which the first takes a second
        await server.called("sendMessage", 1, SECONDS)
        process.signal(number)
        assert await process.end() == 0
    assert len(server.messages) == 3
    assert process.output.endswith("closed\n")


async def test_flood_control_is_waited_for(server: BotApiServer) -> None:
    person = server.person()
    server.fail_next("sendMessage", status=429, description="Too Many Requests", retry_after=1)
    async with bot(server.base_url):
        person.says("さみしい")
        (sent,) = await server.sent(person, 1, SECONDS)
    assert "よりそいホットライン" in sent.text


async def test_a_server_that_fails_for_a_while_is_asked_again(server: BotApiServer) -> None:
    person = server.person()
    server.fail_next("getUpdates", status=502, description="Bad Gateway")
    server.fail_next("getUpdates", drop=True)
    async with bot(server.base_url):
        person.says("さみしい")
        await server.sent(person, 1, SECONDS)


# one clear line each ───────────────────────────────────────────────────────────────────────────


async def test_a_refused_token_is_one_line(server: BotApiServer) -> None:
    async with bot(server.base_url, TELEGRAM_BOT_TOKEN=OTHER_TOKEN) as process:
        assert await process.end() == 1
    (line,) = process.errors.splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN が受け付けられませんでした。")
    assert OTHER_TOKEN not in process.output + line
    assert process.output == "closed\n"


async def test_a_token_revoked_while_serving_is_one_line(server: BotApiServer) -> None:
    async with bot(server.base_url) as process:
        await server.called("getUpdates", 1, SECONDS)
        server.revoke_token()
        server.person().says("さみしい")  # ends the getUpdates that waits
        assert await process.end() == 1
    (line,) = process.errors.splitlines()
    assert line.startswith("TELEGRAM_BOT_TOKEN が受け付けられませんでした。")


async def test_an_unreachable_server_is_one_line_and_is_tried_again(
    server: BotApiServer,
) -> None:
    person = server.person()
    person.says("さみしい")
    async with Front(server.port) as front:
        await front.say(b"")
        async with bot(front.base_url) as process:
            await front.called(2)
            await front.mend()
            await server.sent(person, 1, SECONDS)
            assert await process.stop() == 0
    (line,) = process.errors.splitlines()
    assert line.startswith(f"http://127.0.0.1:{front.port} につながりません。")
    assert process.output.endswith("closed\n")


async def test_a_server_that_fails_at_the_start_is_asked_again(server: BotApiServer) -> None:
    person = server.person()
    server.fail_next("getMe", status=500)
    server.fail_next("deleteWebhook", status=502)
    person.says("さみしい")
    async with bot(server.base_url) as process:
        await server.sent(person, 1, SECONDS)
        assert await process.stop() == 0
    assert len(process.errors.splitlines()) == 1


async def test_a_second_instance_is_one_line(server: BotApiServer) -> None:
    server.conflict = True
    async with bot(server.base_url) as process:
        assert await process.end() == 1
    (line,) = process.errors.splitlines()
    assert "もう一つ動いています（409）" in line


async def test_of_two_instances_just_one_goes_on(server: BotApiServer) -> None:
    person = server.person()
    async with bot(server.base_url) as first:
        await server.called("getUpdates", 1, SECONDS)
        async with bot(server.base_url) as second:
            await server.until(lambda: len(server.refusals) == 5, SECONDS)
            # Who yields is the one that was interrupted first; the other answers.
            assert await first.end() == 1
            person.says("さみしい")
            await server.sent(person, 1, SECONDS)
            assert await second.stop() == 0
    assert len(server.refusals) == 5


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "PSEUDONYM_KEY", "TELEGRAM_STAFF_IDS"])
async def test_a_missing_or_wrong_setting_is_one_line_and_status_2(name: str) -> None:
    wrong = {name: "officer" if name == "TELEGRAM_STAFF_IDS" else ""}
    async with bot("http://127.0.0.1:1/bot", **wrong) as process:
        assert await process.end() == 2
    (line,) = process.errors.splitlines()
    assert line.startswith(f"{name}: ")


# webhook ───────────────────────────────────────────────────────────────────────────────────────


def webhook(port: int) -> dict[str, str]:
    return {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "hook-secret",
        "TELEGRAM_WEBHOOK_PORT": str(port),
    }


async def test_a_webhook_brings_updates_that_carry_the_secret(server: BotApiServer) -> None:
    person, port = server.person(), free_port()
    server.webhook_address = f"127.0.0.1:{port}"
    async with bot(server.base_url, **webhook(port)) as process:
        await server.called("setWebhook", 1, SECONDS)
        await server.until(lambda: bool(server.webhook))
        person.says("さみしい")
        await server.sent(person, 1, SECONDS)
        server.webhook |= {"secret_token": "guessed"}
        person.says("死にたい")
        await server.until(lambda: server.webhook_answers == [200, 403])
        assert await process.stop() == 0
    assert len(server.messages) == 1
    assert server.calls["getUpdates"] == []


async def test_a_taken_port_is_one_line(server: BotApiServer) -> None:
    async with bot(server.base_url, **webhook(server.port)) as process:
        assert await process.end() == 1
    (line,) = process.errors.splitlines()
    assert line.startswith(f"127.0.0.1:{server.port} で待ち受けできません。")


async def test_a_refused_webhook_is_one_line(server: BotApiServer) -> None:
    server.fail_next("setWebhook", status=400, description="Bad Request: bad webhook")
    async with bot(server.base_url, **webhook(free_port())) as process:
        assert await process.end() == 1
    (line,) = process.errors.splitlines()
    assert line.startswith("TELEGRAM_WEBHOOK_URL が")


# inside ────────────────────────────────────────────────────────────────────────────────────────


def test_conflicts_now_and_then_are_chance(clock: FakeClock) -> None:
    conflicts = Conflicts(clock)
    for _ in range(9):
        assert not conflicts.are_too_many()
        clock.move(Conflicts.SECONDS / 2 + 1)


def test_who_has_served_long_bears_twice_as_many_conflicts(clock: FakeClock) -> None:
    newcomer = Conflicts(clock)
    assert [newcomer.are_too_many() for _ in range(3)] == [False, False, True]
    established = Conflicts(clock)
    clock.move(Conflicts.SECONDS + 1)
    assert [established.are_too_many() for _ in range(6)] == [False] * 5 + [True]


async def test_a_reply_that_never_ends_is_cut_off_when_stopping(
    app: App,
    api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
    logged: list[dict[str, object]],
) -> None:
    monkeypatch.setattr(running, "STOP_SECONDS", 0.1)
    api.hanging.add("sendMessage")
    api.person().says("さみしい")
    await app.start()
    for update in api.take_updates():
        await app.update_queue.put(Update.de_json(update, app.bot))
    await api.hangs.wait()
    await running._stop(app)
    assert [line["event"] for line in logged][1:] == ["replies cut off", "replies lost"]
    assert not app.running
