"""A draft: written, checked, tried, signed, undone – and never over what somebody else wrote."""

import re
from pathlib import Path

import pytest

from bot.publishing.outcome import Warned
from bot.store.audit import read_audit
from bot.store.edits import Edit, read_edit
from bot.web.edits import digest
from handlers.staff import EditState
from knowledge.findings import Finding, Severity
from knowledge.standard_form import entry_text
from tests.bot.web.made import REPLAY, Browser, Console, FakeSource

WINDOW = "window/yorisoi"
PROBLEMS = (
    *("own_draft", "no_replay", "check_failed", "conflict"),
    *("not_draft", "not_written", "changed_since"),
)
NOTE = "note: 音声案内に従います。\n"


@pytest.fixture
def edit(editor: Browser) -> Browser:
    """An editor with draft 1 of a window."""
    editor.post(f"/entries/{WINDOW}/edit")
    return editor


def stored(console: Console, number: int = 1) -> Edit:
    with console.db() as db:
        found = read_edit(db, number)
    assert found
    return found


def changed(console: Console) -> str:
    return re.sub(r"note: .*\n", NOTE, stored(console).text)


def save(browser: Browser, text: str, was: str | None = None, path: str = "/edits/1"):
    seen = browser.field(path, "was") if was is None else was
    return browser.post(f"{path}/save", text=text, was=seen)


def put(console: Console, **values: str) -> None:
    with console.db() as db:
        db.table("edits").update(1, values)


def test_a_draft_is_saved_in_standard_form(console: Console, edit: Browser) -> None:
    text = changed(console)
    response = save(
        edit, text.replace("\n", "\r\n").replace(NOTE, 'note:   "音声案内に従います。"\n')
    )

    assert response.headers["location"] == "/edits/1?said=saved"
    assert stored(console).text == text
    page = edit.get("/edits/1").text
    assert '<li class="added">' in page
    assert '<li class="removed">' in page
    assert "誤りは見つかりませんでした。" in page


def test_what_cannot_be_read_is_kept_and_its_faults_are_told(
    console: Console, edit: Browser
) -> None:
    broken = stored(console).text.replace("cost: free", "cost: cheap") + "color: red\n"
    save(edit, broken)

    assert stored(console).text == broken
    page = edit.get("/edits/1").text
    assert page.count('<li class="error">') == 2
    assert "行め" in page
    assert console.publisher.checked == 1  # before, when it could be read


def test_the_check_of_the_file_stands_beside_the_field_and_is_made_once(
    console: Console, edit: Browser
) -> None:
    console.publisher.findings = [
        Finding("wrong_phone", Path("windows/00-national.yaml"), 7, {"value": "018"}, WINDOW),
        Finding("wrong_phone", Path("x.yaml"), 8, {"value": "9"}, "", Severity.WARNING),
    ]
    pages = [edit.get("/edits/1").text for _ in range(3)]

    assert "「018」は電話番号として正しくありません" in pages[2]
    assert "注意" in pages[2]
    assert console.publisher.checked == 1


def test_the_id_of_an_entry_cannot_be_changed(console: Console, edit: Browser) -> None:
    save(edit, stored(console).text.replace(f"id: {WINDOW}", "id: window/another"))

    assert stored(console).entry == WINDOW
    assert "「window/another」という id は、この文書にはありません" in edit.get("/edits/1").text


def test_a_script_in_a_draft_is_text(edit: Browser) -> None:
    save(edit, "</textarea><script>alert(1)</script>")

    assert "<script>alert" not in edit.get("/edits/1").text


def test_two_officers_in_one_draft_the_second_sees_the_difference(
    console: Console, edit: Browser
) -> None:
    seen = digest(stored(console).text)
    other = console.logged_in("dasu")
    save(edit, changed(console))
    first = stored(console).text
    response = save(other, "id: window/yorisoi\nmine: yes\n", seen)

    assert response.status_code == 409
    assert stored(console).text == first
    assert "何も上書きしていません" in response.text
    assert "mine: yes" in response.text
    assert '<li class="removed">' in response.text
    # Having seen it, the second one may decide.
    assert save(other, changed(console).replace("従います", "従って")).status_code == 303
    assert stored(console).author == "dasu"


def test_an_entry_that_changed_meanwhile_is_shown_and_taken_over_by_choice(
    console: Console, edit: Browser
) -> None:
    now = stored(console).base
    put(console, base=now.replace("よりそいホットライン\n", "よりそい\n", 1))
    page = edit.get("/edits/1").text

    assert "書いているあいだに、ファイルの記録が変わりました" in page
    assert (
        "エラーや食い違いがあるうちは公開できません"
        in console.logged_in("dasu").get("/edits/1").text
    )
    assert edit.post("/edits/1/base", base="another").status_code == 409
    response = edit.post("/edits/1/base", base=edit.field("/edits/1", "base"))
    assert response.headers["location"] == "/edits/1?said=rebased"
    assert stored(console).base == now
    assert "書いているあいだに" not in edit.get("/edits/1").text
    with console.db() as db:
        assert next(deed for deed in read_audit(db)).what in {"edit.rebase", "session.begin"}


def test_a_new_window_goes_into_the_file_of_its_area(console: Console, editor: Browser) -> None:
    editor.post("/entries/new")
    text = console.source.current.knowledge.entries["window/gifu-dv"]
    written = entry_text(text).replace("window/gifu-dv", "window/gifu-new")
    save(editor, written)
    assert (stored(console).entry, stored(console).file) == (
        "window/gifu-new",
        "windows/21-gifu.yaml",
    )
    nowhere = save(editor, written.replace("area: 岐阜県", "area: 月"))

    assert nowhere.status_code == 422
    assert "area: 月" in nowhere.text
    assert stored(console).text == written


