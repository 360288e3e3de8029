"""Inbox and outbox on disk: what came is there after any end, encrypted, and no longer than so."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import structlog
from sqlite_utils import Database

from bot.store.corruption import Corruption
from bot.store.database import open_database
from bot.store.outbox import Outgoing
from bot.store.post import KEEP, LONGEST_REST, MemoryPost, SqlitePost
from bot.store.writer import UnkeptError, Writer
from tests.bot.fakes import FakeClock

KEY = "k" * 32
WORDS = "だれにも言わないで"
MESSAGE = Outgoing(42, "sendMessage", {"plain": WORDS}, "telegram:42", "vi", following=1)

Start = Callable[..., SqlitePost]


@pytest.fixture
def start(path: Path, clock: FakeClock) -> Iterator[Start]:
    """Begins the next run of the program; the one before has ended."""
    begun: list[SqlitePost] = []

    def started(key: str = KEY, bot: int = 1, **values: object) -> SqlitePost:
        for post in begun:
            post.close()
        begun.append(SqlitePost(path, key, bot, clock, **{"connect": quick, **values}))
        return begun[-1]

    yield started
    for post in begun:
        post.close()


@pytest.fixture
def post(start: Start) -> SqlitePost:
    return start()


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as logged:
        yield logged  # type: ignore[misc]
    assert WORDS not in repr(logged)


quick = partial(open_database, busy=0.1)


def full(path: Path) -> Database:
    """A disk with room for the tables alone."""
    db = quick(path)
    (pages,) = db.execute("pragma page_count").fetchone()
    db.execute(f"pragma max_page_count = {pages}").fetchall()
    return db


def bytes_of(path: Path) -> bytes:
    """All that lies in the folder of the database."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def counted(path: Path) -> tuple[int, int, int]:
    """Updates known, updates with their words, messages."""
    with closing(sqlite3.connect(path)) as db:
        (known, unfinished) = db.execute("select count(*), count(payload) from inbox").fetchone()
        (messages,) = db.execute("select count(*) from outbox").fetchone()
    return known, unfinished, messages


# from arrival to the end


async def test_an_update_is_there_after_the_program_died(start: Start, post: SqlitePost) -> None:
    assert await post.arrive(8, "later")
    assert await post.arrive(7, WORDS)
    found = await start().unfinished()
    assert [(one.update_id, one.payload, one.tries) for one in found] == [
        (7, WORDS, 1),
        (8, "later", 1),
    ]
    assert [one.tries for one in await start().unfinished()] == [2, 2]


async def test_what_is_being_handled_is_not_begun_again(post: SqlitePost) -> None:
    await post.arrive(7, WORDS)
    assert await post.unfinished() == []
    (kept,) = await post.answer(None, [MESSAGE])
    assert await post.waiting() == []
    await post.remove([kept])


async def test_an_answer_takes_the_place_of_the_update(
    start: Start, post: SqlitePost, path: Path
) -> None:
    await post.arrive(7, WORDS)
    first, second = await post.answer(7, [MESSAGE, replace(MESSAGE, following=0)])
    assert counted(path) == (1, 0, 2)
    after = start()
    assert await after.unfinished() == []
    assert await after.waiting() == [first, second]


async def test_an_update_is_finished_and_its_answer_kept_or_neither(
    start: Start, post: SqlitePost, path: Path
) -> None:
    await post.arrive(7, WORDS)
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "create trigger refuse before insert on outbox begin select raise(abort, ''); end"
        )
    with pytest.raises(UnkeptError):
        await post.answer(7, [MESSAGE])
    assert counted(path) == (1, 1, 0)
    assert len(await start().unfinished()) == 1


async def test_an_update_that_comes_again_is_known_for_two_days(
    start: Start, post: SqlitePost, clock: FakeClock
) -> None:
    assert await post.arrive(7, WORDS)
    await post.finish(7)
    assert not await start().arrive(7, WORDS)
    clock.move(KEEP.total_seconds() + 1)
    after = start()
    await after.tend()
    assert await after.arrive(7, WORDS)


async def test_another_bots_updates_have_the_same_numbers(start: Start, post: SqlitePost) -> None:
    await post.arrive(7, WORDS)
    await post.answer(None, [MESSAGE])
    other = start(bot=2)
    assert await other.arrive(7, WORDS)
    assert await other.unfinished() == []
    assert await other.waiting() == []


