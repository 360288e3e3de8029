"""The queue and one group: what may be read, and what staff do with it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.edits import Edit, read_edits
from bot.store.groups import read_group
from bot.store.rows import row_of
from handlers.gaps import Group
from handlers.ports import Cause, OutcomeKind
from handlers.staff import GroupState, Resolution
from knowledge.typed import read_entry
from tests.bot.queries import AT, KEY, unanswered
from tests.bot.web.made import FARE, Browser, Console

SCRIPT = "<script>alert(1)</script>とは何ですか"
SECRET = "名簿の様式をください"


def group(console: Console, number: int = 1) -> Group:
    with console.db() as db:
        found = read_group(db, number, AT)
    assert found
    return found


def drafts(console: Console) -> list[Edit]:
    with console.db() as db:
        return read_edits(db)


def said(response) -> str:
    return response.headers["location"].partition("said=")[2]


@pytest.fixture
def asked(console: Console) -> Console:
    """Group 1 can be read, group 2 cannot."""
    slots = {"topics": ["poverty"], "prefectures": ["岐阜県"], "language": "pt"}
    console.ask(*FARE, slots=slots, cause=Cause.DISLIKED, about="guideline/4-1")
    console.ask(SECRET, slots={"topics": ["loneliness"], "language": "ja"})
    console.logged_in("mita").get("/groups")
    return console


@pytest.mark.usefixtures("asked")
def test_the_queue_shows_the_largest_gap_first_and_no_word_that_may_not_be_read(
    viewer: Browser,
) -> None:
    text = viewer.get("/groups").text

    assert text.index(FARE[2]) < text.index("群 2（ことばはまだ読めません）")
    assert "名簿" not in text
    assert all(
        word in text for word in ("お金・生活に困っている", "岐阜県", "ポルトガル語", "3 人")
    )


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("topic=poverty", {"1", "3"}),
        ("topic=loneliness", {"2", "3"}),
        ("prefecture=岐阜県", {"1"}),
        ("kind=question", {"1", "2"}),
        ("kind=window", {"3"}),
        ("state=resolved", set()),
        ("state=all", {"1", "2", "3"}),
        ("page=2", set()),
        ("page=x", {"1", "2", "3"}),
    ],
)
def test_the_queue_is_filtered(
    asked: Console, viewer: Browser, query: str, numbers: set[str]
) -> None:
    asked.told("window/yorisoi", OutcomeKind.FAILED)

    assert set(re.findall(r"/groups/(\d+)", viewer.get(f"/groups?{query}").text)) == numbers


def test_fifty_groups_stand_on_a_page(console: Console, viewer: Browser) -> None:
    with console.db() as db:
        for number in range(1, 52):
            db.table("groups").insert({"id": number, "made": "2026", "state": "open"})
            row = row_of(unanswered(text=None), KEY)
            db.table("queries").insert({**row, "group_id": number})
    first, second = viewer.get("/groups").text, viewer.get("/groups?page=2").text

    assert (first.count('<li class="card">'), second.count('<li class="card">')) == (50, 1)
    assert "次の頁" in first
    assert "次の頁" not in second


@pytest.mark.usefixtures("asked")
def test_one_group_shows_what_may_answer_it(viewer: Browser) -> None:
    text = viewer.get("/groups/1").text

    assert all(wording in text for wording in FARE)
    assert '<time datetime="2026-11-20">2026-11-20</time></td><td class="number">3' in text
    assert text.count('<td class="number">') >= 6
    assert '<a href="/entries/guideline/4-1">' in text


@pytest.mark.usefixtures("asked")
def test_entries_near_a_hidden_group_are_shown_without_its_words(
    viewer: Browser,
) -> None:
    text = viewer.get("/groups/2").text

    assert "近い記録はありません" not in text
    assert "名簿" not in text
    assert "様式" not in text


def test_a_script_in_a_question_is_text(console: Console, viewer: Browser) -> None:
    console.ask(SCRIPT, permitted=True)

    for path in ("/groups", "/groups/1"):
        text = viewer.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_two_officers_cannot_hold_one_group(asked: Console, editor: Browser) -> None:
    other = asked.logged_in("dasu")

    assert said(editor.post("/groups/1/claim")) == "claimed"
    assert said(other.post("/groups/1/claim")) == "taken"
    assert said(other.post("/groups/1/resolve", resolution="out_of_scope")) == "taken"
    assert said(other.post("/groups/1/cover", entry="guideline/4-1", without="1")) == "taken"
    assert said(other.post("/groups/1/new")) == "taken"
    assert group(asked).claimed_by == "kaku"
    assert said(editor.post("/groups/1/release")) == "released"
    assert said(editor.post("/groups/1/release")) == "not_yours"
    assert group(asked).state is GroupState.OPEN


def test_a_publisher_gives_back_what_somebody_else_holds(asked: Console, editor: Browser) -> None:
    other = asked.logged_in("dasu")
    other.post("/groups/1/claim")
    assert said(editor.post("/groups/1/release")) == "not_yours"
    assert "かわりに手放す" not in editor.get("/groups/1").text
    other.post("/groups/1/release")
    editor.post("/groups/1/claim")

    assert "kaku さんのかわりに手放す" in other.get("/groups/1").text
    assert said(other.post("/groups/1/release")) == "released"
    assert group(asked).state is GroupState.OPEN


@pytest.mark.parametrize("resolution", ["out_of_scope", "not_a_question"])
def test_a_group_ends_without_an_entry_and_can_be_opened_again(
    asked: Console, editor: Browser, resolution: str
) -> None:
    assert said(editor.post("/groups/1/reopen")) == "not_resolved"
    assert said(editor.post("/groups/1/resolve", resolution=resolution)) == "resolved"
    assert group(asked).resolution == resolution
    assert said(editor.post("/groups/1/resolve", resolution=resolution)) == "taken"
    assert "終わり" in editor.get("/groups/1").text
    assert said(editor.post("/groups/1/reopen")) == "reopened"
    assert group(asked).state is GroupState.OPEN


@pytest.mark.usefixtures("asked")
def test_a_resolution_that_is_none_is_refused(editor: Browser) -> None:
    for resolution in ("", "covered_by", "anything"):
        assert editor.post("/groups/1/resolve", resolution=resolution).status_code == 400


def test_a_wording_becomes_an_ask_of_the_entry_that_answers(
    asked: Console, editor: Browser
) -> None:
    response = editor.post("/groups/1/cover", entry="guideline/4-1", wording=FARE[0])
    (edit,) = drafts(asked)

    assert response.headers["location"] == f"/edits/{edit.id}?said=drafted"
    assert (edit.entry, edit.group, edit.file) == ("guideline/4-1", 1, "guideline/r6.yaml")
    assert edit.text == edit.base + f"  - {FARE[0]}\n"
    assert group(asked).claimed_by == "kaku"
    assert f"/edits/{edit.id}" in editor.get("/groups/1").text


def test_several_wordings_go_into_ones_own_draft_of_the_entry(
    asked: Console, editor: Browser
) -> None:
    editor.post("/entries/guideline/4-1/edit")
    chosen = {"entry": "guideline/4-1", "wording": [FARE[0], FARE[2]]}
    response = editor.post("/groups/1/cover", **chosen)
    (edit,) = drafts(asked)

    assert response.headers["location"] == f"/edits/{edit.id}?said=added"
    assert edit.text == edit.base + f"  - {FARE[0]}\n  - {FARE[2]}\n"
    assert edit.group == 1


def test_a_draft_that_cannot_be_read_takes_no_wording(asked: Console, editor: Browser) -> None:
    editor.post("/entries/guideline/4-1/edit")
    with asked.db() as db:
        db.table("edits").update(1, {"text": "id: ["})

    response = editor.post("/groups/1/cover", entry="guideline/4-1", wording=FARE[0])
    assert response.headers["location"] == "/edits/1?said=draft_unread"
    assert drafts(asked)[0].text == "id: ["


def test_nothing_is_chosen_for_the_officer(asked: Console, editor: Browser) -> None:
    text = editor.get("/groups/1").text

    assert '<option value="">選んでください</option>' in text
    assert text.count('type="checkbox" name="wording"') == len(FARE)
    assert "checked" not in text
    assert "そのままの形で記録に残り、公開されます" in text
    assert said(editor.post("/groups/1/cover", entry="guideline/4-1")) == "no_wording"
    assert said(editor.post("/groups/1/cover", entry="")) == "no_such_entry"
    assert group(asked).state is GroupState.OPEN
    done = editor.post("/groups/1/cover", entry="guideline/4-1", without="1")
    assert said(done) == "resolved"


def test_an_entry_that_answers_already_covers_the_group(asked: Console, editor: Browser) -> None:
    response = editor.post("/groups/2/cover", entry="guideline/1", other="guideline/4-1")

    assert said(response) == "resolved"
    found = group(asked, 2)
    assert (found.resolution, found.entry) == (Resolution.COVERED_BY, "guideline/4-1")
    assert drafts(asked) == []


def test_what_nobody_may_read_or_find_is_not_taken(asked: Console, editor: Browser) -> None:
    hidden = editor.post("/groups/2/cover", entry="guideline/1", wording=SECRET)
    unknown = editor.post("/groups/2/cover", other="guideline/99")

    assert hidden.status_code == 400
    assert said(unknown) == "no_such_entry"
    assert drafts(asked) == []


def test_a_new_entry_begins_with_what_is_known(asked: Console, editor: Browser) -> None:
    response = editor.post("/groups/1/new", wording=FARE[0])
    (edit,) = drafts(asked)

    assert (edit.file, edit.base, edit.group) == ("windows/21-gifu.yaml", "", 1)
    assert "topics: [poverty]\narea: 岐阜県\n" in edit.text
    assert FARE[0] in edit.text
    assert FARE[1] not in edit.text
    assert "新しい窓口" in editor.get(response.headers["location"]).text


def test_no_word_that_may_not_be_read_gets_into_a_new_entry(
    asked: Console, editor: Browser
) -> None:
    editor.post("/groups/2/new")
    (edit,) = drafts(asked)

    assert edit.file == "windows/00-national.yaml"
    assert edit.entry == "window/new-2"
    assert "名簿" not in edit.text


def test_a_group_of_a_window_shows_its_card_and_leads_to_its_edit(
    console: Console, editor: Browser
) -> None:
    console.told("window/yorisoi", OutcomeKind.FAILED, OutcomeKind.WRONG, OutcomeKind.REACHED)
    text = editor.get("/groups").text + editor.get("/groups/1").text
    response = editor.post("/groups/1/mend")
    (edit,) = drafts(console)

    assert all(
        word in text for word in ("番号が違う: 1 回", "0120-279-338", "よりそいホットライン")
    )
    assert response.headers["location"] == f"/edits/{edit.id}?said=drafted"
    assert (edit.entry, edit.group) == ("window/yorisoi", 1)
    assert read_entry(edit.text, Path(edit.file)).id == "window/yorisoi"
    assert editor.post("/groups/1/new").status_code == 400
    assert said(console.logged_in("dasu").post("/groups/1/mend")) == "taken"
    assert said(editor.post("/groups/1/cover", entry="window/yorisoi")) == "resolved"


def test_a_window_that_is_gone_is_said_to_be(console: Console, editor: Browser) -> None:
    console.told("window/gone", OutcomeKind.WRONG)

    assert "「window/gone」は、いま公開されていません。" in editor.get("/groups/1").text
    assert editor.post("/groups/1/mend").status_code == 400


def test_questions_without_words_have_no_near_entries(console: Console, viewer: Browser) -> None:
    with console.db() as db:
        db.table("groups").insert({"id": 1, "made": "2026", "state": "open"})
        db.table("queries").insert({**row_of(unanswered(text=None), KEY), "group_id": 1})

    assert "近い記録はありません" in viewer.get("/groups/1").text


def test_the_overview_counts_what_there_is_to_do(asked: Console, editor: Browser) -> None:
    editor.post("/groups/1/claim")
    editor.post("/entries/new")
    counts = re.findall(r"<strong>(\d+)</strong>", editor.get("/").text)
    asked.clock.time = AT + timedelta(days=200)
    editor.log_in("kaku")
    later = re.findall(r"<strong>(\d+)</strong>", editor.get("/").text)

    assert counts == ["1", "1", "1", "0"]
    assert int(later[3]) > 100
