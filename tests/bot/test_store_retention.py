"""Everything that is kept for a while ends, table by table, to the moment."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.database import open_database, writing
from bot.store.post import KEEP as POST_KEEP
from bot.store.privacy import INTERNAL_TABLES
from bot.store.query_log import SqliteQueryLog
from bot.store.retention import ENDED, LASTING, expire
from bot.store.rows import row_of, stamp
from tests.bot.queries import AT, KEY, query
from tests.fakes import FakeClock

KEEP, CALM, TICK = timedelta(days=90), timedelta(hours=24), timedelta(milliseconds=1)


def put(db: Database, table: str, at: datetime) -> None:
    """A row whose time is at a moment."""
    rows = {
        "queries": lambda: row_of(query(at=at), KEY),
        "outcomes": lambda: {"at": stamp(at), "window": "window/119", "kind": "failed"},
        "latches": lambda: {"pseudonym": "p", "kind": "suicide", "at": stamp(at)},
        "askers": lambda: {
            "query": 1, "conversation": "telegram:1", "language": "ja", "until": stamp(at),
        },
        "invitations": lambda: {"code": "c", "until": stamp(at)},
        "watches": lambda: {
            "pseudonym": "p", "clause": "guideline/1", "conversation": "telegram:1",
            "edition": "R6", "digest": "d", "until": stamp(at),
        },
        "inbox": lambda: {"bot": 1, "update_id": 1, "at": stamp(at), "tries": 0, "payload": None},
        "outbox": lambda: {
            "at": stamp(at), "due": stamp(at), "priority": 1, "tries": 0, "payload": "p",
        },
        "sessions": lambda: {
            "token": "t", "account": "a", "csrf": "c", "until": stamp(at), "seen": stamp(at),
        },
    }  # fmt: skip
    with writing(db):
        if table == "askers":
            db.table("queries").insert(row_of(query(), KEY) | {"id": 1})
        db.table(table).insert(rows[table]())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "db" / "x.db"


BORDERS = {
    "queries": (AT - KEEP - TICK, AT - KEEP),
    "outcomes": (AT - KEEP - TICK, AT - KEEP),
    "latches": (AT - CALM - TICK, AT - CALM),
    "askers": (AT - TICK, AT),
    "invitations": (AT, AT + TICK),
    "watches": (AT, AT + TICK),
    "sessions": (AT, AT + TICK),
    "inbox": (AT - POST_KEEP - TICK, AT - POST_KEEP),
    "outbox": (AT - POST_KEEP - TICK, AT - POST_KEEP),
}
"""By table: over, and just not yet."""


@pytest.mark.parametrize("table", ENDED)
def test_a_row_goes_when_its_time_is_over_and_not_before(path: Path, table: str) -> None:
    over, not_yet = BORDERS[table]
    with closing(open_database(path)) as db:
        put(db, table, not_yet)
        assert expire(db, AT, KEEP, CALM)[table] == 0
        assert db.table(table).count == 1
        with writing(db):
            db.execute(f"delete from {table}")  # noqa: S608
            db.execute("delete from queries")
        put(db, table, over)
        assert expire(db, AT, KEEP, CALM)[table] == 1
        assert db.table(table).count == 0


def test_who_waits_for_a_question_that_is_gone_is_forgotten_with_it(path: Path) -> None:
    with closing(open_database(path)) as db:
        put(db, "askers", AT + timedelta(days=30))
        deleted = expire(db, AT + KEEP + TICK, KEEP, CALM)

    assert (deleted["queries"], deleted["askers"]) == (1, 1)


def test_without_a_retention_queries_stay_and_the_rest_ends(path: Path) -> None:
    with closing(open_database(path)) as db:
        put(db, "queries", AT - timedelta(days=3_000))
        put(db, "latches", AT - timedelta(days=3_000))
        expire(db, AT, None, CALM)

        assert db.table("queries").count == 1
        assert db.table("latches").count == 0


def test_no_trace_stays_in_the_write_ahead_log(path: Path) -> None:
    with closing(open_database(path)) as db:
        put(db, "watches", AT)
        expire(db, AT, KEEP, CALM)

        assert not any(b"telegram:1" in file.read_bytes() for file in path.parent.iterdir())


def test_every_table_ends_or_is_said_to_last(path: Path) -> None:
    """A new table fails here until somebody has decided."""
    with closing(open_database(path)) as db:
        tables = set(db.table_names()) - INTERNAL_TABLES

    assert tables == ENDED.keys() | LASTING
    assert not ENDED.keys() & LASTING
    assert ENDED.keys() == BORDERS.keys()


def test_it_ends_also_when_nobody_writes(path: Path) -> None:
    clock = FakeClock(AT)
    log = SqliteQueryLog(path, KEY, clock=clock, retention=KEEP)
    log.record(query())
    log.flush()
    clock.pass_by(KEEP - TICK)
    log.expire()
    log.flush()
    assert log.alone(lambda db: db.table("queries").count) == 1

    clock.pass_by(2 * TICK)  # on the same day: the job does not wait for the next one
    log.expire()
    log.flush()

    assert log.alone(lambda db: db.table("queries").count) == 0
    log.close()
