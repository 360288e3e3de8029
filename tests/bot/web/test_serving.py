"""``tsunagari console``: everything real is joined, and no log tells what was asked for."""

import asyncio
from pathlib import Path
from typing import Self

import pytest
import uvicorn
from starlette.applications import Starlette
from structlog.testing import capture_logs
from telegram.error import NetworkError
from typer.testing import CliRunner

from bot import cli
from bot.publishing.source import LibrarySource
from bot.web import serving
from handlers.library import Library
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


def test_the_command_serves_where_the_settings_say(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[object, dict[str, object]]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONSOLE_PORT", "8091")
    monkeypatch.setattr("bot.logs.set_up_logs", lambda *_: None)
    monkeypatch.setattr(
        serving,
        "LibrarySource",
        lambda data, clock, _shelf: LibrarySource(data, clock, library=library),
    )
    monkeypatch.setattr(uvicorn, "run", lambda app, **values: served.append((app, values)))
    result = CliRunner().invoke(cli.app, ["console"])

    assert result.exit_code == 0, result.output
    ((app, values),) = served
    assert isinstance(app, Starlette)
    assert (values["host"], values["port"]) == ("127.0.0.1", 8091)
    assert values["access_log"] is False
    assert "http://127.0.0.1:8090" in result.output
