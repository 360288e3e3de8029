"""``tsunagari figures``: a table, JSON and the monthly report, small cells hidden."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from typer.testing import CliRunner, Result

from bot import figures_commands
from bot.cli import app
from bot.clock import SystemClock
from bot.figures_markdown import bar
from bot.store.database import open_database
from bot.store.rows import row_of, row_of_outcome
from handlers.ports import Outcome, OutcomeKind
from knowledge.load import DATA, read_yaml
from tests.bot.queries import AT, KEY, days, kept, query, unanswered

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("named")


@pytest.fixture
def month(named):
    """A month with a gap that was closed, one that is too small, and a window in trouble."""
    db = open_database(named)
    for number in range(12):
        kept(db, query(conversation=f"telegram:{number}", slots={"topics": ["work"]}))
    kept(db, query(slots={"topics": ["dv"]}), query(slots={"topics": ["=cmd"]}, channel="-line"))
    closed = {"state": "resolved", "resolution": "covered_by", "entry": "guideline/2-2",
              "published": "abc", "changed": (AT + days(3)).isoformat()}  # fmt: skip
    for number, more in ((1, closed), (2, {"state": "open"})):
        db.table("groups").insert({"id": number, "made": AT.isoformat(), **more})
    for number in range(9):
        asked = unanswered("ないしょのしつもん", conversation=f"telegram:{number}")
        db.table("queries").insert({**row_of(asked, KEY), "group_id": 1 if number < 7 else 2})
    troubles = [OutcomeKind.FAILED] * 6 + [OutcomeKind.WRONG] * 2
    for kind in troubles:
        db.table("outcomes").insert(row_of_outcome(Outcome(AT, "window/yorisoi", kind)))
    group = {"id": 3, "made": AT.isoformat(), "window": "window/yorisoi", "state": "claimed"}
    db.table("groups").insert(group)
    db.close()


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["figures", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def lines(*arguments: str) -> list[list[str]]:
    content = run("--month", "2026-11", *arguments).stdout_bytes
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("month")
def test_the_table_has_one_line_for_each_cell():
    table = lines()

    assert table[0] == ["表", "項目", "質問数", "人数"]
    assert table[1] == ["全体", "2026年11月", "23", "13"]
    assert ["困りごと", "仕事・職場", "12", "12"] in table
    assert ["困りごと", "パートナーの暴力", "5未満*", "5未満*"] in table
    assert ["日", "2026-11-01", "0", "0"] in table
    assert ["未回答のまとまり", "1 答えられるようにした", "5未満*", "5未満*"] not in table
    assert ["まとまりの数", "新しくできた", "2", ""] in table


@pytest.mark.usefixtures("month")
def test_no_cell_is_a_formula():
    cells = [cell for line in lines() for cell in line]

    assert "'=cmd" in cells
    assert "'-line" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("kind", ["csv", "json", "markdown"])
def test_no_wording_and_no_pseudonym_leaves(kind: str):
    content = run("--month", "2026-11", "--format", kind).output

    assert "ないしょ" not in content
    assert not re.search(r"\b[0-9a-f]{32}\b", content)


@pytest.mark.usefixtures("month")
def test_json_has_null_for_a_hidden_cell():
    figures = json.loads(run("--month", "2026-11", "--format", "json").stdout)

    assert (figures["since"], figures["until"]) == ("2026-11-01", "2026-11-30")
    assert figures["hidden_below"] == 5
    assert figures["tables"]["topic"]["dv"] is None
    assert figures["tables"]["role"]["resident"] == {"queries": 23, "people": 13}
    assert figures["windows"]["window/yorisoi"] == {"reached": 0, "failed": 6, "wrong": None}
    assert figures["gaps"] == []  # the other group is of two people: their sum would tell it


@pytest.mark.usefixtures("month")
def test_a_gap_of_enough_people_is_told_with_what_was_done(path):
    db = open_database(path)
    for number in range(20, 26):
        asked = unanswered("ほかのしつもん", conversation=f"telegram:{number}", slots={})
        db.table("queries").insert({**row_of(asked, KEY), "group_id": 2})
    db.close()

    gaps = json.loads(run("--month", "2026-11", "--format", "json").stdout)["gaps"]
    assert [(gap["group"], gap["people"], gap["days"]) for gap in gaps] == [
        (2, 8, None),
        (1, 7, 3),
    ]
    report = run("--month", "2026-11", "--format", "markdown").output
    row = (
        "| 1 | さみしい・話したい | 7 | 7 | 答えられるようにした | 委託できる業務と委託先 | 3 日 |"
    )
    assert row in report
    assert ["未回答のまとまり", "2 これから", "8", "8"] in lines()


@pytest.mark.usefixtures("month")
def test_the_report_in_markdown_has_bars_and_says_how_numbers_are_hidden():
    report = run("--month", "2026-11", "--format", "markdown").output

    assert report.startswith("# つながり 利用の報告（2026年11月）\n")
    assert f"| 仕事・職場 | 12 | 12 | {'█' * 20} |" in report
    assert "| パートナーの暴力 | 5未満* | 5未満* |  |" in report
    assert "| よりそいホットライン | 0 | 6 | 5未満* | 対応中 |" in report
    assert "## 小さな数の扱い" in report


@pytest.mark.usefixtures("month")
def test_a_report_can_be_in_english():
    report = run("--month", "2026-11", "--format", "markdown", "--language", "en").output

    assert report.startswith("# Tsunagari: report of use (2026-11)\n")
    assert "| <5* | <5* |" in report


def test_a_report_of_a_period_in_which_nobody_asked(path):
    open_database(path).close()
    report = run("--since", "2026-11-01", "--until", "2026-11-02", "--format", "markdown").output

    assert report.startswith("# つながり 利用の報告（2026-11-01から2026-11-02まで）\n")
    assert report.count("ありません。") == 3
    assert "| 未回答の割合 | なし |" in report


def test_a_report_on_very_few_people_tells_that_it_tells_nothing(path):
    db = open_database(path)
    kept(db, query(), query(conversation="telegram:2"))
    db.close()
    report = run("--month", "2026-11", "--format", "markdown").output

    assert "| 質問 | 5未満* |" in report
    assert report.count("この表は載せません") == 9
    assert "█" not in report


@pytest.mark.parametrize(
    ("share", "letters"), [(None, 0), (0.0, 0), (0.001, 1), (0.5, 10), (1.0, 20)]
)
def test_a_bar_is_as_long_as_its_share(share: float | None, letters: int):
    assert len(bar(share)) == letters


# ---- Word


@pytest.fixture
def word(month, tmp_path):  # noqa: ARG001  reads what that wrote
    result = run("--month", "2026-11", "--format", "docx", "--output", "report.docx")
    assert result.output == "report.docx に書き出しました。\n"
    return Document(tmp_path / "report.docx")


def test_the_word_report_has_headings_and_tables(word):
    headings = [p.text for p in word.paragraphs if p.style.name.startswith(("Title", "Heading"))]

    assert headings[:3] == ["つながり 利用の報告（2026年11月）", "まとめ", "何を聞かれたか"]
    assert word.core_properties.title == headings[0]
    assert [cell.text for cell in word.tables[1].rows[1].cells][:3] == ["仕事・職場", "12", "12"]


def test_bars_are_shaded_and_as_long_as_their_share_and_have_no_letters(word):
    rows = word.tables[1].rows[1:]
    shaded = [row.cells[3].paragraphs[0]._p.find(".//" + qn("w:shd")) is not None for row in rows]
    shown = ["5未満*" not in row.cells[1].text for row in rows]

    assert shaded == shown
    assert {row.cells[3].text for row in rows} == {""}


def test_the_first_row_of_every_table_is_told_to_be_a_heading(word):
    assert all(
        table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None for table in word.tables
    )


@pytest.mark.usefixtures("word")
def test_the_word_report_holds_no_picture_and_no_author(tmp_path):
    with zipfile.ZipFile(tmp_path / "report.docx") as file:
        assert not [name for name in file.namelist() if "media/" in name]
    assert Document(tmp_path / "report.docx").core_properties.author == ""


# ---- which period, and what goes wrong


def test_without_a_period_it_is_the_last_month(path):
    open_database(path).close()
    last = SystemClock().now().date().replace(day=1) - timedelta(days=1)

    assert json.loads(run("--format", "json").stdout)["until"] == last.isoformat()


def test_from_a_day_on_it_is_until_today(path):
    open_database(path).close()
    today = SystemClock().now().date().isoformat()

    figures = json.loads(run("--since", today, "--format", "json").stdout)
    assert (figures["since"], figures["until"]) == (today, today)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--month", "2026-11", "--since", "2026-11-01"], "either --month"),
        (["--until", "2026-11-01"], "needs --since"),
        (["--since", "2026-11-02", "--until", "2026-11-01"], "lies after"),
        (["--month", "11"], "no month"),
    ],
)
def test_a_period_that_is_none_is_refused(path, arguments: list[str], told: str):
    result = run(*arguments)

    assert (result.exit_code, told in result.output) == (2, True)
    assert not path.exists()


def test_a_word_file_is_not_written_into_a_terminal(monkeypatch):
    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr(figures_commands.sys, "stdout", Terminal)
    with pytest.raises(figures_commands.typer.Exit):
        figures_commands.figures(output_format=figures_commands.FiguresFormat.DOCX)


def test_where_nothing_was_logged_it_says_so(path):
    assert "まだ残っていません" in run("--month", "2026-11").output
    assert not path.exists()


def test_what_is_no_database_is_told(path):
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but long enough to be one" * 20)

    assert "SQLITE_NOTADB" in run("--month", "2026-11").output


@pytest.mark.usefixtures("month")
def test_a_file_that_cannot_be_written_is_told():
    result = run("--month", "2026-11", "--output", "nowhere/f.csv")

    assert (result.exit_code, "ENOENT" in result.output) == (1, True)


def test_a_wrong_setting_is_told(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://")

    assert run("--month", "2026-11").exit_code == 2


def test_every_sentence_is_used_and_every_one_used_is_there():
    written = set(read_yaml(DATA / "replies_figures.yaml").data)
    web = ROOT / "bot/web"
    names = ("overview.py", "downloads.py", "templates/overview.html", "templates/figures.html")
    files = [*(ROOT / "bot").glob("figures_*.py"), *(web / name for name in names)]
    source = "".join(file.read_text("utf-8") for file in files)
    whole = set(re.findall(r'"((?:figures|report|overview)\.(?!html)[a-z_.]+[a-z])"', source))
    made = re.compile(
        r"figures\.(table|column|status_group|status|afterwards|role|channel|state|resolution"
        r"|kind)\.|figures\.(opened|resolved)$|report\.summary\.|overview\.(groups|edits|checks)$"
        r"|overview\.(status|topic|prefecture)$"
    )

    whole.discard("overview.html")  # a template
    assert whole <= written
    assert {key for key in written - whole if not made.match(key)} == set()
