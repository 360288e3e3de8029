"""``tsunagari account``: who may use the console; every deed is in the audit."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import account_commands
from bot.account_commands import app
from bot.passwords import fits, hashed
from bot.store.accounts import clean_name, read_account, set_password
from bot.store.audit import read_audit
from bot.store.database import open_database
from bot.store.sessions import begin_session, end_session, read_session
from handlers.staff import StaffRole
from tests.bot.queries import AT

PASSWORD = "twelve signs at least"
Run = Callable[..., Result]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
    return tmp_path / "t.db"


@pytest.fixture
def run(path: Path) -> Run:
    assert not path.exists()

    def run(*arguments: str, typed: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def test_an_account_is_made_listed_changed_and_removed(run: Run, path: Path) -> None:
    assert "まだありません" in run("list").stdout
    assert "作りました" in run("add", "Sato", "--role", "editor").stdout
    assert "Telegram" in run("add", "suzuki", "--role", "viewer", "--telegram", "42").stdout
    assert "付けました" in run("password", "ＳＡＴＯ", typed=f"{PASSWORD}\n").stdout
    assert "公開する人" in run("role", "sato", "publisher").stdout
    listed = run("list").stdout.splitlines()
    assert listed[0] == "sato\t公開する人\tパスワード あり\tTelegram なし"
    assert listed[1] == "suzuki\t見る人\tパスワード なし\tTelegram 42"
    assert "消しました" in run("remove", "suzuki").stdout

    with closing(open_database(path)) as db:
        account = read_account(db, "sato")
        assert account
        assert fits(account.password, PASSWORD)
        assert account.role is StaffRole.PUBLISHER
        deeds = [(deed.who, deed.what, deed.target) for deed in read_audit(db)]
        audit = "".join(map(str, db.table("audit").rows))
    assert [what for _, what, _ in reversed(deeds)] == [
        "account.add", "account.add", "account.password", "account.role", "account.remove",
    ]  # fmt: skip
    assert {who for who, _, _ in deeds} == {"command line"}
    assert account.password not in audit


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "sato", "--role", "viewer"), "もうあります"),
        (("add", "sato suzuki", "--role", "viewer"), "名前は"),
        (("add", "system", "--role", "viewer"), "名前は"),
        (("add", "a" * 41, "--role", "viewer"), "名前は"),
        (("password", "tanaka"), "ありません"),
        (("password", "<tanaka>"), "名前は"),
        (("role", "tanaka", "viewer"), "ありません"),
        (("remove", "tanaka"), "ありません"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], told: str) -> None:
    run("add", "sato", "--role", "editor")
    result = run(*arguments)

    assert result.exit_code == 1
    assert told in result.stderr


def test_a_short_password_is_refused(run: Run) -> None:
    run("add", "sato", "--role", "editor")

    assert "12 字以上" in run("password", "sato", typed="short\n").stderr
    assert "パスワード なし" in run("list").stdout


@pytest.mark.parametrize(
    ("typed", "told"),
    [((PASSWORD, PASSWORD), "付けました"), ((PASSWORD, "another one"), "二つが違います")],
)
def test_at_a_terminal_a_password_is_typed_twice_without_being_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, str], told: str
) -> None:
    run("add", "sato", "--role", "editor")
    answers = iter(typed)
    monkeypatch.setattr(account_commands, "getpass", lambda _: next(answers))
    monkeypatch.setattr(account_commands, "_at_a_terminal", lambda: True)

    assert told in run("password", "sato").output


def test_removing_an_account_ends_its_sessions(run: Run, path: Path) -> None:
    run("add", "sato", "--role", "editor")
    with closing(open_database(path)) as db:
        token = begin_session(db, "sato", AT, "password")
        assert read_session(db, token, AT)
        set_password(db, AT, "sato", "x")
        assert read_session(db, token, AT) is None
        token = begin_session(db, "sato", AT, "password")
    run("remove", "sato")
    with closing(open_database(path)) as db:
        assert read_session(db, token, AT) is None
        assert db.table("sessions").count == 0
        end_session(db, token, AT)
        begun = begin_session(db, "gone", AT, "password")
        assert read_session(db, begun, AT) is None


def test_a_database_that_cannot_be_written_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: Path) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr("bot.store.database.open_database", locked)
    result = run("list")

    assert result.exit_code == 1
    assert "書けませんでした" in result.stderr


def test_no_password_fits_where_none_was_kept() -> None:
    kept = hashed(PASSWORD)

    assert PASSWORD not in kept
    assert not fits(None, PASSWORD)
    assert not fits("no hash", PASSWORD)
    assert not fits(kept, f"{PASSWORD}.")
    assert clean_name("田中.１") == "田中.1"
