"""The queue of the chat: who may, what is kept, and a disk that fails stops no answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.store.audit import read_audit
from bot.store.edits import read_edits
from bot.store.queue import SqliteQueue
from handlers.library import Library
from handlers.new_window import blank_window
from handlers.staff import Resolution
from knowledge.edits import with_asks
from knowledge.load import DATA
from knowledge.standard_form import entry_text
from tests.bot.queries import AT, KEY, kept, unanswered
from tests.handlers.test_review import group as group_of
from tests.handlers.test_review import question

OFFICER = "telegram:7"


@pytest.fixture
def db(db):
    kept(db, unanswered("交通費は出ますか"), permitted=False)
    return db


@pytest.fixture
def queue(path, db, clock, library: Library) -> Iterator[SqliteQueue]:
    del db
    queue = SqliteQueue(path, KEY, clock, lambda: library, DATA)
    yield queue
    queue.close()


def account(db, role: str) -> None:
    row = {"name": "sato", "role": role, "telegram": 7, "since": "2026"}
    db.table("accounts").insert(row)


def test_new_questions_are_grouped_when_the_queue_is_opened(queue) -> None:
    (group,) = queue.groups(OFFICER)

    assert (group.people, group.readable, group.hidden) == (1, (), 1)
    assert queue.wordings(group.id) == ["交通費は出ますか"]
    assert queue.regroup() == 0


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_an_account_is_named_in_the_audit(queue, db, role: str) -> None:
    account(db, role)
    queue.groups(OFFICER)

    assert queue.claim(1, OFFICER)
    assert queue.resolve(1, OFFICER, Resolution.OUT_OF_SCOPE)
    assert {deed.who for deed in read_audit(db)} == {"sato"}


def test_an_officer_without_an_account_is_named_by_a_pseudonym(queue, db) -> None:
    queue.groups(OFFICER)

    assert queue.claim(1, OFFICER)
    (deed,) = read_audit(db)
    assert deed.who.startswith("chat:")
    assert len(deed.who) == len("chat:") + 8
    assert deed.who.removeprefix("chat:") != "7"


def test_who_only_reads_changes_nothing(queue, db, library: Library) -> None:
    account(db, "viewer")
    queue.groups(OFFICER)
    entry = library.knowledge.windows[0]

    assert not queue.claim(1, OFFICER)
    assert not queue.resolve(1, OFFICER, Resolution.OUT_OF_SCOPE)
    assert queue.draft(1, OFFICER, entry, "") is None
    assert list(read_audit(db)) == []


def test_a_draft_tells_its_file_and_its_group(queue, db, library: Library) -> None:
    entry = library.knowledge.entries["guideline/2-2"]
    changed = with_asks(entry, ["交通費も委託費ですか"])

    assert queue.draft(1, OFFICER, changed, entry_text(entry)) == 1
    (edit,) = read_edits(db)
    assert (edit.entry, edit.file, edit.group) == ("guideline/2-2", "guideline/r6.yaml", 1)
    assert "交通費も委託費ですか" in edit.text
    assert "交通費" not in str(list(read_audit(db)))


def test_what_an_officer_holds_is_in_their_queue_alone(queue) -> None:
    queue.groups(OFFICER)
    queue.claim(1, OFFICER)

    assert [group.id for group in queue.groups(OFFICER)] == [1]
    assert queue.groups("telegram:8") == []
    assert not queue.release(1, "telegram:8")
    assert queue.release(1, OFFICER)
    assert [group.id for group in queue.groups("telegram:8")] == [1]


def test_a_new_window_goes_to_the_file_of_its_area(queue, db, library) -> None:
    queue.groups(OFFICER)
    group = group_of(1, question(None, prefectures=("岐阜県",)))
    entry = blank_window(library.replies, group, AT.date())

    assert queue.draft(1, OFFICER, entry, "") == 1
    assert read_edits(db)[0].file == "windows/21-gifu.yaml"


def test_a_disk_that_fails_is_logged_without_words(tmp_path, clock, library, logged) -> None:
    (tmp_path / "x").write_text("")
    queue = SqliteQueue(tmp_path / "x" / "y.db", KEY, clock, lambda: library, DATA)

    assert (queue.groups(OFFICER), queue.wordings(1), queue.regroup()) == ((), (), 0)
    assert not queue.claim(1, OFFICER)
    assert not queue.resolve(1, OFFICER, Resolution.OUT_OF_SCOPE)
    assert queue.draft(1, OFFICER, replace(library).knowledge.windows[0], "") is None
    assert {line["event"] for line in logged} == {"queue not kept"}
    assert AT
