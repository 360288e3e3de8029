"""Staff invite owners, list them and take entries away; organizations join and leave."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from handlers.answer import Assistant
from handlers.library import Library
from handlers.membership import NoMembers, Redeemed
from handlers.messages import Incoming, Reply, Role, Status
from handlers.owners import NoOwners, Ownership
from knowledge.attesting import UNATTESTED, Answer, Attested
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.handlers.owned import SINCE, FakeOwners

YORISOI, POLICE, GIFU = "window/yorisoi", "window/110", "program/gifu"


@dataclass
class Codes(NoMembers):
    """Members by code; one code makes an owner."""

    owners: FakeOwners = field(default_factory=FakeOwners)

    def issue(self, until: object) -> str:
        del until
        return "ABCD"

    def redeem(self, code: str, person: str, at: object, *, private: bool) -> Redeemed:
        del at
        if code != "EFGH":
            return Redeemed.JOINED
        if not private:
            return Redeemed.PRIVATE
        self.owners.own(YORISOI, chat=person)
        return Redeemed.OWNER

    def leave(self, person: str) -> bool:
        del person
        return True


@pytest.fixture
def owners() -> FakeOwners:
    return FakeOwners()


@pytest.fixture
def assistant(library: Library, owners: FakeOwners, log: FakeLog) -> Assistant:
    members = Codes(owners)
    return Assistant(library, log, FakeConversations(), FakeClock(), members, owners=owners)


def tap(assistant: Assistant, choice: str, text: str = "", **known: object) -> Reply:
    incoming = Incoming(text, "telegram:7", FRIDAY_MORNING, choice=choice, reachable=True)
    return assistant.answer(replace(incoming, **known))  # type: ignore[arg-type]


def staff(assistant: Assistant, choice: str, text: str = "") -> Reply:
    return tap(assistant, choice, text, role=Role.STAFF, conversation="telegram:1")


# Inviting


def test_staff_invite_an_owner_of_several_entries(
    assistant: Assistant, owners: FakeOwners, library: Library
) -> None:
    reply = staff(assistant, "invite", f"{YORISOI}、ＷＩＮＤＯＷ/110  {GIFU},{YORISOI}")

    assert owners.invited == [("telegram:1", YORISOI, POLICE, GIFU)]
    assert "/join EFGH" in reply.opening[0]
    assert library.windows.windows[YORISOI].name in reply.opening[0]
    assert "2026-12-04" in reply.opening[0]


def test_without_entries_an_invitation_is_for_a_member(
    assistant: Assistant, owners: FakeOwners
) -> None:
    assert "/join ABCD" in staff(assistant, "invite").opening[0]
    assert owners.invited == []


def test_nobody_else_invites_owners(assistant: Assistant, owners: FakeOwners) -> None:
    assert "職員だけ" in tap(assistant, "invite", YORISOI).opening[0]
    assert owners.invited == []


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("window/yorisoy", YORISOI),
        ("guideline/2-2", "window/"),
        ("program/none", "program/"),
        ("program/gifuu", GIFU),
    ],
)
def test_what_cannot_be_owned_is_refused_with_the_nearest_ids(
    assistant: Assistant, owners: FakeOwners, wrong: str, near: str
) -> None:
    (said,) = staff(assistant, "invite", f"{POLICE} {wrong}").opening

    assert wrong in said
    assert near in said.partition("近いもの")[2]
    assert owners.invited == []


def test_where_nothing_can_be_kept_no_owner_is_invited(
    assistant: Assistant, owners: FakeOwners
) -> None:
    owners.works = False

    assert staff(assistant, "invite", YORISOI).opening[0].startswith("いまは招待の番号")


def test_a_cry_for_help_after_invite_is_heard(assistant: Assistant) -> None:
    assert tap(assistant, "invite", "もう死にたい").crisis


# Joining and leaving


def test_who_joins_as_an_owner_is_told_what_is_kept(
    assistant: Assistant, owners: FakeOwners, library: Library
) -> None:
    (said,) = tap(assistant, "join", "EFGH").opening

    assert owners.owned("telegram:7") == (YORISOI,)
    assert library.windows.windows[YORISOI].name in said
    assert "このチャットの宛先" in said


def test_a_group_cannot_own(assistant: Assistant, owners: FakeOwners) -> None:
    reply = tap(assistant, "join", "EFGH", conversation="telegram:-5:7", reachable=False)

    assert "一対一" in reply.opening[0]
    assert owners.ownerships == []


def test_members_join_as_before(assistant: Assistant) -> None:
    assert tap(assistant, "join", "ABCD").opening[0].startswith("構成団体として登録")


def test_leaving_ends_what_is_owned(assistant: Assistant, owners: FakeOwners) -> None:
    owners.own(YORISOI)
    owners.own(YORISOI, chat="telegram:8")

    assert "宛先は消しました" in tap(assistant, "leave").opening[0]
    assert [one.conversation for one in owners.ownerships] == ["telegram:8"]
    assert "すべて消しました" in tap(assistant, "leave").opening[0]


# The list of staff


def test_staff_see_how_many_owners_an_entry_has_and_never_who(
    assistant: Assistant, owners: FakeOwners
) -> None:
    owners.own(YORISOI)
    owners.own(YORISOI, chat="telegram:8")
    owners.own(POLICE)
    owners.own(GIFU)
    owners.said[YORISOI] = Attested(2, SINCE, Answer.YES, SINCE)
    owners.said[GIFU] = Attested(1, None, Answer.CHANGE, SINCE)
    reply = staff(assistant, "owners")

    assert "担当 2　最後の答え「はい」2026-11-20" in reply.text
    assert "最後の答え「直す」2026-11-20" in reply.text
    assert "まだ答えはありません" in reply.text
    assert "telegram" not in str(reply)
    assert [choice.id for choice in reply.choices] == [
        f"owner:{GIFU}",
        f"owner:{POLICE}",
        f"owner:{YORISOI}",
    ]


def test_a_long_list_has_pages(assistant: Assistant, owners: FakeOwners, library: Library) -> None:
    for entry in sorted(library.windows.windows)[:21]:
        owners.own(entry)
    first = staff(assistant, "owners")
    second = staff(assistant, first.choices[-1].id)

    assert (len(first.choices), len(second.choices)) == (21, 1)
    assert first.choices[-1].id == "owners:1"


@pytest.mark.parametrize("page", ["2", "x", "", "-1", "9" * 60])
def test_a_page_that_does_not_exist_is_stale(
    assistant: Assistant, owners: FakeOwners, library: Library, page: str
) -> None:
    owners.own(YORISOI)

    assert staff(assistant, f"owners:{page}").opening == (library.replies.say("fallback.stale"),)


def test_where_nobody_owns_anything_it_is_said_how_to_begin(assistant: Assistant) -> None:
    assert "/invite window/yorisoi" in staff(assistant, "owners").text


def test_an_ownership_ends_by_its_button_once(
    assistant: Assistant, owners: FakeOwners, library: Library
) -> None:
    owners.own(YORISOI, asked=date(2026, 11, 3))
    owners.own(YORISOI, chat="telegram:8")
    shown = staff(assistant, f"owner:{YORISOI}")
    ended = staff(assistant, shown.choices[0].id)
    again = staff(assistant, shown.choices[0].id)

    assert "担当1：2026-11-20 から、最後にたずねた日 2026-11-03" in shown.text
    assert "担当2：2026-11-20 から、最後にたずねた日 なし" in shown.text
    assert "担当をはずし" in ended.text
    assert [one.conversation for one in owners.ownerships] == ["telegram:8"]
    assert again.opening == (library.replies.say("fallback.stale"),)


def test_an_entry_without_owners_is_stale(assistant: Assistant, library: Library) -> None:
    stale = (library.replies.say("fallback.stale"),)

    assert staff(assistant, f"owner:{YORISOI}").opening == stale


def test_an_entry_that_is_gone_is_listed_by_its_id(
    assistant: Assistant, owners: FakeOwners
) -> None:
    owners.own("window/gone")

    assert "window/gone（window/gone）" in staff(assistant, "owners").text


@pytest.mark.parametrize("role", [None, Role.RESIDENT, Role.MEMBER])
@pytest.mark.parametrize("choice", ["owners", "owners:0", f"owner:{YORISOI}", "owner_end:{}"])
def test_every_tap_is_for_staff_alone(
    assistant: Assistant, owners: FakeOwners, choice: str, role: Role | None
) -> None:
    owners.own(YORISOI)
    (ownership,) = owners.ownerships
    reply = tap(assistant, choice.format(f"{ownership.owner}:{YORISOI}"), role=role)

    assert reply.opening[0].startswith("担当を見たり、はずしたりできるのは")
    assert reply.choices == ()
    assert owners.ownerships == [ownership]


def test_nothing_of_it_is_logged_with_words(
    assistant: Assistant, owners: FakeOwners, log: FakeLog
) -> None:
    staff(assistant, "invite", "window/ひみつ")
    tap(assistant, "join", "EFGH")

    assert {(query.text, query.status) for query in log.queries} == {(None, Status.SMALLTALK)}
    assert owners.invited == []


def test_where_nothing_is_kept_nobody_owns_anything() -> None:
    none = NoOwners()
    ownership = Ownership(YORISOI, "0" * 8, "telegram:7", SINCE)
    none.asked(ownership, None, FRIDAY_MORNING)

    assert none.invite([YORISOI], "x", FRIDAY_MORNING, FRIDAY_MORNING + timedelta(days=1)) == ""
    assert (none.held(), none.owned("x"), none.attested(YORISOI)) == ((), (), UNATTESTED)
    assert not none.answer("x", YORISOI, Answer.YES, FRIDAY_MORNING)
    assert not none.end(YORISOI, "x", "y", FRIDAY_MORNING)
    assert not none.leave("x", FRIDAY_MORNING)
