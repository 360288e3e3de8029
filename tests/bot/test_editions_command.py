"""``knowledge diff`` and ``knowledge document``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.knowledge_commands import app
from tests.next_edition import data_with_next_edition

RUN = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(data_with_next_edition(tmp_path))


def test_two_editions_are_shown_side_by_side(data: str) -> None:
    shown = RUN.invoke(app, ["diff", "R6", "R7", "--data", data])

    assert shown.exit_code == 0
    assert "27項のうち、変わったのは1項です。" in shown.stdout
    assert "４（３）" in shown.stdout


def test_two_editions_as_json(data: str) -> None:
    shown = json.loads(RUN.invoke(app, ["diff", "R6", "R7", "--json", "--data", data]).stdout)
    changed = [change for change in shown["changes"] if change["kind"] != "same"]

    assert [change["id"] for change in changed] == ["guideline/4-3"]
    assert {piece["mark"] for piece in changed[0]["pieces"]} == {"kept", "deleted", "inserted"}


def test_an_edition_that_is_not_held_says_which_are(data: str) -> None:
    shown = RUN.invoke(app, ["diff", "R6", "R9", "--data", data])

    assert shown.exit_code == 1
    assert "no edition R9; there are: R6, R7" in shown.output


@pytest.mark.parametrize("name", ["g.docx", "g.md"])
def test_the_guideline_is_written_as_a_file(tmp_path: Path, name: str) -> None:
    assert RUN.invoke(app, ["document", str(tmp_path / name)]).exit_code == 0
    assert (tmp_path / name).stat().st_size > 5000


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["document", str(tmp_path / "g.exe")]).exit_code == 2
