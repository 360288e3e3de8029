"""What people wish about a question reaches that question alone."""

from datetime import timedelta

import pytest

from bot.store.database import open_database
from bot.store.query_log import open_query_log
from handlers.ports import Asked
from tests.bot.queries import AT, KEY, purge, query, unanswered

OURS = Asked("telegram:42", AT)
UNTIL = AT + timedelta(days=30)


@pytest.fixture
def log(path, clock):
    log = open_query_log(f"sqlite:///{path}", KEY, retention_days=90, clock=clock)
    log.record(unanswered("交通費は出ますか"))
    log.record(unanswered("別の人", conversation="telegram:43"))
    log.record(query(at=AT + timedelta(minutes=1)))
    yield log
    log.close()


def all_of(log, path, sql: str) -> list[tuple[object, ...]]:
    log.flush()
    db = open_database(path)
    rows = db.execute(sql).fetchall()
    db.close()
    return rows


PERMITTED = "select id from queries where permitted = 1"
ASKERS = "select query, conversation, language, until from askers"


def test_one_question_is_permitted(log, path):
    log.permit(OURS)

    assert all_of(log, path, PERMITTED) == [(1,)]


@pytest.mark.parametrize(
    "other",
    [
        Asked("telegram:42", AT + timedelta(milliseconds=1)),
        Asked("telegram:44", AT),
        Asked("telegram:42", AT + timedelta(minutes=1)),  # that one was answered
    ],
)
def test_a_question_of_nobody_or_answered_is_not(log, path, other):
    log.permit(other)
    log.follow(other, "ja", UNTIL)

    assert all_of(log, path, PERMITTED) == []
    assert all_of(log, path, ASKERS) == []


def test_whom_to_tell_is_kept_until_it_is_withdrawn(log, path):
    log.follow(OURS, "en", UNTIL)
    log.follow(OURS, "ja", UNTIL)
    assert all_of(log, path, ASKERS) == [(1, "telegram:42", "ja", "2026-12-20T11:00:00.000+09:00")]

    log.unfollow(OURS)
    assert all_of(log, path, ASKERS) == []


def test_whom_to_tell_goes_with_the_question(log, path):
    log.follow(OURS, "ja", UNTIL)
    purge(log, AT + timedelta(days=1))

    assert all_of(log, path, ASKERS) == []


def test_a_wish_in_no_calendar_raises_nothing(log, path):
    log.permit(Asked("telegram:42", AT.replace(year=1)))
    log.follow(OURS, "ja", UNTIL.max.replace(tzinfo=UNTIL.tzinfo))

    assert all_of(log, path, PERMITTED) == []


def test_a_cleared_conversation_is_told_nothing(log, path):
    log.follow(OURS, "ja", UNTIL)
    log.hush("telegram:43")
    assert len(all_of(log, path, ASKERS)) == 1

    log.hush("telegram:42")
    assert all_of(log, path, ASKERS) == []
