"""The knowledge: found by words, name and id; one entry with its history; checks and audit."""

import re
from datetime import timedelta

import pytest

from bot.store.edits import discard, draft, read_edits
from tests.bot.queries import AT
from tests.bot.web.made import Browser, Console


def ids(text: str) -> list[str]:
    return re.findall(r'<td><a href="/entries/([^"]+)"', text)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("q=よりそい", "window/yorisoi"),
        ("q=guideline/2-2", "guideline/2-2"),
        ("q=NPOに委託できますか", "guideline/2-2"),
        ("kind=program&prefecture=岐阜県", "program/gifu"),
        ("kind=window&prefecture=岐阜県&topic=dv", "window/gifu-dv"),
        ("kind=guideline", "guideline/0"),
    ],
)
def test_an_entry_is_found(viewer: Browser, query: str, first: str) -> None:
    assert ids(viewer.get(f"/entries?{query}").text)[0] == first


def test_filters_leave_out_the_rest(viewer: Browser) -> None:
    assert all(one.startswith("program/") for one in ids(viewer.get("/entries?kind=program").text))
    assert ids(viewer.get("/entries?kind=guideline&topic=dv").text) == []
    assert ids(viewer.get("/entries?q=、。").text) == []


def test_the_list_has_pages(viewer: Browser) -> None:
    first, second = (ids(viewer.get(f"/entries?page={n}").text) for n in (1, 2))

    assert len(first) == 50
    assert set(first).isdisjoint(second)


def test_what_was_typed_is_text(viewer: Browser) -> None:
    text = viewer.get('/entries?q="><script>alert(1)</script>').text

    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("window/yorisoi", ["0120-279-338", "windows/00-national.yaml:", "さみしい・話したい"]),
        ("guideline/2-2", ["guideline/r6.yaml:", "原文", "２（２）"]),
        ("program/gifu", ["programs/r6.yaml:", "岐阜県"]),
    ],
)  # fmt: skip
def test_an_entry_is_shown_with_its_place(viewer: Browser, entry: str, words: list[str]) -> None:
    text = viewer.get(f"/entries/{entry}").text

    assert [word for word in words if word not in text] == []
    assert "直す（下書きを始める）" not in text


def test_an_edit_begins_once_for_each_officer(console: Console, editor: Browser) -> None:
    first = editor.post("/entries/window/yorisoi/edit").headers["location"]
    second = editor.post("/entries/window/yorisoi/edit").headers["location"]
    other = console.logged_in("dasu").post("/entries/window/yorisoi/edit").headers["location"]

    assert [first, second, other] == ["/edits/1?said=drafted", "/edits/1", "/edits/2?said=drafted"]
    assert "/edits/2" in editor.get("/edits/1").text


def test_an_entry_shows_its_history(console: Console, viewer: Browser) -> None:
    with console.db() as db:
        values = {"entry": "window/yorisoi", "file": "windows/00-national.yaml"}
        draft(db, AT, "kaku", base="a\n", text="a\nb\n", **values)
        draft(db, AT, "kaku", base="a\n", text="never\n", **values)
        discard(db, 2, AT, "kaku")
        db.execute(
            "update edits set state = 'published', signed_by = 'dasu', signed = at where id = 1"
        )
        db.commit()
    text = viewer.get("/entries/window/yorisoi").text

    assert '<li class="added">' in text
    assert "公開した人 dasu" in text
    assert "never" not in text


def test_a_file_that_cannot_be_read_begins_no_edit(
    console: Console, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.drafting.entry_in", lambda *_: None)
    response = editor.post("/entries/window/yorisoi/edit")

    assert response.headers["location"] == "/entries/window/yorisoi?said=file_broken"
    with console.db() as db:
        assert read_edits(db) == []


def test_checks_are_listed_by_age_and_prefecture(console: Console, viewer: Browser) -> None:
    fresh = viewer.get("/checks").text
    assert "いま確かめるものはありません。" in fresh
    assert "受付時間のわからない窓口" in fresh
    console.clock.time = AT + timedelta(days=400)
    viewer.log_in("mita")
    late = viewer.get("/checks").text

    assert "一年を過ぎた" in late
    assert late.partition('id="areas"')[2].count('<th scope="row">') == 48


def test_the_audit_is_shown_newest_first_with_pages(console: Console, viewer: Browser) -> None:
    with console.db() as db:
        for number in range(150):
            draft(db, AT, "kaku", entry=f"window/{number}", file="", base="", text="")
    first, second = viewer.get("/audit").text, viewer.get("/audit?page=2").text

    assert (first.count("<tr>"), second.count("<tr>")) == (101, 58)
    assert first.index("edit/150") < first.index("edit/149")
    only = viewer.get("/audit?target=edit/7").text
    assert only.count("<tr>") == 2
    assert "まだありません。" in viewer.get("/audit?target=nothing").text
