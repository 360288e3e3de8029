"""A draft is replayed, signed by a second person, written, marked; and undone in one step."""

import errno
import sqlite3
import threading
from pathlib import Path

import pytest

from bot.publishing import publisher as publishing
from bot.publishing.outcome import Problem, Warned
from bot.settings import load_settings
from bot.store.audit import read_audit
from bot.store.edits import change_draft, discard
from bot.store.groups import read_group
from bot.store.resolving import claim, reopen, resolve
from bot.store.rows import row_of
from handlers.staff import EditState, GroupState, Resolution
from knowledge.version import version
from tests.bot.publishing_made import DV, HIKIKOMORI, IWATE, House, with_ask
from tests.bot.queries import AT, KEY, unanswered

ASK = "夫がこわくて家に帰れない"


def group(db, holder: str | None = None) -> int:
    """A group of one question, which somebody may hold."""
    row = {"made": AT.isoformat(), "state": "open"}
    db.table("groups").insert(row)
    number = db.execute("select max(id) from groups").fetchone()[0]
    db.table("queries").insert({**row_of(unanswered("行き場がない"), KEY), "group_id": number})
    if holder:
        assert claim(db, number, holder, AT)
    return number


def test_a_signed_draft_is_what_people_are_answered_from(here: House, db) -> None:
    number = group(db)
    edit = here.asking(ASK, group=number)
    replay = here.replayed(edit)

    outcome = here.publisher.publish(edit, "suzuki")

    assert outcome.problem is None
    assert (outcome.findings, outcome.warnings) == ((), ())
    assert here.entry() == edit.text
    assert outcome.version == version(here.data)
    kept = here.read(edit.id)
    assert (kept.state, kept.signed_by, kept.version) == (
        EditState.PUBLISHED, "suzuki", outcome.version,
    )  # fmt: skip
    assert replay
    assert kept.replay == replay.counts() == {
        "asked": 2, "answered": 0, "changed": 0, "near_ties": 0,
    }  # fmt: skip
    assert (kept.before != kept.after, kept.after) == (True, here.text)
    resolved = read_group(db, number, AT)
    assert resolved
    assert (resolved.state, resolved.resolution, resolved.entry) == (
        GroupState.RESOLVED, Resolution.COVERED_BY, DV,
    )  # fmt: skip
    assert [deed.what for deed in read_audit(db)][:2] == ["group.resolve", "edit.publish"]


def test_a_group_that_somebody_else_holds_is_resolved_too(here: House, db) -> None:
    number = group(db, "tanaka")

    assert here.published(here.asking(ASK, group=number)).problem is None
    assert db.execute("select state, claimed_by, published from groups").fetchall() == [
        ("resolved", "suzuki", version(here.data))
    ]


def test_who_wrote_a_draft_does_not_sign_it(here: House) -> None:
    edit = here.asking(ASK)

    assert here.published(edit, "sato").problem is Problem.OWN_DRAFT
    assert here.entry() == edit.base
    assert here.read(edit.id) == edit


def test_nobody_who_ever_wrote_in_a_draft_signs_it(here: House, db) -> None:
    edit = here.asking(ASK)
    change_draft(db, edit.id, AT, "suzuki", with_ask(edit.base, "別の聞き方をする"), DV)
    change_draft(db, edit.id, AT, "sato", edit.text, DV)

    assert here.published(here.read(edit.id), "suzuki").problem is Problem.OWN_DRAFT
    assert here.published(here.read(edit.id), "tanaka").problem is None


def test_who_saves_a_draft_unchanged_may_sign_it(here: House, db) -> None:
    edit = here.asking(ASK)
    change_draft(db, edit.id, AT, "suzuki", edit.text, DV, was=edit.text)

    assert here.published(here.read(edit.id)).problem is None


def test_one_person_may_where_it_is_so_decided(here: House) -> None:
    alone = here.another(alone=True)
    edit = here.asking(ASK)
    here.replayed(edit, alone)

    assert alone.publish(edit, "sato").problem is None


def test_nothing_is_signed_without_its_replay(here: House, db) -> None:
    edit = here.asking(ASK)

    assert here.publisher.publish(edit, "suzuki").problem is Problem.NO_REPLAY

    here.replayed(edit)
    change_draft(db, edit.id, AT, "tanaka", with_ask(edit.base, "別の聞き方をする"), DV)
    assert here.publisher.publish(edit, "suzuki").problem is Problem.NO_REPLAY
    assert here.publisher.publish(here.read(edit.id), "suzuki").problem is Problem.NO_REPLAY
    assert here.publisher.publish(here.read(edit.id), "tanaka").problem is Problem.OWN_DRAFT
    assert here.entry() == edit.base


