"""The disk refuses for a while: people are answered from memory, and nothing is left behind."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlite_utils import Database
from telegram import Update

from bot.settings import Settings
from bot.store.database import open_database
from bot.store.outbox import Outgoing
from bot.store.post import SqlitePost
from bot.store.query_log import SqliteQueryLog
from bot.telegram import build_application
from bot.telegram.app import App
from bot.telegram.processor import processor_of
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeAssistant, FakeBotApi, FakeClock
from tests.bot.queries import unanswered

KEY = "k" * 32


class Disk:
    """Opens databases as well as the disk lets it."""

    def __init__(self) -> None:
        self.opens: Callable[[Path], Database] = self.well

    def __call__(self, path: Path) -> Database:
        return self.opens(path)

    @staticmethod
    def well(path: Path) -> Database:
        return open_database(path, busy=0.1)

    @staticmethod
    def full(path: Path) -> Database:
        """No page more than there are, and those are taken."""
        db = open_database(path, busy=0.1)
        (pages,) = db.execute("pragma page_count").fetchone()
        db.execute(f"pragma max_page_count = {pages}").fetchall()
        return db

    @staticmethod
    def read_only(path: Path) -> Database:
        address = f"file:{quote(str(path))}?mode=ro"
        return Database(sqlite3.connect(address, uri=True, timeout=0.1))


class House:
    """The bot on one database."""

    def __init__(
        self, app: App, api: FakeBotApi, post: SqlitePost, path: Path, disk: Disk
    ) -> None:
        self.app, self.api, self.post, self.path, self.disk = app, api, post, path, disk

    async def goes_on(self) -> None:
        """Bring what people did, as polling does, until all was said."""
        for update in self.api.take_updates():
            await self.app.update_queue.put(Update.de_json(update, self.app.bot))
        processor = processor_of(self.app)
        await processor.arriving.settled()
        await self.app.update_queue.join()
        await processor.delivery.idle()

    def reopen(self) -> None:
        """Let the thread that writes open the database once more."""
        self.post._writer._thread.submit(self.post._writer._disconnect).result()

    def left(self) -> int:
        """Updates and messages on disk that are not done with."""
        with closing(sqlite3.connect(self.path)) as db:
            return int(
                db.execute("select (select count(payload) from inbox) + count(*) from outbox")
                .fetchone()[0]
            )  # fmt: skip


@pytest.fixture
async def house(  # noqa: PLR0917  fixtures are
    settings: Settings,
    assistant: FakeAssistant,
    replies: Replies,
    clock: FakeClock,
    api: FakeBotApi,
    tmp_path: Path,
) -> AsyncIterator[House]:
    path, disk = tmp_path / "data" / "tsunagari.db", Disk()
    with closing(SqlitePost(path, KEY, 42, clock, disk)) as post:
        app = build_application(
            settings, assistant, replies, clock,
            request=api, updates_request=FakeBotApi(), post=post,
        )  # fmt: skip
        await app.initialize()
        await app.start()
        await processor_of(app).start(app.bot)
        yield House(app, api, post, path, disk)
        await app.stop()
        await app.shutdown()


async def answered_all_along(
    house: House, logged: list[dict[str, object]], cause: str, refuse: Callable[[], object],
    allow: Callable[[], object],
) -> None:  # fmt: skip
    """Be answered before, while the disk refuses, and after; the cause is one line."""
    people = [house.api.person() for _ in range(5)]
    people[0].says("さみしい")
    await house.goes_on()
    refuse()
    for person in people[1:4]:
        person.says("長い" * 500)
        person.says("さみしい")
        await house.goes_on()
    allow()
    await house.post.tend()
    people[4].says("さみしい")
    await house.goes_on()

    texts = [sent.text for sent in house.api.methods.messages]
    assert len(texts) == 1 + 3 * 4 + 1
    assert sum(WINDOW in text for text in texts) == 5
    told = [line for line in logged if str(line["event"]).startswith("inbox")]
    assert {line.get("error") for line in told} == {cause, None}
    # Once each time: on a full disk a short row may find room, and a long one after it none.
    assert [line["event"] for line in told] == ["inbox not kept", "inbox kept again"] * (
        len(told) // 2
    )
    assert house.left() == 0
    assert not list(house.path.parent.glob("*.corrupt-*"))


async def test_the_disk_is_full(house: House, logged: list[dict[str, object]]) -> None:
    def refuse() -> None:
        house.disk.opens = house.disk.full
        house.reopen()

    def allow() -> None:
        house.disk.opens = house.disk.well
        house.reopen()

    await answered_all_along(house, logged, "SQLITE_FULL", refuse, allow)


async def test_the_database_is_read_only(house: House, logged: list[dict[str, object]]) -> None:
    def refuse() -> None:
        house.disk.opens = house.disk.read_only
        house.reopen()

    def allow() -> None:
        house.disk.opens = house.disk.well

    await answered_all_along(house, logged, "SQLITE_READONLY", refuse, allow)


async def test_the_database_is_locked(house: House, logged: list[dict[str, object]]) -> None:
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:

        def refuse() -> None:
            other.execute("begin immediate")

        def allow() -> None:
            other.execute("rollback")

        await answered_all_along(house, logged, "SQLITE_BUSY", refuse, allow)


async def test_while_the_disk_refuses_the_query_log_waits_in_memory(
    tmp_path: Path, clock: FakeClock
) -> None:
    path, disk = tmp_path / "data" / "tsunagari.db", Disk()
    with closing(SqliteQueryLog(path, KEY, clock=clock, connect=disk)) as log:
        log.record(unanswered("前"))
        log.flush()
        log._thread.submit(log._current.close).result()
        disk.opens = disk.read_only
        log.record(unanswered("間"))
        log.flush()
        assert (log.waiting, log.lost) == (1, 0)
        disk.opens = disk.well
        log.record(unanswered("後"))
        log.flush()
    with closing(sqlite3.connect(path)) as db:
        texts = [text for (text,) in db.execute("select text from queries order by id")]
    assert texts == ["前", "間", "後"]


async def test_a_notice_to_who_waited_is_sent_from_memory(house: House) -> None:
    house.disk.opens = house.disk.read_only
    house.reopen()
    person = house.api.person()
    words = {"html": "x", "plain": "x", "keyboard": None, "answers": None, "thread": None}
    delivery = processor_of(house.app).delivery
    await delivery.give(house.app.bot, [Outgoing(person.id, "sendMessage", words)])
    await delivery.idle()
    assert len(house.api.methods.messages) == 1