async def test_many_that_come_together_are_kept_in_their_order(
    start: Start, post: SqlitePost
) -> None:
    new = await asyncio.gather(*(post.arrive(number, str(number)) for number in range(300)))
    assert all(new)
    again = await asyncio.gather(*(post.arrive(number, "") for number in range(299, 302)))
    assert again == [False, True, True]
    answers = await asyncio.gather(
        *(post.answer(n, [replace(MESSAGE, chat=n)] * (n % 3)) for n in range(300))
    )
    ids = [one.id for answer in answers for one in answer]
    assert ids == sorted(set(ids))
    waiting = await start().waiting()
    assert [one.chat for one in waiting] == [n for n in range(300) for _ in range(n % 3)]


async def test_help_in_danger_is_sent_first_after_a_start(start: Start, post: SqlitePost) -> None:
    await post.answer(None, [MESSAGE])
    await post.answer(None, [replace(MESSAGE, chat=43, danger=True)])
    assert [one.chat for one in await start().waiting()] == [43, 42]


async def test_a_message_that_was_refused_for_a_time_rests_after_a_start_too(
    start: Start, post: SqlitePost, clock: FakeClock
) -> None:
    (kept,) = await post.answer(None, [MESSAGE])
    await post.postpone(replace(kept, tries=3, rest=90.0))
    clock.move(30)
    (waiting,) = await start().waiting()
    assert (waiting.tries, waiting.rest) == (3, 60.0)
    clock.move(-100_000)  # somebody set the clock
    assert (await start().waiting())[0].rest == LONGEST_REST


async def test_a_message_that_was_sent_is_forgotten(
    start: Start, post: SqlitePost, path: Path
) -> None:
    await post.remove(await post.answer(None, [MESSAGE, MESSAGE]))
    await post.remove([MESSAGE])  # never kept
    await post.postpone(MESSAGE)
    assert counted(path) == (0, 0, 0)
    assert await start().waiting() == []


async def test_a_message_two_days_old_is_sent_no_more(
    start: Start, post: SqlitePost, path: Path, clock: FakeClock, lines: list[dict[str, object]]
) -> None:
    await post.answer(None, [MESSAGE])
    clock.move(KEEP.total_seconds() + 1)
    assert await start().waiting() == []
    assert counted(path) == (0, 0, 0)
    assert lines[-1]["event"] == "messages too old to send"


# what can be read


async def test_no_word_and_no_chat_can_be_read_on_disk(post: SqlitePost, path: Path) -> None:
    await post.arrive(7, WORDS)
    await post.answer(None, [MESSAGE])
    found = bytes_of(path)
    assert len(found) > 0
    for secret in (WORDS.encode(), b"telegram:42", b"sendMessage"):
        assert secret not in found


async def test_what_was_deleted_does_not_linger_in_the_log_of_writes(
    post: SqlitePost, path: Path
) -> None:
    await post.arrive(7, WORDS)
    with closing(sqlite3.connect(path)) as db:
        (sealed,) = db.execute("select payload from inbox").fetchone()
    assert sealed.encode() in bytes_of(path)
    await post.finish(7)
    await post.tend()
    assert sealed.encode() not in bytes_of(path)
    await post.tend()


async def test_with_another_key_what_cannot_be_read_is_dropped_and_counted(
    start: Start, post: SqlitePost, path: Path, lines: list[dict[str, object]]
) -> None:
    await post.arrive(7, WORDS)
    await post.arrive(8, WORDS)
    await post.answer(None, [MESSAGE])
    after = start(key="x" * 32)
    assert await after.unfinished() == []
    assert await after.waiting() == []
    assert counted(path) == (2, 0, 0)
    assert [(line["event"], line["count"]) for line in lines] == [
        ("inbox not read", 2),
        ("outbox not read", 1),
    ]


# when the disk refuses


async def test_a_full_disk_is_told_once_until_there_is_room(
    start: Start, path: Path, lines: list[dict[str, object]]
) -> None:
    quick(path).close()
    room = [full, full, quick]
    post = start(connect=lambda where: room.pop(0)(where))  # noqa: PLW0108  each in turn
    for _ in range(2):
        with pytest.raises(UnkeptError):
            await post.arrive(7, WORDS * 2000)
    assert await post.arrive(7, WORDS * 2000)
    assert [(line["event"], line.get("error")) for line in lines] == [
        ("inbox not kept", "SQLITE_FULL"),
        ("inbox kept again", None),
    ]


