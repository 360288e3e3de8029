"""``tsunagari serve`` and a corrupt database, from outside: a real process, a real file."""

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app as command_line
from bot.store.database import open_database
from tests.bot.fakes import WINDOW
from tests.bot.faults.disk import asides, break_head, digest, wreck
from tests.bot.queries import kept, query
from tests.bot.test_serve import SECONDS, TSUNAGARI, bot
from tests.bot_api import BotApiServer

_START = """
import sys
from pathlib import Path
from bot.clock import SystemClock
from bot.store.corruption import Corruption
Corruption(Path(sys.argv[1]), SystemClock()).start()
"""


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as server:
        yield server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with some rows, that no process has open."""
    path = tmp_path / "data" / "tsunagari.db"
    db = open_database(path)
    kept(db, *(query() for _ in range(300)))
    db.conn.execute("pragma wal_checkpoint(truncate)")
    db.close()
    return path


async def test_a_database_that_is_corrupt_at_the_start(
    server: BotApiServer, path: Path, tmp_path: Path
) -> None:
    wreck(path)
    before = digest(path)
    officer, person = server.person(), server.person()
    settings = {"DATABASE_URL": f"sqlite:///{path}", "TELEGRAM_STAFF_IDS": str(officer.id)}
    person.says("もう死にたい")
    async with bot(server.base_url, TSUNAGARI, tmp_path, **settings) as process:
        (answer,) = await server.sent(person, 1, SECONDS)
        (told,) = await server.sent(officer, 1, SECONDS)
        assert await process.stop() == 0

    assert "0120" in answer.text or "0570" in answer.text
    (aside,) = asides(path)
    assert digest(aside) == before
    assert aside.name in told.text
    assert "tsunagari restore" in told.text
    assert process.output.count('"database set aside"') == 1
    assert process.errors == ""
    assert [sent.text.count(aside.name) for sent in server.messages].count(1) == 1


async def test_a_database_that_gets_corrupt_while_serving(
    server: BotApiServer, path: Path, tmp_path: Path
) -> None:
    officer, person = server.person(), server.person()
    settings = {"DATABASE_URL": f"sqlite:///{path}", "TELEGRAM_STAFF_IDS": str(officer.id)}
    async with bot(server.base_url, TSUNAGARI, tmp_path, **settings) as process:
        person.says("もう死にたい")
        await server.sent(person, 1, SECONDS)
        wreck(path)
        said = 1
        while not asides(path):
            said += 1
            person.says("もう死にたい")
            await server.sent(person, said, SECONDS)
        (told,) = await server.sent(officer, 1, SECONDS)
        person.says("さみしい")
        answers = await server.sent(person, said + 1, SECONDS)
        assert await process.stop() == 0

    assert all("0120" in one.text or "0570" in one.text for one in answers)
    (aside,) = asides(path)
    assert aside.name in told.text
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("select count(*) from latches").fetchone() == (1,)
        assert db.execute("select count(*) from keys").fetchone() == (1,)
        assert db.execute("select count(payload) from inbox").fetchone() == (0,)
        assert db.execute("select count(*) from outbox").fetchone() == (0,)


async def test_a_second_process_sets_nothing_aside(server: BotApiServer, path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{path}"}
    person = server.person()
    async with bot(server.base_url, **settings) as first:
        person.says("さみしい")
        await server.sent(person, 1, SECONDS)
        break_head(path)
        before = digest(path)
        second = subprocess.run(  # noqa: ASYNC221  nothing else goes on
            [sys.executable, "-c", _START, str(path)],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "EAGAIN" in second.stdout
        assert (digest(path), asides(path)) == (before, [])
        person.says("さみしい")
        (_, answer) = await server.sent(person, 2, SECONDS)
        assert WINDOW in answer.text
        assert await first.stop() == 0


@pytest.fixture
def damaged(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    wreck(path)
    return path


def run(*command: str) -> Result:
    return CliRunner().invoke(command_line, command, input="")


@pytest.mark.parametrize(
    "command",
    [
        ("log", "list"),
        ("log", "stats"),
        ("log", "export"),
        ("figures", "--month", "2026-10"),
        ("knowledge", "due"),
        ("account", "list"),
        ("console",),
    ],
    ids=" ".join,
)
def test_a_command_names_the_corrupt_file_and_what_to_do_and_moves_nothing(
    damaged: Path, command: tuple[str, ...]
) -> None:
    before = digest(damaged)
    result = run(*command)

    assert result.exit_code == 1
    said = result.stderr or str(result.exception)
    assert str(damaged) in said
    assert "tsunagari restore" in said
    assert (digest(damaged), asides(damaged)) == (before, [])


def test_chat_says_so_and_answers_all_the_same(damaged: Path) -> None:
    before = digest(damaged)
    result = subprocess.run(
        [TSUNAGARI[0], "chat"],
        input="もう死にたい\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=damaged.parent,
    )

    assert "0120" in result.stdout
    assert str(damaged) in result.stderr
    assert "tsunagari restore" in result.stderr
    assert (digest(damaged), asides(damaged)) == (before, [])


def test_the_doctor_tells_of_what_was_set_aside(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    aside = path.with_name(f"{path.name}.corrupt-20261120T180000")
    aside.touch()
    result = run("doctor")

    assert aside.name in result.stdout
    assert "tsunagari restore" in result.stdout
