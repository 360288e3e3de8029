"""The doctor: everything in order, or what is not and what to do, and never a secret."""

import ast
import asyncio
import json
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlite_utils import Database
from typer.testing import CliRunner

from bot.cli import app
from bot.operation import doctor_machine, doctor_telegram, health
from bot.operation.doctor import Level, Line
from bot.operation.doctor_database import database
from bot.operation.doctor_machine import (
    cache,
    disk,
    knowledge,
    permissions,
    settings_line,
    vectors,
)
from bot.operation.doctor_telegram import Answer, asks, telegram
from bot.settings import Settings, load_settings
from bot.store.accounts import add_account
from bot.store.database import open_database
from bot.store.migrations import migrations
from handlers.staff import StaffRole
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.load import DATA
from knowledge.replies import load_replies
from tests.bot.queries import AT, kept, query
from tests.bot.test_serve import free_port
from tests.bot_api import TOKEN, BotApiServer

SECRET = "77:AAF-my-token"
HOOK = "https://bot.example.jp/telegram"
SENTENCES = yaml.load((DATA / "replies_doctor.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Settings]:
    def make(**values: str) -> Settings:
        usual = {
            "TELEGRAM_BOT_TOKEN": SECRET,
            "PSEUDONYM_KEY": "k" * 32,
            "TELEGRAM_STAFF_IDS": "1",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'x.db'}",
            "CACHE_FOLDER": str(tmp_path / "cache"),
        }
        return load_settings(usual | values, None)

    return make


def told(lines: Iterable[Line]) -> list[tuple[str, str, str]]:
    return [(line.check, line.level.value, line.result) for line in lines]


# this machine ──────────────────────────────────────────────────────────────────────────────────


def test_settings_are_complete_lack_something_or_have_nobody_to_tell(
    given: Callable[..., Settings],
) -> None:
    assert told(settings_line(given())) == [("settings", "ok", "ok")]
    assert told(settings_line(given(PSEUDONYM_KEY=""))) == [("settings", "bad", "missing")]
    assert told(settings_line(given(TELEGRAM_STAFF_IDS=""))) == [
        ("settings", "notice", "no_staff")
    ]


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (10**12, [("disk", "ok", "ok")]),
        (500_000_000, [("disk", "notice", "low")]),
        (1_000, [("disk", "bad", "full")]),
    ],
)
def test_room_on_the_disk(
    given: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    lines: list[object],
) -> None:
    for module in (doctor_machine, health):
        monkeypatch.setattr(module, "free", lambda _path: room)
    assert told(disk(given())) == lines


def test_a_database_that_cannot_be_written_is_bad(given: Callable[..., Settings]) -> None:
    path = given().database_path
    path.parent.mkdir()
    path.write_text("x" * 5000, encoding="utf-8")
    assert told(disk(given())) == [("disk", "ok", "ok"), ("disk", "bad", "unwritable")]


def test_files_that_others_can_read_are_named(
    given: Callable[..., Settings], tmp_path: Path
) -> None:
    env = tmp_path / ".env"
    assert told(permissions(given(), env)) == [("permissions", "ok", "ok")]
    env.touch(mode=0o644)
    (line,) = permissions(given(), env)
    assert (line.result, line.values["files"]) == ("open", str(env))
    env.chmod(0o600)
    open_database(given().database_path).close()
    assert told(permissions(given(), env)) == [("permissions", "ok", "ok")]


@pytest.mark.parametrize(
    ("severities", "line"),
    [
        ([], ("knowledge", "ok", "ok")),
        ([Severity.WARNING], ("knowledge", "notice", "warnings")),
        ([Severity.WARNING, Severity.ERROR], ("knowledge", "bad", "errors")),
    ],
)
def test_what_the_check_finds_is_counted(
    given: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    severities: list[Severity],
    line: tuple[str, str, str],
) -> None:
    findings = [Finding("unreadable", DATA, 1, severity=severity) for severity in severities]
    monkeypatch.setattr(doctor_machine, "check_knowledge", lambda *_, **__: findings)
    assert told(knowledge(given(), AT.date())) == [line]