def test_a_replay_on_older_data_does_not_count(here: House) -> None:
    edit, other = here.asking(ASK), here.asking("気持ちが沈む夜の話", HIKIKOMORI)
    here.replayed(edit)
    here.published(other)

    assert here.publisher.publish(edit, "suzuki").problem is Problem.NO_REPLAY


def test_an_entry_that_was_changed_meanwhile_is_a_conflict(here: House) -> None:
    edit, other = here.asking(ASK), here.asking("逃げる先をさがしている")
    here.published(other)

    assert here.published(edit).problem is Problem.CONFLICT
    assert here.entry() == other.text


def test_what_is_no_draft_is_not_published(here: House, db) -> None:
    edit = here.asking(ASK)
    here.published(edit)
    assert here.publisher.publish(edit, "suzuki").problem is Problem.NOT_DRAFT

    other = here.asking("逃げる先をさがしている")
    discard(db, other.id, AT, "sato")
    assert here.published(other).problem is Problem.NOT_DRAFT


def test_a_change_that_brings_errors_is_not_published(here: House) -> None:
    twice = here.entry(HIKIKOMORI).partition("asks:\n  - ")[2].partition("\n")[0]
    edit = here.asking(twice)

    outcome = here.published(edit)

    assert outcome.problem is Problem.CHECK_FAILED
    (finding,) = outcome.findings
    lines = edit.text.splitlines()
    assert (finding.code, finding.path) == ("repeated_ask", Path(IWATE))
    own = finding.entry == DV
    assert not own or lines[finding.line - 1] == f"  - {twice}"
    assert here.publisher.check(edit) == outcome.findings
    assert here.entry() == edit.base


def test_findings_about_the_entry_have_lines_of_its_text(here: House) -> None:
    base = here.entry()
    edit = here.draft(base.replace('value: "019-629-9610"', 'value: "019"'), base)

    (finding,) = here.publisher.check(edit)

    assert finding.code == "wrong_phone"
    assert '"019"' in edit.text.splitlines()[finding.line - 1]


@pytest.mark.parametrize(
    ("text", "code"),
    [("id: [", "yaml_bracket"), ("id: window/iwate-dv\n", "missing_key"), ("x: {{", "")],
)
def test_a_draft_that_cannot_be_read_is_told(here: House, text: str, code: str) -> None:
    edit = here.draft(text, here.entry())

    found = here.publisher.check(edit)

    assert found
    assert not code or code in {finding.code for finding in found}
    assert {finding.path for finding in found} == {Path(IWATE)}
    assert here.replayed(edit) is None
    assert here.publisher.trouble(edit) == tuple(found)
    assert here.publisher.publish(edit, "suzuki").problem is Problem.CHECK_FAILED


def test_an_entry_keeps_its_id(here: House) -> None:
    base = here.entry()
    edit = here.draft(base.replace(DV, "window/iwate-other"), base)

    assert [finding.code for finding in here.publisher.check(edit)] == ["unexpected_entry"]


def test_broken_data_stops_publication_and_is_told(here: House) -> None:
    edit, before_all = here.asking(ASK), here.text
    broken = here.data / "windows" / "06-yamagata.yaml"
    before = broken.read_text(encoding="utf-8")
    broken.write_text(f"{before}x: [\n", encoding="utf-8")

    outcome = here.published(edit)

    assert outcome.problem is Problem.CHECK_FAILED
    assert {finding.path for finding in outcome.findings} == {Path("windows/06-yamagata.yaml")}
    assert here.publisher.trouble(edit) == outcome.findings
    assert here.text == before_all

    broken.write_text(before, encoding="utf-8")
    assert here.published(edit).problem is None


# ---- undoing


def test_undoing_puts_the_former_text_back_and_leaves_what_came_later(here: House, db) -> None:
    number = group(db)
    edit, other = here.asking(ASK, group=number), here.asking("気持ちが沈む夜の話", HIKIKOMORI)
    here.published(edit)
    here.published(other)

    outcome = here.publisher.undo(edit, "tanaka")

    assert (outcome.problem, outcome.version) == (None, version(here.data))
    assert (here.entry(), here.entry(HIKIKOMORI)) == (edit.base, other.text)
    assert here.read(edit.id).state is EditState.UNDONE
    opened = read_group(db, number, AT)
    assert opened
    assert (opened.state, opened.entry) == (GroupState.OPEN, None)
    assert [deed.what for deed in read_audit(db)][:2] == ["group.reopen", "edit.undo"]
    assert here.publisher.undo(edit, "tanaka").problem is Problem.CHANGED_SINCE


