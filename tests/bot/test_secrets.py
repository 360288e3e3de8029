"""Token, key and secret stand in no output, however it ends."""

import copy
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app
from bot.logs import FIELDS
from bot.settings import Settings, SettingsError, load_settings
from tests.bot.faults.front import Front
from tests.bot.test_serve import DATABASE, SECONDS, bot, free_port
from tests.bot_api import BotApiServer

TOKEN, KEY, HOOK = "42:AAF-the-token", "the-key-of-the-pseudonyms-" + "x" * 9, "the-webhook-secret"
SECRETS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "PSEUDONYM_KEY": KEY,
    "TELEGRAM_WEBHOOK_SECRET": HOOK,
}
URL = {"TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram"}


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a database of its own: an update that was handled is not answered again."""
    monkeypatch.setitem(DATABASE, "DATABASE_URL", f"sqlite:///{tmp_path}/data/tsunagari.db")


def shown(text: str) -> list[str]:
    return [secret for secret in (TOKEN, TOKEN.partition(":")[2], KEY, HOOK) if secret in text]


@pytest.fixture
def settings() -> Settings:
    return load_settings(SECRETS | URL, None)


def test_settings_show_no_secret_in_any_form(settings: Settings) -> None:
    forms: list[Callable[[Settings], object]] = [
        repr, str, Settings.model_dump, Settings.model_dump_json, vars, copy.copy, format,
        lambda s: f"{s!r:>10} {s}", list, lambda s: s.model_copy(),
    ]  # fmt: skip
    assert [shown(f"{form(settings)!r}") for form in forms] == [[]] * len(forms)


def test_every_secret_setting_is_kept_as_one() -> None:
    secret = {
        name.upper()
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    named = {n.upper() for n in Settings.model_fields if n.endswith(("token", "secret", "_key"))}
    assert secret >= SECRETS.keys() | named


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["{} x", "あ{}\n", "{}" + "!" * 300])
def test_a_wrong_secret_is_not_quoted(name: str, value: str) -> None:
    wrong = value.format(SECRETS[name])[: 999 if name != "PSEUDONYM_KEY" else 31]
    try:
        load_settings(SECRETS | URL | {name: wrong}, None)
    except SettingsError as error:
        told = "".join(traceback.format_exception(error)) + repr(error)
        assert not shown(told)


def test_settings_in_a_traceback_with_locals_stay_hidden(settings: Settings) -> None:
    with pytest.raises(RuntimeError) as caught:
        _break(settings)
    exact = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    told = "".join(exact.format())
    assert "broken" in told
    assert not shown(told)
    assert TOKEN.encode() in pickle.dumps(settings), "it is there; it is only not shown"


def _break(settings: Settings) -> None:
    message = f"broken {settings}"
    raise RuntimeError(message)


def commands(
    command: TyperCommand | TyperGroup, path: tuple[str, ...] = ()
) -> Iterator[list[str]]:
    yield list(path)
    if isinstance(command, TyperGroup):
        for word, below in command.commands.items():
            yield from commands(below, (*path, word))


@pytest.mark.parametrize("command", list(commands(get_command(app))), ids=" ".join)
def test_help_shows_no_secret(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert not shown(result.output)


@pytest.mark.parametrize("name", ["RETENTION_DAYS", "LOG_LEVEL", "DATABASE_URL", "HEALTH_PORT"])
def test_a_secret_in_the_wrong_place_is_not_quoted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People paste the token into the line below."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, TOKEN)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert not shown(str(caught.value) + repr(caught.value.__cause__))


FAILING = {
    "a refused token": {"token": 401},
    "a token that is not found": {"token": 404},
    "a second instance": {"conflict": 409},
    "a refused webhook": {"setWebhook": 400},
    "a taken port": {"port": 1},
}


@pytest.mark.parametrize("how", FAILING)
async def test_serve_that_fails_shows_no_secret(how: str) -> None:
    faults = FAILING[how]
    async with BotApiServer(token=TOKEN) as server:
        given = dict(SECRETS) | {"LOG_LEVEL": "DEBUG"}
        if "setWebhook" in faults or "port" in faults:
            port = server.port if "port" in faults else free_port()
            given |= URL | {"TELEGRAM_WEBHOOK_PORT": str(port)}
        if "token" in faults:
            server.revoke_token()
        if "conflict" in faults:
            server.conflict = True
        if "setWebhook" in faults:
            server.fail_next("setWebhook", status=400, description=f"Bad Request: {TOKEN} {HOOK}")
        async with bot(server.base_url, **given) as process:
            assert await process.end() == 1
    assert process.errors
    assert not shown(process.output + process.errors)


async def test_serve_that_waits_for_a_server_that_fails_shows_no_secret() -> None:
    async with BotApiServer(token=TOKEN) as server:
        server.fail_next("getMe", status=500, description=f"Bad Request: {TOKEN} {HOOK}")
        async with bot(server.base_url, **SECRETS, LOG_LEVEL="DEBUG") as process:
            await server.called("getUpdates", 1, SECONDS)
            assert await process.stop() == 0
    assert process.errors
    assert not shown(process.output + process.errors)


async def test_serve_that_waits_for_an_unreachable_server_shows_no_secret() -> None:
    async with BotApiServer(token=TOKEN) as server, Front(server.port) as front:
        await front.say(b"")
        async with bot(front.base_url, **SECRETS, LOG_LEVEL="DEBUG") as process:
            await front.called(2)
            assert await process.stop() == 0
    assert process.errors
    assert not shown(process.output + process.errors)


async def test_serve_that_works_shows_no_secret() -> None:
    async with BotApiServer(token=TOKEN) as server:
        person = server.person()
        async with bot(server.base_url, **SECRETS, LOG_LEVEL="DEBUG") as process:
            person.says("さみしい")
            await server.sent(person, 1, SECONDS)
            assert await process.stop() == 0
    assert not shown(process.output + process.errors)


def test_no_field_of_the_log_could_be_a_secret() -> None:
    assert not FIELDS & {"token", "key_value", "secret", "url", "text", "message", "conversation"}