def test_knowledge_that_cannot_even_be_checked_is_bad(
    given: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> list[Finding]:
        raise KnowledgeError([Finding("unreadable", DATA, 1), Finding("unreadable", DATA, 2)])

    monkeypatch.setattr(doctor_machine, "check_knowledge", broken)
    (line,) = knowledge(given(), AT.date())
    assert (line.result, line.values["count"]) == ("errors", "2")


def test_vectors_and_indexes_are_there_or_not(
    given: Callable[..., Settings], tmp_path: Path
) -> None:
    assert told(vectors()) == [("vectors", "ok", "ok")]
    assert told(vectors(tmp_path)) == [("vectors", "bad", "missing")]
    (tmp_path / "keys.npy").write_bytes(b"x")
    assert told(vectors(tmp_path)) == [("vectors", "bad", "missing")]
    assert told(cache(given())) == [("cache", "notice", "empty")]
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "index-1.npz").touch()
    assert told(cache(given())) == [("cache", "ok", "ok")]


# the database ──────────────────────────────────────────────────────────────────────────────────


def looked(settings: Settings, now: datetime = AT) -> dict[str, tuple[str, str]]:
    lines = told(database(settings, now))
    assert len({check for check, _, _ in lines}) == len(lines)
    return {check: (level, result) for check, level, result in lines}


def test_a_database_that_is_not_made_yet(given: Callable[..., Settings]) -> None:
    assert looked(given()) == {"database": ("notice", "none")}
    assert not given().database_path.parent.exists()


def test_a_database_in_order_with_staff(given: Callable[..., Settings]) -> None:
    with closing(open_database(given().database_path)) as db:
        kept(db, query())
        add_account(db, AT, "sato", StaffRole.PUBLISHER)
        waits = {"inbox", "outbox"} & set(db.table_names())
    found = looked(given())
    assert found.pop("waiting", None) == (("ok", "ok") if waits else None)
    assert found == dict.fromkeys(("database", "shape", "last", "accounts"), ("ok", "ok"))


def test_nobody_wrote_and_nobody_may_publish(given: Callable[..., Settings]) -> None:
    with closing(open_database(given().database_path)) as db:
        assert looked(given())["last"] == ("notice", "none")
        assert looked(given())["accounts"] == ("notice", "none")
        kept(db, query(at=AT - timedelta(days=8)))
        add_account(db, AT, "sato", StaffRole.EDITOR)
    assert looked(given())["last"] == ("notice", "quiet")
    assert looked(given())["accounts"] == ("notice", "no_publisher")


def test_a_database_of_an_older_or_a_newer_program(given: Callable[..., Settings]) -> None:
    path = given().database_path
    path.parent.mkdir()
    with closing(Database(path)) as db:
        migrations.apply(db, stop_before="m002_states")
    assert looked(given()).keys() >= {"database", "shape", "last"}
    assert looked(given())["shape"] == ("notice", "older")
    with closing(open_database(path)) as db:
        row = {"migration_set": "tsunagari", "name": "m999_future", "applied_at": "x"}
        db.table("_sqlite_migrations").insert(row)
    assert looked(given())["shape"] == ("bad", "newer")


def test_another_program_s_database(given: Callable[..., Settings]) -> None:
    path = given().database_path
    path.parent.mkdir()
    with closing(Database(path)) as db:
        db.table("t").insert({"a": 1})
    assert looked(given()) == {"database": ("ok", "ok"), "shape": ("notice", "older")}


def test_a_damaged_or_unreadable_database(given: Callable[..., Settings]) -> None:
    path = given().database_path
    with closing(open_database(path)) as db:
        kept(db, *(query() for _ in range(500)))
        db.conn.execute("pragma journal_mode = delete")
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 8192):
        content[start : start + 4096] = bytes(4096)
    path.write_bytes(content)
    level, result = looked(given())["database"]
    assert (level, result in {"damaged", "unreadable"}) == ("bad", True)
    path.write_text("x" * 5000, encoding="utf-8")
    assert looked(given()) == {"database": ("bad", "damaged")}
    assert path.read_text(encoding="utf-8") == "x" * 5000


