"""``tsunagari``: its commands, its settings, and how it stops."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import typer
from typer.testing import CliRunner

from bot import cli
from bot.settings import Settings
from handlers.library import Library, open_library
from knowledge.load import DATA
from tests.bot.made import line

ENTRY = "from bot.cli import main; main()"
TOKEN = "42:TEST"
KEY = "k" * 32


class Ended(NamedTuple):
    """How a run of the program ended."""

    status: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder without settings; the tests' own logs stay as they are."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("bot.logs.set_up_logs", lambda *_: None)
    return tmp_path


@pytest.fixture
def knowing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The knowledge is loaded already."""
    monkeypatch.setattr("bot.app.open_library", lambda *_: library)


@pytest.fixture
def unsound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the knowledge in which an officer wrote a field that does not exist."""
    data = tmp_path / "data-copy"
    shutil.copytree(DATA, data)
    broken = data / "windows" / "05-akita.yaml"
    text = broken.read_text(encoding="utf-8").replace("    name: ", "    namae: ", 1)
    broken.write_text(text, encoding="utf-8")
    monkeypatch.setattr("bot.app.open_library", lambda *_: open_library(data))


class Program:
    """Runs the program in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, output: pytest.CaptureFixture) -> None:
        self.monkeypatch = monkeypatch
        self.output = output

    def __call__(self, *arguments: str, said: str = "") -> Ended:
        stdin = io.TextIOWrapper(io.BytesIO(said.encode()), encoding="utf-8")
        self.monkeypatch.setattr(sys, "argv", ["tsunagari", *arguments])
        self.monkeypatch.setattr(sys, "stdin", stdin)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self.output.readouterr()
        return Ended(int(ended.value.code or 0), out, err)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Program:
    return Program(monkeypatch, capsys)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, part in getattr(command, "commands", {}).items():
        yield from commands(part, *path, name)


# Help


@pytest.mark.parametrize("path", list(commands(typer.main.get_command(cli.app))), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli.app, [*path, "--help"])

    assert result.exit_code == 0
    assert "Usage: " in result.stdout
    assert len(result.stdout.splitlines()) > 4


def test_the_commands_are_those_of_the_design() -> None:
    known = set(commands(typer.main.get_command(cli.app)))

    assert {("chat",), ("ask",), ("serve",), ("find",), ("knowledge",), ("log",)} <= known
    assert {("knowledge", "check"), ("knowledge", "stats"), ("knowledge", "show")} <= known
    assert {("log", "list"), ("log", "show"), ("log", "export"), ("log", "stats")} <= known
    assert ("log", "purge") in known


def test_no_command_shows_the_help() -> None:
    assert "chat" in CliRunner().invoke(cli.app, []).output


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'telegram', 'sudachipy', 'numpy', 'sqlite_utils', 'opening_hours'}"
    asked = f"import sys, bot.cli; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, check=True, cwd=root()
    )

    assert told.stdout.strip() == b"[]"


def root() -> Path:
    """Where ``bot`` stands."""
    return Path(cli.__file__).parents[1]


# Settings


@pytest.mark.parametrize("command", [["chat"], ["ask", "さみしい"], ["serve"]], ids=" ".join)
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("RETENTION_DAYS", "soon"),
        ("DATABASE_URL", "postgres://secret@host/db"),
        ("PSEUDONYM_KEY", "short-secret"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    run: Program, monkeypatch: pytest.MonkeyPatch, command: list[str], setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)

    ended = run(*command)

    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"{setting}: ")
    assert ended.err.count("\n") == 1
    assert value not in ended.err


