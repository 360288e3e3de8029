"""A canary goes every way a person's words can go, and is then searched in everything that comes
out: logs at DEBUG, standard output and error, other libraries' records, messages, the database.

Its words may stand in one place: the redacted text of an unanswered question. Its name and its
telephone number may stand nowhere at all.
"""

import io
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog
from rich.console import Console
from telegram.error import BadRequest, Forbidden, TimedOut
from telegram.ext import JobQueue
from typer.testing import CliRunner

from bot.app import App as Joined
from bot.app import Kept, build
from bot.asking import ask_many, ask_one
from bot.cli import app as command_line
from bot.console import Conversation
from bot.logs import set_up_logs
from bot.member_side import member_side
from bot.settings import Settings
from bot.staff_side import staff_side
from bot.store.database import open_database
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.store.privacy import SqlitePrivacy
from bot.store.query_log import SqliteQueryLog
from bot.store.queue import SqliteQueue
from bot.telegram import build_application
from bot.telegram.expiry import schedule_expiry
from bot.telegram.processor import processor_of
from bot.telegram.staff import StaffJobs
from handlers.library import Library
from knowledge.load import DATA
from tests.bot.fakes import STAFF_ID, FakeBotApi, FakeClock, SettledLatches, Talk
from tests.bot_api import Person
from tests.bot_api.people import Group

WORD = "ぬばたまコガラス文鎮"
NAME, PHONE = "鵜飼結衣", "080-5512-9034"
SAYS = f"{WORD}について教えて。{NAME}と申します。{PHONE}です"
KEY = "k" * 32
EVERYTHING = (WORD, "鵜飼", "結衣", "5512-9034", "55129034")
NEVER_KEPT = ("鵜飼", "結衣", "5512-9034", "55129034")


@dataclass
class Bird:
    """Everything the canary can be said to, and everything that comes out."""

    joined: Joined
    api: FakeBotApi
    talk: Talk
    log: SqliteQueryLog
    path: Path
    logs: io.StringIO
    records: io.StringIO

    def output(self) -> str:
        """What operators and people can read: logs, records, every message of the bot."""
        sent = [str(dict(message.parameters)) for message in self.api.methods.messages]
        sent += [str(offer) for offer in self.api.methods.offered]
        return "\n".join([self.logs.getvalue(), self.records.getvalue(), *sent])

    def places(self) -> set[str]:
        """The columns of the database in which the canary's words stand."""
        self.log.flush()
        if not self.path.is_file():
            return set()
        with closing(open_database(self.path)) as db:
            return {
                f"{table}.{column}"
                for table in db.table_names()
                for row in db.table(table).rows
                for column, value in row.items()
                if any(text in str(value) for text in EVERYTHING)
            }

    def bytes(self) -> bytes:
        """All files of the database."""
        return b"".join(f.read_bytes() for f in self.path.parent.iterdir() if f.is_file())


