"""``make check`` says what was looked up, what is weak, and what nobody could say."""

import io
import json
import tomllib
from pathlib import Path

import pytest

from tests.advisories import LOCK, audit

ROOT = Path(__file__).parents[1]
SOUND = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


def said(*packages: dict[str, object], answer: str | None = None) -> tuple[int, str]:
    out, asked = io.StringIO(), []

    def run(command: list[str]) -> str:
        asked.append(command)
        return json.dumps({"dependencies": packages}) if answer is None else answer

    status = audit("pip-audit", run, out)
    assert str(LOCK) in asked[0]
    return status, out.getvalue()


def test_everything_looked_up_and_sound() -> None:
    assert said(SOUND, SOUND) == (0, "pip-audit: 2 of 2 packages checked, 0 weak\n")


def test_a_weakness_is_named_with_its_remedy_and_fails() -> None:
    status, text = said(SOUND, WEAK, UNKNOWN)
    assert status == 1
    assert text.startswith("b 2: PYSEC-1 (mended in: 3)\n")
    assert "1 NOT checked" in text


@pytest.mark.parametrize("answer", ["", "Traceback", "{}", None])
def test_a_service_that_does_not_answer_is_said_and_fails_nothing(answer: str | None) -> None:
    status, text = said(UNKNOWN, answer=answer)
    assert status == 0
    assert "NOT checked" in text or "NOTHING was checked" in text


def test_a_program_that_is_not_there_is_no_failure() -> None:
    out = io.StringIO()
    assert audit("no-such-program-here", out=out) == 0
    assert "NOTHING was checked" in out.getvalue()


def test_the_tools_are_pinned_and_no_dependency_of_ours() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    target = makefile.partition("\n.venv-check/.ready:")[2].partition("\n\n")[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    for tool in ("bandit==", "pip-audit=="):
        assert tool in target
        assert tool not in LOCK.read_text(encoding="utf-8")
        assert tool[:-2] not in str(project["project"]["dependencies"])
