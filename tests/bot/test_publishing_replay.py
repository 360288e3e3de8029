"""People's questions are asked again before a draft is signed; what nobody may read stays so."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.publishing.placing import on_trial, place
from bot.publishing.questions import LOG, TESTS, Question, Said, from_log, from_tests
from bot.publishing.replay import Answer, Asker, Changed, compared, fate_of
from bot.publishing.source import UNSOUND
from bot.store.rows import row_of
from handlers.library import Library, open_library
from handlers.messages import Role, Status
from knowledge.findings import Severity
from knowledge.load import DATA
from tests.bot.publishing_made import DV, IWATE, LATER, House, with_ask
from tests.bot.queries import AT, KEY, days, kept, unanswered
from tests.fakes import FRIDAY_MORNING

ASK = "フラフープ大会の申込先"
NO, OUT = Status.UNANSWERED_NO_MATCH, Status.UNANSWERED_OUT_OF_SCOPE
YES, CHOOSE = Status.ANSWERED, Status.CLARIFY_CHOICE


# ---- the questions


def test_each_wording_of_the_last_90_days_is_asked_once_as_it_was_last(db) -> None:
    kept(
        db,
        unanswered("古い", at=AT - days(91)),
        unanswered("同じ", at=AT - days(2), role=Role.MEMBER),
        unanswered("同じ", at=AT - days(1), slots={"prefectures": ["岩手県"], "language": "en"}),
        unanswered("二つ", role=None, slots={"prefectures": ["岩手県", "秋田県"]}),
        unanswered(text=None),
    )

    assert list(from_log(db, AT)) == [
        Question(Said(("二つ",)), LOG),
        Question(Said(("同じ",), Role.RESIDENT, "岩手県", "en"), LOG),
    ]


def test_a_wording_is_readable_where_one_who_asked_permits_it(db) -> None:
    kept(db, unanswered("甲"), unanswered("乙"), permitted=False)
    db.table("queries").insert(
        {**row_of(unanswered("甲", conversation="telegram:7"), KEY), "permitted": 1, "group_id": 4}
    )
    kept(db, unanswered("甲"), permitted=False)

    found = {question.said.turns[0]: question.text for question in from_log(db, AT)}

    assert found == {"甲": "甲", "乙": None}


def test_test_questions_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    (tmp_path / "guideline.yaml").write_text(
        "questions: [{q: 甲, role: staff}, {q: 乙, role: king}, {expect: []}, x]\n"
        "dialogues: [{turns: [丙, 丁]}]\n"
    )
    (tmp_path / "residents_1.yaml").write_text("questions: [{q: 戊}]")
    (tmp_path / "broken.yaml").write_text("questions: [")
    (tmp_path / "list.yaml").write_text("- x")
    (tmp_path / "misses.yaml").write_text("misses: [x]")

    found = list(from_tests(tmp_path))

    assert found == [
        Question(Said(("甲",), Role.STAFF), TESTS),
        Question(Said(("乙",), Role.MEMBER), TESTS),
        Question(Said(("丙", "丁"), Role.MEMBER), TESTS),
        Question(Said(("戊",), Role.RESIDENT), TESTS),
    ]
    assert found[2].text == "丙 / 丁"
    assert list(from_tests(None)) == []


def test_the_project_own_questions_are_read() -> None:
    assert len(list(from_tests(DATA.parent.parent / "tests" / "answers"))) > 900


# ---- what differs


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        ((NO, ()), (YES, ("a",)), "answered"),
        ((OUT, ("w",)), (Status.ANSWERED_NOT_LISTED, ("a",)), "answered"),
        ((NO, ("w",)), (OUT, ("v",)), ""),
        ((NO, ("w",)), (NO, ("v",)), ""),
        ((NO, ()), (CHOOSE, ("a", "b")), "near_ties"),
        ((NO, ()), (Status.CLARIFY_PREFECTURE, ()), "changed"),
        ((YES, ("a", "b")), (YES, ("a", "c")), ""),
        ((YES, ("a", "b")), (YES, ("b", "a")), "changed"),
        ((YES, ("a",)), (CHOOSE, ("a", "b")), "near_ties"),
        ((CHOOSE, ("a", "b")), (YES, ("a",)), "changed"),
        ((CHOOSE, ("a", "b")), (CHOOSE, ("b", "a")), "changed"),
        ((YES, ("a",)), (NO, ("w",)), "changed"),
    ],
)
def test_fates(before, after, fate: str) -> None:
    assert fate_of(Answer(*before), Answer(*after)) == fate


def test_what_people_in_danger_wrote_is_shown_to_nobody() -> None:
    said = Said(("x",))
    before, after = {said: Answer(NO, ())}, {said: Answer(Status.CRISIS_SIGNPOSTED, ("a",))}

    replay = compared([Question(said, LOG), Question(said, TESTS)], before, after)

    assert [changed.text for changed in replay.changed] == [None, "x"]


def test_a_new_way_to_ask_is_answered_as_the_replay_shows(here: House, library: Library) -> None:
    """The one test with an index of its own: the last one tells what the others only carry."""
    edit = here.asking(ASK)
    change = place(edit, here.source.current, here.data)
    real = replace(change, data=DATA, file=DATA / IWATE)
    with on_trial(real) as data:
        then = open_library(data)
    said, other = Said((ASK,), Role.RESIDENT, "岩手県"), Said(("委託はできますか",), Role.MEMBER)
    questions = [Question(said, LOG, readable=False, group=3), Question(other, TESTS)]
    answers = [
        {one: Asker(side, FRIDAY_MORNING).ask(one) for one in (said, other)}
        for side in (library, then)
    ]

    replay = compared(questions, *answers)

    assert replay.counts() == {"asked": 2, "answered": 1, "changed": 0, "near_ties": 0}
    (changed,) = replay.answered
    assert isinstance(changed, Changed)
    assert (changed.text, changed.source, changed.group) == (None, LOG, 3)
    assert changed.before_status.startswith("unanswered")
    assert (changed.after_status, changed.after[0]) == ("answered", DV)


# ---- in the background


def test_the_same_text_on_the_same_data_is_replayed_once(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = here.asking(ASK)
    first = here.replayed(edit)
    runs = counted(here, monkeypatch)

    assert here.replayed(edit) is first
    assert runs == []
    assert here.replayed(replace(edit, text=with_ask(edit.base, "別の聞き方をする")))
    assert here.publisher.replay_of(edit) is None
    assert runs == [edit.id]


def counted(here: House, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    runs: list[int] = []
    run = here.publisher._replays._run

    def counting(edit):
        runs.append(edit.id)
        return run(edit)

    monkeypatch.setattr(here.publisher._replays, "_run", counting)
    return runs


def test_nothing_is_known_of_what_was_not_begun(here: House) -> None:
    edit = here.asking(ASK)

    assert here.publisher.replay_of(edit) is None
    assert not here.publisher.running(edit)
    assert here.publisher.trouble(edit) == ()


def test_while_one_runs_another_waits_and_its_older_text_is_dropped(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, replays = Event(), here.publisher._replays
    replays._thread.submit(gate.wait)
    runs = counted(here, monkeypatch)
    edit = here.asking(ASK)
    newer = replace(edit, text=with_ask(edit.base, "別の聞き方をする"))
    for one in (edit, edit, newer):
        here.publisher.begin_replay(one)

    assert here.publisher.running(edit)
    assert here.publisher.replay_of(newer) is None
    gate.set()
    assert here.replayed(newer)
    assert runs == [newer.id]


def test_changed_data_makes_a_replay_worthless(here: House) -> None:
    edit = here.asking(ASK)
    assert here.replayed(edit)
    here.file.write_text(here.text.replace("019-629-9610", "019-629-9611"), encoding="utf-8")

    assert here.publisher.replay_of(edit) is None
    assert here.replayed(edit)


def test_answers_are_asked_for_once_a_version(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Said] = []
    ask = Asker.ask
    monkeypatch.setattr(Asker, "ask", lambda self, said: (asked.append(said), ask(self, said))[1])
    edit = here.asking(ASK)
    here.replayed(edit)
    assert len(asked) == 2

    here.publisher.publish(edit, "suzuki")
    here.replayed(here.asking("別の聞き方をする"))
    assert len(asked) == 3  # what was the draft's library is that of today


def test_closing_breaks_off(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = here.asking(ASK)
    monkeypatch.setattr(
        Asker, "ask", lambda *_: (here.publisher._replays._stop.set(), Answer(NO, ()))[1]
    )

    assert here.replayed(edit) is None


def test_a_mistake_of_ours_is_logged(
    here: House, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, object]]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.publishing.replays.place", fail)
    edit = here.asking(ASK)

    assert here.replayed(edit) is None
    assert here.publisher.trouble(edit) == ()
    time.sleep(0.05)
    assert {"event": "replay broke off", "error": "ZeroDivisionError", "log_level": "error"} in (
        logged
    )


@pytest.mark.parametrize("error", UNSOUND)
def test_what_nobody_foresaw_is_told_and_ends_the_replay(
    here: House, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("bot.publishing.replays.place", fail)
    edit = here.asking(ASK)

    assert here.replayed(edit) is None
    assert not here.publisher.running(edit)
    (found,) = here.publisher.trouble(edit)
    assert (found.code, found.severity) == ("not_replayed", Severity.WARNING)
    assert error.__name__ in found.what


def test_a_folder_that_cannot_be_read_has_no_replay(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = here.asking(ASK)
    here.replayed(edit)

    def fail() -> str:
        raise PermissionError

    monkeypatch.setattr(here.source, "version", fail)

    assert here.publisher.replay_of(edit) is None


def test_answers_of_few_libraries_are_kept(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.publishing.replays._KEPT", 2)
    for ask in (ASK, "別の聞き方をする", "三つ目の聞き方をする"):
        assert here.replayed(here.asking(ask))

    assert len(here.publisher._replays._known) == 2


def test_the_files_of_another_library_are_never_written(here: House, library: Library) -> None:
    with pytest.raises(ValueError, match="not within"):
        place(here.asking(ASK), library, here.data)


def test_it_is_asked_at_one_moment(here: House) -> None:
    here.clock.pass_by(timedelta(hours=10))
    assert here.replayed(here.asking(ASK))
    ((_, at), *_) = here.publisher._replays._known

    assert at == LATER
