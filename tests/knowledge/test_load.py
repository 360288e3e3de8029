"""YAML is read as people wrote it, and a broken file is refused with its line."""

from pathlib import Path

import pytest

from knowledge.entries import WindowFile
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, load, read_text, read_yaml, shape, window_files
from tests.knowledge.broken import Copy

GUIDELINE = "guideline/r6.yaml"
AKITA = "windows/05-akita.yaml"
IWATE = "windows/03-iwate.yaml"
DV = "- id: window/akita-dv"


def read(folder: Path, text: str | bytes) -> object:
    path = folder / "file.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_yaml(path).data


def refusals(folder: Path, text: str | bytes) -> list[tuple[str, int]]:
    with pytest.raises(KnowledgeError) as refused:
        read(folder, text)
    return [(finding.code, finding.line) for finding in refused.value.findings]


@pytest.mark.parametrize(
    "value",
    [
        "0570064556",
        "0120567",
        "110",
        "9:00",
        "17:00",
        "no",
        "Yes",
        "null",
        "~",
        "2024-04-03",
        "1e3",
        "0x10",
        "１２３",
    ],
)
def test_every_value_stays_as_it_is_written(tmp_path: Path, value: str) -> None:
    assert read(tmp_path, f"a: {value}\nb: [{value}]\n") == {"a": value, "b": [value]}


def test_a_number_behind_a_sharp_needs_quotes(tmp_path: Path) -> None:
    assert read(tmp_path, 'a: "#8008"\nb: #8008\n') == {"a": "#8008", "b": ""}


def test_an_empty_file_has_nothing_in_it(tmp_path: Path) -> None:
    assert read(tmp_path, "# later\n") == {}


def test_a_mark_of_windows_at_the_beginning_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfname: x\r\nother: y\r\n") == {"name": "x", "other": "y"}


def test_a_repeated_key_names_both_lines(tmp_path: Path) -> None:
    text = "a: 1\nb:\n  - c: 2\n    d: 3\n    c: 4\na: 5\n"

    with pytest.raises(KnowledgeError) as refused:
        read(tmp_path, text)

    path = tmp_path / "file.yaml"
    assert list(refused.value.findings) == [
        Finding("repeated_key", path, 5, {"key": "c", "first": "3"}),
        Finding("repeated_key", path, 6, {"key": "a", "first": "1"}),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a:\n\t- x\n", "yaml_tab", 2),
        ("a: \tx\nb:\n\tc: d\n", "yaml_tab", 3),
        ("a: |\n  x\n\ty\n", "yaml_tab", 3),
        ("a: 1\nb: @line\n", "yaml_sign", 2),
        ("a: 1\nb: *線\n", "yaml_sign", 2),
        ("a: 休み: 土日\n", "yaml_colon", 1),
        ("a: 1\n b: 2\n", "yaml_colon", 2),
        ("a: 1\nb\nc: 2\n", "yaml_no_colon", 2),
        ('a: 1\nb: "x\nc: 2\n', "yaml_quote", 2),
        ("a: 1\nb: [x, y\nc: 2\n", "yaml_bracket", 2),
        ("a: 1\nb: {x: y\nc: 2\n", "yaml_bracket", 2),
        ('a: 1\nb: "x" y\n', "yaml_indent", 2),
        ("- a\nb: c\n", "yaml_indent", 2),
        ("a:\n  - x\n - y\n", "yaml_indent", 3),
        ("あ: い\nb: \x07\n", "yaml_control", 2),
        ("a: 1\n---\nb: 2\n", "not_yaml", 2),
        ("a: 1\nb: }\n", "yaml_bracket", 2),
        pytest.param("a: あ\nb: い\n".encode("cp932"), "not_utf8", 1, id="cp932"),
        pytest.param(b"a: x\nb: " + "い".encode("cp932"), "not_utf8", 2, id="cp932 later"),
    ],
)
def test_what_is_no_yaml_is_refused(
    tmp_path: Path, text: str | bytes, code: str, line: int
) -> None:
    assert refusals(tmp_path, text) == [(code, line)]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as refused:
        read_yaml(tmp_path / "words.yaml")

    assert list(refused.value.findings) == [Finding("missing_file", tmp_path / "words.yaml", 1)]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as refused:
        read_text(tmp_path)

    assert list(refused.value.findings) == [Finding("unreadable", tmp_path, 1)]


