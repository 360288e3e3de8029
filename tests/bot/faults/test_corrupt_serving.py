"""The database turns out to be corrupt while serving: set aside, begun anew, nothing lost."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import structlog
from telegram import Update
from telegram.error import Forbidden, TimedOut

from bot.settings import Settings
from bot.store import writer as writing_thread
from bot.store.corruption import Corruption
from bot.store.database import open_database, writing
from bot.store.members import SqliteMembers
from bot.store.outbox import Outgoing
from bot.store.post import SqlitePost
from bot.store.query_log import SqliteQueryLog
from bot.store.writer import UnkeptError
from bot.telegram import build_application, delivery
from bot.telegram.app import App
from bot.telegram.notices import Notices
from bot.telegram.processor import processor_of
from knowledge.replies import Replies
from tests.bot.fakes import STAFF_ID, WINDOW, FakeAssistant, FakeBotApi, FakeClock, SettledLatches
from tests.bot.faults.disk import asides, digest, wreck
from tests.bot.queries import unanswered

KEY = "k" * 32
MESSAGE = Outgoing(42, "sendMessage", {"plain": "x"}, "telegram:42")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tsunagari.db"


@pytest.fixture
def corruption(path: Path, clock: FakeClock) -> Corruption:
    return Corruption(path, clock)


@pytest.fixture
def post(path: Path, clock: FakeClock, corruption: Corruption) -> Iterator[SqlitePost]:
    connect = partial(open_database, busy=0.1)
    with closing(SqlitePost(path, KEY, 42, clock, connect, corruption=corruption)) as post:
        yield post


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as logged:
        yield logged  # type: ignore[misc]


def damage(post: SqlitePost, path: Path) -> None:
    """Damage the file so that the next read of the mail's thread meets it."""
    post._writer._thread.submit(post._writer._disconnect).result()
    wreck(path)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110  what another thread does sets no event
            await asyncio.sleep(0.02)


def events(lines: list[dict[str, object]]) -> list[object]:
    return [line["event"] for line in lines]


def counted(path: Path) -> tuple[int, int]:
    """Updates that are not done, and messages that wait."""
    with closing(sqlite3.connect(path)) as db:
        (undone,) = db.execute("select count(payload) from inbox").fetchone()
        (waiting,) = db.execute("select count(*) from outbox").fetchone()
    return undone, waiting


async def test_it_is_set_aside_and_what_is_not_done_is_in_the_new_one(
    post: SqlitePost, path: Path, lines: list[dict[str, object]]
) -> None:
    await post.arrive(7, "done")
    await post.arrive(8, "undone")
    sent, waits = await post.answer(7, [MESSAGE, replace(MESSAGE, chat=43)])
    await post.remove([sent])
    await post.postpone(replace(waits, tries=2, rest=60.0))
    damage(post, path)
    before = digest(path)
    with pytest.raises(UnkeptError):
        await post.arrive(9, "from memory")
    await until(lambda: "inbox kept again" in events(lines) or asides(path))
    await until(lambda: not post._writer._looking)

    assert [digest(file) for file in asides(path)] == [before]
    assert await post.arrive(9, "new")
    assert not await post.arrive(7, "done")
    assert counted(path) == (2, 1)
    (new,) = await post.answer(9, [MESSAGE])
    assert (new.id or 0) > (waits.id or 0)
    await post.remove([waits])
    assert counted(path) == (1, 1)
    assert events(lines).count("database set aside") == 1


async def test_a_second_time_nothing_of_the_first_is_touched(
    post: SqlitePost, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_thread, "LOOK_SECONDS", 0.0)
    before = []
    for number in range(2):
        await post.arrive(number, "undone")
        damage(post, path)
        before.append(digest(path))
        with pytest.raises(UnkeptError):
            await post.arrive(10 + number, "x")
        await until(lambda number=number: len(asides(path)) == number + 1)
        await until(lambda: not post._writer._looking)
        await post.arrive(20 + number, "undone")

    assert [digest(file) for file in asides(path)] == before
    assert counted(path) == (4, 0)


