"""Nothing comes in by the webhook without the secret, and its refusal tells nothing of it."""

import ast
import hmac
import inspect
import textwrap
from pathlib import Path

import httpx
import pytest
from telegram.ext._utils.webhookhandler import TelegramHandler

from bot.telegram import secret as secrets
from bot.telegram.secret import SteadySecret
from tests.bot.test_serve import DATABASE, SECONDS, bot, free_port, webhook
from tests.bot_api import BotApiServer

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = "hook-secret"  # that of ``webhook``
WRONG: dict[str, dict[str, str | bytes]] = {
    "none": {},
    "empty": {HEADER: ""},
    "another": {HEADER: "guessed-it!"},
    "its beginning": {HEADER: SECRET[:-1]},
    "more of it": {HEADER: f"{SECRET}x"},
    "in capitals": {HEADER: SECRET.upper()},
    "no ASCII": {HEADER: "ひみつ".encode()},
    "another header": {"Authorization": SECRET, "X-Secret": SECRET},
}


def test_the_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    steadily = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return steadily(one, other)

    monkeypatch.setattr(secrets.hmac, "compare_digest", compare)
    secret = SteadySecret("ab")
    right, wrong, strange = "ab", "aX", "あ\ud800"  # on the left, as the library compares
    assert [right != secret, wrong != secret, strange != secret] == [False, True, True]
    assert [secret == right, secret != wrong] == [True, True]
    assert len(compared) == 5
    assert secret != 3
    assert {secret: 1}["ab"] == 1


def test_the_library_still_compares_in_the_way_that_is_mended() -> None:
    """Should it compare otherwise one day, SteadySecret must be looked at again."""
    source = textwrap.dedent(inspect.getsource(TelegramHandler._validate_post))
    compared = [ast.unparse(n) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Compare)]

    assert "token != self.secret_token" in compared


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a database of its own: an update that was handled is not answered again."""
    monkeypatch.setitem(DATABASE, "DATABASE_URL", f"sqlite:///{tmp_path}/data/tsunagari.db")


async def test_a_request_without_the_right_secret_is_refused_and_does_nothing() -> None:
    port = free_port()
    async with BotApiServer() as server, bot(server.base_url, **webhook(port)) as process:
        person = server.person()
        server.webhook_address = f"127.0.0.1:{port}"
        await server.called("setWebhook", 1, SECONDS)
        await server.until(lambda: bool(server.webhook))
        person.says("さみしい")
        await server.sent(person, 1, SECONDS)  # it listens
        update = {
            "update_id": 1,
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": person.chat,
                "from": person.user,
                "text": "死にたい",
            },
        }
        async with httpx.AsyncClient(trust_env=False) as stranger:
            address = f"http://127.0.0.1:{port}/telegram"
            answers = {
                name: (await stranger.post(address, json=update, headers=headers)).status_code  # type: ignore[arg-type]
                for name, headers in WRONG.items()
            }
            read = (await stranger.get(address)).status_code
            elsewhere = (await stranger.post(address + "/x", json=update)).status_code
        assert await process.stop() == 0
    assert answers == dict.fromkeys(WRONG, 403)
    assert (read, elsewhere) == (405, 404)
    assert len(server.messages) == 1
    assert SECRET not in process.output + process.errors
