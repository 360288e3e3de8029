"""Every sentence of the console is there, in Japanese and English, and is said somewhere."""

import ast
import re
from pathlib import Path

import pytest

from bot.web.login import CODE, PASSWORD
from bot.web.pages import HERE, Pages
from handlers.library import Library
from handlers.staff import EditState, GroupState, Resolution, StaffRole
from knowledge.load import DATA, read_yaml
from knowledge.vocabulary import Kind, Publication

SENTENCES = read_yaml(DATA / "replies_console.yaml").data
SOURCES = [
    *(HERE / "templates").glob("*.html"),
    *HERE.glob("*.py"),
    HERE.parent / "account_commands.py",
    HERE.parent / "cli.py",
]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
CLOSED = {
    "console.role.": StaffRole,
    "console.state.": GroupState,
    "console.resolution.": Resolution,
    "console.editing.": EditState,
    "console.publication.": Publication,
    "console.kind.": Kind,
}
BUILT = (
    *CLOSED,
    *("console.nav.", "console.error.", "console.field.", "console.deed.", "console.status."),
    *("console.cause.", "console.problem.", "console.said.", "console.diff.", "console.finding."),
    *("console.replay.", "console.groups.kind.", "console.login.refused_", "console.checks."),
    *("console.overview.", "console.overdue.", "console.answer."),
)
"""Beginnings of keys whose ends are ids."""


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_in_both_languages_and_said_somewhere(key: str) -> None:
    assert set(SENTENCES[key]) == {"ja", "en"}
    assert f"'{key}'" in TEXT or f'"{key}"' in TEXT or key.startswith(BUILT)


@pytest.mark.parametrize("key", sorted(set(re.findall(r"say\('([a-z_.]+[a-z_])'[,)]", TEXT))))
def test_what_a_template_says_exists(library: Library, key: str) -> None:
    assert key in library.replies.texts


@pytest.mark.parametrize("beginning", CLOSED)
def test_every_closed_id_has_its_sentence(beginning: str) -> None:
    assert {f"{beginning}{one}" for one in CLOSED[beginning]} - SENTENCES.keys() == set()


def test_every_way_to_log_in_has_its_refusal() -> None:
    assert {f"console.login.refused_{how}" for how in (CODE, PASSWORD)} <= SENTENCES.keys()


def test_what_is_said_after_a_deed_exists() -> None:
    said = set(re.findall(r'(?:go|_back)\([^)\n]*?, "(\w+)"', TEXT))

    assert len(said) > 5
    assert {f"console.said.{one}" for one in said} - SENTENCES.keys() == set()


def deeds() -> set[str]:
    """The id of every deed that is written to the audit."""
    found = set()
    for path in HERE.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"note", "_change"}:
                constants = (one.value for one in call.args if isinstance(one, ast.Constant))
                found |= {one for one in constants if re.fullmatch(r"[a-z]+\.[a-z_]+", str(one))}
    return found


def test_every_deed_has_its_sentence() -> None:
    assert len(deeds()) > 15
    assert {f"console.deed.{deed}" for deed in deeds()} == {
        key for key in SENTENCES if key.startswith("console.deed.")
    }


def test_what_is_unknown_is_shown_as_it_is(library: Library) -> None:
    pages = Pages(lambda: library.replies)

    assert pages.known("console.status.", "error_internal") == "error_internal"
    assert "この頁はひらけません" in pages.refuse(418).body.decode()


def test_templates_hold_no_sentence_of_their_own() -> None:
    japanese = re.compile("[ぁ-ヶ一-龠]")
    files = [*(HERE / "templates").glob("*.html"), Path(HERE / "static/console.css")]
    found = {path.name for path in files if japanese.search(path.read_text(encoding="utf-8"))}

    assert found == {"console.css"}
