"""``tsunagari knowledge …`` tells officers in Japanese what is there, wrong and missing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner, Result

from bot.knowledge_commands import app
from knowledge.findings import KnowledgeError
from tests.knowledge.broken import Copy

AKITA = "windows/05-akita.yaml"
DV = "- id: window/akita-dv"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy whose only findings are those that are always there while others are at work."""
    return Copy(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def copy(sound: Copy, tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy", sound)


def run(copy: Copy, *arguments: str) -> Result:
    """One command on a copy, on the day its newest window was assured."""
    with time_machine.travel(f"{copy.today}T12:00:00+09:00"):
        return CliRunner().invoke(app, [*arguments, "--data", str(copy.data)])


def test_check_prints_a_line_for_each_finding_and_fails(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy.folder)
    line = copy.replace(AKITA, DV, '"018-835-9052"', '"018-835-905"')

    result = run(copy, "check")

    assert result.exit_code == 1
    *lines, last = result.stdout.splitlines()
    assert f"[エラー] knowledge/data/{AKITA}:{line} window/akita-dv: " in result.stdout
    assert all(re.match(r"\[(エラー|注意)\] \S+:\d+.*: .+ → .+", told) for told in lines)
    assert re.fullmatch(r"エラー \d+ 件、注意 \d+ 件", last)


def test_check_as_json_has_every_part_of_a_finding(copy: Copy) -> None:
    line = copy.replace(AKITA, DV, '"018-835-9052"', '"018-835-905"')

    result = run(copy, "check", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["error"] >= 1
    (finding,) = [f for f in told["findings"] if f["code"] == "wrong_phone"]
    assert finding == {
        "severity": "error",
        "code": "wrong_phone",
        "file": str(copy.path(AKITA)),
        "line": line,
        "entry": "window/akita-dv",
        "what": "「018-835-905」は電話番号として正しくありません",
        "remedy": finding["remedy"],
    }


def test_check_passes_with_a_warning(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the findings of this copy are told, whatever is unfinished elsewhere."""
    copy.replace(AKITA, DV, 'assured: "', 'assured: "2026-04-01" # ')
    only_new(copy, monkeypatch)

    result = run(copy, "check")

    assert result.exit_code == 0
    assert result.stdout.startswith("[注意] ")
    assert result.stdout.endswith("エラー 0 件、注意 1 件\n")


def test_check_says_that_nothing_is_wrong(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    only_new(copy, monkeypatch)

    result = run(copy, "check")

    assert (result.exit_code, result.stdout) == (0, "エラーも注意もありません\n")


def only_new(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.check.check", lambda *_, **__: copy.new())
    monkeypatch.setattr("handlers.crisis.CrisisWatch.load", lambda _: None)


def test_check_finds_a_pattern_of_danger_that_cannot_be_read(copy: Copy) -> None:
    """Only the reader of the patterns can tell; knowledge itself does not know it."""
    copy.replace("crisis.yaml", "\nsigns:", "    words: ", "    words: (( ")

    result = run(copy, "check")

    assert result.exit_code == 1
    assert re.search(r"crisis\.yaml:\d+: ", result.stdout)


def test_check_looks_at_the_questions_beside_the_data(copy: Copy) -> None:
    copy.write("answers/more.yaml", "questions:\n  - q: x\n")

    assert "answers/more.yaml:2: " in run(copy, "check").stdout


def test_check_of_the_project_itself_needs_no_folder() -> None:
    result = CliRunner().invoke(app, ["check", "--json"])

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert json.loads(result.stdout).keys() == {"findings", "error", "warning"}


def test_another_folder_must_exist(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--data", str(tmp_path / "none")])

    assert result.exit_code == 2


def test_stats_counts_in_japanese(copy: Copy) -> None:
    result = run(copy, "stats")

    assert result.exit_code == 0
    assert re.search(r"実施要領の項 +27\b", result.stdout)
    assert re.search(r"秋田県 +1\b", result.stdout)
    assert re.search(r"さみしい・話したい \(loneliness\) +\d+ +\d+", result.stdout)
    assert re.search(r"89日まで +\d+", result.stdout)


def test_stats_as_json(copy: Copy) -> None:
    copy.replace(AKITA, DV, "status: published", "status: draft")

    told = json.loads(run(copy, "stats", "--json").stdout)

    assert told["kinds"]["guideline"] == 27
    assert told["unpublished"] == 1
    assert told["areas"]["秋田県"] == 0
    assert told["topics"]["dv"].keys() == {"national", "local"}
    assert told["ages"].keys() == {"fresh", "halfway", "soon", "late"}


def test_show_tells_file_line_and_every_field(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy.folder)
    line = copy.replace(AKITA, "windows:", DV, DV)

    result = run(copy, "show", "window/akita-dv")

    assert result.exit_code == 0
    first, _, *fields = result.stdout.splitlines()
    assert first == f"knowledge/data/{AKITA}:{line}"
    assert "name: 秋田県子ども・女性・障害者相談センター" in fields
    assert "  value: 018-835-9052" in fields
    assert fields.index("asks:") > fields.index("sources:")


def test_show_prints_a_clause_whole(copy: Copy) -> None:
    fields = run(copy, "show", "guideline/5-2").stdout.splitlines()

    (text,) = [field for field in fields if field.startswith("text: ")]
    assert text.endswith("措置を取ることを命ずることができる。")


def test_show_as_json_has_the_names_of_the_file(copy: Copy) -> None:
    copy.replace(AKITA, DV, "status: published", "status: withdrawn")

    told = json.loads(run(copy, "show", "window/akita-dv", "--json").stdout)

    assert told["file"] == str(copy.path(AKITA))
    assert (told["id"], told["status"], told["for"][:3]) == (
        ("window/akita-dv", "withdrawn", "秋田県")
    )


def test_show_offers_the_nearest_ids(copy: Copy) -> None:
    result = run(copy, "show", "window/akita-dx")

    assert result.exit_code == 1
    assert result.stdout.startswith(
        "「window/akita-dx」という記録はありません。近いもの：window/akita-dv、"
    )


def test_show_offers_the_nearest_ids_as_json(copy: Copy) -> None:
    result = run(copy, "show", "guideline/2.2", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["nearest"][0] == "guideline/2-2"


DRAFTS = """\
origin: {file: faq.csv, imported: "2026-11-21", encoding: UTF-8, rows: "1"}
drafts:
  - {id: draft/faq/1, line: "2", asks: [ごみの日は], text: 月曜です}
"""


def test_a_draft_is_counted_and_shown_with_its_place(copy: Copy) -> None:
    (copy.data / "drafts").mkdir()
    copy.write("drafts/faq.yaml", DRAFTS)

    shown = run(copy, "show", "draft/faq/1")
    other = run(copy, "show", "draft/faq/2")

    assert json.loads(run(copy, "stats", "--json").stdout)["drafts"] == 1
    assert re.search(r"FAQから取り込んだ下書き +1\b", run(copy, "stats").stdout)
    assert shown.stdout.splitlines()[0] == f"{copy.data}/drafts/faq.yaml:3"
    assert "text: 月曜です" in shown.stdout
    assert other.exit_code == 1
    assert "draft/faq/1" in other.stdout


def test_missing_reports_every_kind_of_gap(copy: Copy) -> None:
    copy.replace(AKITA, DV, "    opening_hours:", "    #")

    result = run(copy, "missing")

    assert result.exit_code == 0
    assert "window/khj" in result.stdout
    assert "一つの資料でしか確かめられていません" in result.stdout
    assert re.search(r"犯罪・身の危険 \(police\) +47 +全部", result.stdout)
    assert re.search(r"\d+ +\S+のほか全部", result.stdout)
    assert re.search(r"秋田県 +\d\d ", result.stdout)
    assert re.search(r"不明 *\n", result.stdout)
    told = result.stdout[result.stdout.index("受付時間のわからない窓口") :]
    assert "window/akita-dv" in told


def test_missing_as_json(copy: Copy) -> None:
    told = json.loads(run(copy, "missing", "--json").stdout)

    assert told["unconfirmed"][0].keys() == {"id", "name", "area", "topics", "why"}
    assert "秋田県" in told["without"]["hikikomori"]
    assert told.keys() == {"unconfirmed", "without", "old", "hours_unknown"}
    assert set(told["old"].values()) > {None}


@pytest.mark.parametrize("command", [["stats"], ["show", "window/110"], ["missing"]])
def test_nothing_is_told_of_broken_data_but_its_faults(copy: Copy, command: list[str]) -> None:
    copy.replace(AKITA, DV, "cost: call-charge", "cost: cheap")

    result = run(copy, *command)

    assert isinstance(result.exception, KnowledgeError)
    assert result.stdout == ""
    assert "「cost」" in str(result.exception)


def test_help_is_quick() -> None:
    """Nothing heavy is loaded before a command runs."""
    program = "import sys, bot.knowledge_commands; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert not {"pydantic", "sudachipy", "yaml", "rapidfuzz"} & set(loaded.stdout.split())