def test_a_mistake_deep_in_a_file_has_the_line_around_it(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_text("a:\n  b: c\n")
    document = read_yaml(tmp_path / "file.yaml")

    assert document.line(("a", "b", "c", 0)) == 2
    assert document.line(("z",)) == 1


WRONG = {
    "an unknown key": ("    kana: ", "    kanna: ", "unknown_key", "kanna", ""),
    "a missing key": ("    operator: 秋田県\n", "", "missing_key", "operator", ""),
    "an empty value": ("    operator: 秋田県", "    operator:", "empty_value", "operator", ""),
    "no topic": ("topics: [dv, women]", "topics: []", "empty_list", "topics", ""),
    "an unknown topic": (
        "topics: [dv, women]", "topics: [dv, woman]", "not_in_list", "topics[2]", "women",
    ),
    "an unknown channel": (
        "kind: phone", "kind: tel", "not_in_list", "contacts[1].kind", "phone / line",
    ),
    "an unknown answer": (
        "cost: call-charge", "anonymous: maybe", "not_in_list", "anonymous", "yes / no / unknown",
    ),
    "a date with words": (
        'assured: "', 'assured: "令和8年" # ', "wrong_date", "assured", "",
    ),
    "a date with slashes": ('assured: "', 'assured: "2026/11/21" # ', "wrong_date", "assured", ""),
    "a list for a text": (
        "    operator: 秋田県", "    operator: [秋田県]", "not_a_text", "operator", "",
    ),
    "a text for a list": ("topics: [dv, women]", "topics: dv", "not_a_list", "topics", ""),
    "a text for a contact": (
        '{kind: phone, value: "018-835-9052"}', '"018"', "not_a_mapping", "contacts[1]", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_window_with_a_mistake_is_refused(copy: Copy, kind: str) -> None:
    old, new, code, key, expected = WRONG[kind]
    line = copy.replace(AKITA, DV, old, new)
    if code == "missing_key":
        line = copy.replace(AKITA, "windows:", DV, DV)

    with pytest.raises(KnowledgeError) as refused:
        shape(read_yaml(copy.path(AKITA)), WindowFile)

    (finding,) = refused.value.findings
    assert (finding.code, finding.line, finding.values["key"]) == (code, line, key)
    assert finding.values["expected"].startswith(expected) or expected == "women"
    assert finding.entry == "window/akita-dv"
    assert copy.found() == [(code, AKITA, line, "window/akita-dv")]


def test_a_file_of_another_form_is_refused_by_its_name(copy: Copy) -> None:
    copy.write(AKITA, "窓口\n")

    with pytest.raises(KnowledgeError) as refused:
        shape(read_yaml(copy.path(AKITA)), WindowFile)

    (finding,) = refused.value.findings
    assert (finding.code, finding.line, finding.values["key"]) == (
        ("not_a_mapping", 1, "05-akita.yaml")
    )


def test_a_wrong_key_of_a_word_list_is_named(copy: Copy) -> None:
    copy.write(
        "missing.yaml",
        "windows:\n  - id: window/x\n    name: x\n    area: x\n    why: x\n    topics: {a: b}\n",
    )

    assert copy.found() == [("not_a_list", "missing.yaml", 6, "window/x")]


def test_several_broken_files_are_reported_at_once(copy: Copy) -> None:
    copy.write(GUIDELINE, "clauses: [")
    copy.replace(AKITA, DV, "cost: call-charge", "cost: cheap")
    copy.replace(IWATE, "windows:", "    name:", "\tname:")

    with pytest.raises(KnowledgeError) as refused:
        load(copy.data)

    assert [(copy.name(finding), finding.code) for finding in refused.value.findings] == [
        (GUIDELINE, "yaml_bracket"),
        (IWATE, "yaml_tab"),
        (AKITA, "not_in_list"),
    ]
    assert len(str(refused.value).splitlines()) == 3


def test_an_id_in_two_files_stops_the_start(copy: Copy) -> None:
    line = copy.replace(AKITA, "windows:", "window/akita-dv", "window/110")

    with pytest.raises(KnowledgeError) as refused:
        load(copy.data)

    (finding,) = refused.value.findings
    assert (finding.code, finding.line, finding.entry) == ("repeated_id", line, "window/110")
    assert finding.values == {"first": "00-national.yaml:6"}


def test_only_published_windows_are_shown(copy: Copy) -> None:
    copy.replace(AKITA, DV, "status: published", "status: withdrawn")

    knowledge = load(copy.data)

    assert [window.id for window in knowledge.unpublished] == ["window/akita-dv"]
    assert "window/akita-dv" not in knowledge.entries
    assert knowledge.places["window/akita-dv"][0] == copy.path(AKITA)


def test_every_entry_has_its_title_and_its_place() -> None:
    knowledge = load()

    assert all(entry.title for entry in knowledge.entries.values())
    assert knowledge.entries.keys() <= knowledge.places.keys()


def test_names_that_begin_with_an_underscore_are_templates() -> None:
    names = [path.name for path in window_files(DATA)]

    assert (DATA / "windows" / "_template.yaml").exists()
    assert names == sorted(names)
    assert not [name for name in names if name.startswith("_")]
