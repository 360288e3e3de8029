"""When Telegram refuses, the line is down, or no one is there: a national window all the same."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, NetworkError, RetryAfter, TimedOut

from bot.store.outbox import Outgoing
from bot.telegram import delivery
from bot.telegram.app import App
from bot.telegram.calls import perform
from bot.telegram.processor import processor_of
from handlers.messages import Reply
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeAssistant, FakeBotApi, Talk, take_error
from tests.bot_api import Person

# failures ──────────────────────────────────────────────────────────────────────────────────────


async def test_refused_markup_is_sent_once_more_as_plain_text(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["sendMessage"].append((400, "Bad Request: can't parse entities"))
    person.says("委託")
    (sent,) = await talk.go_on()
    assert "parse_mode" not in sent.parameters
    assert "「事業の一部を、<適切な>団体に委託することができる。」" in sent.text


async def test_over_a_bad_line_a_reply_is_sent_again_until_it_is_there(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["sendMessage"].extend([NetworkError("down"), TimedOut(), (502, "Bad Gateway")])
    person.says("さみしい")
    (sent,) = await talk.go_on()
    assert "よりそいホットライン" in sent.text
    assert api.calls == ["sendMessage"] * 4


async def test_a_reply_that_telegram_refuses_leaves_a_national_window(
    talk: Talk, api: FakeBotApi, person: Person, replies: Replies
) -> None:
    api.failures["sendMessage"].extend([(400, "Bad Request: no")] * 2)
    person.taps_data("start:windows", None)
    (sent,) = await talk.go_on()
    assert sent.text == replies.say("telegram.error")
    assert WINDOW in sent.text


async def test_of_a_long_reply_that_is_refused_one_window_is_left(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["sendMessage"].extend([(400, "Bad Request: no")] * 2)
    person.says("長い")
    person.says("さみしい")
    window, answer = await talk.go_on()
    assert WINDOW in window.text
    assert "よりそいホットライン" in answer.text


async def test_where_the_window_is_refused_too_the_next_reply_is_sent(
    talk: Talk, api: FakeBotApi, person: Person, logged: list[dict[str, object]]
) -> None:
    api.failures["sendMessage"].extend([(400, "Bad Request: no")] * 3)
    person.says("さみしい")
    assert await talk.go_on() == []
    person.says("さみしい")
    assert len(await talk.go_on()) == 1
    assert "window not shown" in [line["event"] for line in logged]


async def test_an_empty_reply_becomes_a_national_window(talk: Talk, person: Person) -> None:
    person.says("空")
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text


async def test_a_429_holds_up_its_own_chat_alone_and_keeps_the_order(
    talk: Talk, api: FakeBotApi, person: Person, app: App, logged: list[dict[str, object]]
) -> None:
    other = api.person()
    api.failures["sendMessage"].append(RetryAfter(timedelta(seconds=0.3)))
    person.says("長い")
    person.says("さみしい")
    await talk.go_on()
    other.says("委託")
    (at_once,) = await talk.go_on()
    assert at_once.parameters["chat_id"] == str(other.id)
    await processor_of(app).delivery.finished([Outgoing(person.id, "")])
    texts = [sent.text for sent in api.methods.messages if sent is not at_once]
    assert [text[:2] for text in texts] == ["0。", "2。", "4。", "おつ"]
    assert [line["seconds"] for line in logged if line["event"] == "reply waits"] == [0.3]


async def test_who_blocked_the_bot_is_not_written_to_again(
    talk: Talk, api: FakeBotApi, person: Person, logged: list[dict[str, object]]
) -> None:
    api.methods.block(person.chat)
    person.says("長い")
    assert await talk.go_on() == []
    assert api.calls == ["sendMessage"]
    assert [line["event"] for line in logged] == ["answered", "nobody to write to"]


async def test_a_chat_that_is_gone_is_not_written_to_again(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["sendMessage"].append((400, "Bad Request: chat not found"))
    person.says("長い")
    assert await talk.go_on() == []
    assert api.calls == ["sendMessage"]


async def test_a_group_that_became_a_supergroup_is_answered_there(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    group, now = api.group(), api.group()
    api.failures["sendMessage"].append(ChatMigrated(now.id))
    person.says("@tsunagari_bot 長い", into=group)
    assert {sent.parameters["chat_id"] for sent in await talk.go_on()} == {str(now.id)}


async def test_a_mistake_in_one_message_does_not_silence_the_chat(
    talk: Talk,
    app: App,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    logged: list[dict[str, object]],
) -> None:
    calls: list[Outgoing] = []

    async def fail_once(bot: Bot, one: Outgoing) -> int | None:
        calls.append(one)
        if len(calls) == 1:
            raise KeyError
        return await perform(bot, one)

    monkeypatch.setattr(delivery, "perform", fail_once)
    person.says("長い")
    await talk.go_on()
    await asyncio.sleep(0)
    await processor_of(app).delivery.idle()
    assert len(calls) == 3
    assert {"event": "message failed", "error": "KeyError", "log_level": "error"} in logged


async def test_a_handler_that_raises_leaves_a_national_window(
    talk: Talk, person: Person, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_incoming: object) -> Reply:
        raise TimedOut

    monkeypatch.setattr(assistant, "answer", fail)
    person.says("さみしい")
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text
    take_error(talk, TimedOut)


async def test_a_failure_outside_any_chat_is_only_logged(
    app: App, talk: Talk, api: FakeBotApi, logged: list[dict[str, object]]
) -> None:
    await app.process_error(None, NetworkError("a person's words"))
    assert api.calls == []
    take_error(talk, NetworkError)
    assert "a person's words" not in str(logged)


async def test_log_lines_never_contain_what_the_person_wrote(
    talk: Talk, api: FakeBotApi, person: Person, logged: list[dict[str, object]]
) -> None:
    api.failures["sendMessage"].append((400, "Bad Request: 山田花子です、さみしい"))
    person.says("山田花子です、さみしい")
    person.sends_photo("山田花子です")
    person.taps_data("山田花子", None)
    await talk.go_on()
    assert logged
    assert "山田" not in str(logged)
    assert str(person.id) not in str(logged)
