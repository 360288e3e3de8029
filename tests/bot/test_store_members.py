"""Invitations, members and watches on disk: pseudonyms, hashes, ends."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.members import SqliteMembers
from handlers.membership import Redeemed, Watch
from tests.fakes import FRIDAY_MORNING

LATER = FRIDAY_MORNING + timedelta(days=1)


@pytest.fixture
def members(path: Path) -> Iterator[SqliteMembers]:
    members = SqliteMembers(f"sqlite:///{path}", "k" * 32)
    yield members
    members.close()


def watch(conversation: str = "telegram:7", digest: str = "old") -> Watch:
    return Watch(conversation, "guideline/4-3", "R6", digest, LATER)


def test_a_code_works_once(members: SqliteMembers) -> None:
    code = members.issue(LATER)

    assert members.redeem(code, "telegram:7", FRIDAY_MORNING, private=True) is Redeemed.JOINED
    assert members.redeem(code, "telegram:8", FRIDAY_MORNING, private=True) is Redeemed.USED
    assert (members.is_member("telegram:7"), members.is_member("telegram:8")) == (True, False)


def test_a_code_is_known_however_it_is_written(members: SqliteMembers) -> None:
    code = members.issue(LATER).lower().replace("-", " ")

    assert members.redeem(code, "telegram:7", FRIDAY_MORNING, private=True) is Redeemed.JOINED


def test_forged_and_expired_codes_are_refused(members: SqliteMembers) -> None:
    code = members.issue(FRIDAY_MORNING)

    assert (
        members.redeem("AAAA-AAAA-AAAA", "telegram:7", FRIDAY_MORNING, private=True)
        is Redeemed.UNKNOWN
    )
    assert members.redeem(code, "telegram:7", FRIDAY_MORNING, private=True) is Redeemed.EXPIRED
    assert not members.is_member("telegram:7")


def test_a_member_does_not_use_up_another_code(members: SqliteMembers) -> None:
    first, second = members.issue(LATER), members.issue(LATER)
    members.redeem(first, "telegram:7", FRIDAY_MORNING, private=True)

    assert members.redeem(second, "telegram:7", FRIDAY_MORNING, private=True) is Redeemed.ALREADY
    assert members.redeem(second, "telegram:8", FRIDAY_MORNING, private=True) is Redeemed.JOINED


def test_neither_code_nor_person_can_be_read_from_the_file(
    members: SqliteMembers, path: Path
) -> None:
    code = members.issue(LATER)
    members.redeem(code, "telegram:4242", FRIDAY_MORNING, private=True)
    members.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert b"4242" not in kept
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept


def test_leaving_deletes_member_and_watches(members: SqliteMembers) -> None:
    members.redeem(members.issue(LATER), "telegram:7", FRIDAY_MORNING, private=True)
    members.watch("telegram:7", watch())

    assert members.leave("telegram:7")
    assert not members.leave("telegram:7")
    assert members.watched("telegram:7", FRIDAY_MORNING) == ()
    assert not members.is_member("telegram:7")


def test_a_watch_ends_by_itself_or_when_asked(members: SqliteMembers) -> None:
    members.watch("telegram:7", watch())
    assert members.watched("telegram:7", FRIDAY_MORNING) == (watch(),)
    assert members.watched("telegram:7", LATER) == ()

    members.unwatch("telegram:7", "guideline/4-3")
    assert members.watched("telegram:7", FRIDAY_MORNING) == ()


def test_only_watches_of_changed_clauses_are_outdated(members: SqliteMembers) -> None:
    members.watch("telegram:7", watch())
    members.watch("telegram:8", watch("telegram:8", "new"))

    assert members.outdated({"guideline/4-3": "new"}, FRIDAY_MORNING) == (watch(),)
    members.expire(LATER)
    assert members.outdated({}, FRIDAY_MORNING) == ()


def test_without_a_database_nobody_is_a_member_and_none_is_made(
    members: SqliteMembers, path: Path
) -> None:
    assert not members.is_member("telegram:7")
    assert members.outdated({}, FRIDAY_MORNING) == ()
    assert not path.exists()


def test_a_disk_that_fails_stops_no_answer(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is no database, " * 99, encoding="utf-8")
    members = SqliteMembers(f"sqlite:///{tmp_path / 'x.db'}", "k" * 32)

    assert members.issue(LATER) == ""
    assert not members.is_member("telegram:7")
    members.close()
