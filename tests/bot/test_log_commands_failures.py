"""``tsunagari log`` where it cannot: one line on why, and an exit status that tells."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.database import open_database
from bot.store.rows import row_of
from tests.bot.queries import KEY, query, run

pytestmark = pytest.mark.usefixtures("named")


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--since", "yesterday"],
        ["list", "--limit", "0"],
        ["show", "0"],
        ["show", "99999999999999999999"],
        ["export", "--format", "xls"],
        ["purge", "--older-than", "-1"],
        ["purge", "--older-than", "9999999999"],
    ],
)
def test_wrong_options_are_refused(arguments):
    assert run(*arguments).exit_code == 2


def test_export_to_a_place_that_cannot_be_written_says_so(tmp_path):
    output = tmp_path / "missing" / "log.csv"

    result = run("export", "--output", str(output))

    assert result.exit_code == 1
    assert result.stderr == f"{output} に書けませんでした（ENOENT）。\n"


def test_purge_that_cannot_write_says_so(path, monkeypatch):
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    db = open_database(path)
    db.table("queries").insert(row_of(query(at=datetime(2020, 1, 1, tzinfo=UTC)), KEY))
    db.close()
    monkeypatch.setattr("bot.store.database.open_database", full)

    result = run("purge", "--yes")

    assert result.exit_code == 1
    assert result.stderr == f"{path} に書けませんでした（ENOSPC）。\n"


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["export"], ["stats"], ["purge"]])
def test_a_file_that_is_no_database_is_told_in_one_line(path, command):
    path.parent.mkdir()
    path.write_text("これはデータベースではありません。" * 50, encoding="utf-8")

    result = run(*command)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert f"{path} は壊れています（SQLITE_NOTADB）" in line
    assert "tsunagari restore" in line
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["export"], ["stats"], ["purge"]])
def test_a_wrong_setting_is_told_in_one_line(monkeypatch, command):
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/tsunagari")

    result = run(*command)

    assert result.exit_code == 2
    assert result.stderr.startswith("DATABASE_URL: ")
    assert result.stderr.count("\n") == 1
