"""Queries are kept by a thread of its own, for as long as agreed, without telling who asked."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.database import DatabaseUrlError, open_database
from bot.store.pseudonym import pseudonym_of
from bot.store.query_log import open_query_log
from handlers.messages import Role, Status
from handlers.redact import redact
from tests.bot.queries import AT, KEY, days, purge, query, unanswered


@pytest.fixture
def log(path, clock):
    log = open_query_log(f"sqlite:///{path}", KEY, retention_days=90, clock=clock)
    yield log
    log.close()


def rows_of(path: Path) -> list[dict[str, object]]:
    db = Database(path)
    rows = list(db.table("queries").rows_where(order_by="id"))
    db.close()
    return rows


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def test_a_query_is_kept(log, path):
    log.record(query())
    log.flush()

    assert rows_of(path) == [
        {
            "id": 1,
            "at": "2026-11-20T11:00:00.000+09:00",
            "pseudonym": pseudonym_of("telegram:42", KEY),
            "channel": "telegram",
            "role": "resident",
            "status": "answered",
            "entries": '["window/yorisoi", "window/inochi"]',
            "scores": "[0.9, 0.5]",
            "slots": '{"topics": ["loneliness"]}',
            "latency_ms": 4.2,
            "text": None,
            "state": None,
            "resolution": None,
            "resolved_by_entry": None,
            "claimed_by": None,
            "changed_at": None,
            "knowledge": "",
            "cause": None,
            "about": None,
            "permitted": None,
            "group_id": None,
            "person": pseudonym_of("person:telegram:42", KEY),
        }
    ]


def test_time_is_kept_in_japan_s_zone(log, path):
    log.record(query(at=datetime(2026, 11, 20, 20, 15, 30, 123456, UTC)))
    log.flush()

    assert rows_of(path)[0]["at"] == "2026-11-21T05:15:30.123+09:00"


def test_unknown_role_is_kept_as_unknown(log, path):
    log.record(query(role=None))
    log.record(query(role=Role.STAFF))
    log.flush()

    assert [row["role"] for row in rows_of(path)] == [None, "staff"]


@pytest.mark.parametrize("status", [s for s in Status if s.group != "unanswered"])
def test_text_is_never_stored_unless_unanswered(log, path, status):
    log.record(query(status=status, text="これは残してはいけない文"))
    log.flush()

    assert rows_of(path)[0]["text"] is None
    assert "これは残してはいけない文".encode() not in bytes_of(path)


@pytest.mark.parametrize("status", [s for s in Status if s.group == "unanswered"])
def test_unanswered_text_is_stored_and_waits_for_staff(log, path, status):
    log.record(unanswered("ここにない質問です", status=status))
    log.flush()

    assert rows_of(path)[0]["text"] == "ここにない質問です"
    assert rows_of(path)[0]["state"] == "open"


def test_unanswered_query_without_a_text_has_none(log, path):
    log.record(unanswered(text=None))
    log.flush()

    assert rows_of(path)[0]["text"] is None


def test_redacted_text_leaves_no_personal_data_in_the_file(log, path):
    said = "山田太郎と申します。090-1234-5678、taro@example.comまで"
    log.record(unanswered(redact(said)))
    log.close()

    kept = bytes_of(path)
    assert "[name]と申します".encode() in kept
    for secret in ("山田", "太郎", "090-1234-5678", "taro@example.com"):
        assert secret.encode() not in kept


def test_nothing_in_the_file_names_the_conversation(log, path):
    log.record(query(conversation="telegram:4215331"))
    log.close()

    assert b"4215331" not in bytes_of(path)


def test_the_database_is_made_by_the_first_query(path, clock):
    log = open_query_log(f"sqlite:///{path}", KEY, retention_days=90, clock=clock)
    log.flush()
    assert not path.parent.exists()

    log.record(query())
    log.flush()
    assert path.exists()
    log.close()


def test_closing_writes_what_waits(log, path):
    for _ in range(100):
        log.record(query())
    log.close()

    assert len(rows_of(path)) == 100


def test_closing_twice_is_no_error(log):
    log.record(query())
    log.close()
    log.close()


def test_many_threads_record_at_once(log, path):
    def record(channel: str) -> None:
        for _ in range(200):
            log.record(query(channel=channel))

    threads = [threading.Thread(target=record, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.flush()

    rows = rows_of(path)
    assert len(rows) == 1600
    assert {row["channel"] for row in rows} == set("01234567")


WRITER = """
import sys
from bot.store.query_log import open_query_log
from tests.bot.queries import KEY, query
log = open_query_log(sys.argv[1], KEY)
for _ in range(300):
    log.record(query(channel=sys.argv[2]))
    if _ % 10 == 0:
        log.flush()