async def test_what_a_locked_database_did_not_forget_is_forgotten_later(
    post: SqlitePost, path: Path, lines: list[dict[str, object]]
) -> None:
    await post.arrive(7, WORDS)
    (kept,) = await post.answer(None, [MESSAGE])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        await post.finish(7)
        await post.remove([kept])
        await post.postpone(kept)
        await post.tend()
        with pytest.raises(UnkeptError):
            await post.arrive(8, WORDS)
        with pytest.raises(UnkeptError):
            await post.answer(8, [MESSAGE])
        other.execute("rollback")
    assert counted(path) == (1, 1, 1)
    await post.tend()
    assert counted(path) == (1, 0, 0)
    assert [line["error"] for line in lines if line["event"] == "inbox not kept"] == [
        "SQLITE_BUSY"
    ]


async def test_a_second_process_on_the_same_database_keeps_its_hands_off(
    post: SqlitePost, path: Path, clock: FakeClock, lines: list[dict[str, object]]
) -> None:
    await post.arrive(7, WORDS)
    with closing(SqlitePost(path, KEY, 1, clock, quick)) as second:
        with pytest.raises(UnkeptError):
            await second.unfinished()
        assert lines[-1]["error"] == "EAGAIN"
        post.close()
        assert len(await second.unfinished()) == 1


async def test_a_database_that_somebody_removed_is_begun_anew_with_what_is_not_done(
    post: SqlitePost, path: Path
) -> None:
    await post.arrive(6, WORDS)
    await post.arrive(7, WORDS)
    (kept,) = await post.answer(6, [MESSAGE])
    for file in path.parent.glob("tsunagari.db*"):
        file.unlink()
    await post.arrive(8, WORDS)
    assert counted(path) == (3, 2, 1)
    await post.remove([kept])
    (later,) = await post.answer(8, [MESSAGE])
    assert counted(path) == (3, 1, 1)
    assert later.id > kept.id  # type: ignore[operator]


async def test_after_the_end_nothing_is_kept(post: SqlitePost) -> None:
    post.close()
    post.close()
    with pytest.raises(UnkeptError):
        await post.arrive(7, WORDS)


async def test_a_checkpoint_that_fails_stops_nothing(
    post: SqlitePost, path: Path, lines: list[dict[str, object]]
) -> None:
    await post.arrive(7, WORDS)
    await post.tend()
    await post.arrive(8, WORDS)
    assert post._writer._db is not None

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError

    post._writer._db.execute = fail  # type: ignore[method-assign,assignment]
    await post._writer.checkpoint()
    assert lines[-1]["event"] == "inbox not kept"
    assert await post.arrive(9, WORDS)
    assert counted(path) == (3, 3, 0)


async def test_a_mistake_of_ours_leaves_nobody_waiting(
    path: Path, lines: list[dict[str, object]]
) -> None:
    def fail(_db: Database, _given: object) -> list[None]:
        raise KeyError

    with (
        closing(Writer(Corruption(path, FakeClock()), quick)) as writer,
        pytest.raises(UnkeptError),
    ):
        await writer.do(fail, None)
    assert lines[-1] == {"event": "inbox failed", "error": "KeyError", "log_level": "error"}


async def test_who_does_not_wait_any_more_disturbs_nobody(post: SqlitePost) -> None:
    waiting = asyncio.create_task(post.arrive(7, WORDS))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await post.arrive(8, WORDS)


async def test_an_update_left_behind_by_a_lock_is_known_when_it_comes_again(
    post: SqlitePost, clock: FakeClock
) -> None:
    assert await post.arrive(7, WORDS)
    clock.move(timedelta(hours=1).total_seconds())
    await post.tend()
    assert not await post.arrive(7, WORDS)


async def test_memory_keeps_nothing() -> None:
    post = MemoryPost()
    assert await post.arrive(7, WORDS)
    assert await post.answer(7, [MESSAGE]) == [MESSAGE]
    await post.finish(7)
    await post.remove([MESSAGE])
    await post.postpone(MESSAGE)
    await post.tend()
    assert (await post.unfinished(), await post.waiting()) == ((), ())