def test_a_group_that_something_else_resolved_stays_so(here: House, db) -> None:
    number = group(db)
    edit = here.asking(ASK, group=number)
    here.published(edit)
    reopen(db, number, "suzuki", AT)
    resolve(db, number, "suzuki", Resolution.OUT_OF_SCOPE, AT)

    assert here.publisher.undo(edit, "suzuki").problem is None
    found = read_group(db, number, AT)
    assert found
    assert found.resolution is Resolution.OUT_OF_SCOPE


def test_a_new_entry_is_taken_out_again(here: House) -> None:
    before, name = here.text, "window/iwate-new"
    asks = (
        "asks:\n  - 新しい窓口を知りたい\n  - 新設の相談先の番号\n  - 最近できたところ\nassured:"
    )
    head, _, rest = here.entry().replace(DV, name).partition("asks:\n")
    new = head + asks + rest.partition("assured:")[2]
    edit = here.draft(new, entry=name)

    outcome = here.published(edit)
    assert (outcome.problem, outcome.findings) == (None, ())
    assert here.entry(name) == new

    assert here.publisher.undo(edit, "suzuki").problem is None
    assert here.text == before


def test_what_was_changed_since_is_not_undone(here: House) -> None:
    edit = here.asking(ASK)
    assert here.publisher.undo(edit, "suzuki").problem is Problem.CHANGED_SINCE
    here.published(edit)
    later = here.asking("逃げる先をさがしている")
    here.published(later)

    assert here.publisher.undo(edit, "suzuki").problem is Problem.CHANGED_SINCE
    assert here.entry() == later.text


def test_what_grew_old_is_put_back_all_the_same(here: House) -> None:
    before, found, rest = here.text.partition(f"id: {DV}\n")
    assured = 'assured: "2026-11-21"'
    old = rest.replace(assured, 'assured: "2025-01-10"', 1)
    here.file.write_text(before + found + old, encoding="utf-8")
    base = here.entry()
    assert "2025-01-10" in base
    edit = here.draft(base.replace("2025-01-10", "2026-11-20"), base)
    assert here.published(edit).problem is None

    outcome = here.publisher.undo(edit, "suzuki")

    assert outcome.problem is None
    assert [finding.code for finding in outcome.findings] == ["assured_late"]
    assert here.entry() == base


def test_a_window_that_nobody_sees_covers_nothing(here: House, db) -> None:
    number = group(db, "sato")
    base = here.entry()
    edit = here.draft(base.replace("status: published", "status: draft"), base, group=number)

    outcome = here.published(edit)

    assert (outcome.problem, outcome.warnings) == (None, (Warned.NOT_SHOWN,))
    assert here.read(edit.id).state is EditState.PUBLISHED
    found = read_group(db, number, AT)
    assert found
    assert (found.state, found.claimed_by) == (GroupState.CLAIMED, "sato")


def test_undoing_brings_no_errors_either(here: House) -> None:
    taken = here.entry().partition("asks:\n  - ")[2].partition("\n")[0]
    edit = here.draft(here.entry().replace(f"  - {taken}\n", ""), here.entry())
    assert here.published(edit).problem is None
    assert here.published(here.asking(taken, HIKIKOMORI)).problem is None

    assert here.publisher.undo(edit, "suzuki").problem is Problem.CHECK_FAILED
    assert here.entry() == edit.text


# ---- what fails


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