log.close()
"""


def test_several_processes_write_into_one_database(path):
    """They all make it, migrate it and write at the same time."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-W", "error", "-c", WRITER, f"sqlite:///{path}"]
    writers = [
        subprocess.Popen([*command, channel], cwd=root, stderr=subprocess.PIPE)
        for channel in ("one", "two", "three")
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]

    rows = rows_of(path)
    assert errors == [b"", b"", b""]
    assert len(rows) == 900
    assert len({row["id"] for row in rows}) == 900


def test_broken_characters_are_kept_as_question_marks(log, path):
    log.record(unanswered("絵文字\ud83d", conversation="web:\ud800", channel="web\ud800"))
    log.flush()

    assert rows_of(path)[0]["text"] == "絵文字?"
    assert rows_of(path)[0]["channel"] == "web?"


def test_slots_are_kept_as_they_were_when_recorded(log, path):
    slots: dict[str, object] = {"prefectures": ["山梨県"]}
    log.record(query(slots=slots))
    slots["prefectures"] = ["changed afterwards"]
    log.flush()

    assert json.loads(str(rows_of(path)[0]["slots"])) == {"prefectures": ["山梨県"]}


def test_queries_older_than_the_retention_are_deleted_at_opening(path, clock):
    log = open_query_log(f"sqlite:///{path}", KEY, clock=clock)
    for age in (0, 89, 91, 400):
        log.record(query(at=clock.now() - days(age), channel=str(age)))
    log.close()

    open_query_log(f"sqlite:///{path}", KEY, retention_days=90, clock=clock).close()

    assert [row["channel"] for row in rows_of(path)] == ["0", "89"]


def test_queries_older_than_the_retention_are_deleted_every_day(log, path, clock):
    log.record(query(at=clock.now(), channel="first"))
    log.flush()
    clock.move(89 * 24 * 3600)
    log.record(query(at=clock.now(), channel="second"))
    log.flush()
    assert [row["channel"] for row in rows_of(path)] == ["first", "second"]

    clock.move(2 * 24 * 3600)
    log.expire()
    log.flush()

    assert [row["channel"] for row in rows_of(path)] == ["second"]


def test_without_a_retention_queries_are_kept(path, clock):
    log = open_query_log(f"sqlite:///{path}", KEY, clock=clock)
    log.record(query(at=clock.now() - days(4000)))
    log.expire()
    log.close()

    assert len(rows_of(path)) == 1


def test_purging_gives_how_many_and_leaves_no_trace(log, path):
    old = AT - days(10)
    for number in range(50):
        log.record(unanswered(f"消えるべき文{number}。" * 20, at=old))
    log.record(unanswered("残る文"))

    assert purge(log, AT) == 50

    kept = bytes_of(path)
    assert "消えるべき文".encode() not in kept
    assert "残る文".encode() in kept


def test_purging_where_nothing_was_kept_makes_no_database(log, path):
    assert purge(log, AT) == 0
    assert not path.exists()


def test_purging_keeps_the_moment_itself(log, path):
    log.record(query())

    assert purge(log, AT) == 0
    assert len(rows_of(path)) == 1


def test_an_earlier_database_goes_on(path, clock):
    open_database(path).close()
    log = open_query_log(f"sqlite:///{path}", KEY, retention_days=90, clock=clock)
    log.record(query())
    log.close()

    assert len(rows_of(path)) == 1


def test_a_url_that_is_none_is_refused_at_once():
    with pytest.raises(DatabaseUrlError):
        open_query_log("postgresql://localhost/tsunagari", KEY)


def test_an_empty_key_is_refused_at_once(path):
    with pytest.raises(ValueError, match="key is empty"):
        open_query_log(f"sqlite:///{path}", "")
