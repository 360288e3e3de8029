"""The line is down for a while: what was written meanwhile is answered, in order, afterwards."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter

from bot.telegram import reaching
from bot.telegram.reaching import passes, until_reached
from tests.bot.faults.front import GARBAGE, Front, certify, page
from tests.bot.faults.named_process import ASKED, HOST, UP
from tests.bot.test_serve import SECONDS, TSUNAGARI, Process, bot, free_port
from tests.bot_api import BotApiServer, Person

NAMED = (sys.executable, "-m", "tests.bot.faults.named_process")
DOWN_SECONDS = 2.5
"""Long enough for several tries; the rests of polling grow to 30 seconds."""

Act = Callable[[], Awaitable[object]]


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


@pytest.fixture
async def front(server: BotApiServer) -> AsyncIterator[Front]:
    async with Front(server.port) as front:
        yield front


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return certify(tmp_path, "ours")


@pytest.fixture
async def secure(server: BotApiServer, certificate: Path) -> AsyncIterator[Front]:
    async with Front(server.port, certificate) as front:
        yield front


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{tmp_path}/data/tsunagari.db"}


def heard(server: BotApiServer, person: Person) -> list[str]:
    """How the messages to a person begin; one whose answer was cut off may come again at once."""
    texts = [s.text[:2] for s in server.messages if s.parameters["chat_id"] == str(person.id)]
    return [text for text, _ in itertools.groupby(texts)]


async def live_through(server: BotApiServer, break_it: Act, mend: Act, process: Process) -> None:
    """Be in the middle of an answer, write while nothing comes through, and be answered."""
    writing, other = server.person(), server.person()
    other.says("委託")
    await server.sent(other, 1, SECONDS)
    server.fail_next("sendMessage", status=200, seconds=0.3)
    writing.says("長い")  # three messages, and the first one's answer is slow
    await server.sent(writing, 1, SECONDS)
    await break_it()
    writing.says("さみしい")
    other.says("さみしい")
    other.says("委託")
    await asyncio.sleep(DOWN_SECONDS)
    assert process.running
    await mend()
    await server.until(lambda: heard(server, writing) == ["0。", "2。", "4。", "おつ"], SECONDS)
    await server.until(lambda: heard(server, other) == ["実施", "おつ", "実施"], SECONDS)
    assert await process.stop() == 0
    assert process.errors == ""


async def test_the_line_is_down_for_a_while(
    server: BotApiServer, front: Front, database: dict[str, str]
) -> None:
    async with bot(front.base_url, **database) as process:
        await live_through(server, front.close, front.mend, process)


@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway"])
async def test_html_comes_instead_of_json_for_a_while(
    server: BotApiServer, front: Front, database: dict[str, str], status: str
) -> None:
    async with bot(front.base_url, **database) as process:
        await live_through(server, lambda: front.say(page(status)), front.mend, process)


async def test_something_that_is_no_tls_answers_for_a_while(
    server: BotApiServer, secure: Front, certificate: Path, database: dict[str, str]
) -> None:
    async with bot(secure.base_url, SSL_CERT_FILE=str(certificate), **database) as process:
        await live_through(server, lambda: secure.say(GARBAGE), secure.mend, process)


async def test_a_certificate_that_is_not_trusted_is_shown_for_a_while(
    server: BotApiServer,
    secure: Front,
    certificate: Path,
    database: dict[str, str],
    tmp_path: Path,
) -> None:
    other = certify(tmp_path, "another")
    async with bot(secure.base_url, SSL_CERT_FILE=str(certificate), **database) as process:
        await live_through(server, lambda: secure.show(other), secure.mend, process)


async def test_names_are_not_found_for_a_while(
    server: BotApiServer, front: Front, database: dict[str, str], tmp_path: Path
) -> None:
    known = tmp_path / "known"
    known.touch()
    url = f"http://{HOST}:{front.port}/bot"

    async def forget() -> None:
        known.unlink()
        await front.close()  # what is open needs no name
        await front.mend()

    async def learn() -> None:
        known.touch()

    async with bot(url, NAMED, **{UP: str(known)}, **database) as process:
        await live_through(server, forget, learn, process)


# at the start


async def test_names_that_are_not_found_at_the_start_are_asked_for_until_they_are(
    server: BotApiServer, database: dict[str, str], tmp_path: Path
) -> None:
    known, person = tmp_path / "known", server.person()
    url = f"http://{HOST}:{server.port}/bot"
    person.says("さみしい")
    async with bot(url, NAMED, **{UP: str(known)}, **database) as process:
        await until(known.with_name(f"{known.name}{ASKED}").exists)
        assert server.calls == {}
        known.touch()
        await server.sent(person, 1, SECONDS)
        assert await process.stop() == 0
    (line,) = process.errors.splitlines()
    assert line.startswith(f"http://{HOST}:{server.port} につながりません。")
    assert process.output.count('"telegram not reached"') == 1


async def test_tls_that_fails_at_the_start_is_tried_again(
    server: BotApiServer, secure: Front, certificate: Path, database: dict[str, str]
) -> None:
    person = server.person()
    person.says("さみしい")
    await secure.say(GARBAGE)
    async with bot(secure.base_url, SSL_CERT_FILE=str(certificate), **database) as process:
        await secure.called(2)
        assert process.running
        await secure.mend()
        await server.sent(person, 1, SECONDS)
        assert await process.stop() == 0


async def test_who_is_stopped_before_telegram_was_reached_ends_well(
    front: Front, database: dict[str, str]
) -> None:
    await front.say(b"")
    async with bot(front.base_url, **database) as process:
        await front.called(2)
        assert await process.stop() == 0
    assert len(process.errors.splitlines()) == 1
    assert process.output.endswith("closed\n")


async def test_only_what_passes_is_waited_for() -> None:
    assert passes(NetworkError("down"))
    assert passes(RetryAfter(1))
    for error in (InvalidToken(), Conflict("two"), BadRequest("no")):
        assert not passes(error)


async def test_a_start_that_was_refused_for_a_time_waits_as_long_as_telegram_says(
    monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, object]]
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    errors = iter([NetworkError("down"), RetryAfter(7), *[NetworkError("down")] * 8])

    async def step() -> None:
        for error in errors:
            raise error

    monkeypatch.setattr(reaching.asyncio, "sleep", sleep)
    told: list[None] = []
    await until_reached(step, lambda: told.append(None))
    assert slept == [1.0, 7.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0]
    assert told == [None]
    assert [line["event"] for line in logged] == ["telegram not reached", "telegram reached"]


async def test_until_telegram_was_reached_the_process_says_that_it_is_not_ready(
    server: BotApiServer, front: Front, database: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    await front.say(b"")
    async with bot(
        front.base_url, TSUNAGARI, tmp_path, HEALTH_PORT=str(port), **database
    ) as process:
        await front.called(2)
        assert await ready(port) == (503, False)
        await front.mend()
        await server.called("getUpdates", 1, SECONDS)
        server.person().says("さみしい")  # ends the getUpdates that waits
        await server.called("sendMessage", 1, SECONDS)
        assert (await ready(port))[1]
        assert await process.stop() == 0


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true that another process does."""
    async with asyncio.timeout(SECONDS):
        while not true():  # noqa: ASYNC110  it sets no event here
            await asyncio.sleep(0.05)


async def ready(port: int) -> tuple[int, bool]:
    """What ``/readyz`` says: its status, and whether Telegram was heard."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/readyz")
    return answer.status_code, bool(answer.json()["checks"]["contact"])
