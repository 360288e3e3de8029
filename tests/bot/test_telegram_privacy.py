"""/privacy, /forget and /export through the real application."""

from collections.abc import AsyncIterator

import pytest

from bot.settings import load_settings
from bot.telegram import build_application
from bot.telegram.app import App
from handlers.answer import Assistant
from handlers.library import Library
from knowledge.replies import FRAME, Replies
from tests.bot.fakes import FakeBotApi, FakeClock, Talk
from tests.bot_api import Person
from tests.fakes import FakeClock as HandlersClock
from tests.fakes import FakeConversations, FakeLog
from tests.handlers.test_privacy import ROW, FakePrivacy

CONTACT = "県庁福祉課（000-000-0000）"


@pytest.fixture
def privacy() -> FakePrivacy:
    return FakePrivacy(tables={"members": (ROW,)})


@pytest.fixture
def assistant(library: Library, privacy: FakePrivacy) -> Assistant:
    ports = (FakeLog(), FakeConversations(), HandlersClock())
    return Assistant(library, *ports, privacy=privacy)


@pytest.fixture
def replies(library: Library) -> Replies:
    return library.replies


@pytest.fixture
async def named(
    assistant: Assistant, replies: Replies, clock: FakeClock
) -> AsyncIterator[tuple[App, FakeBotApi]]:
    """An application that names who to ask."""
    api = FakeBotApi()
    values = {"TELEGRAM_BOT_TOKEN": "42:TEST", "PRIVACY_CONTACT": CONTACT}
    app = build_application(
        load_settings(values, env_file=None),
        assistant,
        replies,
        clock,
        request=api,
        updates_request=FakeBotApi(),
    )
    await app.initialize()
    yield app, api
    await app.shutdown()


@pytest.mark.parametrize("language", [code for code in FRAME if code != "ja-easy"])
async def test_privacy_is_one_message_that_names_every_way(
    talk: Talk, api: FakeBotApi, replies: Replies, language: str
) -> None:
    api.person(language).says("/privacy")
    (sent,) = await talk.go_on()

    for word in ("/forget", "/export", "/clear", "77", "24"):
        assert word in sent.text
    assert sent.text.endswith(replies.say("telegram.privacy.no_contact", language))


async def test_privacy_names_who_to_ask(named: tuple[App, FakeBotApi]) -> None:
    app, api = named
    api.person().says("/privacy")
    (sent,) = await Talk(app, api).go_on()

    assert sent.text.endswith(CONTACT)


async def test_words_after_the_command_are_answered(talk: Talk, person: Person) -> None:
    person.says("/privacy 死にたい")
    (sent,) = await talk.go_on()

    assert "0120" in sent.text


async def test_forgetting_takes_two_steps_and_the_channel_forgets_too(
    talk: Talk, api: FakeBotApi, person: Person, privacy: FakePrivacy, replies: Replies
) -> None:
    person.says("こんにちは")
    person.says("記録を消して")
    _, asked = await talk.go_on()
    assert privacy.forgotten == []
    person.taps(asked.button("すべて消す"))
    (done,) = await talk.go_on()

    assert done.text == replies.say("forget.done")
    assert privacy.forgotten == [f"telegram:{person.id}"]
    person.says("/clear")
    await talk.go_on()
    assert len(api.methods.deleted) == 1  # /clear itself: the rest is not known any more


async def test_in_a_group_each_forgets_their_own(
    talk: Talk, api: FakeBotApi, person: Person, privacy: FakePrivacy, replies: Replies
) -> None:
    group, other = api.group(), api.person()
    person.says("/forget@tsunagari_bot", into=group)
    (asked,) = await talk.go_on()
    assert replies.say("forget.ask_group") in asked.text
    other.taps(asked.button("すべて消す"))
    await talk.go_on()
    assert privacy.forgotten == []
    person.taps(asked.button("すべて消す"))
    await talk.go_on()

    assert privacy.forgotten == [f"telegram:{group.id}:{person.id}"]


@pytest.mark.parametrize("command", ["/export", "記録を見せて"])
async def test_the_file_comes_after_its_words(
    talk: Talk, api: FakeBotApi, person: Person, replies: Replies, command: str
) -> None:
    person.says(command)
    (sent,) = await talk.go_on()

    assert sent.text == replies.say("export.done")
    assert [document["chat_id"] for document in api.methods.documents] == [str(person.id)]
    person.says("/clear")
    await talk.go_on()
    assert len(api.methods.deleted) == 4  # the file as well


async def test_a_group_gets_no_file(
    talk: Talk, api: FakeBotApi, person: Person, replies: Replies
) -> None:
    person.says("/export@tsunagari_bot", into=api.group())
    (sent,) = await talk.go_on()

    assert sent.text == replies.say("export.private_only")
    assert api.methods.documents == []
