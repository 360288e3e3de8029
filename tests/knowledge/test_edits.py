"""An edited entry stands in its file and nothing else there has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.difference import Fate, Line, difference
from knowledge.edits import conflict, file_of, line_of, placed, removed, with_asks
from knowledge.entries import Clause, Program, Window
from knowledge.findings import KnowledgeError
from knowledge.load import DATA, Knowledge, load
from knowledge.places import Gazetteer
from knowledge.standard_form import entry_text
from knowledge.typed import AnyEntry
from tests.knowledge.broken import speaks_to_officers

AKITA = DATA / "windows" / "05-akita.yaml"
GUIDELINE = DATA / "guideline" / "r6.yaml"
PROGRAMS = DATA / "programs" / "r6.yaml"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


def refusals(attempt: Callable[[], object]) -> list[tuple[str, str, int]]:
    with pytest.raises(KnowledgeError) as refused:
        attempt()
    assert all(map(speaks_to_officers, refused.value.findings))
    return [(f.code, f.values.get("key", ""), f.line) for f in refused.value.findings]


def window(knowledge: Knowledge, **changes: object) -> Window:
    entry = knowledge.entries["window/akita-dv"]
    assert isinstance(entry, Window)
    return entry.model_copy(update=changes)


@pytest.mark.parametrize(
    ("name", "file"),
    [("window/akita-dv", AKITA), ("guideline/2-2", GUIDELINE), ("program/gifu", PROGRAMS)],
)
def test_an_entry_that_is_there_keeps_its_file(
    name: str, file: Path, knowledge: Knowledge, gazetteer: Gazetteer
) -> None:
    assert file_of(knowledge.entries[name], knowledge, gazetteer, DATA) == file


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ("全国", "00-national"),
        ("山梨県", "19-yamanashi"),
        ("北海道", "01-hokkaido"),
        ("甲府市", "19-yamanashi"),
        ("京都市", "26-kyoto"),
        ("東京都府中市", "13-tokyo"),
    ],
)
def test_a_new_window_goes_to_the_file_of_its_area(
    area: str, name: str, knowledge: Knowledge, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    new = window(knowledge, id="window/new", area=area)

    file = file_of(new, knowledge, gazetteer, tmp_path)

    assert file == tmp_path / "windows" / f"{name}.yaml"
    assert (DATA / "windows" / file.name).is_file()


@pytest.mark.parametrize(
    ("area", "code"), [("府中市", "ambiguous_area"), ("どこか", "unknown_area")]
)
def test_an_area_of_no_one_prefecture_is_refused(
    area: str, code: str, knowledge: Knowledge, gazetteer: Gazetteer
) -> None:
    new = window(knowledge, id="window/new", area=area)

    assert refusals(lambda: file_of(new, knowledge, gazetteer, DATA)) == [(code, "", 1)]


@pytest.mark.parametrize("file", [AKITA, GUIDELINE, PROGRAMS], ids=lambda file: file.parent.name)
def test_an_entry_put_back_as_it_was_changes_nothing(file: Path, knowledge: Knowledge) -> None:
    text = file.read_text(encoding="utf-8")
    entries = [e for e in knowledge.entries.values() if knowledge.places[e.id][0] == file]

    assert entries
    assert {placed(text, entry, file) for entry in entries} == {text}


def test_an_edited_window_changes_its_line_only(knowledge: Knowledge) -> None:
    text = AKITA.read_text(encoding="utf-8")

    new = placed(text, window(knowledge, operator="県"), AKITA)

    changes = [line for line in difference(text, new) if line.fate is not Fate.SAME]
    assert [(line.fate, line.text) for line in changes] == [
        (Fate.REMOVED, f"    operator: {window(knowledge).operator}"),
        (Fate.ADDED, "    operator: 県"),
    ]


def test_a_new_window_stands_at_the_end(knowledge: Knowledge) -> None:
    text = AKITA.read_text(encoding="utf-8")
    entry = window(knowledge, id="window/akita-new")

    new = placed(text, entry, AKITA)

    assert new.startswith(text)
    lines = entry_text(entry).splitlines()
    assert new[len(text) :].splitlines() == [
        "",
        f"  - {lines[0]}",
        *(f"    {x}" for x in lines[1:]),
    ]


def test_a_file_whose_comments_would_be_lost_is_refused(knowledge: Knowledge) -> None:
    text = AKITA.read_text(encoding="utf-8").replace(
        "    status: published", "    # x\n    status: draft", 1
    )

    assert refusals(lambda: placed(text, window(knowledge), AKITA)) == [("comment", "", 7)]


@pytest.mark.parametrize(
    ("name", "file", "fields"),
    [
        ("guideline/2-2", GUIDELINE, ["place", "text"]),
        ("program/gifu", PROGRAMS, ["title", "text"]),
    ],
)
def test_what_a_document_says_cannot_be_edited(
    name: str, file: Path, fields: list[str], knowledge: Knowledge
) -> None:
    entry = knowledge.entries[name].model_copy(update=dict.fromkeys(fields, "x"))
    text = file.read_text(encoding="utf-8")

    found = refusals(lambda: placed(text, entry, file))

    assert [(code, key) for code, key, _ in found] == [("entry_fixed", field) for field in fields]
    assert all(
        text.splitlines()[line - 1].startswith(f"    {field}: ")
        for field, (_, _, line) in zip(fields, found, strict=True)
    )


def test_what_a_document_does_not_say_can_be_edited(knowledge: Knowledge) -> None:
    entry = knowledge.entries["guideline/2-2"].model_copy(
        update={"asks": ("x",), "plain": "説明", "see": ("guideline/2-1",)}
    )

    new = placed(GUIDELINE.read_text(encoding="utf-8"), entry, GUIDELINE)

    assert "    plain: 説明\n    see: [guideline/2-1]\n" in new
    assert "    asks:\n      - x\n\n" in new


@pytest.mark.parametrize(
    ("kind", "name", "file"),
    [(Clause, "guideline/2-2", GUIDELINE), (Program, "program/gifu", PROGRAMS)],
)
def test_a_document_gets_no_new_entries(
    kind: type[AnyEntry], name: str, file: Path, knowledge: Knowledge, gazetteer: Gazetteer
) -> None:
    new = knowledge.entries[name].model_copy(update={"id": f"{name}-new"})
    text = file.read_text(encoding="utf-8")

    assert isinstance(new, kind)
    assert refusals(lambda: placed(text, new, file)) == [("unexpected_entry", "", 1)]
    assert refusals(lambda: file_of(new, knowledge, gazetteer, DATA)) == [
        ("unexpected_entry", "", 1)
    ]


def test_a_new_window_can_be_taken_out_again(knowledge: Knowledge) -> None:
    text = AKITA.read_text(encoding="utf-8")
    new = window(knowledge, id="window/akita-new")

    assert removed(placed(text, new, AKITA), new, AKITA) == text
    assert removed(text, new, AKITA) == text


def test_what_a_document_says_is_never_taken_out(knowledge: Knowledge) -> None:
    text = GUIDELINE.read_text(encoding="utf-8")
    clause = knowledge.entries["guideline/2-2"]

    assert refusals(lambda: removed(text, clause, GUIDELINE)) == [("missing_entry", "", 1)]


def test_an_entry_is_found_where_it_stands(knowledge: Knowledge) -> None:
    text = AKITA.read_text(encoding="utf-8")
    entry = window(knowledge)

    assert line_of(text, entry, AKITA) == knowledge.places[entry.id][1]
    assert line_of(text, window(knowledge, id="window/akita-new"), AKITA) == 0


def test_further_ways_to_ask_are_added_once(knowledge: Knowledge) -> None:
    entry = window(knowledge, asks=("でんわ したい",))

    more = with_asks(
        entry, [" 新しい聞き方 ", "デンワしたい？", "新しい 聞き方！", "…", "もう一つ"]
    )

    assert more.asks == ("でんわ したい", "新しい聞き方", "もう一つ")
    assert more.model_copy(update={"asks": entry.asks}) == entry


def test_somebody_elses_edit_meanwhile_is_a_conflict(knowledge: Knowledge) -> None:
    began = entry_text(window(knowledge))

    assert not conflict(began, began)
    assert not conflict(began.replace("\n", "\r\n").strip(), began)
    assert conflict(began, entry_text(window(knowledge, operator="県")))
    assert conflict(began, "")
    assert not conflict("", "")


def test_a_difference_shows_what_changed_and_a_little_around() -> None:
    old = "".join(f"{number}\n" for number in range(1, 31))
    new = old.replace("10\n", "x\n").replace("25\n", "25\ny\n")

    lines = difference(old, new)

    assert lines[3:6] == (
        Line(Fate.REMOVED, "10", 10),
        Line(Fate.ADDED, "x", 10),
        Line(Fate.SAME, "11", 11),
    )
    assert [line.number for line in lines if line.fate is Fate.SAME] == [
        *(7, 8, 9, 11, 12, 13),
        *(23, 24, 25, 27, 28, 29),
    ]
    assert [line for line in lines if line.text == "y"] == [Line(Fate.ADDED, "y", 26)]
    assert difference(old, old) == ()
