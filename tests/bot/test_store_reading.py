"""What staff read: the newest first, filtered, counted."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlite_utils import Database

from bot.store.database import read_database
from bot.store.migrations import migrations
from bot.store.reading import (
    Filter,
    count_older,
    figures_of,
    read_queries,
    read_query,
)
from bot.store.retention import expire
from bot.store.rows import row_of
from handlers.messages import Role, Status
from tests.bot.queries import AT, KEY, days, kept, query, unanswered

NIGHT = AT.replace(hour=0, minute=30)
KEPT = [
    query(at=AT - days(2), channel="console", role=Role.MEMBER, latency=0.001),
    query(at=AT - days(1), status=Status.ANSWERED_NOT_LISTED, latency=0.002),
    unanswered("一つめ", at=NIGHT, latency=0.003),
    unanswered("二つめ", status=Status.UNANSWERED_OUT_OF_SCOPE, latency=0.1),
    query(at=AT + timedelta(hours=12, minutes=59), channel="ask", entries=("window/yorisoi",)),
]


@pytest.fixture
def db(db):
    kept(db, *KEPT)
    return db


def ids(db: Database, wanted: Filter | None = None, limit: int | None = None) -> list[int]:
    return [one.id for one in read_queries(db, wanted, limit)]


def test_newest_comes_first(db):
    assert ids(db) == [5, 4, 3, 2, 1]


def test_those_of_one_moment_come_last_in_first_out(db):
    db.table("queries").insert_all(row_of(query(at=AT + days(1)), KEY) for _ in range(2))

    assert ids(db, limit=2) == [7, 6]


def test_a_stored_query_is_read_as_it_was_kept(db):
    stored = read_query(db, 1)

    assert stored is not None
    assert stored.at == AT - days(2)
    assert stored.at.isoformat() == "2026-11-18T11:00:00+09:00"
    assert (stored.channel, stored.role, stored.status) == ("console", "member", "answered")
    assert stored.entries == ("window/yorisoi", "window/inochi")
    assert stored.scores == (0.9, 0.5)
    assert stored.slots == {"topics": ["loneliness"]}
    assert stored.latency_ms == 1.0
    assert (stored.text, stored.state, stored.resolution) == (None, None, None)


def test_an_unanswered_query_is_read_with_its_text_and_state(db):
    stored = read_query(db, 3)

    assert stored is not None
    assert (stored.text, stored.state) == ("一つめ", "open")


def test_an_unknown_number_is_none(db):
    assert read_query(db, 99) is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), [5, 4, 3, 2, 1]),
        (Filter(status="unanswered"), [4, 3]),
        (Filter(status="answered"), [5, 2, 1]),
        (Filter(status="answered_not_listed"), [2]),
        (Filter(status="swered"), []),
        (Filter(status="%"), []),
        (Filter(status="' or 1 = 1 --"), []),
        (Filter(channel="console"), [1]),
        (Filter(channel="' or '' = '"), []),
        (Filter(since=date(2026, 11, 19)), [5, 4, 3, 2]),
        (Filter(until=date(2026, 11, 19)), [2, 1]),
        (Filter(since=date(2026, 11, 20), until=date(2026, 11, 20)), [5, 4, 3]),
        (Filter(until=date.max), [5, 4, 3, 2, 1]),
        (Filter(since=date.max), []),
        (Filter(status="unanswered", since=date(2026, 11, 20), channel="telegram"), [4, 3]),
    ],
)
def test_filters(db, wanted, expected):
    assert ids(db, wanted) == expected


def test_limit(db):
    assert ids(db, limit=2) == [5, 4]


def test_an_empty_file_holds_no_queries(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    db = read_database(path)
    assert db is not None

    assert ids(db) == []
    db.close()


def test_a_database_of_the_earlier_shape_is_read(tmp_path):
    db = Database(tmp_path / "old.db")
    migrations.apply(db, stop_before="m002_states")
    row = row_of(unanswered("前の形"), KEY)
    for later in ("state", "knowledge", "cause", "about", "person"):
        row.pop(later)
    db.table("queries").insert(row)

    (stored,) = read_queries(db)

    assert (stored.text, stored.hidden) == (None, True)
    assert (stored.state, stored.resolution) == (None, None)
    db.close()


def test_figures(db):
    figures = figures_of(read_queries(db))

    assert figures.total == 5
    assert figures.groups == Counter(answered=3, unanswered=2)
    assert figures.statuses["answered"] == 2
    assert figures.statuses["unanswered_no_match"] == 1
    assert figures.days == {
        date(2026, 11, 20): 3,
        date(2026, 11, 19): 1,
        date(2026, 11, 18): 1,
    }
    assert figures.entries == Counter({"window/yorisoi": 3, "window/inochi": 2})
    assert figures.unanswered_share == 0.4
    assert figures.median_latency_ms == 3.0


def test_figures_of_nothing():
    figures = figures_of([])

    assert figures.total == 0
    assert figures.unanswered_share is None
    assert figures.median_latency_ms is None


def test_what_is_counted_is_deleted(db):
    before = AT.replace(hour=0)

    assert count_older(db, before) == 2
    assert expire(db, before, days(0), days(1))["queries"] == 2
    assert ids(db) == [5, 4, 3]
    assert expire(db, before, days(0), days(1))["queries"] == 0
