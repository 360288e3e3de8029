"""What a finding says, and that every code has its sentences."""

import ast
import re
from pathlib import Path

import pytest

from knowledge.findings import Finding, KnowledgeError, Severity, sentences
from knowledge.hours_rules import Fault

ROOT = Path(__file__).parents[2]
SOURCES = [p for room in ("knowledge", "handlers", "bot") for p in (ROOT / room).rglob("*.py")]
OURS = {"severity", "summary"}
HERE = Path("/data/windows/05-akita.yaml")
PHONE = Finding("wrong_phone", HERE, 17, {"value": "018"}, "window/akita-dv")


def strings() -> set[str]:
    """Every text in the source that could be a code."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def codes_made() -> set[str]:
    """The codes given to ``Finding(…)``, ``finding(…)`` and ``at(document, …)``."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            place = {"Finding": 0, "finding": 0, "at": 1}.get(name or "")
            if place is not None and len(node.args) > place:
                found |= {
                    n.value for n in ast.walk(node.args[place]) if isinstance(n, ast.Constant)
                }
    return {code for code in found if isinstance(code, str)}


def test_the_message_tells_place_entry_fault_and_remedy() -> None:
    assert PHONE.message == (
        f"[エラー] /data/windows/05-akita.yaml:17 window/akita-dv: {PHONE.what} → {PHONE.remedy}"
    )
    assert "「018」" in PHONE.what


def test_a_finding_about_a_file_names_no_entry() -> None:
    finding = Finding("missing_file", HERE, 1, severity=Severity.WARNING)

    assert finding.message.startswith(
        "[注意] /data/windows/05-akita.yaml:1: ファイルがありません → "
    )


def test_the_path_is_as_short_as_one_would_type_it() -> None:
    assert PHONE.seen_from(Path("/data")).path == Path("windows/05-akita.yaml")
    assert PHONE.seen_from(Path("/data")).line == 17
    assert PHONE.seen_from(Path("/elsewhere")) == PHONE


def test_an_error_tells_every_finding_on_its_line() -> None:
    assert str(KnowledgeError([PHONE, PHONE])) == f"{PHONE.message}\n{PHONE.message}"


def test_what_people_wrote_is_not_taken_for_a_placeholder() -> None:
    finding = Finding("wrong_phone", HERE, 1, {"value": "{key} {"})

    assert "「{key} {」" in finding.message


@pytest.mark.parametrize("code", sentences().keys() - OURS)
def test_every_code_says_what_and_how_to_mend_it(code: str) -> None:
    sentence = sentences()[code]

    assert sentence.keys() == {"what", "remedy"}
    assert all(re.search("[ぁ-ん]", text) for text in sentence.values())


def test_every_code_made_has_sentences() -> None:
    assert codes_made() <= sentences().keys()


def test_every_sentence_has_a_code() -> None:
    hours = {f"hours_{fault.name.lower()}" for fault in Fault}

    assert sentences().keys() - OURS - hours <= strings()
    assert hours <= sentences().keys()


def test_both_severities_have_a_name() -> None:
    assert sentences()["severity"].keys() == set(Severity)
