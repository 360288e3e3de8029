"""From Telegram's hand to the answer: nothing is lost on the way, and nothing answered twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from telegram import Update
from telegram.error import TimedOut

from bot.settings import Settings, load_settings
from bot.store.inbox import Arrived
from bot.store.outbox import Outgoing
from bot.store.post import MemoryPost, SqlitePost
from bot.store.writer import UnkeptError
from bot.telegram import arriving, build_application, delivery, processor
from bot.telegram.app import App
from bot.telegram.arriving import TRIES, Arriving
from bot.telegram.limits import Limits
from bot.telegram.processor import Processor, processor_of
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeAssistant, FakeBotApi, FakeClock
from tests.bot.test_serve import free_port
from tests.bot_api import Person

KEY = "k" * 32
SECRET = "hook-secret"


class Disk(MemoryPost):
    """A post that says what it was asked, and refuses or waits as a test wants."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int | None]] = []
        self.known: set[int] = set()
        self.left: list[Arrived] = []
        self.refuses = False
        self.writes = asyncio.Event()
        self.writes.set()

    async def arrive(self, update_id: int, payload: str) -> bool:
        await self.writes.wait()
        self._refuse()
        assert json.loads(payload)["update_id"] == update_id
        self.done.append(("arrive", update_id))
        new = update_id not in self.known
        self.known.add(update_id)
        return new

    async def answer(self, update_id: int | None, outgoing: list[Outgoing]) -> list[Outgoing]:
        self._refuse()
        self.done.append(("answer", update_id))
        return outgoing

    async def finish(self, update_id: int) -> None:
        self.done.append(("finish", update_id))

    async def unfinished(self) -> list[Arrived]:
        self._refuse()
        return self.left

    async def tend(self) -> None:
        self.done.append(("tend", None))

    def _refuse(self) -> None:
        if self.refuses:
            raise UnkeptError


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
async def build(
    settings: Settings,
    assistant: FakeAssistant,
    replies: Replies,
    clock: FakeClock,
    api: FakeBotApi,
) -> AsyncIterator[Callable[..., object]]:
    """Builds and starts an application; ``settings``: other than the usual."""
    built: list[App] = []

    async def started(post: MemoryPost | SqlitePost, other: Settings | None = None) -> App:
        app = build_application(
            other or settings, assistant, replies, clock,
            request=api, updates_request=FakeBotApi(), post=post,
        )  # fmt: skip
        await app.initialize()
        await app.start()
        await processor_of(app).start(app.bot)
        built.append(app)
        return app

    yield started
    for app in built:
        if app.running:
            await app.stop()
        await app.shutdown()


def arriving_of(disk: Disk, urgent: frozenset[int] = frozenset()) -> Arriving:
    """A queue; ``urgent``: ids of updates of people in danger."""
    is_urgent = lambda update: update.update_id in urgent  # noqa: E731
    return Arriving(disk, Limits(FakeClock()), is_urgent, waits=False)


async def arrive(app: App, api: FakeBotApi) -> None:
    """Bring what people did, as polling does."""
    for update in api.take_updates():
        await app.update_queue.put(Update.de_json(update, app.bot))


async def settle(app: App) -> None:
    """Wait until all that came was handled and sent."""
    await processor_of(app).arriving.settled()
    await app.update_queue.join()
    await processor_of(app).delivery.idle()


def numbers(person: Person, api: FakeBotApi, *texts: str) -> list[dict[str, object]]:
    for text in texts:
        person.says(text)
    return api.take_updates()


# once