async def test_on_a_full_disk_it_stays_until_there_is_room(
    post: SqlitePost, path: Path, lines: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_thread, "LOOK_SECONDS", 0.0)
    await post.arrive(7, "undone")
    damage(post, path)
    before = digest(path)

    def full(_source: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        with pytest.raises(UnkeptError):
            await post.arrive(8, "x")
        await until(
            lambda: {"event": "inbox not kept", "error": "ENOSPC", "log_level": "error"} in lines
        )
        await until(lambda: not post._writer._looking)
    assert (digest(path), asides(path)) == (before, [])

    with pytest.raises(UnkeptError):
        await post.arrive(8, "x")
    await until(lambda: asides(path) and not post._writer._looking)
    assert [digest(file) for file in asides(path)] == [before]
    assert counted(path) == (1, 0)


async def test_without_room_for_a_new_one_what_is_undone_is_written_once_there_is(
    path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [True]

    def connect(where: Path):
        if not room:
            raise OSError(errno.ENOSPC, "")
        return open_database(where, busy=0.1)

    monkeypatch.setattr(writing_thread, "LOOK_SECONDS", 0.0)
    with closing(SqlitePost(path, KEY, 42, clock, connect)) as post:
        await post.arrive(7, "undone")
        damage(post, path)
        with pytest.raises(UnkeptError):
            await post.arrive(8, "x")
        room.clear()
        await until(lambda: asides(path) and not post._writer._looking)
        with pytest.raises(UnkeptError):
            await post.arrive(8, "x")
        room.append(True)
        await post.arrive(9, "undone")
    assert counted(path) == (2, 0)


async def test_mail_of_an_earlier_run_is_read_from_what_was_set_aside_at_the_start(
    path: Path, clock: FakeClock
) -> None:
    with closing(SqlitePost(path, KEY, 42, clock)) as post:
        await post.arrive(7, "undone")
        (waits,) = await post.answer(None, [MESSAGE])
        # A page that nobody needs for the mail: one of the audit's.
        with closing(open_database(path)) as db:
            with writing(db):
                db.table("audit").insert_all(
                    {"at": str(n), "who": "x" * 300, "what": "y", "target": "z", "detail": "{}"}
                    for n in range(100)
                )
            pages = (
                db.execute(
                    "select pageno from dbstat where name = 'audit' and pagetype = 'leaf'"
                ).fetchall()
                if _has_dbstat(db)
                else []
            )
    if not pages:
        pytest.skip("this SQLite cannot tell its pages")
    with path.open("r+b") as file:
        for (page,) in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)

    corruption = Corruption(path, clock)
    corruption.start()
    assert len(asides(path)) == 1
    with closing(SqlitePost(path, KEY, 42, clock, corruption=corruption)) as post:
        (found,) = await post.unfinished()
        assert (found.update_id, found.payload) == (7, "undone")
        assert [one.id for one in await post.waiting()] == [waits.id]


def _has_dbstat(db: object) -> bool:
    try:
        db.execute("select 1 from dbstat limit 1").fetchall()  # type: ignore[attr-defined]
    except sqlite3.OperationalError:
        return False
    return True


async def test_what_somebody_else_meets_is_set_aside_too_and_everybody_goes_on_in_the_new_one(
    post: SqlitePost, path: Path, clock: FakeClock, corruption: Corruption
) -> None:
    latches = SettledLatches(path, KEY, clock, met=corruption.met)
    corruption.again.append(latches.keep_again)
    members = SqliteMembers(f"sqlite:///{path}", KEY, corruption.met)
    told: list[Path] = []
    corruption.tell = told.append
    log = SqliteQueryLog(path, KEY, clock=clock, met=corruption.met)
    with closing(log), closing(members):
        latches.put("telegram:42", "suicide")
        assert members.issue(clock.now())
        log.record(unanswered("前"))
        log.flush()
        await post.arrive(7, "undone")
        await post.tend()
        damage(post, path)
        log._thread.submit(log._current.close).result()
        log.record(unanswered("後"))
        log.flush()
        await until(lambda: told and not post._writer._looking)
        assert members.issue(clock.now())
        log.flush()

        assert told == asides(path)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("select text from queries").fetchall() == [("後",)]
            assert db.execute("select kind from latches").fetchall() == [("unknown",)]
            assert db.execute("select count(*) from invitations").fetchone() == (1,)
        assert counted(path) == (1, 0)
        assert latches.holds("telegram:42")


async def test_a_false_alarm_sets_nothing_aside(
    post: SqlitePost, path: Path, corruption: Corruption
) -> None:
    await post.arrive(7, "undone")
    error = sqlite3.DatabaseError()
    error.sqlite_errorname = "SQLITE_CORRUPT"  # type: ignore[misc]
    corruption.met(error)
    await until(lambda: not post._writer._looking)
    assert asides(path) == []
    await post.arrive(8, "undone")
    assert counted(path) == (2, 0)


@pytest.mark.parametrize("name", ["SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR"])
async def test_other_faults_of_the_disk_are_no_damage(
    post: SqlitePost, corruption: Corruption, name: str
) -> None:
    error = sqlite3.OperationalError()
    error.sqlite_errorname = name  # type: ignore[misc]
    corruption.met(error)
    corruption.met(PermissionError())
    assert not post._writer._looking


# people and staff


@pytest.fixture
async def app(  # noqa: PLR0917  fixtures are
    settings: Settings,
    assistant: FakeAssistant,
    replies: Replies,
    clock: FakeClock,
    api: FakeBotApi,
    post: SqlitePost,
) -> AsyncIterator[App]:
    app = build_application(
        settings, assistant, replies, clock, request=api, updates_request=FakeBotApi(), post=post
    )
    await app.initialize()
    await app.start()
    await processor_of(app).start(app.bot)
    yield app
    if app.running:
        await app.stop()
    await app.shutdown()


async def brought(app: App, api: FakeBotApi) -> None:
    """Bring what people did, as polling does, and wait until all was said."""
    for update in api.take_updates():
        await app.update_queue.put(Update.de_json(update, app.bot))
    await processor_of(app).arriving.settled()
    await app.update_queue.join()
    await processor_of(app).delivery.idle()


async def test_people_are_answered_at_every_moment(
    app: App, api: FakeBotApi, post: SqlitePost, path: Path
) -> None:
    people = [api.person() for _ in range(4)]
    people[0].says("さみしい")
    await brought(app, api)
    damage(post, path)
    for person in people[1:]:
        person.says("さみしい")
        await brought(app, api)
    await until(lambda: asides(path) and not post._writer._looking)
    people[0].says("さみしい")
    await brought(app, api)

    assert [WINDOW in sent.text for sent in api.methods.messages] == [True] * 5
    assert counted(path) == (0, 0)


async def test_a_reply_that_waits_is_sent_from_the_new_database_after_a_kill(
    app: App,
    api: FakeBotApi,
    post: SqlitePost,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "FIRST_SECONDS", 60.0)
    api.failures["sendMessage"].append(TimedOut())
    api.person().says("さみしい")
    await brought(app, api)
    damage(post, path)
    api.person().says("さみしい")
    await brought(app, api)
    await until(lambda: asides(path) and not post._writer._looking)

    assert counted(path) == (0, 1)


async def test_staff_are_told_once_in_words_and_the_one_who_blocked_the_bot_stops_nobody(
    app: App, api: FakeBotApi, replies: Replies
) -> None:
    officer, gone = api.person(), api.person()
    notices = Notices({officer.id, gone.id}, replies)
    assert officer.id == STAFF_ID
    notices.add("operation.set_aside", file="tsunagari.db.corrupt-20261120T180000")
    api.failures["sendMessage"].extend([TimedOut(), Forbidden("")])
    await notices.send(app.bot)
    await notices.send(app.bot)
    await notices.send(app.bot)

    (sent,) = api.methods.messages
    assert "tsunagari.db.corrupt-20261120T180000" in sent.text
    assert "tsunagari restore" in sent.text
    assert api.calls.count("sendMessage") == 3


async def test_where_there_is_no_staff_nobody_is_told(
    app: App, api: FakeBotApi, replies: Replies
) -> None:
    notices = Notices((), replies)
    notices.add("operation.set_aside", file="x")
    await notices.send(app.bot)
    assert api.calls == []