@pytest.fixture
def captured() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Our logs at DEBUG as they are written; and every record of others that reaches the root."""
    names = ("telegram", "httpx", "httpcore", "tornado.access", "tornado.general")
    handlers = logging.getLogger().handlers
    levels = {name: logging.getLogger(name).level for name in names}
    logs, records = io.StringIO(), io.StringIO()
    set_up_logs("DEBUG", logs)
    logging.getLogger().addHandler(logging.StreamHandler(records))
    yield logs, records
    logging.captureWarnings(capture=False)
    logging.getLogger().handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def bird(  # noqa: PLR0917  what a channel is made of
    tmp_path: Path,
    library: Library,
    settings: Settings,
    api: FakeBotApi,
    clock: FakeClock,
    captured: tuple[io.StringIO, io.StringIO],
) -> AsyncIterator[Bird]:
    path = tmp_path / "db" / "x.db"
    log = SqliteQueryLog(path, KEY, clock=clock)
    members = SqliteMembers(f"sqlite:///{path}", KEY)
    owners = SqliteOwners(f"sqlite:///{path}", KEY, clock, 150)
    kept = Kept(
        members,
        SqliteQueue(path, KEY, clock, lambda: library, DATA),
        SettledLatches(path, KEY, clock),
        owners,
        SqlitePrivacy(log, path, KEY),
        log.expire,
    )
    joined = build(log, kept=kept, source=lambda: library)
    application = build_application(
        settings,
        joined.assistant,
        joined.assistant,
        clock,
        request=api,
        updates_request=FakeBotApi(),
        members=member_side(joined, members),
    )
    await application.initialize()
    talk = Talk(application, api)
    application.add_error_handler(talk.record)
    yield Bird(joined, api, talk, log, path, *captured)
    await application.shutdown()
    owners.close()
    members.close()
    log.close()


def in_group(person: Person, api: FakeBotApi) -> Group:
    group = api.group()
    person.adds_the_bot(group)
    return group


COMMANDS = [
    *("start", "help", "privacy", "place", "lang", "clear", "forget", "export", "rules"),
    *("programs", "checklists", "changes", "invite", "join", "leave", "review", "unknown"),
]
UPDATES: dict[str, Callable[[Person, FakeBotApi], object]] = {
    "text": lambda p, _: p.says(SAYS),
    "edited text": lambda p, _: p.edits(SAYS),
    "caption": lambda p, _: p.sends_photo(SAYS),
    "caption of an album": lambda p, _: p.sends_photo(SAYS, album="1"),
    "group": lambda p, a: p.says(f"@tsunagari_bot {SAYS}", into=in_group(p, a)),
    "group, not for the bot": lambda p, a: p.says(SAYS, into=in_group(p, a)),
    "document with a caption": lambda p, _: p.sends(
        document={"file_id": "f", "file_unique_id": "u", "file_name": SAYS}, caption=SAYS
    ),
    "contact": lambda p, _: p.sends(contact={"phone_number": PHONE, "first_name": NAME}),
    "venue": lambda p, _: p.sends(
        venue={"location": {"latitude": 35.0, "longitude": 135.0}, "title": SAYS, "address": SAYS}
    ),
    "forged tap": lambda p, _: p.taps_data(SAYS[:20], None),
    "tap with a known beginning": lambda p, _: p.taps_data(f"topic:{WORD}", None),
    "typed in any chat": lambda p, _: p.types_after_mention(SAYS),
    "too long": lambda p, _: p.says(SAYS * 60),
    "danger": lambda p, _: p.says(f"死にたい。{SAYS}"),
    "soft signs": lambda p, _: p.says(f"つらい。もう消えてしまいたいかも。{SAYS}"),
    "hostile": lambda p, _: p.sends(text=f"<b>{SAYS}</b>\ud83d\x00'; drop table queries; --"),
    **{f"/{c}": lambda p, _, c=c: p.says(f"/{c} {SAYS}") for c in COMMANDS},  # type: ignore[misc]
}


def check(bird: Bird, capsys: pytest.CaptureFixture[str]) -> None:
    """The canary stands nowhere but where it may."""
    out = "\n".join([bird.output(), *capsys.readouterr()])
    assert [text for text in EVERYTHING if text in out] == []
    assert bird.places() <= {"queries.text"}
    if bird.path.is_file():
        content = bird.bytes()
        assert [text for text in NEVER_KEPT if text.encode() in content] == []


@pytest.mark.parametrize("kind", UPDATES)
async def test_an_update_leaves_no_words(
    bird: Bird, api: FakeBotApi, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    person = api.person()
    person = api.person()  # the first one is staff
    UPDATES[kind](person, api)
    await bird.talk.go_on()

    assert bird.talk.errors == []
    check(bird, capsys)


async def test_the_canary_would_be_found(bird: Bird, api: FakeBotApi) -> None:
    api.person()
    api.person().says(SAYS)
    await bird.talk.go_on()

    assert bird.places() == {"queries.text"}
    assert WORD.encode() in bird.bytes()


async def test_what_was_answered_keeps_no_words(
    bird: Bird, api: FakeBotApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.person()
    api.person().says(f"NPOに委託できますか。{WORD}、{NAME}です")
    await bird.talk.go_on()

    check(bird, capsys)


@pytest.mark.parametrize(
    "failure",
    [
        TimedOut(),
        Forbidden(SAYS),
        BadRequest(SAYS),
        (400, f"Bad Request: {SAYS}"),
        (500, SAYS),
        httpx.ConnectError(SAYS),
    ],
    ids=lambda failure: type(failure).__name__,
)
@pytest.mark.parametrize("method", ["sendMessage", "answerCallbackQuery", "answerInlineQuery"])
async def test_a_send_that_fails_tells_nothing(
    bird: Bird,
    api: FakeBotApi,
    failure: Exception | tuple[int, str],
    method: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api.failures[method].extend([failure] * 3)
    api.person()
    person = api.person()
    person.says(SAYS)
    person.taps_data(f"home:{WORD}", None)
    person.types_after_mention(f"委託 {SAYS}")
    await bird.talk.go_on()

    check(bird, capsys)


async def test_a_step_that_breaks_tells_nothing(
    bird: Bird,
    api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SAYS)

    monkeypatch.setattr(bird.joined.assistant._newest()[1]._reader, "read", broken)
    api.person()
    api.person().says(SAYS)
    await bird.talk.go_on()

    assert "answer_failed" in bird.logs.getvalue()
    check(bird, capsys)


async def test_a_channel_that_breaks_tells_nothing(
    bird: Bird,
    api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SAYS)

    monkeypatch.setattr(type(bird.joined.assistant), "answer", broken)
    api.person()
    api.person().says(SAYS)
    await bird.talk.go_on()

    assert [str(error) for error in bird.talk.errors] == [SAYS]
    assert "update failed" in bird.logs.getvalue()
    check(bird, capsys)


@pytest.mark.parametrize("harm", ["no database", "a folder", "locked"])
async def test_a_database_that_fails_tells_nothing(
    bird: Bird, api: FakeBotApi, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if harm == "a folder":
        bird.path.mkdir(parents=True)
    else:
        bird.path.parent.mkdir(parents=True)
        bird.path.write_bytes(b"" if harm == "locked" else b"no database" * 1000)
    blocker = sqlite3.connect(bird.path) if harm == "locked" else None
    if blocker:
        blocker.execute("begin exclusive")
    api.person()
    person = api.person()
    for text in (SAYS, f"死にたい。{SAYS}", "/forget", "/export"):
        person.says(text)
    asked = await bird.talk.go_on()
    person.taps_data(asked[-2].buttons[0].data, asked[-2].message)
    await bird.talk.go_on()
    if blocker:
        blocker.close()

    out = "\n".join([bird.output(), *capsys.readouterr()])
    assert [text for text in EVERYTHING if text in out] == []


async def test_staff_read_no_words_of_one_person(
    bird: Bird, api: FakeBotApi, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    officer, person = api.person(), api.person()
    assert officer.id == STAFF_ID
    person.says(SAYS)
    (sent,) = await bird.talk.go_on()
    side = staff_side(bird.joined, bird.joined.queue, 150, lambda: False)
    bird.log.flush()
    bird.joined.queue.regroup()  # type: ignore[union-attr]
    officer.says("/review")
    await bird.talk.go_on()
    delivery = processor_of(bird.talk._app).delivery
    jobs = StaffJobs(side, bird.joined.assistant, settings.telegram_staff_ids, delivery)
    await jobs.look(bird.talk._app.bot)
    await jobs.group(bird.talk._app.bot)
    await jobs.digest(bird.talk._app.bot)
    check(bird, capsys)

    person.taps(sent.button(bird.joined.assistant.say("choice.permit")))
    await bird.talk.go_on()
    bird.log.flush()
    officer.says("/review")
    *_, shown = await bird.talk.go_on()

    assert WORD in shown.text
    assert shown.message["chat"]["id"] == officer.id
    assert [text for text in NEVER_KEPT if text in bird.output()] == []


async def test_what_is_exported_is_redacted_and_what_is_forgotten_is_gone(
    bird: Bird, api: FakeBotApi
) -> None:
    api.person()
    person = api.person()
    person.says(SAYS)
    person.says("/export")
    person.says("/forget")
    *_, asked = await bird.talk.go_on()
    person.taps(asked.buttons[0])
    (done,) = await bird.talk.go_on()

    assert len(api.methods.documents) == 1
    assert done.text == bird.joined.assistant.say("forget.done")
    assert bird.places() == set()
    assert WORD.encode() not in bird.bytes()
    person.says("/clear")
    await bird.talk.go_on()
    assert api.methods.deleted == [5]  # /clear itself: everything before is forgotten


async def test_deleting_what_is_over_tells_nothing(
    bird: Bird, api: FakeBotApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.person()
    api.person().says(SAYS)
    await bird.talk.go_on()
    jobs = JobQueue[object]()
    jobs.set_application(bird.talk._app)
    schedule_expiry(jobs, None)
    schedule_expiry(jobs, bird.joined.expire)
    (job,) = jobs.jobs()
    await job.callback(None)  # type: ignore[arg-type]
    bird.log.flush()

    check(bird, capsys)


def lines(*texts: str) -> Callable[[str], str]:
    said = iter(texts)

    def read(_prompt: str) -> str:
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    return read


async def test_the_console_repeats_and_keeps_nothing(
    bird: Bird, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    texts = (SAYS, f"/join {SAYS}", f"/unknown {SAYS}", f"死にたい {SAYS}", "/forget", "1")
    Conversation(bird.joined, Console(file=out), read=lines(*texts)).run()

    assert [text for text in EVERYTHING if text in out.getvalue()] == []
    check(bird, capsys)
    assert bird.places() == set()


async def test_the_console_prints_what_is_exported(bird: Bird) -> None:
    out = io.StringIO()
    Conversation(bird.joined, Console(file=out, width=300), read=lines(SAYS, "/export")).run()

    text = out.getvalue()
    assert WORD in text  # one's own question, to oneself
    assert [secret for secret in NEVER_KEPT if secret in text] == []


@pytest.mark.parametrize(
    "line",
    [
        {"text": SAYS},
        {"text": SAYS, "prefecture": SAYS},
        {"text": SAYS, "role": SAYS},
        {"text": "", "choice": f"topic:{WORD}"},
        {SAYS: SAYS},
    ],
)
async def test_asking_by_the_line_tells_nothing(
    bird: Bird, line: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    raw = json.dumps(line, ensure_ascii=False).encode()
    ask_many(bird.joined, io.BytesIO(raw + b"\n{" + raw + b"\n\xff" + raw), out)

    assert len(out.getvalue().splitlines()) == 3
    assert [text for text in NEVER_KEPT if text in out.getvalue()] == []
    check(bird, capsys)


@pytest.mark.parametrize("as_json", [True, False])
async def test_asking_once_tells_nothing(
    bird: Bird, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    ask_one(bird.joined, (SAYS, None, None), out, as_json=as_json)
    ask_one(bird.joined, (SAYS, None, SAYS), out, as_json=as_json)
    ask_one(bird.joined, (SAYS, None, None), out, as_json=as_json, why=False)

    assert [text for text in EVERYTHING if text in out.getvalue()] == []
    check(bird, capsys)


@pytest.mark.parametrize("more", [["--log"], ["--log", "--json"], ["--prefecture", SAYS], []])
def test_the_command_ask_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    path = tmp_path / "db" / "x.db"
    values = {"DATABASE_URL": f"sqlite:///{path}", "PSEUDONYM_KEY": KEY, "LOG_LEVEL": "DEBUG"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(command_line, ["ask", SAYS, *more])
    structlog.reset_defaults()

    assert [text for text in EVERYTHING if text in result.output] == []
    content = b"".join(f.read_bytes() for f in path.parent.iterdir()) if path.exists() else b""
    assert [text for text in NEVER_KEPT if text.encode() in content] == []
    assert (WORD.encode() in content) == ("--log" in more)