def test_a_full_disk_leaves_everything_as_it_was(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit, before = here.asking(ASK), here.text
    here.replayed(edit)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write", full)
        assert here.publisher.publish(edit, "suzuki").problem is Problem.NOT_WRITTEN

    assert (here.text, here.read(edit.id)) == (before, edit)
    assert here.publisher.publish(edit, "suzuki").problem is None


def test_no_room_for_a_trial_is_told(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = here.asking(ASK)
    monkeypatch.setattr("bot.publishing.placing.trial", full)

    assert here.replayed(edit) is None
    assert [finding.code for finding in here.publisher.trouble(edit)] == ["not_tried"]
    with pytest.raises(OSError, match="full"):
        here.publisher.check(edit)


@pytest.mark.parametrize("table", ["audit", "groups"])
def test_a_database_that_fails_has_the_file_put_back(here: House, db, table: str) -> None:
    edit, before = here.asking(ASK, group=group(db)), here.text
    here.replayed(edit)
    change = {"audit": "insert on audit", "groups": "update on groups"}[table]
    db.execute(f"create trigger t before {change} begin select raise(abort, 'no'); end")

    assert here.publisher.publish(edit, "suzuki").problem is Problem.NOT_WRITTEN

    assert (here.text, here.read(edit.id)) == (before, edit)
    db.execute("drop trigger t")
    assert here.publisher.publish(edit, "suzuki").problem is None
    assert here.read(edit.id).state is EditState.PUBLISHED


def test_what_was_written_but_never_marked_can_still_be_signed(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = here.asking(ASK)
    here.replayed(edit)

    def fail(*_: object) -> None:
        monkeypatch.setattr(publishing, "write", full)
        raise sqlite3.OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "mark_published", fail)
        assert here.publisher.publish(edit, "suzuki").problem is Problem.NOT_WRITTEN
    monkeypatch.undo()

    assert (here.entry(), here.read(edit.id)) == (edit.text, edit)
    assert here.published(edit).problem is None


# ---- two at once


def test_two_publishers_of_one_draft_publish_it_once(here: House) -> None:
    edit = here.asking(ASK)
    publishers = [here.publisher, here.another()]
    for one in publishers:
        here.replayed(edit, one)
    outcomes = at_once([lambda one=one: one.publish(edit, "suzuki") for one in publishers])

    problems = {outcome.problem for outcome in outcomes}
    assert None in problems
    assert problems - {None} <= {Problem.NOT_DRAFT, Problem.NO_REPLAY}
    assert len(problems) == 2


def test_two_drafts_of_one_file_both_survive(here: House) -> None:
    pairs = [
        (here.publisher, here.asking(ASK)),
        (here.another(), here.asking("気持ちが沈む夜の話", HIKIKOMORI)),
    ]

    def until_published(one, edit):
        for _ in range(5):
            here.replayed(edit, one)
            outcome = one.publish(edit, "suzuki")
            if outcome.problem is None:
                return outcome
            assert outcome.problem is Problem.NO_REPLAY
        return outcome

    outcomes = at_once([lambda pair=pair: until_published(*pair) for pair in pairs])

    assert [outcome.problem for outcome in outcomes] == [None, None]
    assert (here.entry(), here.entry(HIKIKOMORI)) == (pairs[0][1].text, pairs[1][1].text)


@pytest.mark.parametrize("deed", ["publish", "undo"])
def test_data_that_changes_at_the_last_moment_is_not_overwritten(
    here: House, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    edit = here.asking(ASK)
    here.replayed(edit)
    if deed == "undo":
        here.publisher.publish(edit, "suzuki")
    tracked = here.publisher._repository.tracked

    def meanwhile(file: Path) -> object:
        file.write_text(here.text.replace("019-629-9610", "019-629-9611"), encoding="utf-8")
        return tracked(file)

    monkeypatch.setattr(here.publisher._repository, "tracked", meanwhile)

    outcome = getattr(here.publisher, deed)(edit, "suzuki")

    wanted = Problem.NO_REPLAY if deed == "publish" else Problem.CHANGED_SINCE
    assert outcome.problem is wanted
    assert "019-629-9611" in here.text


@pytest.mark.parametrize("deed", ["publish", "undo"])
def test_an_edit_that_somebody_changes_at_the_last_moment_is_left_to_them(
    here: House, db, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    edit = here.asking(ASK)
    here.replayed(edit)
    if deed == "undo":
        here.publisher.publish(edit, "suzuki")
    before = here.text
    brought = here.publisher._brought

    def meanwhile(change):
        db.execute("update edits set state = 'discarded'")
        db.commit()
        return brought(change)

    monkeypatch.setattr(here.publisher, "_brought", meanwhile)

    outcome = getattr(here.publisher, deed)(edit, "suzuki")

    assert outcome.problem is (Problem.NOT_DRAFT if deed == "publish" else Problem.CHANGED_SINCE)
    assert here.text == before


def at_once(deeds):
    """Do them in threads of their own, begun together."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int) -> None:
        barrier.wait()
        results[number] = deeds[number]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# ---- joined by the settings


def test_the_settings_say_where_everything_is(here: House, tmp_path: Path) -> None:
    settings = load_settings(
        {
            "DATABASE_URL": f"sqlite:///{here.database}",
            "CACHE_FOLDER": str(tmp_path / "cache"),
            "PUBLISH_ALONE": "true",
        },
        env_file=None,
    )
    publisher = publishing.publisher_of(settings, here.source, here.clock)
    edit = here.asking("委託はできますか")

    assert [finding.code for finding in publisher.check(edit)] == ["question_is_ask"]
    assert publisher.publish(edit, "sato").problem is Problem.NO_REPLAY
    publisher.close()