@pytest.mark.parametrize(
    "command", [["chat"], ["serve"], ["console"], ["backup", "x.db"]], ids=" ".join
)
def test_knowledge_that_is_not_there_is_one_line_and_not_three_findings(
    run: Program, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("KNOWLEDGE_FOLDER", "knowledge/dta")

    status, out, err = run(*command)

    assert (status, out) == (2, "")
    assert err.startswith("KNOWLEDGE_FOLDER: there is no folder at 'knowledge/dta': ")
    assert err.count("\n") == 1


def test_a_wrong_setting_in_the_file_is_found_too(run: Program, elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("RETENTION_DAYS=0\n", encoding="utf-8")

    assert run("chat") == Ended(
        2, "", "RETENTION_DAYS: must be a whole number of days, 1 or more\n"
    )


@pytest.mark.parametrize(
    ("given", "missing"),
    [({}, "TELEGRAM_BOT_TOKEN"), ({"TELEGRAM_BOT_TOKEN": TOKEN}, "PSEUDONYM_KEY")],
)
def test_serving_names_what_is_missing(
    run: Program, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    ended = run("serve")

    assert ended.status == 2
    assert ended.err.startswith(f"{missing}: ")
    assert TOKEN not in ended.err


# Unsound knowledge


@pytest.mark.usefixtures("unsound")
@pytest.mark.parametrize(
    "command", [["chat"], ["ask", "さみしい"], ["ask", "--jsonl"], ["serve"]], ids=" ".join
)
def test_broken_knowledge_stops_the_start_with_file_line_and_remedy(
    run: Program, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PSEUDONYM_KEY", KEY)

    ended = run(*command, said=line(text="さみしい"))

    assert (ended.status, ended.out) == (1, "")
    assert "05-akita.yaml:" in ended.err
    assert "「namae」" in ended.err
    assert "→" in ended.err


@pytest.mark.usefixtures("unsound")
def test_broken_knowledge_leaves_no_log_behind(run: Program, elsewhere: Path) -> None:
    run("chat")

    assert not (elsewhere / "data").exists()


# ask


@pytest.mark.parametrize("arguments", [[], ["さみしい", "--jsonl"]], ids=["neither", "both"])
def test_ask_wants_either_a_text_or_a_stream(run: Program, arguments: list[str]) -> None:
    ended = run("ask", *arguments)

    assert ended == Ended(2, "", "tsunagari ask: give either TEXT or --jsonl\n")


@pytest.mark.usefixtures("knowing")
def test_ask_answers_one_question(run: Program) -> None:
    ended = run("ask", "NPOに委託できますか", "--role", "member")

    assert (ended.status, ended.err) == (0, "")
    assert "実施要領 ２（２）" in ended.out


@pytest.mark.usefixtures("knowing")
def test_ask_json_answers_with_one_object(run: Program) -> None:
    ended = run("ask", "東京都は入っていますか", "--json")

    assert json.loads(ended.out)["status"] == "answered_not_listed"


@pytest.mark.usefixtures("knowing")
def test_ask_knows_where_the_person_lives(run: Program) -> None:
    ended = run(
        "ask", "うちの県は対象ですか", "--json", "--role", "member", "--prefecture", "大阪"
    )

    assert json.loads(ended.out)["entries"][0]["prefecture"] == "大阪府"


@pytest.mark.usefixtures("knowing")
def test_ask_refuses_a_prefecture_nobody_knows(run: Program) -> None:
    ended = run("ask", "さみしい", "--prefecture", "火星")

    assert ended.status == 2
    assert ended.out == "tsunagari ask: prefecture: not one of the 47 prefectures\n"


def test_ask_refuses_a_role_nobody_has(run: Program) -> None:
    ended = run("ask", "さみしい", "--role", "boss")

    assert ended.status == 2
    assert all(role in ended.err for role in ("resident", "member", "staff"))


@pytest.mark.usefixtures("knowing")
def test_ask_jsonl_answers_a_stream(run: Program) -> None:
    ended = run("ask", "--jsonl", said=f"{line(text='さみしい')}\n{{\n{line(text='4(3)')}\n")
    answers = [json.loads(answer) for answer in ended.out.splitlines()]

    assert ended.status == 0
    assert [answer.get("status", answer.get("line")) for answer in answers] == [
        "answered",
        2,
        "answered",
    ]


@pytest.mark.usefixtures("knowing")
@pytest.mark.parametrize("arguments", [["明日の天気は"], ["--jsonl"]], ids=" ".join)
def test_ask_never_writes_to_the_log(run: Program, elsewhere: Path, arguments: list[str]) -> None:
    run("ask", *arguments, said=line(text="明日の天気は"))

    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("knowing")
@pytest.mark.parametrize("arguments", [["明日の天気は"], ["--jsonl"]], ids=" ".join)
def test_ask_writes_to_the_log_when_it_is_told_to(
    run: Program, elsewhere: Path, arguments: list[str]
) -> None:
    ended = run("ask", *arguments, "--log", said=line(text="明日の天気は"))

    assert ended.status == 0
    assert kept(elsewhere) == [("ask", "unanswered_no_match", "明日の天気は")]


def kept(folder: Path) -> list[tuple[str, str, str]]:
    """Channel, status and text of what was logged."""
    with closing(sqlite3.connect(folder / "data" / "tsunagari.db")) as database:
        return database.execute("select channel, status, text from queries").fetchall()


# chat


@pytest.mark.usefixtures("knowing")
def test_chat_needs_no_settings_and_ends_with_the_input(run: Program, elsewhere: Path) -> None:
    ended = run("chat", said="NPOに委託できますか\n明日の天気は\n")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("つながり — ")
    assert "実施要領 ２（２）" in ended.out
    assert ended.out.rstrip().endswith("またいつでもどうぞ。")
    assert kept(elsewhere) == [
        ("console", "answered", None),
        ("console", "unanswered_no_match", "明日の天気は"),
    ]


def test_pseudonyms_are_made_with_the_key_of_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PSEUDONYM_KEY", KEY)

    assert cli._key(cli.load_settings()) == KEY


def test_without_a_key_every_run_makes_its_own() -> None:
    settings = cli.load_settings()
    first, second = cli._key(settings), cli._key(settings)

    assert first != second
    assert len(first) >= 32


# find

FAQ = "id,question,answer\n1,ごみの収集日はいつですか,月曜日です\n2,見守りはありますか,あります\n"


def test_find_searches_any_faq(run: Program, elsewhere: Path) -> None:
    (elsewhere / "faq.csv").write_text(FAQ, encoding="utf-8")
    asked = line(text="見守りをしてほしい")

    ended = run("find", "--faq", "faq.csv", "--jsonl", "--limit", "1", said=asked)

    assert (ended.status, ended.err) == (0, "")
    assert [entry["id"] for entry in json.loads(ended.out)["entries"]] == ["2"]


def test_find_says_what_is_wrong_with_a_row_and_goes_on(run: Program, elsewhere: Path) -> None:
    (elsewhere / "faq.csv").write_text(FAQ + "3,,\n", encoding="utf-8")

    ended = run("find", "--faq", "faq.csv", "--jsonl", said=line(text="見守り"))

    assert ended.status == 0
    assert "faq.csv:4: " in ended.err
    assert json.loads(ended.out)["entries"]


def test_find_without_a_faq_to_read_stops(run: Program) -> None:
    ended = run("find", "--faq", "none.csv", "--jsonl")

    assert (ended.status, ended.out) == (1, "")
    assert "none.csv" in ended.err


def test_find_reads_questions_from_a_stream_only(run: Program) -> None:
    assert run("find", "--faq", "faq.csv").status == 2


# As a program of its own


def test_the_program_answers_a_stream_and_says_nothing_else(elsewhere: Path) -> None:
    asked = f"{line(text='山梨県は何を調査しますか', conversation='a')}\nno JSON\n"
    told = subprocess.run(
        [sys.executable, "-c", ENTRY, "ask", "--jsonl"],
        input=asked.encode(),
        capture_output=True,
        check=True,
        cwd=elsewhere,
        env={"PYTHONPATH": str(root()), "PATH": ""},
    )
    first, second = map(json.loads, told.stdout.decode().splitlines())

    assert first["entries"][0]["id"] == "program/yamanashi"
    assert second["line"] == 2
    assert told.stderr == b""
    assert list(elsewhere.iterdir()) == []
