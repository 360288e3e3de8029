"""Who was in danger stays known for a day, also after a restart, without a word or a name."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.conversations import MemoryConversations
from bot.store.latches import MemoryLatches
from handlers.crisis import DangerKind
from handlers.ports import Conversation
from tests.bot.fakes import FakeClock, SettledLatches

KEY = "k" * 32
HOUR = 3600
IN_DANGER = Conversation(place="山梨県", crisis=True, danger=DangerKind.SUICIDE)

Start = Callable[[], MemoryConversations]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tsunagari.db"


@pytest.fixture
def start(path: Path, clock: FakeClock) -> Start:
    def started() -> MemoryConversations:
        return MemoryConversations(clock, latches=SettledLatches(path, KEY, clock))

    return started


def rows(path: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(path) as db:
        return db.execute("select pseudonym, kind, at from latches").fetchall()


def test_danger_stays_noticed_after_a_restart(start: Start) -> None:
    start().put("telegram:42", IN_DANGER)

    again = start()

    assert again.get("telegram:42") == Conversation(crisis=True)
    assert again.get("telegram:43") is None


def test_only_a_pseudonym_the_kind_and_the_time_are_kept(start: Start, path: Path) -> None:
    start().put("telegram:42", IN_DANGER)

    ((pseudonym, kind, at),) = rows(path)

    assert kind == "suicide"
    assert at == "2026-11-20T18:00:00.000+09:00"
    assert len(pseudonym) == 32
    assert b"telegram:42" not in path.read_bytes()
    assert "山梨".encode() not in path.read_bytes()


def test_nothing_is_kept_of_people_who_are_in_no_danger(start: Start, path: Path) -> None:
    start().put("telegram:42", Conversation(place="山梨県"))

    assert not path.exists()


def test_time_alone_ends_it(start: Start, clock: FakeClock, path: Path) -> None:
    start().put("telegram:42", IN_DANGER)

    clock.move(24 * HOUR)
    assert start().get("telegram:42") is not None

    clock.move(1)
    after = start()
    assert after.get("telegram:42") is None
    after.put("telegram:43", IN_DANGER)
    assert len(rows(path)) == 1


def test_what_expired_goes_when_somebody_else_is_in_danger(
    start: Start, clock: FakeClock, path: Path
) -> None:
    conversations = start()
    conversations.put("telegram:42", IN_DANGER)
    clock.move(25 * HOUR)
    conversations.put("telegram:43", IN_DANGER)

    assert len(rows(path)) == 1
    assert conversations.get("telegram:42") is None


def test_how_long_it_holds_is_a_setting(path: Path, clock: FakeClock) -> None:
    latches = SettledLatches(path, KEY, clock, keep=timedelta(hours=2))
    latches.put("telegram:42", "suicide")

    clock.move(2 * HOUR + 1)

    assert not latches.holds("telegram:42")


def test_with_another_key_nobody_is_known(path: Path, clock: FakeClock) -> None:
    SettledLatches(path, KEY, clock).put("telegram:42", "suicide")

    assert not SettledLatches(path, "x" * 32, clock).holds("telegram:42")


def test_a_disk_that_fails_is_logged_and_the_latch_holds(
    tmp_path: Path, clock: FakeClock, logged: list[dict[str, object]]
) -> None:
    (tmp_path / "file").touch()
    latches = SettledLatches(tmp_path / "file" / "tsunagari.db", KEY, clock)
    latches.put("telegram:42", "suicide")

    assert latches.holds("telegram:42")
    assert [line["event"] for line in logged] == ["latch not kept"]
    assert "42" not in str(logged)


def test_a_file_that_is_no_database_stops_nobody(
    path: Path, clock: FakeClock, logged: list[dict[str, object]]
) -> None:
    path.parent.mkdir()
    path.write_text("no database, and long enough to be looked at " * 50)

    latches = SettledLatches(path, KEY, clock)

    assert not latches.holds("telegram:42")
    assert [line["event"] for line in logged] == ["latches not read"]


def test_of_too_many_the_ones_silent_for_longest_are_forgotten(clock: FakeClock) -> None:
    latches = MemoryLatches(clock, limit=2)
    for number in range(3):
        latches.put(f"telegram:{number}", "suicide")

    assert [latches.holds(f"telegram:{number}") for number in range(3)] == [False, True, True]
