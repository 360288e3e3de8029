"""What should be confirmed, for staff, and ``tsunagari knowledge due``."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database
from typer.testing import CliRunner, Result

from bot.clock import TOKYO, SystemClock
from bot.knowledge_commands import app
from bot.settings import Settings
from bot.store.database import read_database
from bot.store.owners import counts, due
from handlers.library import Library
from knowledge.attesting import Answer, Overdue
from knowledge.load import Knowledge

TODAY = date(2028, 3, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def moment(days: int) -> str:
    return f"{ago(days).isoformat()}T10:00:00.000+09:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
def knowledge(library: Library) -> Knowledge:
    """Five windows by the days since they were assured, and programs compared 10 days ago."""
    days = {"fresh": 10, "due": 151, "older": 200, "silent": 160, "late": 366}
    model = library.knowledge.windows[0]
    windows = tuple(
        model.model_copy(update={"id": f"window/{slug}", "name": slug, "assured": ago(number)})
        for slug, number in days.items()
    )
    programs = library.knowledge.programs
    source = programs.source.model_copy(update={"checked": ago(10)})
    checked = programs.model_copy(update={"source": source})
    return replace(library.knowledge, windows=windows, programs=checked)


def own(db: Database, entry: str, waits: int | None = None, owner: str = "a" * 32) -> None:
    asked = None if waits is None else moment(waits)
    row = {"entry": entry, "pseudonym": owner, "conversation": "telegram:7", "since": moment(300)}
    db.table("owners").insert(row | {"asked": asked, "waits": asked})


def say(db: Database, entry: str, answer: str, days: int) -> None:
    row = {"entry": entry, "at": moment(days), "pseudonym": "a" * 32, "answer": answer}
    db.table("attestations").insert(row)


def test_the_most_overdue_stand_first_then_the_oldest(db: Database, knowledge: Knowledge) -> None:
    own(db, "window/silent", 20)
    own(db, "program/gifu")
    own(db, "program/gifu", owner="b" * 32)
    say(db, "program/gifu", "change", 5)
    found = due(db, knowledge, TODAY, 150)

    assert [(one.entry, one.overdue, one.since) for one in found] == [
        ("window/silent", Overdue.UNANSWERED, ago(6)),
        ("program/gifu", Overdue.CHANGE, ago(5)),
        ("window/late", Overdue.AGE, TODAY),
        ("window/older", None, None),
        ("window/due", None, None),
    ]
    silent, gifu, *_ = found
    assert (silent.area, silent.asked, silent.owners, silent.answer) == ("全国", ago(20), 1, None)
    assert (gifu.area, gifu.owners, gifu.answer) == ("岐阜県", 2, Answer.CHANGE)
    assert (gifu.confirmed, gifu.title[:3]) == (ago(10), "岐阜県")
    assert counts(found) == {"due": 5, "change": 1, "age": 1, "unanswered": 1}


def test_an_owner_who_said_yes_takes_an_entry_off_the_list(
    db: Database, knowledge: Knowledge
) -> None:
    say(db, "window/late", "change", 4)
    say(db, "window/late", "yes", 3)

    assert "window/late" not in [one.entry for one in due(db, knowledge, TODAY, 150)]


def test_without_a_database_the_files_alone_count(
    knowledge: Knowledge, path: Path, db: Database
) -> None:
    db.execute("drop table owners")  # as before there were owners
    found = [due(read, knowledge, TODAY, 150) for read in (None, db)]

    assert found[0] == found[1]
    assert [one.entry for one in found[0]] == [
        "window/late",
        "window/older",
        "window/silent",
        "window/due",
    ]
    assert read_database(path.with_name("none.db")) is None


def test_what_was_never_confirmed_stands_before_all_others(
    db: Database, knowledge: Knowledge
) -> None:
    programs = knowledge.programs
    source = programs.source.model_copy(update={"checked": None})
    undated = replace(knowledge, programs=programs.model_copy(update={"source": source}))
    found = due(db, undated, TODAY, 150)

    assert {one.entry.partition("/")[0] for one in found[:18]} == {"program"}
    assert counts(found) == {"due": 22, "change": 0, "age": 19, "unanswered": 0}


# The command


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.db")
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.combine(TODAY, time(9), TOKYO))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["due", *arguments])


@pytest.mark.usefixtures("place")
def test_the_command_lists_what_owners_said(db: Database) -> None:
    say(db, "window/yorisoi", "change", 0)
    own(db, "window/yorisoi", 0)
    told = run()
    as_json = json.loads(run("--json").stdout)
    (row,) = (row for row in as_json["entries"] if row["id"] == "window/yorisoi")

    assert "「直す」のまま" in told.stdout
    assert "window/yorisoi" in told.stdout
    assert (row["overdue"], row["answer"], row["owners"]) == ("change", "change", 1)
    assert (row["asked"], row["since"]) == (TODAY.isoformat(), "2027-11-22")
    assert as_json["counts"]["change"] == 1


@pytest.mark.usefixtures("place")
def test_the_command_needs_no_database_and_makes_none(path: Path) -> None:
    assert run("--json").exit_code == 0
    assert not path.exists()


def test_a_database_that_is_none_is_named(place: Path, path: Path) -> None:
    del place
    path.write_text("this is no database, " * 99, encoding="utf-8")
    told = run()

    assert told.exit_code == 1
    assert "x.db" in told.output
    assert "SQLITE_NOTADB" in told.output
