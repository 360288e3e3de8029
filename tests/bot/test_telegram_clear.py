"""/clear and 消す: what was said disappears, in both directions, as far as Telegram allows."""

import pytest
from telegram.error import TimedOut

from bot.telegram.remembering import DELETABLE, MESSAGES, Latest, Messages
from handlers.answer import Assistant
from handlers.library import Library
from knowledge.replies import Replies
from tests.bot.fakes import FakeBotApi, FakeClock, Talk
from tests.bot_api import Person
from tests.bot_api.people import Button
from tests.handlers.made import assistant_of


@pytest.fixture
def assistant(library: Library) -> Assistant:
    return assistant_of(library)


@pytest.fixture
def replies(library: Library) -> Replies:
    return library.replies


@pytest.mark.parametrize("command", ["/clear", "消す", "/消す", "／消す", "/clear@tsunagari_bot"])
async def test_everything_said_disappears_and_one_neutral_line_stays(
    talk: Talk, api: FakeBotApi, person: Person, library: Library, command: str
) -> None:
    person.says("夫に殴られています")
    (answer,) = await talk.go_on()
    person.says(command)
    (line,) = await talk.go_on()

    assert line.text == library.replies.say("safe.cleared")
    assert line.buttons == []
    assert set(api.methods.deleted) == {1, answer.message["message_id"], 2}


async def test_a_message_of_two_days_ago_is_left_alone(
    talk: Talk, api: FakeBotApi, person: Person, clock: FakeClock
) -> None:
    person.says("さみしい")
    await talk.go_on()
    clock.move(DELETABLE)
    person.says("/clear")
    await talk.go_on()

    assert api.methods.deleted == [2]


async def test_the_line_comes_even_when_telegram_deletes_nothing(
    talk: Talk, api: FakeBotApi, person: Person, library: Library
) -> None:
    api.failures["deleteMessages"].extend([*[TimedOut()] * 3, (400, "Bad Request: too old")])
    for _ in range(2):
        person.says("消す")
        (line,) = await talk.go_on()
        assert line.text == library.replies.say("safe.cleared")


async def test_another_persons_messages_stay(talk: Talk, api: FakeBotApi, person: Person) -> None:
    other = api.person()
    group = api.group()
    other.says("@tsunagari_bot さみしい", into=group)
    (others,) = await talk.go_on()
    person.says("@tsunagari_bot さみしい", into=group)
    (own,) = await talk.go_on()
    person.says("@tsunagari_bot 消す", into=group)
    await talk.go_on()

    assert own.message["message_id"] in api.methods.deleted
    assert others.message["message_id"] not in api.methods.deleted


async def test_of_very_many_messages_the_latest_hundred_go(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    for _ in range(70):
        person.says("ありがとう")
    await talk.go_on()
    person.says("/clear")
    await talk.go_on()

    assert api.calls.count("deleteMessages") == 1
    assert len(api.methods.deleted) == MESSAGES


async def test_a_group_of_others_is_not_cleared(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    person.says("/clear@another_bot", into=api.group())

    assert await talk.go_on() == []


async def test_the_place_is_asked_shown_and_forgotten(talk: Talk, person: Person) -> None:
    person.says("/place")
    (asked,) = await talk.go_on()
    person.taps(asked.button("近畿"))
    (region,) = await talk.go_on()
    person.taps(region.button("大阪府"))
    await talk.go_on()
    person.says("/place")
    (shown,) = await talk.go_on()
    assert "大阪府" in shown.text

    person.taps(shown.button("忘れてもらう"))
    (forgotten,) = await talk.go_on()
    assert "忘れました" in forgotten.text


async def test_words_after_the_command_are_answered(talk: Talk, person: Person) -> None:
    person.says("/place 大阪の相談窓口")
    (sent,) = await talk.go_on()

    assert "大阪府" in sent.text


async def test_a_location_is_met_with_the_regions(
    talk: Talk, person: Person, library: Library
) -> None:
    person.sends_location()
    (sent,) = await talk.go_on()

    assert sent.text == library.replies.say("telegram.location")
    assert sent.button("近畿").data == "region:近畿"


async def test_a_location_sent_to_a_group_is_left_alone(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    person.sends(location={"latitude": 35.0, "longitude": 135.0}, into=api.group())

    assert await talk.go_on() == []


async def test_a_chosen_language_is_that_of_the_bots_own_words_too(
    talk: Talk, person: Person, library: Library
) -> None:
    person.says("/lang")
    (asked,) = await talk.go_on()
    person.taps(asked.button("Tiếng Việt"))
    await talk.go_on()
    person.says("/help")
    person.sends_sticker()
    person.says("さみしい")
    help_, sticker, answer = await talk.go_on()

    assert help_.text == library.replies.say("telegram.help", "vi")
    assert sticker.text == library.replies.say("telegram.sticker", "vi")
    assert library.replies.say("choice.failed", "vi") in {b.text for b in answer.buttons}


async def test_a_window_that_did_not_answer_yields_the_next_by_one_tap(
    talk: Talk, person: Person
) -> None:
    person.says("さみしい")
    (sent,) = await talk.go_on()
    person.taps(sent.button("つながらなかった"))
    (following,) = await talk.go_on()

    assert "知らせてくださって" in following.text
    assert "いま受付中" in following.text
    assert following.button("つながらなかった").data != sent.button("つながらなかった").data


async def test_after_a_restart_there_is_nothing_left_to_delete(
    talk: Talk, api: FakeBotApi, person: Person, library: Library
) -> None:
    button = Button("消す", "clear", None, {"message_id": 9, "date": 1, "chat": person.chat})
    person.taps(button)
    (line,) = await talk.go_on()

    assert line.text == library.replies.say("safe.cleared")
    assert "deleteMessages" not in api.calls


def test_only_so_much_is_remembered() -> None:
    latest: Latest[int] = Latest(size=2)
    for number, owner in enumerate("abca"):
        latest.put(owner, number)
    assert [latest.get(owner) for owner in "abc"] == [3, None, 2]

    messages = Messages(FakeClock())
    for message_id in range(MESSAGES + 5):
        messages.add("a", message_id)
    assert messages.take("a") == list(range(5, MESSAGES + 5))
    assert messages.take("a") == []
