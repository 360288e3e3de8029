"""Updates that cannot be read: confirmed, in nobody's way, and answered as far as can be."""

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot, Updater
from telegram.request import HTTPXRequest

from bot.operation.metrics import Metrics
from bot.settings import Settings
from bot.store.inbox import Arrived
from bot.store.post import MemoryPost
from bot.telegram import build_application
from bot.telegram.app import App
from bot.telegram.careful import CarefulRequest, CarefulUpdater
from bot.telegram.malformed import KEY, payload_of, readable, sound
from bot.telegram.operation import Operation
from bot.telegram.process import KINDS
from bot.telegram.processor import processor_of
from bot.telegram.shapes import UPDATE
from bot.telegram.tolerant import load
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeAssistant, FakeBotApi, FakeClock, Talk
from tests.bot.test_serve import DATABASE, SECONDS, bot, free_port
from tests.bot_api import BotApiServer, Person
from tests.bot_api.people import WHEN, Json
from tests.fuzz.world import Feed, settle

SECRET = "hook-secret"
CANARY = "ぬばたまのあいことば"
DEEP = '{"a":' * 3000 + "1" + "}" * 3000


@pytest.fixture
def post() -> MemoryPost:
    return MemoryPost()


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
async def served(
    *,
    settings: Settings,
    assistant: FakeAssistant,
    replies: Replies,
    clock: FakeClock,
    api: FakeBotApi,
    feed: Feed,
    post: MemoryPost,
) -> AsyncIterator[App]:
    app = build_application(
        settings, assistant, replies, clock, request=api, updates_request=feed, post=post
    )
    await app.initialize()
    await app.start()
    await processor_of(app).start(app.bot)
    yield app
    await app.stop()
    await app.shutdown()


@pytest.fixture
async def poll(served: App, feed: Feed) -> Callable[..., Awaitable[list[int]]]:
    """Brings JSON as polling does; gives the numbers of the updates that are confirmed."""

    async def bring(*updates: Json | str) -> list[int]:
        bodies = [one if isinstance(one, str) else json.dumps(one) for one in updates]
        feed.body = f'{{"ok":true,"result":[{",".join(bodies)}]}}'.encode()
        found = await served.bot.get_updates()
        for update in found:
            await served.update_queue.put(update)
        await settle(served)
        return [update.update_id for update in found]

    return bring


def written(person: Person, update_id: int = 1, **content: Any) -> Json:
    """A message of a person, as an update."""
    return {"update_id": update_id, "message": person._message(None, 1, **content)}


def texts(api: FakeBotApi) -> list[str]:
    return [sent.text for sent in api.methods.messages]


# nobody is kept waiting ────────────────────────────────────────────────────────────────────────

UNREAD: dict[str, Json] = {
    "a message without anything": {"message": {}},
    "a message that is a text": {"message": CANARY},
    "a chat that is a text": {"message": {"message_id": 1, "date": 1, "chat": CANARY}},
    "a tap of nobody": {"callback_query": {"id": "1", "data": "x"}},
    "a change without states": {"my_chat_member": {"chat": {"id": 1, "type": "private"}}},
    "an unknown kind": {"telepathy": {"from": CANARY}},
    "a kind that was not asked for": {"poll": {"id": []}},
}


@pytest.mark.parametrize("name", UNREAD)
async def test_an_update_that_cannot_be_read_is_confirmed_and_keeps_out_no_other(
    poll, api: FakeBotApi, name: str
) -> None:
    first, last = api.person(), api.person()
    confirmed = await poll(
        written(first, 1, text="さみしい"),
        {"update_id": 2, **UNREAD[name]},
        written(last, 3, text="さみしい"),
    )
    assert confirmed == [1, 2, 3]
    assert [WINDOW in text for text in texts(api)] == [True, True]


@pytest.mark.parametrize("bad", [5, None, [], {}, {"update_id": "1"}, {"update_id": 2**70}])
async def test_what_has_no_number_is_left_out(
    poll, api: FakeBotApi, person: Person, bad: object
) -> None:
    assert await poll(json.dumps(bad), written(person, text="さみしい")) == [1]
    assert len(texts(api)) == 1