def test_a_new_window_with_an_id_that_exists_is_a_conflict(
    console: Console, editor: Browser
) -> None:
    editor.post("/entries/new")
    put(console, entry=WINDOW, file="windows/00-national.yaml")

    assert "書いているあいだに" in editor.get("/edits/1").text


def test_a_draft_is_discarded(console: Console, edit: Browser) -> None:
    before = stored(console)
    assert edit.post("/edits/1/discard", was="old").status_code == 409
    response = edit.post("/edits/1/discard", was=edit.field("/edits/1", "was"))

    assert response.headers["location"] == "/edits/1?said=discarded"
    assert stored(console).state is EditState.DISCARDED
    again = edit.post("/edits/1/discard", was=digest(stored(console).text))
    assert again.headers["location"] == "/edits/1?said=not_draft"
    assert save(edit, "x", digest(stored(console).text)).status_code == 409
    rebased = edit.post("/edits/1/base", base=digest(before.base))
    assert rebased.headers["location"] == "/edits/1?said=not_draft"
    page = edit.get("/edits/1").text
    assert "捨てた下書きの内容は残していません。" in page
    assert '<ol class="diff">' not in page


def test_a_replay_runs_once_and_the_page_renews_itself(console: Console, edit: Browser) -> None:
    edit.post("/edits/1/replay")
    edit.post("/edits/1/replay")
    page = edit.get("/edits/1").text

    assert console.publisher.done == [("replay", 1)]
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'hx-trigger="every 2s"' in page
    assert "ためしています" in page


@pytest.mark.usefixtures("edit")
def test_a_publisher_signs_what_was_replayed(console: Console, publisher: Browser) -> None:
    assert "「ためす」を終えてください" in publisher.get("/edits/1").text
    console.publisher.replay = REPLAY
    page = publisher.get("/edits/1").text
    assert "未回答 → 回答 1・答えが変わる 1・近い候補が並ぶ 1" in page
    assert "（文面はまだ読めません）" in page
    assert publisher.post("/edits/1/sign", was="old").status_code == 409
    response = publisher.post("/edits/1/sign", was=publisher.field("/edits/1", "was"))

    assert response.headers["location"] == "/edits/1?said=published"
    assert console.publisher.done == [("publish", 1, "dasu")]


@pytest.mark.parametrize("warned", Warned)
@pytest.mark.usefixtures("edit")
def test_what_went_otherwise_is_said(console: Console, publisher: Browser, warned: Warned) -> None:
    console.publisher.warnings = (warned,)
    response = publisher.post("/edits/1/sign", was=digest(stored(console).text))

    key = f"console.said.published_{warned}"
    assert response.headers["location"] == f"/edits/1?said=published_{warned}"
    assert console.source.current.replies.say(key) in publisher.get(
        response.headers["location"]
    ).text  # fmt: skip


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.usefixtures("edit")
def test_why_something_was_not_published_is_said(
    console: Console, publisher: Browser, problem: str
) -> None:
    console.publisher.problem = problem
    was = digest(stored(console).text)
    signed, undone = publisher.post("/edits/1/sign", was=was), publisher.post("/edits/1/undo")

    sentence = console.source.current.replies.say(f"console.problem.{problem}")
    for response in (signed, undone):
        assert response.status_code == 409
        assert sentence in response.text


def test_nobody_signs_their_own_draft(console: Console, publisher: Browser) -> None:
    console.publisher.replay = REPLAY
    publisher.post(f"/entries/{WINDOW}/edit")
    assert "自分の書いた下書きは公開できません" in publisher.get("/edits/1").text
    alone = Console(
        console.settings.model_copy(update={"publish_alone": True}),
        console.source,
        console.publisher,
    )

    assert "確かめたので公開する" in alone.logged_in("dasu").get("/edits/1").text


def test_a_publication_is_undone(console: Console, edit: Browser, publisher: Browser) -> None:
    signed = {"signed_by": "dasu", "signed": "2026-11-20T11:00:00.000+09:00"}
    put(console, state="published", replay='{"answered": 3}', version="0123456789ab", **signed)
    page = publisher.get("/edits/1").text
    assert "公開を取り消す" in page
    assert "未回答 → 回答 3" in page
    assert "公開を取り消す" not in edit.get("/edits/1").text
    response = publisher.post("/edits/1/undo")

    assert response.headers["location"] == "/edits/1?said=undone"
    console.publisher.problem = "changed_since"
    console.publisher.findings = [Finding("unreadable", Path("x.yaml"), 1)]
    assert "取り消せません" in publisher.post("/edits/1/undo").text


def test_the_list_is_filtered_by_state(edit: Browser) -> None:
    edit.post("/entries/new")

    assert edit.get("/edits").text.count("<tr>") == 3
    assert "ありません。" in edit.get("/edits?state=published").text


@pytest.mark.usefixtures("edit")
def test_a_broken_file_is_told_beside_the_draft(console: Console, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "windows").mkdir(parents=True)
    (data / "windows/00-national.yaml").write_text("windows: [", encoding="utf-8")
    settings = console.settings.model_copy(update={"knowledge_folder": data})
    other = Console(settings, FakeSource(console.source.current)).logged_in("kaku")
    page = other.get("/edits/1")

    assert page.status_code == 200
    assert re.search(r"00-national.yaml \d行め", page.text)
    assert other.post("/edits/1/base", base="").status_code == 409
