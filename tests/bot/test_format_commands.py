"""``tsunagari knowledge format`` puts files in standard form, or tells which are not."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.knowledge_commands import app
from knowledge.findings import KnowledgeError
from tests.knowledge.broken import Copy

AKITA = "windows/05-akita.yaml"
DV = "- id: window/akita-dv"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def run(copy: Copy, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["format", *arguments, "--data", str(copy.data)])


def test_files_in_standard_form_are_left_alone(copy: Copy) -> None:
    assert (run(copy).exit_code, run(copy).stdout) == (0, "")
    assert run(copy, "--check").exit_code == 0


def test_check_names_what_would_change_and_writes_nothing(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy.folder)
    copy.replace(AKITA, DV, "status: published", 'status:   "published"')
    before = copy.path(AKITA).read_bytes()

    result = run(copy, "--check")

    assert (result.exit_code, result.stdout) == (1, f"knowledge/data/{AKITA}\n")
    assert copy.path(AKITA).read_bytes() == before


def test_what_is_written_is_in_standard_form(copy: Copy) -> None:
    before = copy.path(AKITA).read_bytes()
    copy.replace(AKITA, DV, "status: published", 'status:   "published"')

    result = run(copy)

    assert (result.exit_code, result.stdout) == (0, f"{copy.path(AKITA)}\n")
    assert copy.path(AKITA).read_bytes() == before


def test_nothing_is_written_while_a_comment_would_be_lost(copy: Copy) -> None:
    copy.replace(AKITA, DV, "status: published", 'status:   "published"')
    copy.replace("windows/06-yamagata.yaml", "windows:", "status: published", "status: draft # ?")
    before = copy.path(AKITA).read_bytes()

    result = run(copy)

    assert isinstance(result.exception, KnowledgeError)
    assert copy.path(AKITA).read_bytes() == before