async def test_json_that_nobody_can_read_whole_is_read_in_part(
    poll, api: FakeBotApi, assistant: FakeAssistant
) -> None:
    deep, long = api.person(), api.person()
    first, second = (json.dumps(written(one, text="さみしい")) for one in (deep, long))
    second = second.replace('"update_id": 1', '"update_id": 2')
    confirmed = await poll(
        f'{first[:-2]}, "new": {DEEP}}}}}', f'{second[:-2]}, "new": {"9" * 5000}}}}}'
    )
    assert confirmed == [1, 2]
    assert [one.text for one in assistant.asked] == ["さみしい", "さみしい"]


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "1", '{"ok": true}', '{"result": {}}', '{"result": [{}]}']
)
async def test_what_is_no_answer_of_telegram_is_asked_for_again(
    served: App, feed: Feed, body: str
) -> None:
    feed.body = body.encode()
    with pytest.raises(TelegramError):
        await served.bot.get_updates()


async def test_the_library_alone_would_throw_all_of_it_away(feed: Feed, person: Person) -> None:
    """Should it do better one day, CarefulBot may go."""
    good = json.dumps(written(person, text="さみしい"))
    feed.body = f'{{"ok":true,"result":[{good},{{"update_id":2,"message":{{}}}}]}}'.encode()
    alone: ExtBot[None] = ExtBot("42:TEST", request=feed, get_updates_request=feed)
    with pytest.raises(KeyError):
        await alone.get_updates()
    with pytest.raises(RecursionError):
        HTTPXRequest.parse_json_payload(DEEP.encode())
    with pytest.raises(TelegramError):
        HTTPXRequest.parse_json_payload(b"9" * 5000)


def test_a_refusal_is_read_too() -> None:
    assert CarefulRequest.parse_json_payload(b'{"description": "x"}') == {"description": "x"}


# who wrote is answered ─────────────────────────────────────────────────────────────────────────

DAMAGED: dict[str, Json] = {
    "a new kind of reply": {"external_reply": {"origin": 3}},
    "a photo without size": {"photo": [{"file_id": "x"}]},
    "a date that never was": {"date": 10**20},
    "no sender's name": {"from": {"id": 5_010_203_501}},
    "a broken entity": {"entities": [{"type": 1}]},
    "an unknown chat's title": {"forward_origin": {"type": "dream", "date": "x"}},
    "half a character": {"author_signature": "\ud83d"},
}


@pytest.mark.parametrize("name", DAMAGED)
async def test_words_that_can_be_told_are_answered_whatever_else_is_damaged(
    poll, api: FakeBotApi, person: Person, assistant: FakeAssistant, name: str
) -> None:
    update = written(person, text="死にたい")
    update["message"] |= DAMAGED[name]
    await poll(update)
    assert [one.text for one in assistant.asked] == ["死にたい"]
    assert [WINDOW in text for text in texts(api)] == [True]


async def test_halves_of_characters_are_replaced(
    poll, person: Person, assistant: FakeAssistant
) -> None:
    await poll(written(person, text="さみしい\ud83d"))
    assert [one.text for one in assistant.asked] == ["さみしい\ufffd"]


@pytest.mark.parametrize(("code", "language"), [("ja", "ja"), ("en", "en"), (7, "ja")])
async def test_who_wrote_what_cannot_be_read_gets_a_window_once(
    *, poll, api: FakeBotApi, person: Person, replies: Replies, code: object, language: str
) -> None:
    update = written(person, text=[CANARY], **{"from": {**person.user, "language_code": code}})
    await poll(update)
    await poll(update)
    assert texts(api) == [replies.say("telegram.error", language)]


async def test_a_tap_that_cannot_be_read_is_answered_with_a_window(
    poll, api: FakeBotApi, person: Person
) -> None:
    tap = {"id": "1", "from": person.user, "chat_instance": "1", "data": 3}
    await poll({"update_id": 1, "callback_query": tap})
    message = {"chat": person.chat, "message_id": "x"}
    await poll({"update_id": 2, "callback_query": {**tap, "data": "x", "message": message}})
    assert [WINDOW in text for text in texts(api)] == [True, True]


SILENT: dict[str, Callable[[Person], Json]] = {
    "a group": lambda _: {"chat": {"id": -5, "type": "group"}},
    "nobody knows where": lambda _: {"chat": None},
    "another bot": lambda who: {"from": {**who.user, "is_bot": True}},
}


