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
