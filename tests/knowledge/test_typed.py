"""What an officer types is one entry, or refused with its line; nothing typed breaks anything."""

from pathlib import Path

import pytest

from knowledge.entries import Clause, Program, Window
from knowledge.findings import KnowledgeError
from knowledge.load import load
from knowledge.standard_form import entry_text
from knowledge.typed import LIMIT, read_entry
from tests.knowledge.broken import speaks_to_officers

FILE = Path("windows/19-yamanashi.yaml")
DV = entry_text(load().entries["window/akita-dv"])


def refusals(text: str) -> list[tuple[str, int]]:
    with pytest.raises(KnowledgeError) as refused:
        read_entry(text, FILE)
    findings = refused.value.findings
    assert all(finding.path == FILE and speaks_to_officers(finding) for finding in findings)
    return [(finding.code, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("guideline/2-2", Clause), ("program/gifu", Program), ("window/akita-dv", Window)],
)
def test_the_id_tells_the_kind(name: str, kind: type) -> None:
    entry = load().entries[name]

    read = read_entry(entry_text(entry), FILE)

    assert isinstance(read, kind)
    assert read == entry


def test_what_a_form_makes_of_line_ends_does_not_matter() -> None:
    assert read_entry(DV.replace("\n", "\r\n"), FILE) == read_entry(DV, FILE)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("status: published", "status: public", "not_in_list", 2),
        ("status: published", "status: published\nstate: draft", "unknown_key", 3),
        ("status: published", "status: published\nstatus: draft", "repeated_key", 3),
        ("status: published", "status: published # checked", "comment", 2),
        ("status: published", "status: &a published", "yaml_sign", 2),
        ("status: published", "status: *a", "yaml_sign", 2),
        ("status: published", "status: !!python/object:os.system published", "yaml_sign", 2),
        ("status: published", "\tstatus: published", "yaml_tab", 2),
        ("id: window/akita-dv", "id: akita-dv", "wrong_id", 1),
        ("id: window/akita-dv\n", "", "missing_key", 1),
    ],
)
def test_a_mistake_is_refused_with_its_line(old: str, new: str, code: str, line: int) -> None:
    assert refusals(DV.replace(old, new, 1)) == [(code, line)]


def test_signs_that_no_file_can_hold_are_refused() -> None:
    for sign in ("\x00", "\ud800"):
        assert refusals(DV.replace("published", f"published{sign}", 1)) == [("yaml_control", 2)]


@pytest.mark.parametrize(
    "brackets", ["[" * 30_000, "[" * 17 + "]" * 17, "\n" + "- " * 17 + "a"], ids=len
)
def test_what_has_too_many_levels_never_reaches_the_parser(brackets: str) -> None:
    ((code, _),) = refusals(DV.replace("published", brackets, 1))

    assert code == "entry_deep"


def test_a_text_that_is_no_entry_is_refused() -> None:
    assert refusals("窓口") == [("not_a_mapping", 1)]
    assert {code for code, _ in refusals("")} == {"missing_key"}
    assert refusals("- id: window/x") == [("not_a_mapping", 1)]


def test_two_documents_are_no_entry() -> None:
    ((_, line),) = refusals(f"{DV}---\n{DV}")

    assert line == DV.count("\n") + 1


def test_every_mistake_of_shape_is_told_at_once() -> None:
    text = DV.replace("status: published", "status: x").replace("cost: call-charge", "cost: x")

    assert [code for code, _ in refusals(text)] == ["not_in_list", "not_in_list"]


def test_what_is_too_large_is_not_even_looked_at() -> None:
    assert refusals("あ" * (LIMIT * 1024 // 3 + 1)) == [("entry_large", 1)]
    long = DV.replace("asks:", "asks:\n  - " + "あ" * (LIMIT * 300))
    assert read_entry(long, FILE).id == "window/akita-dv"


def test_aliases_of_aliases_make_nothing_large() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))

    assert refusals(bomb) == [("yaml_sign", 1)]