@pytest.mark.parametrize("name", SILENT)
async def test_where_nobody_awaits_an_answer_nothing_is_said(
    poll, api: FakeBotApi, person: Person, name: str
) -> None:
    await poll(written(person, **{"text": [CANARY], **SILENT[name](person)}))
    assert api.calls == []


async def test_a_private_chat_is_known_by_its_person_too(
    poll, api: FakeBotApi, person: Person
) -> None:
    await poll(written(person, text="さみしい", chat={"id": "?", "type": "private"}))
    assert [WINDOW in text for text in texts(api)] == [True]


async def test_news_of_a_pinned_message_that_is_gone_is_kept(
    *, poll, api: FakeBotApi, person: Person, post: MemoryPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own JSON of such an update cannot be made."""
    kept: list[str] = []

    async def arrive(update_id: int, payload: str) -> bool:
        kept.append(payload)
        return bool(update_id)

    monkeypatch.setattr(post, "arrive", arrive)
    gone = {"message_id": 1, "date": 0, "chat": person.chat}
    update = written(person, pinned_message=gone)
    with pytest.raises(TypeError):
        Update.de_json(update).to_json()
    await poll(update)
    assert json.loads(kept[0])["message"]["pinned_message"]["date"] == 0
    assert api.calls == []


async def test_a_tap_under_a_message_that_is_gone_is_answered(
    poll, api: FakeBotApi, person: Person
) -> None:
    person.taps_data("prefecture:19", {"message_id": 1, "date": 0, "chat": person.chat})
    await poll(*api.take_updates())
    assert texts(api) == ["山梨県の取組です。"]


async def test_an_entity_within_a_character_is_no_mention(talk: Talk, api: FakeBotApi) -> None:
    broken = [{"type": "mention", "offset": 1, "length": 2**40}]
    api.person().sends(text="😢 @tsunagari_bot", entities=broken, into=api.group())
    api.person().sends(entities=broken, into=api.group())
    assert await talk.go_on() == []


async def test_words_marked_as_a_command_are_words(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.sends(text="@x さみしい", entities=[{"type": "bot_command", "offset": 0, "length": 2}])
    assert [WINDOW in sent.text for sent in await talk.go_on()] == [True]
    assert assistant.asked[0].text == "@x さみしい"


async def test_a_command_is_known_by_its_first_word(talk: Talk, person: Person) -> None:
    marked = {"type": "bot_command", "offset": 0, "length": 99}
    person.sends(text="/help さみしい x@y", entities=[{**marked, "length": 14}])
    person.sends(text="", entities=[marked])
    person.sends(text="/help@other_bot", entities=[marked])
    assert len(await talk.go_on()) == 2


# kept and taken up again ───────────────────────────────────────────────────────────────────────


async def test_what_lies_in_the_inbox_and_cannot_be_read_is_finished(
    served: App, api: FakeBotApi, person: Person
) -> None:
    update = written(person, 7, text=[CANARY])
    rows = [
        Arrived(5, "no JSON", 1),
        Arrived(6, '{"update_id": []}', 1),
        Arrived(7, json.dumps(update), 1),
        Arrived(8, json.dumps(written(person, 8, text="さみしい")), 1),
    ]
    await processor_of(served).arriving.replay(served.bot, rows)
    await settle(served)
    assert [WINDOW in text for text in texts(api)] == [True, True]


async def test_what_was_malformed_is_so_again_after_a_start(served: App, person: Person) -> None:
    for content in ({"text": [CANARY]}, {"text": "さみしい", "photo": 3}):
        update = readable(json.dumps(written(person, **content)), served.bot)
        assert update is not None
        again = readable(payload_of(update), served.bot)
        assert again is not None
        assert again.to_dict() == update.to_dict()


async def test_of_what_cannot_be_written_down_the_person_is_kept(
    served: App, person: Person
) -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    update = Update.de_json(written(person, text="さみしい", new=deep), served.bot)
    assert json.loads(payload_of(update))[KEY] == {"chat": person.id, "language": "ja"}
    group = {"id": -5, "type": "group"}
    update = Update.de_json(written(person, text="x", new=deep, chat=group), served.bot)
    assert json.loads(payload_of(update))[KEY] == {}


# the webhook ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def webhook(
    served: App, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Awaitable[int]]]:
    """Calls the webhook of an application that listens; gives the status."""
    port = free_port()

    async def set_webhook(**_: object) -> bool:
        return True

    updater = served.updater
    assert updater
    monkeypatch.setattr(updater, "_bootstrap", set_webhook)
    await updater.start_webhook(
        listen="127.0.0.1", port=port, url_path="telegram", secret_token=SECRET
    )
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    async with httpx.AsyncClient(trust_env=False) as client:

        async def call(body: str, **others: str) -> int:
            url = f"http://127.0.0.1:{port}/telegram"
            return (await client.post(url, content=body, headers=headers | others)).status_code

        yield call
    await updater.stop()


async def test_the_webhook_says_yes_to_what_cannot_be_read(
    webhook, served: App, api: FakeBotApi, person: Person
) -> None:
    bodies = ["", "no JSON", "[]", DEEP, '{"update_id": 1}', json.dumps({"update_id": 2, **UNREAD[
        "a message that is a text"]}), json.dumps(written(person, 3, text=[CANARY]))]  # fmt: skip
    assert [await webhook(body) for body in bodies] == [200] * len(bodies)
    assert await webhook(bodies[-1], **{"X-Telegram-Bot-Api-Secret-Token": "?"}) == 403
    await settle(served)
    assert [WINDOW in text for text in texts(api)] == [True]


def test_the_library_starts_its_webhook_in_the_way_that_is_replaced() -> None:
    """Should it do more one day, CarefulUpdater must be looked at again."""
    theirs = set(inspect.signature(Updater._start_webhook).parameters)
    ours = set(inspect.signature(CarefulUpdater._start_webhook).parameters) - {"_others"}
    assert theirs - ours == {"cert", "key", "ip_address", "unix"}
    assert ours < theirs


# seen ──────────────────────────────────────────────────────────────────────────────────────────


async def test_it_is_counted_and_logged_without_a_word(
    *,
    poll,
    served: App,
    settings: Settings,
    clock: FakeClock,
    person: Person,
    logged: list[dict[str, object]],
) -> None:
    metrics = Metrics()
    operation = Operation(settings, clock, metrics, metrics.state)
    async with operation.running(served):
        await poll(written(person, 1, text=[CANARY]), written(person, 2, text=CANARY, photo=1))
    assert b'tsunagari_updates_total{kind="malformed"} 2.0' in metrics.text()
    told = [line for line in logged if line["event"] == "update malformed"]
    assert [(line["kind"], line["update"]) for line in told] == [("message", 1), ("message", 2)]
    assert CANARY not in json.dumps(logged, ensure_ascii=False, default=str)


def test_every_kind_telegram_is_asked_for_has_a_shape() -> None:
    assert set(UPDATE) == set(KINDS)


def test_a_sound_update_is_left_as_it_is(person: Person) -> None:
    update = written(person, text="さみしい", new=1)
    assert sound(update) == update


def test_json_is_read_to_a_depth() -> None:
    kept: Any = load(f'{{"deep": {DEEP}, "after": [1, "]}}", -2.5]}}'.encode())
    assert kept["after"] == [1, "]}", -2.5]
    for _ in range(31):
        kept = kept["deep" if "deep" in kept else "a"]
    assert kept == {"a": None}
    assert load(b'{"a": ' + b"9" * 9000 + b"}") == {"a": None}
    assert load(b'{"a"') is None


async def test_a_served_bot_is_not_silenced_by_a_bad_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATABASE, "DATABASE_URL", f"sqlite:///{tmp_path}/tsunagari.db")
    async with BotApiServer() as server, bot(server.base_url) as process:
        first, second = server.person(), server.person()
        server.bring({"message": {**first._message(None, 1, text=CANARY), "date": WHEN * 10**9}})
        server.bring({"message": {**first._message(None, 1, text={CANARY: 1})}})
        second.says("さみしい")
        await server.sent(first, 2, SECONDS)
        await server.sent(second, 1, SECONDS)
        await server.until(lambda: server.unconfirmed == 0, SECONDS)
        assert await process.stop() == 0
    assert CANARY not in process.output + process.errors