def test_what_has_piled_up_is_told(given: Callable[..., Settings]) -> None:
    with closing(open_database(given().database_path)) as db:
        db.execute("drop table if exists inbox")
        db.execute("create table inbox (id integer)")
        db.conn.commit()
        assert looked(given())["waiting"] == ("ok", "ok")
        db.conn.executemany("insert into inbox values (?)", [(n,) for n in range(101)])
        db.conn.commit()
    assert looked(given())["waiting"] == ("notice", "many")


# Telegram ──────────────────────────────────────────────────────────────────────────────────────

NOW = AT
ME = Answer(200, {"username": "tsunagari_bot"}, NOW)


def asked(settings: Settings, me: Answer = ME, **webhook: object) -> dict[str, tuple[str, str]]:
    info = Answer(200, webhook, NOW)
    answers = {"getMe": me, "getWebhookInfo": info}
    lines = told(telegram(settings, lambda: NOW, answers.__getitem__))
    return {check: (level, result) for check, level, result in lines}


def test_without_a_token_nothing_is_asked(given: Callable[..., Settings]) -> None:
    assert asked(given(TELEGRAM_BOT_TOKEN="")) == {"token": ("notice", "none")}


def test_a_token_that_works_by_polling(given: Callable[..., Settings]) -> None:
    assert asked(given()) == {
        "token": ("ok", "ok"),
        "clock": ("ok", "ok"),
        "webhook": ("ok", "polling"),
    }


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (Answer(0, {}, None, "ConnectError"), {"token": ("bad", "unreachable")}),
        (Answer(401, {}, NOW), {"token": ("bad", "refused"), "clock": ("ok", "ok")}),
        (Answer(404, {}, NOW), {"token": ("bad", "refused"), "clock": ("ok", "ok")}),
        (Answer(502, {}, None), {"token": ("bad", "failed"), "clock": ("notice", "unknown")}),
    ],
)
def test_a_token_that_does_not(
    given: Callable[..., Settings], answer: Answer, lines: dict[str, object]
) -> None:
    assert asked(given(), answer) == lines


@pytest.mark.parametrize(
    ("date", "line"),
    [
        (NOW - timedelta(seconds=29), ("ok", "ok")),
        (NOW - timedelta(seconds=31), ("bad", "off")),
        (NOW + timedelta(hours=9), ("bad", "off")),
        (NOW.replace(tzinfo=None), ("notice", "unknown")),
    ],
)
def test_a_clock_that_is_off(
    given: Callable[..., Settings], date: datetime, line: tuple[str, str]
) -> None:
    assert asked(given(), Answer(200, {}, date))["clock"] == line


@pytest.mark.parametrize(
    ("wanted", "info", "line"),
    [
        (HOOK, {"url": HOOK, "pending_update_count": 3}, ("ok", "ok")),
        (HOOK, {"url": ""}, ("notice", "other")),
        ("", {"url": HOOK}, ("notice", "left")),
        (HOOK, {"url": HOOK, "pending_update_count": 101}, ("notice", "waiting")),
        (HOOK, {"url": HOOK, "last_error_date": int(NOW.timestamp()) - 60}, ("bad", "failing")),
        (HOOK, {"url": HOOK, "last_error_date": int(NOW.timestamp()) - 9999}, ("ok", "ok")),
    ],
)
def test_the_webhook(
    given: Callable[..., Settings],
    wanted: str,
    info: dict[str, object],
    line: tuple[str, str],
) -> None:
    hooked = given(TELEGRAM_WEBHOOK_URL=wanted, TELEGRAM_WEBHOOK_SECRET="s")
    assert asked(hooked, **info)["webhook"] == line


