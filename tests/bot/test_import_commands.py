"""``tsunagari knowledge import`` tells a clerk what became of every row of a FAQ."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine
import typer
from typer.testing import CliRunner, Result

from bot import import_commands
from bot.knowledge_commands import app
from handlers.library import Library
from knowledge import reading
from knowledge.drafts import DraftFile, load_drafts
from knowledge.findings import KnowledgeError
from knowledge.load import DATA, read_yaml, shape
from tests.knowledge.broken import Copy

HEAD = "番号,問い合わせ文,応答文,カテゴリ\n"
ROWS = (
    '1,"{ask}",はい。電話０５７０－０６４－５５６です。,福祉\n'
    "2,私立幼稚園の入園手続について,<b>園</b>へ。,教育\n"
    "3,市立幼稚園の入園手続について,市へ。,教育\n"
    "4,私立幼稚園の入園手続について！,<b>園</b>へ。,教育\n"
    "5,,空です,教育\n"
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: Library) -> Path:
    """A folder of one's own; the published entries are loaded already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CACHE_FOLDER", str(tmp_path / "cache"))
    monkeypatch.setattr("handlers.library.open_library", lambda *_: library)
    return tmp_path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def copy(sound: Copy, tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy", sound)


@pytest.fixture
def faq(elsewhere: Path, library: Library) -> Path:
    """A FAQ whose first question a clause answers already: it is one of its asks."""
    path = elsewhere / "市のFAQ.csv"
    ask = library.knowledge.entries["guideline/2-2"].asks[0]
    path.write_text(HEAD + ROWS.format(ask=ask), encoding="cp932")
    return path


def run(copy: Copy, *arguments: str | Path) -> Result:
    with time_machine.travel("2026-11-21T12:00:00+09:00"):
        words = ["import", *map(str, arguments), "--data", str(copy.data)]
        return CliRunner().invoke(app, words)


def run_json(copy: Copy, *arguments: str | Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(copy, *arguments, "--json").stdout)
    return told


def test_drafts_are_written_beside_the_knowledge(copy: Copy, faq: Path) -> None:
    result = run(copy, faq)

    assert result.exit_code == 0
    written = copy.data / "drafts" / "市のFAQ.yaml"
    assert "に下書きを書きました" in result.stdout
    assert [one.draft.id for one in load_drafts(copy.data)] == [
        f"draft/市のfaq/{number}" for number in (1, 2, 3)
    ]
    file = shape(read_yaml(written), DraftFile)
    assert file.origin.model_dump(mode="json") == {
        "file": "市のFAQ.csv",
        "imported": "2026-11-21",
        "encoding": "CP932",
        "rows": 5,
    }
    assert file.drafts[0].numbers == ("0570-064-556",)
    assert file.drafts[0].near[0].id == "guideline/2-2"
    assert written.read_text(encoding="utf-8").startswith(
        "# 自治体のFAQから取り込んだ下書きです。"
    )
    assert [path.name for path in written.parent.iterdir()] == ["市のFAQ.yaml"]
    assert copy.found() == []


def test_every_row_is_accounted_for(copy: Copy, faq: Path) -> None:
    said = run(copy, faq).stdout

    for name, count in (
        ("読んだ行", 5),
        ("作った下書き", 3),
        ("同じ質問で、下書きにしなかった行", 1),
        ("誤りがあり、使わなかった行", 1),
        ("使ったが、注意のある行", 2),
        ("よく似た質問の組", 1),
        ("今の記録が答えになるかもしれない下書き", 1),
    ):
        assert re.search(rf"{name} +{count}\b", said), name
    assert re.search(r"\n  6 +問い合わせ文 が空です", said)
    assert re.search(r"\n  3、5 +回答に HTML", said)
    assert re.search(r"\n  5 +3 +同じ +私立幼稚園", said)
    assert re.search(r"\n  100 +3 +私立幼稚園\S+ +4 +市立幼稚園", said)
    assert re.search(r"\n  [01]\.\d+ +2 +\S.* guideline/2-2", said)


def test_what_is_not_there_has_no_table(copy: Copy, elsewhere: Path) -> None:
    (elsewhere / "a.csv").write_text(HEAD + "1,ごみの日,月曜,\n", encoding="utf-8")

    said = run(copy, "a.csv").stdout

    assert "直し方" not in said
    assert "もう一つの質問" not in said


def test_a_long_report_ends_with_how_many_more(copy: Copy, elsewhere: Path) -> None:
    stations = "北東南西中央前後左右上下内外"
    rows = "".join(
        f"{number},{name}町の駅前の駐輪場を使うにはどうすればいいですか,<p>あ</p>,\n"
        for number, name in enumerate(stations)
    )
    (elsewhere / "a.csv").write_text(HEAD + rows, encoding="utf-8")

    said = run(copy, "a.csv").stdout

    assert re.search(r"ほかに\d+あります", said)
    assert re.search(r"2、3、4、\S* *.*", said)
    assert f"ほか{len(stations) - 10}行" in re.sub(r"\s", "", said)


def test_the_report_as_json(copy: Copy, faq: Path) -> None:
    told = run_json(copy, faq)

    assert told["counts"] == {
        "rows": 5,
        "drafts": 3,
        "duplicates": 1,
        "skipped": 1,
        "warnings": 2,
        "look_alikes": 1,
        "near": 1,
    }
    assert (told["encoding"], told["written"]) == ("CP932", True)
    assert [(one["line"], one["code"]) for one in told["skipped"]] == [(6, "faq_empty")]
    assert [(one["line"], one["code"]) for one in told["warnings"]] == [
        (3, "faq_markup"),
        (5, "faq_markup"),
    ]
    assert told["duplicates"] == [
        {"line": 5, "id": "4", "first_line": 3, "first_id": "2", "same_answer": True}
    ]
    assert told["look_alikes"] == [
        {"drafts": ["draft/市のfaq/2", "draft/市のfaq/3"], "score": 100}
    ]
    assert told["near"][0]["draft"] == "draft/市のfaq/1"
    assert told["near"][0]["entries"][0]["id"] == "guideline/2-2"


def test_a_dry_run_writes_nothing(copy: Copy, faq: Path) -> None:
    result = run(copy, faq, "--dry-run")

    assert result.exit_code == 0
    assert "何も書いていません" in result.stdout
    assert not (copy.data / "drafts").exists()
    assert run_json(copy, faq, "--dry-run")["written"] is False


def test_earlier_drafts_are_written_over_only_when_asked(copy: Copy, faq: Path) -> None:
    run(copy, faq)
    written = copy.data / "drafts" / "市のFAQ.yaml"
    before = written.read_bytes()
    faq.write_text(HEAD + "9,水道,局へ,\n", encoding="utf-8")

    refused = run(copy, faq)
    kept = written.read_bytes()
    replaced = run(copy, faq, "--replace")

    assert (refused.exit_code, refused.stdout, kept) == (2, "", before)
    assert "--replace" in refused.stderr
    assert replaced.exit_code == 0
    assert [one.draft.id for one in load_drafts(copy.data)] == ["draft/市のfaq/9"]


@pytest.mark.parametrize("name", ["windows/05-akita.yaml", "replies.yaml", "municipalities.csv"])
def test_nothing_but_drafts_is_ever_written_over(copy: Copy, faq: Path, name: str) -> None:
    before = copy.path(name).read_bytes()

    result = run(copy, faq, "--replace", "--out", copy.path(name))

    assert result.exit_code == 2
    assert "下書きのファイルではない" in result.stderr
    assert copy.path(name).read_bytes() == before


def test_drafts_can_be_written_anywhere(copy: Copy, faq: Path, elsewhere: Path) -> None:
    assert run(copy, faq, "--out", "drafts.yaml").exit_code == 0

    assert len(shape(read_yaml(elsewhere / "drafts.yaml"), DraftFile).drafts) == 3
    assert not (copy.data / "drafts").exists()


@pytest.mark.parametrize("out", ["none/drafts.yaml", "市のFAQ.csv/drafts.yaml"])
def test_a_place_that_cannot_be_written_is_said(copy: Copy, faq: Path, out: str) -> None:
    result = run(copy, faq, "--out", out)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "書けませんでした" in result.stderr


def test_a_disk_that_fails_leaves_no_half_file(
    copy: Copy, faq: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path, __: Path) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(Path, "replace", fail)

    result = run(copy, faq, "--out", "drafts.yaml")

    assert result.exit_code == 1
    assert "ENOSPC" in result.stderr
    assert [path.name for path in elsewhere.glob("*drafts.yaml*")] == []


def test_without_a_sound_row_nothing_is_written(copy: Copy, elsewhere: Path) -> None:
    (elsewhere / "a.csv").write_text(HEAD + "1,,,\n", encoding="utf-8")

    result = run(copy, "a.csv")

    assert result.exit_code == 1
    assert "使える行が一つもなかった" in result.stdout
    assert not (copy.data / "drafts").exists()


def test_a_file_that_cannot_be_read_is_said(copy: Copy) -> None:
    result = run(copy, "none.csv")

    assert isinstance(result.exception, KnowledgeError)
    assert "none.csv" in str(result.exception)


def test_without_a_file_the_usage_is_told(copy: Copy) -> None:
    assert run(copy).exit_code == 2


PROGRAM = """
import sys
import bot.import_commands as commands
bars = commands._Bars(commands._sheets(commands.Path({data!r})))
from knowledge.drafting import Step
list(bars.watch(Step.NEAR)([1, 2, 3]))
"""


def test_a_terminal_shows_a_bar(copy: Copy) -> None:
    leader, follower = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", PROGRAM.format(data=str(copy.data))],
        stdout=follower,
        stderr=follower,
        check=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": root()},
    )
    os.close(follower)

    assert "今の記録とくらべています" in os.read(leader, 10_000).decode(errors="replace")


def test_a_pipe_shows_none(copy: Copy) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(data=str(copy.data))],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root()},
    )

    assert (told.stdout, told.stderr) == (b"", b"")


def root() -> str:
    return str(Path(__file__).parents[2])


def test_drafts_that_could_not_be_read_again_are_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = {"file": "x.csv", "encoding": "UTF-8", "imported": "2026-11-20", "rows": 0}
    drafts = DraftFile.model_validate({"origin": origin})
    sheets = import_commands._sheets(DATA)
    monkeypatch.setattr(reading, "LARGEST_FILE", 10)

    with pytest.raises(typer.Exit):
        import_commands._write(tmp_path / "x.yaml", drafts, sheets, tmp_path)

    assert "MB を超える" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