async def test_an_update_that_polling_brings_twice_is_answered_once(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    (update,) = numbers(person, api, "さみしい")
    for _ in range(2):
        await app.update_queue.put(Update.de_json(update, app.bot))
    await settle(app)
    await app.update_queue.put(Update.de_json(update, app.bot))
    await settle(app)
    assert len(api.methods.messages) == 1


async def test_an_update_of_an_earlier_run_that_comes_again_is_answered_once(
    build, api: FakeBotApi, person: Person, tmp_path: Path, clock: FakeClock
) -> None:
    (update,) = numbers(person, api, "さみしい")
    for _ in range(2):
        with closing(SqlitePost(tmp_path / "t.db", KEY, 42, clock)) as post:
            app = await build(post)
            await app.update_queue.put(Update.de_json(update, app.bot))
            await settle(app)
            await app.stop()
            await app.shutdown()
    assert len(api.methods.messages) == 1


async def test_an_edited_message_is_an_update_of_its_own(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    person.says("さみしい")
    person.edits("委託")
    await arrive(app, api)
    await settle(app)
    assert len(api.methods.messages) == 2


async def test_what_is_typed_after_the_bots_name_is_not_kept(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    person.types_after_mention("委託")
    await arrive(app, api)
    await settle(app)
    assert disk.done == []


# kept, then confirmed


async def test_polling_asks_for_more_only_when_all_is_written(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    disk.writes.clear()
    person.says("さみしい")
    await arrive(app, api)
    confirmable = asyncio.create_task(processor_of(app).arriving.settled())
    done, _ = await asyncio.wait([confirmable], timeout=0.05)
    assert not done
    assert api.calls == []
    disk.writes.set()
    await confirmable
    await settle(app)
    assert len(api.methods.messages) == 1


@pytest.fixture
async def webhook(build, disk: Disk) -> AsyncIterator[Callable[[object], object]]:
    """A webhook that listens; gives the way to call it."""
    port = free_port()
    settings = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": "42:TEST",
            "PSEUDONYM_KEY": KEY,
            "TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_WEBHOOK_PORT": str(port),
        },
        env_file=None,
    )
    app = await build(disk, settings)

    async def set_webhook(**_: object) -> bool:
        return True

    app.updater._bootstrap = set_webhook
    await app.updater.start_webhook(
        listen="127.0.0.1", port=port, url_path="/telegram", secret_token=SECRET,
        webhook_url="https://bot.example.jp/telegram",
    )  # fmt: skip
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:

        async def call(update: object) -> int:
            url = f"http://127.0.0.1:{port}/telegram"
            return (await client.post(url, content=json.dumps(update))).status_code

        yield call
    await app.updater.stop()


async def test_a_webhook_says_yes_only_when_it_is_written(
    webhook, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    disk.writes.clear()
    (update,) = numbers(person, api, "さみしい")
    first, again = (asyncio.create_task(webhook(update)) for _ in range(2))
    done, _ = await asyncio.wait([first, again], timeout=0.2)
    assert not done
    disk.writes.set()
    assert await asyncio.gather(first, again) == [200, 200]
    assert disk.done[0][0] == "arrive"


async def test_an_update_that_the_webhook_brings_twice_is_answered_once(
    webhook, api: FakeBotApi, person: Person, disk: Disk
) -> None:
    (update,) = numbers(person, api, "さみしい")
    assert [await webhook(update) for _ in range(2)] == [200, 200]
    await asyncio.sleep(0.1)
    assert len(api.methods.messages) == 1
    assert [name for name, _ in disk.done] == ["arrive", "answer"]


# while the disk refuses


async def test_while_the_disk_refuses_people_are_answered_from_memory(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    disk.refuses = True
    person.says("長い")
    await arrive(app, api)
    await settle(app)
    assert len(api.methods.messages) == 3
    assert [name for name, _ in disk.done] == ["finish"]


async def test_while_the_disk_refuses_telegram_keeps_an_update_until_it_was_answered(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    disk.refuses = True
    api.hanging.add("sendMessage")
    person.says("さみしい")
    await arrive(app, api)
    await api.hangs.wait()
    confirmable = asyncio.create_task(processor_of(app).arriving.settled())
    done, _ = await asyncio.wait([confirmable], timeout=0.05)
    assert not done
    confirmable.cancel()
    await processor_of(app).delivery.stop()


async def test_while_the_disk_refuses_telegram_is_not_kept_waiting_for_ever(
    build, disk: Disk, api: FakeBotApi, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "HOLD_SECONDS", 0.05)
    app = await build(disk)
    disk.refuses = True
    api.hanging.add("sendMessage")
    person.says("さみしい")
    await arrive(app, api)
    await processor_of(app).arriving.settled()
    await processor_of(app).delivery.stop()


async def test_who_is_told_something_is_told_from_memory_too(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    app = await build(disk)
    disk.refuses = True
    message = Outgoing(
        person.id, "sendMessage",
        {"html": "x", "plain": "x", "keyboard": None, "answers": None, "thread": None},
    )  # fmt: skip
    await processor_of(app).delivery.give(app.bot, [message])
    await processor_of(app).delivery.idle()
    assert len(api.methods.messages) == 1


# taken up again


def left(update: dict[str, object], tries: int = 1) -> Arrived:
    return Arrived(int(update["update_id"]), json.dumps(update), tries)


async def test_what_was_left_is_answered_after_a_start_oldest_first(
    build, disk: Disk, api: FakeBotApi, person: Person, logged: list[dict[str, object]]
) -> None:
    disk.left = [left(update) for update in numbers(person, api, "長い", "さみしい", "委託")]
    app = await build(disk)
    await settle(app)
    texts = [sent.text[:2] for sent in api.methods.messages]
    assert texts == ["0。", "2。", "4。", "おつ", "実施"]
    assert logged[0] == {"event": "updates taken up again", "count": 3, "log_level": "warning"}


async def test_what_was_left_is_read_as_soon_as_the_disk_allows(
    build, disk: Disk, api: FakeBotApi, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "RESUME_SECONDS", 0.01)
    disk.left = [left(update) for update in numbers(person, api, "さみしい")]
    disk.refuses = True
    app = await build(disk)
    await asyncio.sleep(0.05)
    assert api.calls == []
    disk.refuses = False
    await asyncio.sleep(0.1)
    await settle(app)
    assert len(api.methods.messages) == 1
    assert ("tend", None) in disk.done


async def test_what_was_begun_before_is_begun_a_little_later(
    build, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    disk.left = [left(update, tries=2) for update in numbers(person, api, "さみしい")]
    app = await build(disk)
    await settle(app)
    assert api.calls == []
    await asyncio.sleep(1.1)
    await settle(app)
    assert len(api.methods.messages) == 1


async def test_what_ended_the_program_too_often_is_answered_with_a_window(
    build,
    disk: Disk,
    api: FakeBotApi,
    assistant: FakeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda _seconds, *call: loop.call_soon(*call))
    (update,) = numbers(api.person(), api, "さみしい")
    disk.left = [left(update, tries=TRIES + 1)]
    app = await build(disk)
    await asyncio.sleep(0)
    await settle(app)
    (sent,) = api.methods.messages
    assert WINDOW in sent.text
    assert assistant.asked == []


async def test_after_a_start_messages_that_waited_come_before_new_answers(
    build, api: FakeBotApi, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = api.person()
    monkeypatch.setattr(delivery, "FIRST_SECONDS", 60.0)
    with closing(SqlitePost(tmp_path / "t.db", KEY, 42, clock)) as post:
        app = await build(post)
        api.failures["sendMessage"].append(TimedOut())
        person.says("長い")
        await arrive(app, api)
        await settle(app)
        assert api.methods.messages == []
        await app.stop()
        await app.shutdown()
    clock.move(60)
    with closing(SqlitePost(tmp_path / "t.db", KEY, 42, clock)) as post:
        app = await build(post)
        person.says("さみしい")
        await arrive(app, api)
        await settle(app)
        assert await post.waiting() == []
    assert [sent.text[:2] for sent in api.methods.messages] == ["0。", "2。", "4。", "おつ"]


async def test_who_writes_again_hurries_what_rests_after_a_bad_line(
    build, disk: Disk, api: FakeBotApi, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_SECONDS", 60.0)
    app = await build(disk)
    api.failures["sendMessage"].append(TimedOut())
    person.says("さみしい")
    await arrive(app, api)
    await settle(app)
    person.says("委託")
    await arrive(app, api)
    await settle(app)
    await asyncio.sleep(0)
    await processor_of(app).delivery.idle()
    assert [sent.text[:2] for sent in api.methods.messages] == ["おつ", "実施"]


def test_an_application_that_was_built_elsewhere_has_no_post() -> None:
    class Other:
        update_processor = None

    with pytest.raises(TypeError):
        processor_of(Other())


async def test_stopping_waits_for_what_is_being_written(disk: Disk) -> None:
    queue = arriving_of(disk)
    sign = object()
    disk.writes.clear()
    await queue.put(Update(7))
    putting = asyncio.create_task(queue.put(sign))
    await asyncio.sleep(0)
    assert queue.empty()
    disk.writes.set()
    await putting
    assert [queue.get_nowait(), queue.get_nowait()] == [Update(7), sign]


async def test_what_is_no_update_is_passed_on(disk: Disk) -> None:
    done: list[str] = []

    async def handle() -> None:
        done.append("handled")

    post = delivery.Delivery(disk, None, None, None)  # type: ignore[arg-type]
    mail = Processor(disk, arriving_of(disk), post)
    await mail.do_process_update("anything", handle())
    assert (done, disk.done) == (["handled"], [])
