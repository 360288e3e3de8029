"""Whatever the disk does: record() returns, the cause is told once, and writing is tried again."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import structlog
from sqlite_utils import Database

from bot.clock import SystemClock
from bot.store.database import open_database
from bot.store.query_log import SqliteQueryLog
from tests.bot.queries import KEY, days, query, unanswered

WORDS = "だれにも言わないで"
"""What a person wrote; no log line may hold it."""


@pytest.fixture
def told() -> list[str]:
    """What was reported."""
    return []


@pytest.fixture
def make(path, told):
    """Makes logs that wait a tenth of a second for a lock, and closes them."""
    made = []

    def make_log(**values) -> SqliteQueryLog:
        usual = {"clock": SystemClock(), "report": told.append}
        usual["connect"] = partial(open_database, busy=0.1)
        log = SqliteQueryLog(values.pop("path", path), KEY, **usual | values)
        made.append(log)
        return log

    yield make_log
    for log in made:
        log.close()


@pytest.fixture(autouse=True)
def no_words_in_logs(told) -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc]
    assert WORDS not in repr(lines) + repr(told)
    assert "telegram:42" not in repr(lines) + repr(told)


def texts(path: Path) -> list[object]:
    db = Database(path)
    rows = [row["text"] for row in db.table("queries").rows_where(order_by="id")]
    db.close()
    return rows


def test_a_folder_that_cannot_be_made_is_told_once(make, told, tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "data" / "tsunagari.db"
    log = make(path=path)
    for _ in range(3):
        log.record(unanswered(WORDS))
        log.flush()

    assert told == [f"query log {path}: not kept: ENOTDIR"]


def test_what_waited_is_written_once_the_folder_can_be_made(make, told, tmp_path):
    (tmp_path / "data").write_text("")
    path = tmp_path / "data" / "tsunagari.db"
    log = make(path=path)
    log.record(unanswered("一つめ"))
    log.record(unanswered("二つめ"))
    log.flush()

    (tmp_path / "data").unlink()
    log.record(unanswered("三つめ"))
    log.flush()

    assert texts(path) == ["一つめ", "二つめ", "三つめ"]
    assert [line.rpartition(": ")[2] for line in told] == ["EEXIST", "writing again; 0 were lost"]


def test_a_second_failure_after_a_good_time_is_told_again(make, told, path):
    log = make()
    for _ in range(2):
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.write_text("")
        log.record(query())
        log.flush()
        path.parent.unlink()
        log.record(query())
        log.flush()

    assert [line.rpartition(": ")[2] for line in told] == [
        *["EEXIST", "writing again; 0 were lost"],
        *["EEXIST", "writing again; 0 were lost"],
    ]


def test_a_full_disk_is_told_once_and_nothing_is_lost(make, told, path):
    room = [20]

    def connect(path: Path) -> Database:
        db = open_database(path)
        db.execute(f"pragma max_page_count = {room[0]}")
        return db

    log = make(connect=connect)
    for _ in range(10):
        log.record(unanswered(WORDS * 500))
        log.flush()
    assert [line.rpartition(": ")[2] for line in told] == ["SQLITE_FULL"]

    room[0] = 100_000
    log.record(unanswered(WORDS * 500))
    log.flush()

    assert texts(path) == [WORDS * 500] * 11
    assert told[1].endswith("writing again; 0 were lost")


def test_a_locked_database_does_not_keep_people_waiting(make, told, path):
    log = make()
    log.record(query())
    log.flush()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")

    started = time.perf_counter()
    for _ in range(50):
        log.record(unanswered(WORDS))
    took = time.perf_counter() - started
    log.flush()
    assert took < 1  # 50 waits for the lock would take 5 seconds
    assert [line.rpartition(": ")[2] for line in told] == ["SQLITE_BUSY"]

    other.execute("rollback")
    other.close()
    log.flush()
    assert len(texts(path)) == 51


def test_a_file_that_is_no_database_is_told_and_left_alone(make, told, path):
    path.parent.mkdir()
    path.write_bytes(b"somebody's notes, not a database" * 100)
    log = make()
    for _ in range(3):
        log.record(unanswered(WORDS))
        log.flush()

    assert [line.rpartition(": ")[2] for line in told] == ["SQLITE_NOTADB"]
    assert path.read_bytes() == b"somebody's notes, not a database" * 100


def test_a_file_removed_meanwhile_is_made_anew(make, told, path):
    log = make()
    log.record(unanswered("前"))
    log.flush()
    shutil.rmtree(path.parent)

    log.record(unanswered("後"))
    log.flush()

    assert texts(path) == ["後"]
    assert told == []


def test_no_more_wait_than_there_is_room_for_and_the_rest_is_counted(make, told, tmp_path):
    (tmp_path / "data").write_text("")
    log = make(limit=3)
    for number in range(8):
        log.record(unanswered(str(number)))
        log.flush()
    assert [line.rpartition(": ")[2] for line in told] == ["EEXIST", "full"]

    (tmp_path / "data").unlink()
    log.flush()

    assert texts(tmp_path / "data" / "tsunagari.db") == ["0", "1", "2"]
    assert told[2].endswith("writing again; 5 were lost")


def test_closing_says_how_many_were_lost(make, told, tmp_path, no_words_in_logs):
    (tmp_path / "data").write_text("")
    log = make(limit=3)
    for _ in range(8):
        log.record(unanswered(WORDS))
    log.close()

    assert told[-1].endswith("8 queries were lost")
    assert no_words_in_logs[-1] == {
        "event": "query log closed incomplete",
        "count": 8,
        "log_level": "error",
    }


def test_failures_are_logged_by_their_cause(make, tmp_path, no_words_in_logs):
    (tmp_path / "data").write_text("")
    log = make(report=None)
    log.record(unanswered(WORDS))
    log.flush()

    assert no_words_in_logs == [
        {"event": "query log not kept", "error": "EEXIST", "log_level": "error"}
    ]


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"slots": {WORDS: object()}}, "TypeError"),
        ({"scores": (float("nan"),)}, "ValueError"),
        ({"at": datetime.max.replace(tzinfo=UTC)}, "OverflowError"),
    ],
)
def test_a_query_that_cannot_be_kept_is_told_and_the_next_is_kept(make, told, path, values, cause):
    log = make()
    log.record(query(**values))
    log.record(query())
    log.flush()

    assert told[0].endswith(f"not kept: {cause}")
    assert texts(path) == [None]


def test_recording_after_closing_is_told_once_and_raises_nothing(make, told):
    log = make()
    log.close()
    for _ in range(3):
        log.record(unanswered(WORDS))

    assert [line.rpartition(": ")[2] for line in told] == ["closed"]


def test_a_mistake_of_ours_is_told_and_writing_goes_on(make, told, path):
    broken = [True]

    def connect(path: Path) -> Database:
        if broken:
            raise RuntimeError(broken.pop(), WORDS)
        return open_database(path)

    log = make(connect=connect)
    log.record(query())
    while not told:
        time.sleep(0.01)
    log.record(query())
    log.flush()

    assert told[0].endswith("not kept: RuntimeError")
    assert texts(path) == [None, None]


def test_a_purge_that_fails_is_told_and_people_are_not(make, told, path):
    log = make(retention=days(90))
    log.record(query())
    log.flush()
    log.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")

    log = make(retention=days(90))
    log.expire()
    log.close()

    assert [line.rpartition(": ")[2] for line in told] == ["SQLITE_BUSY"]
    other.close()
