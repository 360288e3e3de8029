"""Edits are drafts until they are published; every step is in the audit."""

import pytest

from bot.store.audit import read_audit
from bot.store.database import open_database, writing
from bot.store.edits import (
    Edit,
    change_draft,
    discard,
    draft,
    published,
    read_edit,
    read_edits,
    undone,
)
from handlers.staff import EditState
from tests.bot.queries import AT


@pytest.fixture
def db(tmp_path):
    db = open_database(tmp_path / "tsunagari.db")
    draft(
        db, AT, "sato", entry="window/110", file="windows/00-national.yaml",
        base="a", text="b", group=3,
    )  # fmt: skip
    yield db
    db.close()


def only(db) -> Edit:
    (edit,) = read_edits(db)
    return edit


def publish(db) -> bool:
    with writing(db):
        return published(db, only(db), AT, "suzuki", {"answered": 1}, "old", "new", "abc")


def deeds(db) -> list[tuple[str, str]]:
    return [(deed.who, deed.what) for deed in read_audit(db)][::-1]


def test_a_draft_is_kept_as_it_was_written(db) -> None:
    edit = only(db)

    assert (edit.id, edit.author, edit.entry, edit.group) == (1, "sato", "window/110", 3)
    assert (edit.base, edit.text, edit.state, edit.at) == ("a", "b", EditState.DRAFT, AT)
    assert (edit.signed_by, edit.signed, edit.replay, edit.version) == (None, None, None, None)
    assert (edit.before, edit.after) == ("", "")


def test_who_changes_a_draft_is_its_author(db) -> None:
    assert change_draft(db, 1, AT, "suzuki", "c", "window/110")

    assert (only(db).text, only(db).author) == ("c", "suzuki")
    assert deeds(db) == [("sato", "edit.draft"), ("suzuki", "edit.change")]


def test_a_publication_tells_who_signed_and_what_the_replay_showed(db) -> None:
    assert publish(db)

    edit = only(db)
    assert (edit.state, edit.signed_by, edit.signed) == (EditState.PUBLISHED, "suzuki", AT)
    assert (edit.replay, edit.before, edit.after) == ({"answered": 1}, "old", "new")
    assert edit.version == "abc"


def test_a_publication_is_undone_once(db) -> None:
    publish(db)
    with writing(db):
        assert undone(db, only(db), AT, "suzuki", "def")
        assert not undone(db, only(db), AT, "suzuki", "def")

    assert only(db).state is EditState.UNDONE
    assert deeds(db)[-1] == ("suzuki", "edit.undo")


def test_what_is_no_draft_is_not_changed(db) -> None:
    assert discard(db, 1, AT, "sato")
    assert not discard(db, 1, AT, "sato")
    assert not change_draft(db, 1, AT, "sato", "c", "window/110")
    assert not publish(db)
    assert not discard(db, 99, AT, "sato")
    assert deeds(db) == [("sato", "edit.draft"), ("sato", "edit.discard")]


def test_edits_are_found_by_state_and_entry(db) -> None:
    draft(db, AT, "sato", entry="window/119", file="f", base="", text="x")

    assert [edit.id for edit in read_edits(db, [EditState.DRAFT])] == [2, 1]
    assert [edit.id for edit in read_edits(db, entry="window/119")] == [2]
    assert read_edits(db, [EditState.PUBLISHED]) == []
    assert read_edit(db, 2) is not None
    assert read_edit(db, 3) is None


def test_who_saves_what_stands_there_already_writes_nothing(db) -> None:
    assert change_draft(db, 1, AT, "suzuki", "b", "window/110", was="b")

    assert (only(db).author, only(db).writers) == ("sato", ("sato",))
    assert deeds(db) == [("sato", "edit.draft")]


def test_everybody_who_wrote_in_a_draft_is_kept(db) -> None:
    for who, text in (("suzuki", "c"), ("sato", "d"), ("suzuki", "e")):
        change_draft(db, 1, AT, who, text, "window/110")

    assert (only(db).author, only(db).writers) == ("suzuki", ("sato", "suzuki"))


def test_nothing_is_written_over_what_its_writer_has_not_seen(db) -> None:
    assert not change_draft(db, 1, AT, "suzuki", "c", "window/110", was="a")
    assert not change_draft(db, 99, AT, "suzuki", "c", "window/110")


def test_a_draft_takes_the_group_it_answers_if_it_has_none(db) -> None:
    draft(db, AT, "sato", entry="window/119", file="f", base="", text="x")

    assert change_draft(db, 2, AT, "sato", "x", "window/119", group=7)
    assert change_draft(db, 2, AT, "sato", "y", "window/119", group=8)
    assert change_draft(db, 1, AT, "sato", "y", "window/110", group=7)
    assert [edit.group for edit in read_edits(db)] == [7, 3]


def test_what_was_written_in_a_discarded_draft_is_gone(db) -> None:
    discard(db, 1, AT, "sato")

    assert (only(db).text, only(db).base, only(db).entry) == ("", "", "window/110")


def held(db) -> tuple[str, str | None]:
    return tuple(db.execute("select state, claimed_by from groups where id = 3").fetchone())


def test_with_its_last_draft_a_group_is_given_back(db) -> None:
    db.table("groups").insert(
        {"id": 3, "made": AT.isoformat(), "state": "claimed", "claimed_by": "sato"}
    )
    draft(db, AT, "sato", entry="window/119", file="f", base="", text="x", group=3)

    discard(db, 1, AT, "suzuki")
    assert held(db) == ("claimed", "sato")
    discard(db, 2, AT, "suzuki")
    assert held(db) == ("open", None)
    assert deeds(db)[-1] == ("suzuki", "group.release")
