"""``tsunagari log``: what staff see, and what they write out and delete."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import Result

from bot.clock import SystemClock
from bot.log_tables import KEPT
from bot.store.database import open_database
from handlers.messages import Role
from handlers.ports import OutcomeKind
from knowledge.load import DATA, read_yaml
from knowledge.replies import load_replies
from tests.bot.queries import AT, days, kept, query, run, unanswered

QUESTION = "[name]です。補助率を[phone]へ教えて [red]ください[/red]"


pytestmark = pytest.mark.usefixtures("named")


@pytest.fixture
def keep(path):
    """Keeps queries."""

    def keep_queries(*queries, permitted: bool = True) -> None:
        db = open_database(path)
        kept(db, *queries, permitted=permitted)
        db.close()

    return keep_queries


@pytest.fixture
def three(keep) -> None:
    keep(
        query(at=AT - days(1), channel="console", role=Role.MEMBER, entries=("guideline/2-2",)),
        query(),
        unanswered(QUESTION, latency=0.02),
    )


def test_a_wording_that_nobody_may_read_is_not_shown(keep):
    keep(unanswered("ないしょのしつもん"), permitted=False)

    for arguments in (["list"], ["show", "1"], ["export"], ["export", "--format", "json"]):
        assert "ないしょ" not in run(*arguments).output
    assert "まだ読めません" in run("list").output
    assert json.loads(run("export", "--format", "json").stdout)[0]["hidden"] is True


def numbers(result: Result) -> list[int]:
    """The numbers of the queries in a list."""
    assert result.exit_code == 0
    return [int(found) for found in re.findall(r"^\s+(\d+)\s+2026-", result.output, re.MULTILINE)]


@pytest.mark.usefixtures("three")
def test_list_shows_the_newest_first():
    assert numbers(run("list")) == [3, 2, 1]


@pytest.mark.usefixtures("three")
def test_list_shows_what_staff_need():
    output = run("list").output

    for shown in (
        "番号",
        "日時",
        "2026-11-20 11:00:00",
        "unanswered_no_match",
        "open",
        "telegram",
    ):
        assert shown in output
    assert "guideline/2-2" in output


@pytest.mark.usefixtures("three")
def test_list_shows_tokens_and_markup_as_they_are_kept():
    """The console would take [red] for a colour, and [phone] for nothing at all."""
    shown = re.sub(r"\s+", "", run("list").output)

    assert QUESTION.replace(" ", "") in shown


def test_control_characters_do_not_reach_the_terminal(keep):
    keep(unanswered("赤\x1b[31mい\x07\n改行"))

    output = run("list").output

    assert "\x1b" not in output
    assert "\x07" not in output
    assert "改行" in output


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--status", "unanswered"], [3]),
        (["--status", "answered"], [2, 1]),
        (["--since", "2026-11-20"], [3, 2]),
        (["--until", "2026-11-19"], [1]),
        (["--since", "2026-11-19", "--until", "2026-11-19"], [1]),
        (["--channel", "console"], [1]),
        (["--limit", "2"], [3, 2]),
        (["--status", "nothing"], []),
    ],
)
def test_list_filters(arguments, expected):
    assert numbers(run("list", *arguments)) == expected


def test_list_of_nothing_is_an_empty_table(path):
    result = run("list")

    assert result.exit_code == 0
    assert "番号" in result.output
    assert not path.exists()


@pytest.mark.usefixtures("three")
def test_show_tells_everything_of_one_query():
    result = run("show", "3")

    assert result.exit_code == 0
    for column in KEPT:
        assert load_replies().say(f"log.column.{column}") in result.output
    assert QUESTION in result.output
    assert "20.0" in result.output


@pytest.mark.usefixtures("three")
def test_show_of_an_unknown_number_says_so():
    result = run("show", "99")

    assert result.exit_code == 1
    assert result.stderr == "番号 99 の記録はありません。\n"
    assert result.stdout == ""


def test_show_without_a_database_says_so(path):
    result = run("show", "1")

    assert result.exit_code == 1
    assert result.stderr == f"記録はまだありません（{path}）。\n"
    assert not path.exists()


@pytest.mark.usefixtures("three")
def test_export_to_csv_opens_in_excel(tmp_path):
    result = run("export", "--output", str(tmp_path / "log.csv"))

    content = (tmp_path / "log.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert result.output == f"3 件を {tmp_path / 'log.csv'} に書き出しました。\n"
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[0][:2] == ["番号", "日時"]
    assert [row[0] for row in rows[1:]] == ["3", "2", "1"]
    assert rows[1][rows[0].index("質問（伏せ字済み）")] == QUESTION
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+81", "-1", "@SUM(A1)", " =1", "\t=1", "＝1+1", "＋1", "－1", "＠x"]
)
def test_export_to_csv_holds_no_formulas(keep, text):
    keep(unanswered(text))

    rows = list(csv.reader(io.StringIO(run("export").stdout_bytes.decode("utf-8-sig"))))

    cell = rows[1][rows[0].index("質問（伏せ字済み）")]
    assert cell == "'" + text.replace("\t", " ")


@pytest.mark.usefixtures("three")
def test_export_to_json():
    queries = json.loads(run("export", "--format", "json").stdout_bytes)

    assert [one["id"] for one in queries] == [3, 2, 1]
    assert queries[0]["text"] == QUESTION
    assert queries[0]["at"] == "2026-11-20T11:00:00+09:00"
    assert queries[1]["entries"] == ["window/yorisoi", "window/inochi"]
    assert queries[1]["slots"] == {"topics": ["loneliness"]}
    assert set(queries[0]) == {*KEPT, "hidden"}


@pytest.mark.usefixtures("three")
def test_export_filters():
    result = run("export", "--format", "json", "--status", "unanswered")

    assert [one["id"] for one in json.loads(result.stdout_bytes)] == [3]


def test_export_of_nothing():
    assert json.loads(run("export", "--format", "json").stdout_bytes) == []
    assert run("export").stdout_bytes.decode("utf-8-sig").count("\r\n") == 1


@pytest.mark.usefixtures("three")
def test_stats_count():
    result = run("stats")

    assert result.exit_code == 0
    assert "全部で 3 件" in result.output
    assert "未回答の割合 33.3%" in result.output
    assert "応答時間の中央値 4 ミリ秒" in result.output
    for shown in ("answered", "unanswered_no_match", "2026-11-19", "guideline/2-2"):
        assert shown in result.output


@pytest.mark.usefixtures("three")
def test_stats_as_json():
    assert json.loads(run("stats", "--json").output) == {
        "total": 3,
        "unanswered_share": pytest.approx(1 / 3),
        "median_latency_ms": 4.2,
        "groups": {"answered": 2, "unanswered": 1},
        "statuses": {"answered": 2, "unanswered_no_match": 1},
        "days": {"2026-11-19": 1, "2026-11-20": 2},
        "entries": {"guideline/2-2": 1, "window/yorisoi": 1, "window/inochi": 1},
        "outcomes": {},
    }


@pytest.mark.usefixtures("three")
def test_stats_filter():
    assert json.loads(run("stats", "--json", "--channel", "console").output)["total"] == 1


def test_stats_of_nothing(path):
    result = run("stats")

    assert result.exit_code == 0
    assert "全部で 0 件" in result.output
    assert "未回答の割合 なし" in result.output
    assert not path.exists()


@pytest.fixture
def old_and_new(keep) -> None:
    now = SystemClock().now()
    keep(query(at=now - days(200)), query(at=now - days(91)), query(at=now - days(89)))


@pytest.mark.usefixtures("old_and_new")
def test_purge_asks_first():
    result = run("purge", answer="n\n")

    assert result.exit_code == 1
    assert "90 日より前の 2 件を消します" in result.output
    assert json.loads(run("stats", "--json").output)["total"] == 3


@pytest.mark.usefixtures("old_and_new")
def test_purge_deletes_what_is_older_than_the_retention():
    result = run("purge", answer="y\n")

    assert result.exit_code == 0
    assert "2 件を消しました。" in result.output
    assert json.loads(run("stats", "--json").output)["total"] == 1


@pytest.mark.usefixtures("old_and_new")
def test_purge_takes_other_days_and_asks_nothing_when_told():
    result = run("purge", "--older-than", "100", "--yes")

    assert result.output == "1 件を消しました。\n"
    assert run("purge", "--older-than", "0", "--yes").output == "2 件を消しました。\n"


@pytest.mark.usefixtures("three")
def test_purge_of_nothing_asks_nothing():
    assert run("purge", "--older-than", "36500").output == "36500 日より前の記録はありません。\n"


def test_purge_without_a_database_makes_none(path):
    result = run("purge", "--yes")

    assert result.output == "90 日より前の記録はありません。\n"
    assert not path.exists()


def test_every_sentence_is_used_and_every_one_used_is_there():
    written = set(read_yaml(DATA / "replies_log.yaml").data)
    bot = Path(__file__).parents[2] / "bot"
    source = "".join(
        (bot / f"log_{name}.py").read_text("utf-8") for name in ("commands", "tables")
    )
    whole = set(re.findall(r'"(log\.[a-z_.]+)"', source))
    columns = {
        f"log.column.{column}" for column in (*KEPT, "group", "day", "entry", "count", "window")
    }
    titles = {f"log.title.{t}" for t in ("queries", "groups", "statuses", "days", "entries")}
    titles.add("log.title.outcomes")
    columns |= {f"log.column.{kind}" for kind in OutcomeKind}
    totals = {f"log.stats.{line}" for line in ("total", "unanswered", "latency")}

    assert written == whole | columns | titles | totals
