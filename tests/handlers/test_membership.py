"""Invitations, joining, leaving, and being told of changes; what is kept is a fake here."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from handlers.answer import Assistant
from handlers.changes import ChangeDesk
from handlers.library import Library
from handlers.membership import NoMembers, Redeemed, Watch, person_of
from handlers.messages import Incoming, Reply, Role
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.next_edition import ADDED, REMOVED, next_edition


@dataclass
class FakeMembers:
    """Keeps everything in the open."""

    codes: dict[str, datetime] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    watches: dict[tuple[str, str], Watch] = field(default_factory=dict)

    def issue(self, until: datetime) -> str:
        self.codes["ABCD"] = until
        return "ABCD"

    def redeem(self, code: str, person: str, at: datetime, *, private: bool) -> Redeemed:
        del private
        if person in self.joined:
            return Redeemed.ALREADY
        until = self.codes.pop(code, None)
        if until is None:
            return Redeemed.UNKNOWN
        if until <= at:
            return Redeemed.EXPIRED
        self.joined.add(person)
        return Redeemed.JOINED

    def is_member(self, person: str) -> bool:
        return person in self.joined

    def leave(self, person: str) -> bool:
        known = person in self.joined
        self.joined.discard(person)
        return known

    def watch(self, person: str, watch: Watch) -> None:
        self.watches[person, watch.clause] = watch

    def unwatch(self, person: str, clause: str) -> None:
        self.watches.pop((person, clause), None)

    def watched(self, person: str, at: datetime) -> tuple[Watch, ...]:
        return tuple(w for (who, _), w in self.watches.items() if who == person and w.until > at)


@pytest.fixture
def members() -> FakeMembers:
    return FakeMembers()


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def assistant(library: Library, members: FakeMembers, log: FakeLog) -> Assistant:
    return Assistant(library, log, FakeConversations(), FakeClock(), members)


def tap(assistant: Assistant, choice: str, text: str = "", **known: object) -> Reply:
    incoming = Incoming(text, "telegram:7", FRIDAY_MORNING, choice=choice)
    return assistant.answer(replace(incoming, **known))  # type: ignore[arg-type]


def test_only_staff_invite(assistant: Assistant, members: FakeMembers) -> None:
    refused = tap(assistant, "invite")
    invited = tap(assistant, "invite", role=Role.STAFF)

    assert "職員だけ" in refused.opening[0]
    assert "/join ABCD" in invited.opening[0]
    assert members.codes["ABCD"] == FRIDAY_MORNING + timedelta(days=14)


def test_where_nothing_can_be_kept_no_code_is_promised(library: Library) -> None:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())

    assert tap(assistant, "invite", role=Role.STAFF).opening[0].startswith("いまは招待の番号")


def test_who_joins_is_a_member_from_then_on_in_groups_too(
    assistant: Assistant, log: FakeLog
) -> None:
    tap(assistant, "invite", role=Role.STAFF)
    joined = tap(assistant, "join", "ABCD")
    tap(assistant, "guideline/4-3", conversation="telegram:-100:7")

    assert joined.opening[0].startswith("構成団体として登録しました")
    assert [query.role for query in log.queries] == [Role.STAFF, None, Role.MEMBER]


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        ({}, "見つかりませんでした"),
        ({"ABCD": FRIDAY_MORNING}, "期限が過ぎています"),
    ],
)
def test_a_code_that_cannot_be_used_is_refused_kindly(
    assistant: Assistant, members: FakeMembers, prepare: dict[str, datetime], said: str
) -> None:
    members.codes.update(prepare)

    assert said in tap(assistant, "join", "ABCD").opening[0]


def test_a_used_code_is_refused_kindly(library: Library) -> None:
    assert "もう使われています" in library.replies.say(f"member.{Redeemed.USED}")


def test_joining_twice_keeps_the_code(assistant: Assistant, members: FakeMembers) -> None:
    members.joined.add("telegram:7")

    assert "もう登録されています" in tap(assistant, "join", "ABCD").opening[0]


def test_join_without_a_code_says_how(assistant: Assistant) -> None:
    assert "/join" in tap(assistant, "join").opening[0]


def test_a_cry_for_help_after_join_is_heard(assistant: Assistant) -> None:
    assert tap(assistant, "join", "もう死にたい").crisis


def test_who_leaves_is_forgotten(assistant: Assistant, members: FakeMembers) -> None:
    members.joined.add("telegram:7")

    assert "すべて消しました" in tap(assistant, "leave").opening[0]
    assert "何も残していません" in tap(assistant, "leave").opening[0]


def test_members_can_be_told_when_a_clause_changes(
    assistant: Assistant, members: FakeMembers
) -> None:
    members.joined.add("telegram:7")
    offered = [choice.id for choice in tap(assistant, "guideline/4-3").choices]
    told = tap(assistant, "watch:guideline/4-3")
    (watch,) = members.watches.values()

    assert "watch:guideline/4-3" in offered
    assert told.choices[0].id == "unwatch:guideline/4-3"
    assert (watch.conversation, watch.edition) == ("telegram:7", "R6")
    assert watch.until == FRIDAY_MORNING + timedelta(days=365)
    assert "４（３）" in tap(assistant, "changes").opening[0]
    tap(assistant, "unwatch:guideline/4-3")
    assert members.watches == {}


def test_others_are_told_how_to_become_members(assistant: Assistant, members: FakeMembers) -> None:
    offered = [choice.id for choice in tap(assistant, "guideline/4-3").choices]

    assert "watch:guideline/4-3" not in offered
    assert "/join" in tap(assistant, "watch:guideline/4-3").opening[0]
    assert members.watches == {}


@pytest.mark.parametrize("choice", ["watch:guideline/9-9", "unwatch:guideline/9-9"])
def test_a_clause_that_does_not_exist_cannot_be_watched(
    assistant: Assistant, library: Library, choice: str
) -> None:
    assert tap(assistant, choice).opening == (library.replies.say("fallback.stale"),)


def test_a_clause_that_is_gone_is_not_listed(assistant: Assistant, members: FakeMembers) -> None:
    members.watch(
        "telegram:7",
        Watch("telegram:7", "guideline/9-9", "R5", "x", FRIDAY_MORNING.replace(year=2027)),
    )
    reply = tap(assistant, "changes")

    assert (reply.choices, "R6 の版だけ" in reply.opening[1]) == ((), True)


def test_nobody_is_a_member_where_nothing_is_kept() -> None:
    none = NoMembers()
    watch = Watch("telegram:7", "guideline/1", "R6", "x", FRIDAY_MORNING)
    none.watch("telegram:7", watch)
    none.unwatch("telegram:7", "guideline/1")

    assert none.redeem("x", "telegram:7", FRIDAY_MORNING, private=True) is Redeemed.UNKNOWN
    assert (none.watched("telegram:7", FRIDAY_MORNING), none.leave("telegram:7")) == ((), False)


@pytest.mark.parametrize(
    ("conversation", "person"),
    [("telegram:7", "telegram:7"), ("telegram:-100:7", "telegram:7"), ("console", "console")],
)
def test_a_person_is_the_same_in_every_chat(conversation: str, person: str) -> None:
    assert person_of(conversation) == person


# Changes


@pytest.fixture
def changes(library: Library) -> ChangeDesk:
    old = library.knowledge.guideline
    return ChangeDesk([old, next_edition(old)], library.replies)


def test_a_summary_names_editions_and_what_changed(changes: ChangeDesk) -> None:
    text = changes.summary("ja")

    assert "R6、R7" in text
    assert "3項" in text
    assert "なくなった：３（２）⑩" in text


def test_old_and_new_are_quoted_side_by_side(changes: ChangeDesk) -> None:
    change = changes.since("R6", "guideline/4-3")
    assert change is not None
    reply = changes.told("R6", change)

    assert [card.title for card in reply.cards] == ["R6 の版 ４（３）", "R7 の版 ４（３）"]
    assert "〔－" in reply.closing[0]
    assert "〔＋" in reply.closing[0]


@pytest.mark.parametrize(("clause", "cards"), [(REMOVED, 1), (ADDED, 1)])
def test_a_clause_that_came_or_went_has_one_text(
    changes: ChangeDesk, clause: str, cards: int
) -> None:
    change = changes.since("R6", clause)
    assert change is not None

    assert len(changes.told("R6", change).cards) == cards
    assert changes.told("R6", change).closing == ()


@pytest.mark.parametrize(
    ("edition", "clause"),
    [("R6", "guideline/1"), ("R5", "guideline/4-3"), ("R6", "guideline/9-9")],
)
def test_what_did_not_change_is_no_change(changes: ChangeDesk, edition: str, clause: str) -> None:
    assert changes.since(edition, clause) is None
