"""When very many write at once: who is in danger goes first, and is never left out."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from telegram import Update
from telegram.error import TimedOut

from bot.store.outbox import Outgoing
from bot.store.post import SqlitePost
from bot.telegram import arriving, delivery, limits, pace
from bot.telegram.arriving import TOGETHER, Arriving
from bot.telegram.delivery import Lane
from bot.telegram.limits import MESSAGES, Limits
from bot.telegram.pace import Pace
from bot.telegram.processor import processor_of
from knowledge.replies import Replies
from tests.bot.fakes import FakeAssistant, FakeBotApi, FakeClock
from tests.bot.test_telegram_inbox import (  # the fixtures are used by name
    KEY,
    Disk,
    arrive,
    build,
    disk,
    left,
    numbers,
    settle,
)
from tests.bot_api import Person

__all__ = ["build", "disk"]


def updates(api: FakeBotApi, person: Person, *texts: str) -> list[Update]:
    return [Update.de_json(update, None) for update in numbers(person, api, *texts)]


@pytest.fixture
def queue(disk: Disk, clock: FakeClock) -> Arriving:
    return Arriving(disk, Limits(clock), says_so, waits=True)


def says_so(update: Update) -> bool:
    return "死にたい" in str(update.message.text)


# who goes first


async def test_who_is_in_danger_is_answered_before_those_who_came_earlier(
    queue: Arriving, api: FakeBotApi, person: Person
) -> None:
    early, later, cry = updates(api, person, "委託", "取組", "死にたい")
    for update in (early, later, cry):
        await queue.put(update)
    assert [await queue.get() for _ in range(3)] == [cry, early, later]


async def test_others_wait_while_there_is_no_room_and_who_is_in_danger_does_not(
    queue: Arriving, api: FakeBotApi, person: Person
) -> None:
    queue.has_room = lambda: False
    other, cry = updates(api, person, "委託", "死にたい")
    await queue.put(other)
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    await queue.put(cry)
    assert await waiting is cry
    queue.has_room = lambda: True
    queue.look_again()
    assert await queue.get() is other


async def test_only_so_many_are_in_hand_at_a_time(
    queue: Arriving, api: FakeBotApi, person: Person
) -> None:
    many = updates(api, person, *(["委託"] * (TOGETHER + 1)))
    for update in many:
        await queue.put(update)
    begun = [await queue.get() for _ in range(TOGETHER)]
    next_one = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    assert not next_one.done()
    queue.handled(many[0])
    assert await next_one is many[-1]
    assert begun == many[:-1]


async def test_an_update_that_ends_in_a_mistake_of_ours_gives_its_place_back(
    build: Callable[..., object], disk: Disk, api: FakeBotApi, person: Person
) -> None:
    async def fails() -> None:
        raise KeyError

    mail = processor_of(await build(disk))
    (update,) = updates(api, person, "委託")
    mail.arriving.put_nowait(update)
    assert mail.arriving.get_nowait() is update
    with pytest.raises(KeyError):
        await mail.do_process_update(update, fails())
    mail.arriving.task_done()  # as the library does
    assert mail.arriving._in_hand == set()


async def test_after_a_mistake_of_ours_an_update_counts_as_urgent(
    disk: Disk,
    clock: FakeClock,
    api: FakeBotApi,
    person: Person,
    logged: list[dict[str, object]],
) -> None:
    def fails(_update: Update) -> bool:
        raise KeyError

    queue = Arriving(disk, Limits(clock), fails, waits=True)
    (update,) = updates(api, person, "さみしい")
    await queue.put(update)
    assert queue.urgent == {update.update_id}
    assert logged[0]["event"] == "urgency not known"
    assert "さみしい" not in str(logged)


async def test_what_comes_again_after_its_answer_leaves_nothing_behind(
    queue: Arriving, disk: Disk, api: FakeBotApi, person: Person
) -> None:
    (cry,) = updates(api, person, "死にたい")
    disk.known.add(cry.update_id)
    await queue.put(cry)
    assert queue.empty()
    assert queue.urgent == set()


async def test_a_tap_of_somebody_who_was_in_danger_is_urgent(
    build: Callable[..., object], disk: Disk, api: FakeBotApi, assistant: FakeAssistant
) -> None:
    app = await build(disk)
    calm, person = api.person(), api.person()
    assistant.in_danger.add(f"telegram:{person.id}")
    queue = processor_of(app).arriving
    calm.taps_data("start:windows", None)
    person.taps_data("start:windows", None)
    person.types_after_mention("委託")
    person.changes_membership(None, "member", "kicked")
    first, second, *others = [Update.de_json(one, app.bot) for one in api.take_updates()]
    assert [queue._is_urgent(one) for one in (first, second, *others)] == [
        False, True, False, False,
    ]  # fmt: skip


async def test_what_an_earlier_run_left_is_sorted_too(
    build: Callable[..., object], disk: Disk, api: FakeBotApi, person: Person
) -> None:
    disk.left = [left(one) for one in numbers(person, api, "委託", "さみしい", "死にたい")]
    app = await build(disk)
    await settle(app)
    assert "話してくれて" in api.methods.messages[0].text


async def test_whoever_stops_need_not_wait_for_what_lies_on_disk(
    build: Callable[..., object], api: FakeBotApi, clock: FakeClock, tmp_path: Path
) -> None:
    person = api.person()
    with closing(SqlitePost(tmp_path / "t.db", KEY, 42, clock)) as post:
        app = await build(post)
        processor_of(app).arriving.has_room = lambda: False
        person.says("委託")
        await arrive(app, api)
        await processor_of(app).arriving.settled()
        await app.stop()
        assert api.methods.messages == []
    with closing(SqlitePost(tmp_path / "t.db", KEY, 42, clock)) as post:
        app = await build(post)
        await settle(app)
        assert len(api.methods.messages) == 1


# who sends too much


async def test_who_sends_too_much_is_asked_once_to_wait_and_then_left_out(
    build: Callable[..., object],
    disk: Disk,
    api: FakeBotApi,
    replies: Replies,
    assistant: FakeAssistant,
) -> None:
    app, person, other = await build(disk), api.person(), api.person()
    for _ in range(MESSAGES + 3):
        person.says("委託")
    other.says("委託")
    await arrive(app, api)
    await settle(app)
    assert len(assistant.asked) == MESSAGES + 1
    said = [sent.text for sent in api.methods.messages]
    assert said.count(replies.say("telegram.too_much")) == 1
    assert len(said) == MESSAGES + 2


async def test_somebody_in_danger_is_answered_however_much_she_sends(
    build: Callable[..., object], disk: Disk, api: FakeBotApi
) -> None:
    app, person = await build(disk), api.person()
    for _ in range(MESSAGES + 3):
        person.says("委託")
    for _ in range(3):
        person.says("死にたい")
    await arrive(app, api)
    await settle(app)
    said = [sent.text for sent in api.methods.messages]
    assert sum("話してくれて" in text for text in said) == 3


async def test_after_a_while_a_person_is_answered_again_and_asked_to_wait_again(
    clock: FakeClock, api: FakeBotApi, person: Person
) -> None:
    counted = Limits(clock)
    many = updates(api, person, *(["委託"] * (MESSAGES + 1)))
    assert [counted.is_too_much(one) for one in many] == [False] * MESSAGES + [True]
    assert not counted.is_told(many[0])
    assert counted.is_told(many[0])
    clock.move(limits.SECONDS)
    assert not counted.is_too_much(many[0])
    assert counted.is_told(many[0])
    clock.move(limits.SECONDS * MESSAGES)
    assert not counted.is_too_much(many[0])
    assert not counted.is_told(many[0])


async def test_only_so_many_people_are_counted(
    clock: FakeClock, api: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PEOPLE", 1)
    counted = Limits(clock)
    (first,), (second,) = updates(api, api.person(), "a"), updates(api, api.person(), "b")
    assert [counted.is_too_much(first) for _ in range(MESSAGES + 1)][-1]
    assert not counted.is_told(first)
    counted.is_too_much(second)
    assert not counted.is_too_much(first)
    assert not counted.is_told(first)


async def test_when_too_many_wait_others_are_left_out_and_who_is_in_danger_is_not(
    queue: Arriving,
    api: FakeBotApi,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    logged: list[dict[str, object]],
) -> None:
    monkeypatch.setattr(arriving, "WAITING", 1)
    person = api.person()
    first, second, third, cry = updates(api, person, "委託", "委託", "委託", "死にたい")
    for update in (first, second, third, cry):
        await queue.put(update)
    assert [queue.get_nowait(), queue.get_nowait()] == [cry, first]
    assert queue.empty()
    assert [key for name, key in disk.done if name == "arrive"] == [first.update_id, cry.update_id]
    assert [line for line in logged if line["event"] == "updates left out"] == [
        {"event": "updates left out", "all": 1, "log_level": "warning"}
    ]


# what goes out


def message(chat: int, name: str, *, danger: bool = False, following: int = 0) -> Outgoing:
    given = {"html": None, "plain": name, "keyboard": None, "answers": None, "thread": None}
    return Outgoing(chat, "sendMessage", given, following=following, danger=danger)


def test_help_goes_before_what_waits_for_the_same_chat() -> None:
    lane = Lane(1)
    for name in ("a", "b"):
        lane.add(message(1, name))
    for name in ("x", "y"):
        lane.add(message(1, name, danger=True))
    assert [one.parameters["plain"] for one in lane.waiting] == ["x", "y", "a", "b"]


def test_help_does_not_cut_into_the_reply_that_is_being_sent() -> None:
    lane = Lane(1)
    lane.add(message(1, "a", following=1))
    lane.add(message(1, "b"))
    lane.add(message(1, "c"))
    lane.sending = True
    for name in ("x", "y"):
        lane.add(message(1, name, danger=True))
    assert [one.parameters["plain"] for one in lane.waiting] == ["a", "b", "x", "y", "c"]


async def test_help_that_comes_while_a_chat_waits_for_its_turn_is_sent_first(
    build: Callable[..., object],
    disk: Disk,
    api: FakeBotApi,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "CHAT", (1, 0.2))
    app = await build(disk)
    mail = processor_of(app).delivery
    mail.send(app.bot, [message(person.id, "first"), message(person.id, "second")])
    await asyncio.sleep(0.05)
    mail.send(app.bot, [message(person.id, "help", danger=True)])
    assert mail.has_room()
    await mail.idle()
    assert [sent.text for sent in api.methods.messages] == ["first", "help", "second"]


async def test_chats_that_are_written_to_take_the_room_and_give_it_back(
    build: Callable[..., object],
    disk: Disk,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "LANES", 1)
    app = await build(disk)
    mail = processor_of(app).delivery
    mail.send(app.bot, [message(person.id, "a")])
    assert not mail.has_room()
    await mail.idle()
    assert mail.has_room()


async def test_many_chats_that_rest_take_the_room_too(
    build: Callable[..., object],
    disk: Disk,
    api: FakeBotApi,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "RESTING", 1)
    monkeypatch.setattr(delivery, "FIRST_SECONDS", 60.0)
    app = await build(disk)
    mail = processor_of(app).delivery
    api.failures["sendMessage"].append(TimedOut())
    mail.send(app.bot, [message(person.id, "a")])
    await mail.idle()
    assert not mail.has_room()


# Telegram's limits


async def calls(limiter: Pace, chats: list[int], *, danger: bool | None = None) -> list[float]:
    """When each of these calls was made, in seconds from now."""
    loop = asyncio.get_running_loop()
    begun, made = loop.time(), []

    async def call() -> bool:
        made.append(loop.time() - begun)
        return True

    async def one(chat: int) -> None:
        await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)

    if danger is None:
        await asyncio.gather(*(one(chat) for chat in chats))
    else:
        with limiter.delivering(danger=danger):
            await asyncio.gather(*(one(chat) for chat in chats))
    return made


async def test_no_more_messages_a_second_than_telegram_allows() -> None:
    limiter = Pace(50)
    await limiter.initialize()
    made = await calls(limiter, list(range(1, 40)))
    await limiter.shutdown()
    for moment in made:  # 45 a second for all others, 9 of them at once
        assert sum(moment <= other < moment + 0.2 for other in made) <= 9 + 9 + 1


async def test_one_chat_is_sent_three_at_once_then_one_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "CHAT", (3, 0.3))
    made = await calls(Pace(1000), [1] * 5)
    assert made[3] >= 0.09
    assert made[4] >= 0.19


async def test_a_group_is_sent_twenty_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "GROUP", (1, 0.1))
    made = await calls(Pace(1000), [-1, -1])
    assert made[1] >= 0.09


async def test_help_in_danger_has_messages_of_its_own() -> None:
    limiter = Pace(10)
    others = asyncio.create_task(calls(limiter, list(range(1, 12))))
    await asyncio.sleep(0.01)
    (made,) = await calls(limiter, [99], danger=True)
    assert made < 0.5
    assert not others.done()
    # Beyond its own it goes before all others that wait.
    made, again = await calls(limiter, [98, 97], danger=True)
    assert again < 0.5
    assert not others.done()
    others.cancel()


async def test_what_is_delivered_has_waited_for_its_chat_already(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "CHAT", (1, 60.0))
    limiter = Pace(1000)
    await limiter.chat(1)
    assert len(await calls(limiter, [1, 1], danger=False)) == 2


async def test_what_has_no_chat_never_waits() -> None:
    async def call() -> bool:
        return True

    limiter = Pace(1)
    for _ in range(5):
        assert await limiter.process_request(call, (), {}, "answerCallbackQuery", {}, None)


async def test_chats_that_may_be_sent_to_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "CHATS", 2)
    monkeypatch.setattr(pace, "CHAT", (1, 0.01))
    limiter = Pace(1000)
    for chat in range(1, 6):
        await limiter.chat(chat)
        await asyncio.sleep(0.02)
    assert len(limiter._chats) <= 3
