"""Owners on disk: codes, questions, answers, ends; the chat's key only while it owns something."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.audit import read_audit
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.store.owning import owner_of
from bot.store.pseudonym import pseudonym_of
from handlers.library import Library
from handlers.membership import Redeemed
from handlers.owners import Ownership
from knowledge.attesting import UNATTESTED, Answer, Attested, Overdue, Standing
from knowledge.standard_form import entry_text
from tests.fakes import FRIDAY_MORNING, FakeClock

KEY = "k" * 32
AT = FRIDAY_MORNING
LATER = AT + timedelta(days=1)
ORG, OTHER, OFFICER = "telegram:42424242", "telegram:8", "telegram:1"
YORISOI, POLICE = "window/yorisoi", "window/110"
WHO = f"owner:{owner_of(ORG, KEY)[:8]}"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def owners(path: Path, clock: FakeClock) -> Iterator[SqliteOwners]:
    owners = SqliteOwners(f"sqlite:///{path}", KEY, clock, 150)
    yield owners
    owners.close()


@pytest.fixture
def members(path: Path) -> Iterator[SqliteMembers]:
    members = SqliteMembers(f"sqlite:///{path}", KEY)
    yield members
    members.close()


def invited(owners: SqliteOwners, *entries: str) -> str:
    return owners.invite(entries, OFFICER, AT, LATER)


def redeem(members: SqliteMembers, code: str, person: str = ORG, **known: object) -> Redeemed:
    given = {"at": AT, "private": True, **known}
    return members.redeem(code, person, **given)  # type: ignore[arg-type]


@pytest.fixture
def owned(owners: SqliteOwners, members: SqliteMembers) -> None:
    """One chat owns two windows."""
    assert redeem(members, invited(owners, YORISOI, POLICE)) is Redeemed.OWNER


def deeds(db: Database) -> list[tuple[str, str, str]]:
    return [(deed.who, deed.what, deed.target) for deed in read_audit(db)][::-1]


def only(owners: SqliteOwners) -> Ownership:
    (ownership,) = (one for one in owners.held() if one.entry == YORISOI)
    return ownership


# Codes


def test_a_code_makes_a_member_and_an_owner(
    owners: SqliteOwners, members: SqliteMembers, db: Database
) -> None:
    code = invited(owners, POLICE, YORISOI)

    assert redeem(members, code) is Redeemed.OWNER
    assert members.is_member(ORG)
    assert owners.owned(ORG) == (POLICE, YORISOI)
    assert redeem(members, code, OTHER) is Redeemed.USED
    officer = f"chat:{pseudonym_of(f'staff:{OFFICER}', KEY)[:8]}"
    assert deeds(db) == [
        (officer, "owner.invite", POLICE),
        (officer, "owner.invite", YORISOI),
        (WHO, "owner.begin", POLICE),
        (WHO, "owner.begin", YORISOI),
    ]


def test_a_member_uses_a_code_that_brings_something_new(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    redeem(members, members.issue(LATER))
    first, second = invited(owners, YORISOI), invited(owners, YORISOI, POLICE)

    assert redeem(members, first) is Redeemed.OWNER
    assert redeem(members, first) is Redeemed.ALREADY
    assert redeem(members, second) is Redeemed.OWNER
    assert owners.owned(ORG) == (POLICE, YORISOI)
    assert redeem(members, second, OTHER) is Redeemed.USED


def test_a_member_does_not_use_up_a_code_that_brings_nothing_new(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    redeem(members, invited(owners, YORISOI))
    again, plain = invited(owners, YORISOI), members.issue(LATER)

    assert redeem(members, again) is redeem(members, plain) is Redeemed.ALREADY
    assert redeem(members, "AAAA-AAAA-AAAA") is Redeemed.ALREADY
    assert redeem(members, again, OTHER) is Redeemed.OWNER


def test_a_member_is_told_why_an_owners_code_does_not_work(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    redeem(members, members.issue(LATER))
    code = invited(owners, YORISOI)

    assert redeem(members, code, at=LATER) is Redeemed.EXPIRED
    assert redeem(members, code, OTHER) is Redeemed.OWNER
    assert redeem(members, code) is Redeemed.USED


def test_in_a_group_an_owners_code_is_kept_for_later(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    code = invited(owners, YORISOI)

    assert redeem(members, code, private=False) is Redeemed.PRIVATE
    assert not members.is_member(ORG)
    assert redeem(members, members.issue(LATER), OTHER, private=False) is Redeemed.JOINED
    assert redeem(members, code) is Redeemed.OWNER


def test_an_officer_with_an_account_is_named_by_it(owners: SqliteOwners, db: Database) -> None:
    row = {"name": "sato", "role": "editor", "telegram": 1, "since": AT.isoformat()}
    db.table("accounts").insert(row)
    invited(owners, YORISOI)

    assert deeds(db) == [("sato", "owner.invite", YORISOI)]


# Answers


@pytest.mark.usefixtures("owned")
def test_a_yes_is_kept_at_once(owners: SqliteOwners, db: Database) -> None:
    assert owners.attested(YORISOI) == Attested(owners=1)
    assert owners.answer(ORG, YORISOI, Answer.YES, LATER)

    said = LATER.date()
    assert owners.attested(YORISOI) == Attested(1, said, Answer.YES, said)
    assert deeds(db)[-1] == (WHO, "owner.yes", YORISOI)
    assert owners.standing(YORISOI, date(2020, 1, 1)) == Standing(said)


@pytest.mark.usefixtures("owned")
def test_others_answer_nothing(owners: SqliteOwners, db: Database) -> None:
    before = deeds(db)

    assert not owners.answer(OTHER, YORISOI, Answer.YES, LATER)
    assert not owners.answer(ORG, "window/119", Answer.YES, LATER)
    assert (owners.attested(YORISOI), deeds(db)) == (Attested(owners=1), before)


@pytest.mark.usefixtures("owned")
def test_the_first_question_without_an_answer_counts(owners: SqliteOwners) -> None:
    for day in (0, 7, 14):
        owners.asked(only(owners), date(2026, 1, 1), AT + timedelta(days=day))
    told = owners.attested(YORISOI)

    assert (told.waits, told.asked) == (AT.date(), AT.date() + timedelta(days=14))
    assert only(owners).asked == told.asked
    assert owners.attested(POLICE).asked is None


@pytest.mark.usefixtures("owned")
def test_after_a_publication_a_new_question_begins(owners: SqliteOwners) -> None:
    owners.asked(only(owners), None, AT)
    owners.asked(only(owners), AT.date(), LATER)

    assert owners.attested(YORISOI).waits == LATER.date()


@pytest.mark.usefixtures("owned")
def test_an_answer_ends_the_waiting_for_every_owner(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    redeem(members, invited(owners, YORISOI), OTHER)
    for ownership in owners.held():
        owners.asked(ownership, None, AT)
    owners.answer(OTHER, YORISOI, Answer.CHANGE, LATER)

    assert owners.attested(YORISOI).waits is None
    assert owners.attested(POLICE).waits == AT.date()
    assert owners.attested(YORISOI).owners == 2


@pytest.mark.usefixtures("owned")
def test_silence_is_overdue_on_the_day_that_is_asked_for(
    owners: SqliteOwners, clock: FakeClock
) -> None:
    owners.asked(only(owners), None, AT)
    assured, day = AT.date() - timedelta(days=200), AT.date() + timedelta(days=14)

    assert owners.standing(YORISOI, assured).overdue is None
    assert owners.standing(YORISOI, assured, day).overdue is Overdue.UNANSWERED
    clock.pass_by(timedelta(days=14))
    assert owners.standing(YORISOI, assured).overdue is Overdue.UNANSWERED


def published(db: Database, library: Library, at: datetime, **changes: object) -> None:
    """An edit of the window is published; with ``state``, it is something else."""
    window = library.windows.windows[YORISOI]
    row = {
        "at": at.isoformat(timespec="milliseconds"), "author": "a", "entry": YORISOI, "file": "f",
        "base": entry_text(window),
        "text": entry_text(window.model_copy(update={"hours": "9-12"})),
        "state": "published", "signed": at.isoformat(timespec="milliseconds"),
    }  # fmt: skip
    db.table("edits").insert({"writers": "[]"} | row | changes)


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize(
    ("minutes", "changes", "mended"),
    [
        (1, {}, True),
        (-1, {}, False),
        (1, {"state": "undone"}, False),
        (1, {"state": "draft"}, False),
        (1, {"entry": POLICE}, False),
        (1, {"base": ""}, True),
        (1, {"base": "[", "text": "["}, False),
    ],
)
def test_a_change_is_mended_by_facts_published_since(  # noqa: PLR0917  what was published
    owners: SqliteOwners, db: Database, library: Library, minutes: int, changes: dict, mended: bool
) -> None:  # fmt: skip
    owners.answer(ORG, YORISOI, Answer.CHANGE, AT)
    published(db, library, AT + timedelta(minutes=minutes), **changes)

    assert owners.attested(YORISOI).mended is mended


@pytest.mark.usefixtures("owned")
def test_a_new_way_to_ask_mends_nothing(
    owners: SqliteOwners, db: Database, library: Library
) -> None:
    owners.answer(ORG, YORISOI, Answer.CHANGE, AT)
    more = library.windows.windows[YORISOI].model_copy(update={"asks": ("x", "y", "z")})
    published(db, library, LATER, text=entry_text(more))

    assert owners.standing(YORISOI, date(2026, 11, 1)).overdue is Overdue.CHANGE


@pytest.mark.usefixtures("owned")
def test_what_others_write_is_seen_after_a_minute(
    owners: SqliteOwners, db: Database, clock: FakeClock
) -> None:
    assert owners.attested(YORISOI).owners == 1
    db.execute("delete from owners")
    db.commit()

    assert owners.attested(YORISOI).owners == 1
    clock.elapsed += 61
    assert owners.attested(YORISOI).owners == 0


# Ends


@pytest.mark.usefixtures("owned")
def test_staff_end_one_ownership_once(
    owners: SqliteOwners, members: SqliteMembers, db: Database
) -> None:
    ownership = only(owners)

    assert owners.end(YORISOI, ownership.owner, OFFICER, LATER)
    assert not owners.end(YORISOI, ownership.owner, OFFICER, LATER)
    assert not owners.end(POLICE, "", OFFICER, LATER)
    assert owners.owned(ORG) == (POLICE,)
    assert members.is_member(ORG)
    (deed, *_) = read_audit(db)
    assert (deed.what, deed.target) == ("owner.end", YORISOI)
    assert deed.detail == {"owner": ownership.owner}


@pytest.mark.usefixtures("owned")
def test_after_leaving_no_file_knows_the_chat_or_whose_the_answers_were(
    owners: SqliteOwners, members: SqliteMembers, db: Database, path: Path
) -> None:
    owners.asked(only(owners), None, AT)
    owners.answer(ORG, YORISOI, Answer.YES, AT)
    assert b"42424242" in _files(path)
    assert owners.leave(ORG, LATER)
    assert not owners.leave(ORG, LATER)
    assert members.leave(ORG)

    assert b"42424242" not in _files(path)
    assert deeds(db)[-2:] == [(WHO, "owner.leave", POLICE), (WHO, "owner.leave", YORISOI)]
    (row,) = db.table("attestations").rows
    assert (row["pseudonym"], row["answer"]) == ("", "yes")
    assert owners.attested(YORISOI).yes == AT.date()


def _files(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.usefixtures("owned")
def test_leaving_as_a_member_leaves_no_chat_to_ask(
    owners: SqliteOwners, members: SqliteMembers
) -> None:
    assert members.leave(ORG)
    assert owners.held() == ()


# Where there is nothing


def test_without_a_database_nobody_owns_anything_and_none_is_made(
    owners: SqliteOwners, path: Path
) -> None:
    assert (owners.owned(ORG), owners.held()) == ((), ())
    assert owners.attested(YORISOI) == UNATTESTED
    assert not owners.leave(ORG, AT)
    assert not path.exists()


def test_a_disk_that_fails_stops_no_answer(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is no database, " * 99, encoding="utf-8")
    owners = SqliteOwners(f"sqlite:///{tmp_path / 'x.db'}", KEY, FakeClock(), 150)
    ownership = Ownership(YORISOI, "0" * 8, ORG, AT.date())
    owners.asked(ownership, None, AT)

    assert invited(owners, YORISOI) == ""
    assert (owners.owned(ORG), owners.held()) == ((), ())
    assert owners.standing(YORISOI, AT.date()) == Standing(AT.date())
    assert not owners.answer(ORG, YORISOI, Answer.YES, AT)
    assert not owners.end(YORISOI, "x", OFFICER, AT)
    assert not owners.leave(ORG, AT)
    owners.close()
