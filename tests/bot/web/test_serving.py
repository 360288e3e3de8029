"""``tsunagari console``: everything real is joined, and no log tells what was asked for."""

import asyncio
import signal
import socket
from pathlib import Path
from typing import NoReturn, Self

import httpx
import pytest
import uvicorn
from structlog.testing import capture_logs
from telegram.error import NetworkError
from typer.testing import CliRunner

from bot import cli
from bot.publishing.source import LibrarySource
from bot.settings import SettingsError
from bot.web import serving
from handlers.library import Library
from knowledge.findings import KnowledgeError
from tests.bot.web.made import settings

TOKEN = "42:TEST"


class FakeBot:
    """Remembers what is sent; a chat of 0 cannot be reached."""

    sent: list[tuple[int, str]]

    def __init__(self, token: str, base_url: str) -> None:
        assert (token, base_url) == (TOKEN, "https://api.telegram.org/bot")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send_message(self, chat: int, sentence: str) -> None:
        if not chat:
            message = "12345678 was not sent"
            raise NetworkError(message)
        self.sent.append((chat, sentence))


def test_codes_are_sent_by_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FakeBot.sent = []
    monkeypatch.setattr(serving, "Bot", FakeBot)
    send = serving.code_sender(settings(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN))
    assert send
    asyncio.run(send(42, "12345678"))  # type: ignore[arg-type]
    with capture_logs() as logs:
        asyncio.run(send(0, "12345678"))  # type: ignore[arg-type]

    assert FakeBot.sent == [(42, "12345678")]
    assert [(line["event"], line["error"]) for line in logs] == [("code not sent", "NetworkError")]
    assert "12345678" not in str(logs)


def test_without_a_token_there_are_no_codes(tmp_path: Path) -> None:
    assert serving.code_sender(settings(tmp_path)) is None


@pytest.fixture
def port(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> int:
    """Where ``tsunagari console`` is to listen, in an empty folder, the knowledge loaded."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSOLE_PORT", str(port))
    monkeypatch.setattr("bot.logs.set_up_logs", lambda *_: None)
    monkeypatch.setattr(
        serving,
        "LibrarySource",
        lambda data, clock, _shelf: LibrarySource(data, clock, library=library),
    )
    return port


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_command_says_that_it_serves_once_somebody_is_answered(
    port: int, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    configs: list[uvicorn.Config] = []
    said: list[str] = []

    async def once(server: uvicorn.Server) -> None:
        configs.append(server.config)
        heard.append((said[-1], await healthz(address, port)))

    monkeypatch.setattr(uvicorn.Server, "main_loop", once)
    monkeypatch.setattr("bot.cli.typer.echo", said.append)
    monkeypatch.setenv("CONSOLE_LISTEN", address)
    result = CliRunner().invoke(cli.app, ["console"])

    assert result.exit_code == 0, result.output
    assert heard == [("管理画面を始めました：http://127.0.0.1:8090（Ctrl+C で終わり）", "ok\n")]
    (config,) = configs
    assert (config.access_log, config.server_header) == (False, False)
    assert config.forwarded_allow_ips == "127.0.0.1"


async def healthz(address: str, port: int) -> str:
    host = f"[{address}]" if ":" in address else address
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(
            f"http://{host}:{port}/healthz", headers={"Host": "127.0.0.1:8090"}
        )
        return answer.text


def test_a_taken_port_is_named_and_nothing_was_begun(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        result = CliRunner().invoke(cli.app, ["console"])

    assert isinstance(result.exception, SettingsError)
    assert str(result.exception).startswith("CONSOLE_PORT: ")
    assert result.output == ""


@pytest.mark.usefixtures("port")
def test_unsound_knowledge_is_told_and_nothing_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsound(*_: object) -> NoReturn:
        raise KnowledgeError([])

    monkeypatch.setattr(serving, "LibrarySource", unsound)
    result = CliRunner().invoke(cli.app, ["console"])

    assert isinstance(result.exception, KnowledgeError)
    assert result.output == ""


@pytest.mark.usefixtures("port")
def test_ctrl_c_ends_it_without_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(server: uvicorn.Server) -> None:
        server.handle_exit(signal.SIGINT, None)

    monkeypatch.setattr(uvicorn.Server, "main_loop", interrupted)
    result = CliRunner().invoke(cli.app, ["console"])

    assert (result.exit_code, result.exception) == (0, None)
