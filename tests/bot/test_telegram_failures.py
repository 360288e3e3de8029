"""When Telegram refuses, the line is down, or no one is there: a national window all the same."""

from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot.telegram.app import App
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeBotApi, Talk, take_error
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


async def test_a_reply_that_is_lost_leaves_a_national_window(
    talk: Talk, api: FakeBotApi, person: Person, replies: Replies
) -> None:
    api.failures["sendMessage"].append(NetworkError("down"))
    person.says("さみしい")
    (sent,) = await talk.go_on()
    assert sent.text == replies.say("telegram.error")
    assert WINDOW in sent.text
    take_error(talk, NetworkError)


async def test_a_reply_to_a_tap_that_is_lost_leaves_a_national_window(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.failures["sendMessage"].extend([(400, "Bad Request: no")] * 2)
    person.taps_data("start:windows", None)
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text
    take_error(talk, BadRequest)


async def test_an_empty_reply_becomes_a_national_window(talk: Talk, person: Person) -> None:
    person.says("空")
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text


async def test_a_line_that_stays_down_is_logged_and_no_more(
    talk: Talk, api: FakeBotApi, person: Person, logged: list[dict[str, object]]
) -> None:
    api.failures["sendMessage"].extend([TimedOut(), TimedOut()])
    person.says("さみしい")
    assert await talk.go_on() == []
    take_error(talk, TimedOut)
    assert [line["event"] for line in logged] == [
        "answered",
        "update failed",
        "window not shown",
    ]


async def test_who_blocked_the_bot_is_not_written_to_again(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    api.methods.block(person.chat)
    person.says("さみしい")
    assert await talk.go_on() == []
    assert api.calls == ["sendMessage"]
    take_error(talk, Forbidden)


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
