"""Unanswered questions are grouped, ranked, hidden until three ask, claimed once, resolved."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from bot.store.accounts import add_account, remove_account
from bot.store.audit import read_audit
from bot.store.database import open_database
from bot.store.grouping import group_new
from bot.store.groups import read_group, read_groups
from bot.store.reading import read_queries, readable
from bot.store.resolving import claim, release, reopen, resolve
from bot.store.rows import row_of, row_of_outcome
from handlers.gaps import Group
from handlers.messages import Role
from handlers.ports import Outcome, OutcomeKind
from handlers.staff import GroupState, Resolution, StaffRole
from knowledge.grouping import Grouping
from knowledge.search import Document, Index
from tests.bot.queries import AT, KEY, days, kept, query, unanswered

INDEX = Index([Document("guideline/1", ("委託はできますか",))], {})
FARE = ("交通費は出ますか", "交通費の助成は出ますか", "交通費、出ますか")
OTHER = "名簿の様式をください"


def made(groups):
    return Grouping(INDEX, groups)


def ask(db, *texts: str, **values) -> None:
    """Each text is asked by another person."""
    for number, text in enumerate(texts):
        person = {"conversation": f"telegram:{number}"}
        kept(db, unanswered(text, **person | values), permitted=False)
    group_new(db, made, AT)


def tell(db, kind: OutcomeKind, window: str = "window/inochi", at=AT) -> None:
    db.table("outcomes").insert(row_of_outcome(Outcome(at, window, kind)))
    group_new(db, made, at)


def only(db) -> Group:
    (group,) = read_groups(db, AT)
    return group


def test_questions_that_share_their_rare_words_are_one_group(db):
    ask(db, *FARE, OTHER)

    assert [(g.id, g.people) for g in read_groups(db, AT)] == [(1, 3), (2, 1)]


def test_groups_keep_their_numbers_as_new_questions_arrive(db):
    ask(db, FARE[0], OTHER)
    ask(db, FARE[1], at=AT + days(1))
    assert group_new(db, made, AT) == 0

    rows = db.execute("select text, group_id from queries order by id").fetchall()
    assert rows == [(FARE[0], 1), (OTHER, 2), (FARE[1], 1)]


def test_what_has_no_text_is_in_no_group(db):
    kept(db, query(), unanswered(text=None))

    assert group_new(db, made, AT) == 0
    assert read_groups(db, AT) == []


def test_a_wording_is_hidden_until_three_people_ask_alike(db):
    ask(db, *FARE[:2])
    assert (only(db).readable, only(db).hidden) == ((), 2)

    kept(db, unanswered(FARE[2], conversation="telegram:1"), permitted=False)
    group_new(db, made, AT)
    assert (only(db).people, only(db).readable) == (2, ())

    kept(db, unanswered(FARE[2], conversation="telegram:9"), permitted=False)
    group_new(db, made, AT)
    assert only(db).readable == (FARE[2], FARE[1], FARE[0])


@pytest.mark.parametrize(
    ("conversations", "values"),
    [
        (("telegram:42", "telegram:-100:42", "telegram:-200:42"), {}),
        (("telegram:1", "telegram:2", "telegram:3"), {"role": Role.STAFF}),
        (("ask:#1", "ask:#2", "ask:#3"), {"channel": "ask"}),
        (("console:here",) * 3, {"channel": "console"}),
    ],
    ids=["one person in groups", "staff", "lines of ask", "the terminal"],
)
def test_who_is_no_third_person_unlocks_nothing(db, conversations, values) -> None:
    for text, conversation in zip(FARE, conversations, strict=True):
        kept(db, unanswered(text, conversation=conversation, **values), permitted=False)
    group_new(db, made, AT)

    assert only(db).readable == ()
    assert only(db).people < 3
    assert readable(db) == set()


def test_three_named_conversations_of_a_tool_are_three(db) -> None:
    for number, text in enumerate(FARE):
        one = unanswered(text, conversation=f"ask:c{number}", channel="ask")
        kept(db, one, permitted=False)
    group_new(db, made, AT)

    assert len(only(db).readable) == 3


def test_a_question_asked_before_the_reload_does_not_open_the_group_again(db) -> None:
    ask(db, FARE[0])
    resolve(db, 1, "sato", Resolution.COVERED_BY, AT, "guideline/2-2", "abc")
    ask(db, FARE[1], at=AT + timedelta(seconds=30))
    assert only(db).state == GroupState.RESOLVED

    ask(db, FARE[2], at=AT + timedelta(minutes=3))
    assert (only(db).state, only(db).claimed_by) == (GroupState.OPEN, None)
    assert next(read_audit(db)).who == "system"


def test_reports_that_were_dealt_with_count_no_more(db) -> None:
    for _ in range(3):
        tell(db, OutcomeKind.WRONG)
    resolve(db, 1, "sato", Resolution.NOT_A_QUESTION, AT)
    tell(db, OutcomeKind.WRONG, at=AT + timedelta(hours=1))

    groups = {group.id: group.people for group in read_groups(db, AT)}
    assert groups == {1: 3, 2: 1}


def test_the_asker_can_permit_it_for_their_own_question_alone(db):
    kept(db, unanswered(FARE[0]))
    ask(db, FARE[1])

    assert (only(db).readable, only(db).hidden) == ((FARE[0],), 1)


def test_many_people_of_late_come_first(db):
    ask(db, OTHER, at=AT - days(1))
    ask(db, *FARE[:2], at=AT - days(60))

    groups = read_groups(db, AT)
    assert [group.people for group in groups] == [1, 2]
    assert groups[0].rank == pytest.approx(0.5 ** (1 / 14), abs=1e-4)


def test_a_group_tells_what_was_understood_and_who_waits(db):
    slots = {"topics": ["work"], "prefectures": ["岐阜県"], "language": "en"}
    ask(db, FARE[0], slots=slots)
    asker = {"query": 1, "conversation": "telegram:0", "language": "ja", "until": "2026-12-20"}
    db.table("askers").insert(asker)

    (question,) = only(db).questions
    assert (question.topics, question.prefectures, question.language) == (
        ("work",), ("岐阜県",), "en",
    )  # fmt: skip
    assert only(db).waiting == 1
    assert (only(db).first, only(db).last) == (AT, AT)


def test_a_window_with_trouble_is_a_group_of_its_own(db):
    tell(db, OutcomeKind.REACHED)
    assert read_groups(db, AT) == []

    tell(db, OutcomeKind.WRONG)
    tell(db, OutcomeKind.FAILED)
    assert (only(db).window, only(db).people) == ("window/inochi", 2)
    assert only(db).told == {"reached": 1, "wrong": 1, "failed": 1}


def test_a_window_that_fails_again_after_it_was_looked_at_is_a_new_group(db):
    tell(db, OutcomeKind.WRONG)
    resolve(db, 1, "sato", Resolution.NOT_A_QUESTION, AT)
    assert group_new(db, made, AT) == 0

    tell(db, OutcomeKind.WRONG, at=AT + timedelta(hours=1))
    assert [(g.id, g.state.value) for g in read_groups(db, AT)] == [(1, "resolved"), (2, "open")]


def test_two_officers_cannot_claim_one_group(db, path):
    ask(db, FARE[0])
    won, ready = [], threading.Barrier(8)

    def try_it(who: str) -> None:
        own = open_database(path)
        ready.wait()
        if claim(own, 1, who, AT):
            won.append(who)
        own.close()

    officers = [threading.Thread(target=try_it, args=(f"officer{n}",)) for n in range(8)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert len(won) == 1
    assert only(db).claimed_by == won[0]
    assert [deed.who for deed in read_audit(db)] == won


def test_claiming_again_is_no_second_deed(db):
    ask(db, FARE[0])

    assert claim(db, 1, "sato", AT)
    assert claim(db, 1, "sato", AT)
    assert not claim(db, 1, "suzuki", AT)
    assert not claim(db, 99, "sato", AT)
    assert [deed.what for deed in read_audit(db)] == ["group.claim"]


def test_only_who_holds_a_group_gives_it_back_or_ends_it(db):
    ask(db, FARE[0])
    claim(db, 1, "sato", AT)

    assert not release(db, 1, "suzuki", AT)
    assert not resolve(db, 1, "suzuki", Resolution.OUT_OF_SCOPE, AT)
    assert release(db, 1, "sato", AT)
    assert only(db).state == GroupState.OPEN
    assert only(db).claimed_by is None


def test_a_group_is_resolved_and_its_queries_are_read_so(db):
    ask(db, FARE[0])

    assert resolve(db, 1, "sato", Resolution.COVERED_BY, AT, "guideline/2-2", "abc")
    assert (only(db).resolution, only(db).entry) == (Resolution.COVERED_BY, "guideline/2-2")
    (query,) = read_queries(db)
    assert (query.state, query.resolution) == ("resolved", "covered_by")
    assert not resolve(db, 99, "sato", Resolution.OUT_OF_SCOPE, AT)


@pytest.mark.parametrize(
    ("resolution", "state"), [("covered_by", "open"), ("out_of_scope", "resolved")]
)
def test_asked_again_after_it_was_answered_it_is_open_again(db, resolution: str, state: str):
    ask(db, FARE[0])
    resolve(db, 1, "sato", Resolution(resolution), AT)
    ask(db, FARE[1], at=AT + days(1))

    assert only(db).state == state
    assert {query.state for query in read_queries(db)} == {state}


def test_a_resolved_group_can_be_opened_again(db):
    ask(db, FARE[0])
    assert not reopen(db, 1, "sato", AT)
    assert not reopen(db, 99, "sato", AT)

    resolve(db, 1, "sato", Resolution.NEEDS_ENTRY, AT)
    assert reopen(db, 1, "sato", AT)
    assert (only(db).state, only(db).resolution) == (GroupState.OPEN, None)
    assert [deed.what for deed in read_audit(db, "group/1")] == ["group.reopen", "group.resolve"]


def test_one_group_is_read_alone(db):
    ask(db, FARE[0], OTHER)

    group = read_group(db, 2, AT)
    assert group is not None
    assert group.hidden == 1
    assert read_group(db, 3, AT) is None
    assert [g.id for g in read_groups(db, AT, [GroupState.CLAIMED])] == []


def test_a_question_grouped_by_another_process_in_between_is_not_missed(db, path):
    ask(db, OTHER)
    kept(db, unanswered(FARE[1]), permitted=False)

    def made_late(groups):
        other = open_database(path)
        other.table("queries").insert(row_of(unanswered(FARE[0]), KEY))
        other.execute("insert into groups (id, made, state) values (7, '2026', 'open')")
        other.execute("update queries set group_id = 7 where text = ?", [FARE[0]])
        other.close()
        return made(groups)

    assert group_new(db, made_late, AT) == 0
    found = db.execute("select group_id from queries where text = ?", [FARE[1]]).fetchone()
    assert found == (7,)


def test_the_audit_cannot_be_changed_or_deleted(db):
    ask(db, FARE[0])
    claim(db, 1, "sato", AT)

    for statement in ("update audit set who = 'x'", "delete from audit"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    (deed,) = read_audit(db)
    assert (deed.who, deed.what, deed.target, deed.at) == ("sato", "group.claim", "group/1", AT)


def test_a_group_can_be_given_back_for_somebody_else(db):
    ask(db, "交通費は出ますか")
    claim(db, 1, "sato", AT)

    assert not release(db, 1, "suzuki", AT)
    assert release(db, 1, "suzuki", AT, whoever_holds_it=True)
    assert not release(db, 1, "suzuki", AT, whoever_holds_it=True)
    assert only(db).state is GroupState.OPEN
    assert [deed.who for deed in read_audit(db)] == ["suzuki", "sato"]


def test_a_group_is_not_resolved_twice(db):
    ask(db, "交通費は出ますか")
    resolve(db, 1, "sato", Resolution.OUT_OF_SCOPE, AT)

    assert not resolve(db, 1, "sato", Resolution.COVERED_BY, AT, "guideline/2-2")
    assert not resolve(db, 1, "suzuki", Resolution.NOT_A_QUESTION, AT)
    assert only(db).resolution is Resolution.OUT_OF_SCOPE


def test_the_groups_of_a_removed_account_are_given_back(db):
    ask(db, "交通費は出ますか")
    add_account(db, AT, "sato", StaffRole.EDITOR)
    claim(db, 1, "sato", AT)

    assert remove_account(db, AT, "sato")

    assert only(db).state is GroupState.OPEN
    assert next(read_audit(db)).what == "group.release"
