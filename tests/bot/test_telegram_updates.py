"""What people write and tap: real updates through the real application."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram import Update
from telegram.error import TimedOut

from bot.telegram.app import COMMANDS, App, set_menu
from bot.telegram.updates import START_CHOICES
from handlers.messages import Role
from knowledge.replies import Replies
from tests.bot.fakes import NOW, STAFF_ID, WINDOW, FakeAssistant, FakeBotApi, Talk
from tests.bot_api import Button, Person

# what people write ─────────────────────────────────────────────────────────────────────────────


async def test_a_question_gets_exactly_one_reply(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.says("さみしいです")
    (sent,) = await talk.go_on()
    assert sent.parameters["chat_id"] == str(person.id)
    assert sent.text.startswith("おつらいですね。")
    (asked,) = assistant.asked
    assert asked.text == "さみしいです"
    assert asked.conversation == f"telegram:{person.id}"
    assert asked.channel == "telegram"
    assert asked.language == "ja"
    assert asked.choice is None


async def test_the_time_of_a_question_is_the_clock_of_japan(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.says("さみしい")
    await talk.go_on()
    assert assistant.asked[0].at == NOW
    assert assistant.asked[0].at.utcoffset() == timedelta(hours=9)


async def test_staff_are_known_by_their_id_and_no_one_else_has_a_role(
    talk: Talk, api: FakeBotApi, assistant: FakeAssistant
) -> None:
    officer, resident = api.person(), api.person()
    assert officer.id == STAFF_ID
    officer.says("委託")
    resident.says("委託")
    await talk.go_on()
    assert [asked.role for asked in assistant.asked] == [Role.STAFF, None]


@pytest.mark.parametrize(
    ("code", "language"),
    [("ja", "ja"), ("en", "en"), ("pt-br", "pt"), ("zh-hans", "zh"), (None, None)],
)
async def test_language_of_the_app_is_told_to_the_assistant(
    talk: Talk, api: FakeBotApi, assistant: FakeAssistant, code: str | None, language: str | None
) -> None:
    api.person(code).says("さみしい")
    await talk.go_on()
    assert assistant.asked[0].language == language


async def test_a_person_in_danger_sees_the_window_right_after_the_short_opening(
    talk: Talk, person: Person
) -> None:
    person.says("もう死にたい")
    (sent,) = await talk.go_on()
    opening, card, closing = sent.text.split("\n\n")
    assert opening == "話してくれてありがとうございます。"
    assert card.startswith("よりそいホットライン\n電話 0120-279-338")
    assert closing == "ひとりで抱えないでください。"
    assert [button.copies for button in sent.buttons] == ["0120-279-338", "0120-279-226"]


async def test_a_clause_is_quoted_in_a_blockquote_with_its_signs_escaped(
    talk: Talk, person: Person
) -> None:
    person.says("委託できますか")
    (sent,) = await talk.go_on()
    html = sent.parameters["text"]
    assert sent.parameters["parse_mode"] == "HTML"
    assert (
        "<blockquote>事業の一部を、&lt;適切な&gt;団体に委託することができる。</blockquote>" in html
    )
    assert "令和６年度 &amp; 府孤推第７号" in html


async def test_no_link_is_previewed(talk: Talk, person: Person) -> None:
    person.says("さみしい")
    (sent,) = await talk.go_on()
    assert '"is_disabled": true' in sent.parameters["link_preview_options"]


async def test_a_long_reply_comes_in_order_with_its_buttons_last(
    talk: Talk, person: Person
) -> None:
    person.says("長い話")
    sent = await talk.go_on()
    assert len(sent) == 3
    paragraphs = "\n\n".join(message.text for message in sent).split("\n\n")
    assert [paragraph[:2] for paragraph in paragraphs] == [f"{n}。" for n in range(6)]


async def test_two_long_replies_in_one_chat_do_not_interleave(
    app: App, api: FakeBotApi, talk: Talk, person: Person
) -> None:
    person.says("長い")
    person.says("さみしい")
    updates = [Update.de_json(update, app.bot) for update in api.take_updates()]
    await asyncio.gather(*(app.process_update(update) for update in updates))
    assert [sent.text[:2] for sent in api.methods.messages] == ["0。", "2。", "4。", "おつ"]
    assert talk.errors == []


async def test_an_edited_question_is_answered_again_in_a_private_chat(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.says("委たく")
    person.edits("委託")
    sent = await talk.go_on()
    assert [asked.text for asked in assistant.asked] == ["委たく", "委託"]
    assert len(sent) == 2


async def test_an_edit_in_a_group_or_of_a_command_is_left_alone(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    person.edits("@tsunagari_bot 委託", into=api.group())
    person.edits("/help")
    assert await talk.go_on() == []


async def test_other_bots_are_never_answered(talk: Talk, api: FakeBotApi, person: Person) -> None:
    machine: dict[str, Any] = {"from": person.user | {"is_bot": True}}
    person.sends(text="さみしい", **machine)
    person.sends(text="@tsunagari_bot さみしい", into=api.group(), **machine)
    assert await talk.go_on() == []


# commands ──────────────────────────────────────────────────────────────────────────────────────


async def test_start_shows_three_buttons_and_one_line_on_privacy(
    talk: Talk, person: Person
) -> None:
    person.says("/start")
    (sent,) = await talk.go_on()
    labels = [button.text for button in sent.buttons]
    assert labels == ["相談先をさがす", "実施要領を調べる", "県の取組を見る"]
    assert [button.data for button in sent.buttons] == list(START_CHOICES)
    assert sent.text.splitlines()[-1].endswith("/privacy")


async def test_start_neither_asks_nor_resets_the_assistant(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.says("死にたい")
    person.says("/start")
    person.says("さみしい")
    await talk.go_on()
    assert len({asked.conversation for asked in assistant.asked}) == 1
    assert len(assistant.asked) == 2


async def test_start_from_a_link_is_a_start(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.says("/start poster_2026-11")
    (sent,) = await talk.go_on()
    assert len(sent.buttons) == 3
    assert assistant.asked == []


async def test_privacy_says_how_many_days_records_are_kept(talk: Talk, person: Person) -> None:
    person.says("/privacy")
    (sent,) = await talk.go_on()
    assert "77 日" in sent.text


async def test_help_and_an_unknown_command_say_how_to_use_it(
    talk: Talk, person: Person, replies: Replies
) -> None:
    person.says("/help")
    person.says("/xyz")
    assert [sent.text for sent in await talk.go_on()] == [replies.say("telegram.help")] * 2


@pytest.mark.parametrize("command", ["/start", "/help", "/privacy", "/ask"])
async def test_words_after_a_command_are_answered(
    talk: Talk, person: Person, assistant: FakeAssistant, command: str
) -> None:
    person.says(f"{command} もう 死にたい")
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text
    assert assistant.asked[0].text == "もう 死にたい"


async def test_a_foreign_app_gets_the_bots_own_words_in_english(
    talk: Talk, api: FakeBotApi
) -> None:
    api.person("ko").says("/start")
    (sent,) = await talk.go_on()
    assert sent.text.startswith("Hello")
    assert sent.buttons[0].text == "Find someone to talk to"


async def test_menu_is_set_in_our_languages(app: App, api: FakeBotApi, replies: Replies) -> None:
    await set_menu(app.bot, replies)
    assert api.calls == ["setMyCommands"] * 5
    assert len(COMMANDS) == 11


async def test_bot_starts_without_its_menu(
    app: App, api: FakeBotApi, replies: Replies, logged: list[dict[str, object]]
) -> None:
    api.failures["setMyCommands"].extend([TimedOut(), (400, "Bad Request: no")])
    await set_menu(app.bot, replies)
    assert [line["error"] for line in logged] == ["TimedOut", "BadRequest"]


# buttons ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_tapped_choice_is_acknowledged_and_answered(
    talk: Talk, api: FakeBotApi, person: Person, assistant: FakeAssistant
) -> None:
    person.says("県の取組")
    (question,) = await talk.go_on()
    person.taps(question.button("山梨県"))
    (sent,) = await talk.go_on()
    assert sent.text == "山梨県の取組です。"
    assert api.calls[-2:] == ["answerCallbackQuery", "sendMessage"]
    assert assistant.asked[-1].choice == "prefecture:19"
    assert assistant.asked[-1].text == ""
    assert assistant.asked[-1].conversation == f"telegram:{person.id}"


@pytest.mark.parametrize("gone", [False, True])
async def test_a_stale_button_gets_the_assistants_friendly_word(
    talk: Talk, person: Person, gone: bool
) -> None:
    too_old = {"chat": person.chat, "message_id": 3, "date": 0}
    person.taps_data("from-last-year", None if gone else too_old)
    (sent,) = await talk.go_on()
    assert sent.text == "そのボタンは古くなりました。"


async def test_a_tap_that_cannot_be_acknowledged_is_still_answered(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["answerCallbackQuery"].append((400, "Bad Request: query is too old"))
    person.taps(
        Button("", "start:windows", None, {"chat": person.chat, "message_id": 3, "date": 1})
    )
    (sent,) = await talk.go_on()
    assert sent.text == "どんなことですか。"


async def test_a_button_of_a_game_is_only_acknowledged(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    person.taps_data(None, None)
    assert await talk.go_on() == []
    assert api.calls == ["answerCallbackQuery"]


@pytest.mark.parametrize("command", ["/start", "/help", "/privacy"])
async def test_after_a_cry_the_contact_stands_under_the_bots_own_words(
    talk: Talk, person: Person, assistant: FakeAssistant, command: str
) -> None:
    person.says(command)
    (before,) = await talk.go_on()
    assistant.in_danger.add(f"telegram:{person.id}")
    person.says(command)
    (after,) = await talk.go_on()

    assert WINDOW not in before.text
    assert WINDOW in after.text