def test_a_webhook_that_is_not_told_of(given: Callable[..., Settings]) -> None:
    answers = {"getMe": ME, "getWebhookInfo": Answer(500, {}, None)}
    *_, line = telegram(given(), lambda: NOW, answers.__getitem__)
    assert (line.check, line.result) == ("webhook", "unknown")


async def test_telegram_is_asked_over_the_network(given: Callable[..., Settings]) -> None:
    async with BotApiServer() as server:
        right = given(TELEGRAM_BASE_URL=server.base_url, TELEGRAM_BOT_TOKEN=TOKEN)
        wrong = given(TELEGRAM_BASE_URL=server.base_url)
        me = await asyncio.to_thread(asks(right), "getMe")
        refused = await asyncio.to_thread(asks(wrong), "getMe")
        lines = await asyncio.to_thread(lambda: told(telegram(right, lambda: datetime.now(UTC))))
    assert (me.status, me.result["username"]) == (200, "tsunagari_test_bot")
    assert me.date is not None
    assert (refused.status, refused.result) == (401, {})
    assert lines[:2] == [("token", "ok", "ok"), ("clock", "ok", "ok")]


def test_what_cannot_be_reached_tells_a_type_and_no_address(
    given: Callable[..., Settings],
) -> None:
    answer = asks(given(TELEGRAM_BASE_URL=f"http://127.0.0.1:{free_port()}/bot"))("getMe")
    assert answer == Answer(0, {}, None, "ConnectError")


def test_a_time_that_cannot_be_read_is_none() -> None:
    assert doctor_telegram._date("yesterday") is None
    assert doctor_telegram._date("") is None


# the command ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environ: str) -> tuple[int, str]:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(app, ["doctor", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def test_the_doctor_says_what_is_wrong_and_what_to_do(run: Callable[..., tuple[int, str]]) -> None:
    status, said = run()
    assert status == 1
    assert "だめ  設定: TELEGRAM_BOT_TOKEN, PSEUDONYM_KEY がありません\n      → " in said
    assert "ok    近いことばの表" in said
    assert run("--language", "en")[1].startswith("bad     Settings: ")


def test_the_doctor_tells_no_secret_and_stops_at_a_wrong_setting(
    run: Callable[..., tuple[int, str]],
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/bot"
    secrets = {"TELEGRAM_BOT_TOKEN": SECRET, "PSEUDONYM_KEY": "k" * 32}
    status, said = run("--json", TELEGRAM_BASE_URL=nowhere, **secrets)
    lines = {line["check"]: line for line in json.loads(said)["lines"]}
    assert (status, lines["token"]["result"]) == (1, "unreachable")
    assert lines["settings"]["result"] == "no_staff"
    assert all(line["remedy"] for line in lines.values() if line["level"] != Level.OK)
    assert not any(secret in said for secret in secrets.values())

    status, said = run(RETENTION_DAYS=SECRET)
    assert (status, len(said.splitlines())) == (1, 3)
    assert "RETENTION_DAYS" in said
    assert SECRET not in said


def test_every_result_has_its_sentence_and_its_remedy() -> None:
    """Read from the calls of ok, notice and bad in the program."""
    replies, seen = load_replies(), set()
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", str(SENTENCES)), "1")
    for path in Path(doctor_machine.__file__).parent.glob("doctor_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in {level.value for level in Level}:
                check, *rest = [
                    [n.value for n in ast.walk(argument) if isinstance(n, ast.Constant)]
                    for argument in node.args
                ]
                for result in [r for r in (rest or [["ok"]])[0] if isinstance(r, str)]:
                    seen.add(f"doctor.{check[0]}.{result}")
                    line = Line(check[0], Level(node.func.id), result, values)
                    assert line.what(replies, "ja")
                    assert bool(line.remedy(replies, "en")) == (line.level is not Level.OK)
    said = {key for key in SENTENCES if key.count(".") == 2 and ".level." not in key}
    assert said - seen == {"doctor.settings.wrong"}
