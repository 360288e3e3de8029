"""What is not a question: pictures and voices, service messages, groups."""

from typing import Any

import pytest

from bot.telegram.remembering import Recent
from knowledge.replies import Replies
from tests.bot.fakes import WINDOW, FakeAssistant, FakeBotApi, Talk
from tests.bot_api import Person

# what is not text ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ("sends_sticker", "telegram.sticker"),
        ("sends_voice", "telegram.voice"),
        ("sends_photo", "telegram.picture"),
        ("sends_document", "telegram.document"),
        ("sends_location", "telegram.location"),
        ("sends_contact", "telegram.contact"),
        ("sends_poll", "telegram.unreadable"),
    ],
)
async def test_what_is_not_text_is_met_kindly(
    talk: Talk, person: Person, replies: Replies, what: str, key: str
) -> None:
    getattr(person, what)()
    (sent,) = await talk.go_on()
    assert sent.text == replies.say(key)


async def test_what_telegram_invents_next_is_met_kindly(
    talk: Talk, person: Person, replies: Replies
) -> None:
    person.sends(hologram={"file_id": "?"})
    (sent,) = await talk.go_on()
    assert sent.text == replies.say("telegram.unreadable")


async def test_a_moving_picture_is_no_document(
    talk: Talk, person: Person, replies: Replies
) -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    person.sends(animation=file | {"width": 1, "height": 1, "duration": 1}, document=file)
    (sent,) = await talk.go_on()
    assert sent.text == replies.say("telegram.picture")


async def test_a_caption_is_a_question(
    talk: Talk, person: Person, assistant: FakeAssistant
) -> None:
    person.sends_photo("死にたい")
    (sent,) = await talk.go_on()
    assert WINDOW in sent.text
    assert assistant.asked[0].text == "死にたい"


@pytest.mark.parametrize("caption", ["", "さみしい"])
async def test_an_album_is_answered_once(talk: Talk, person: Person, caption: str) -> None:
    person.sends_photo(caption, album="a1")
    person.sends_photo(album="a1")
    person.sends_photo(album="a1")
    assert len(await talk.go_on()) == 1


async def test_a_location_that_moves_is_answered_once(talk: Talk, person: Person) -> None:
    person.sends_location()
    moved = {"latitude": 35.1, "longitude": 135.0}
    message = {"message_id": 1, "date": 1, "chat": person.chat, "from": person.user}
    person.bring({"edited_message": message | {"location": moved, "edit_date": 2}})
    assert len(await talk.go_on()) == 1


@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": None},
        {"new_chat_title": "新しい名前"},
        {"left_chat_member": {"id": 7, "is_bot": False, "first_name": "次郎"}},
        {"migrate_to_chat_id": -1007},
        {"group_chat_created": True},
    ],
)
async def test_service_messages_are_left_alone(
    talk: Talk, api: FakeBotApi, person: Person, content: dict[str, Any]
) -> None:
    pinned = {"message_id": 1, "date": 1, "chat": person.chat, "text": "さみしい"}
    content = {name: value or pinned for name, value in content.items()}
    person.sends(**content)
    person.sends(into=api.group(), **content)
    assert await talk.go_on() == []


# groups ────────────────────────────────────────────────────────────────────────────────────────


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(
    talk: Talk, api: FakeBotApi, person: Person, assistant: FakeAssistant
) -> None:
    group = api.group()
    person.says("さみしい", into=group)
    person.says("@someone さみしい", into=group)
    person.sends_sticker(into=group)
    person.says("/ask さみしい", into=group)
    person.says("/ask@another_bot さみしい", into=group)
    assert await talk.go_on() == []
    person.says("@Tsunagari_bot さみしい", into=group)
    (called,) = await talk.go_on()
    person.says("委託", into=group, replying_to=called)
    person.says("/ask@tsunagari_bot さみしい", into=group)
    person.says("/help", into=group)
    assert len(await talk.go_on()) == 3
    assert [asked.text for asked in assistant.asked] == ["さみしい", "委託", "さみしい"]


async def test_in_a_group_each_person_has_a_conversation_of_their_own(
    talk: Talk, api: FakeBotApi, person: Person, assistant: FakeAssistant
) -> None:
    group, other = api.group(), api.person()
    person.says("@tsunagari_bot さみしい", into=group)
    other.says("@tsunagari_bot さみしい", into=group)
    await talk.go_on()
    keys = [asked.conversation for asked in assistant.asked]
    assert keys == [f"telegram:{group.id}:{person.id}", f"telegram:{group.id}:{other.id}"]


async def test_in_a_group_the_reply_shows_whom_it_answers(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    group = api.group()
    person.sends(
        text="@tsunagari_bot さみしい",
        entities=[{"type": "mention", "offset": 0, "length": 14}],
        into=group,
        is_topic_message=True,
        message_thread_id=9,
    )
    (sent,) = await talk.go_on()
    assert sent.parameters["chat_id"] == str(group.id)
    assert '"message_id": 1' in sent.parameters["reply_parameters"]
    assert sent.parameters["message_thread_id"] == "9"


async def test_a_mention_by_name_counts(talk: Talk, api: FakeBotApi, person: Person) -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 4, "user": api.methods.bot}
    person.sends(text="つながり さみしい", entities=[entity], into=api.group())
    assert len(await talk.go_on()) == 1


async def test_a_bare_mention_gets_help(
    talk: Talk, api: FakeBotApi, person: Person, replies: Replies
) -> None:
    person.says("@tsunagari_bot", into=api.group())
    (sent,) = await talk.go_on()
    assert sent.text == replies.say("telegram.help")


async def test_an_administrator_who_hides_is_answered(
    talk: Talk, api: FakeBotApi, person: Person, assistant: FakeAssistant
) -> None:
    group = api.group()
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    mention = [{"type": "mention", "offset": 0, "length": 14}]
    content = {"text": "@tsunagari_bot 委託", "entities": mention, "sender_chat": group.chat}
    person.sends(into=group, **content, **{"from": hidden})
    assert len(await talk.go_on()) == 1
    assert assistant.asked[0].conversation == f"telegram:{group.id}:1087968824"


@pytest.mark.parametrize("told", [("member",), ("message",), ("member", "message")])
async def test_a_group_that_takes_the_bot_in_is_greeted_once(
    talk: Talk, api: FakeBotApi, person: Person, told: tuple[str, ...]
) -> None:
    group = api.group()
    person.adds_the_bot(group, told=told)
    (sent,) = await talk.go_on()
    assert "@tsunagari_bot" in sent.text
    assert sent.parameters["chat_id"] == str(group.id)


async def test_a_group_that_takes_the_bot_in_again_is_greeted_again(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    group = api.group()
    person.adds_the_bot(group)
    person.changes_membership(group, "member", "left")
    person.adds_the_bot(group)
    assert len(await talk.go_on()) == 2


async def test_newcomers_promotions_and_blocks_are_left_alone(
    talk: Talk, api: FakeBotApi, person: Person
) -> None:
    group = api.group()
    person.sends(new_chat_members=[api.person().user], into=group)
    person.changes_membership(group, "member", "member")
    person.changes_membership(None, "member", "kicked")
    person.changes_membership(None, "kicked", "member")
    assert await talk.go_on() == []


def test_only_the_last_events_are_remembered() -> None:
    recent = Recent(size=2)
    assert [recent.is_new(key) for key in "aabca"] == [True, False, True, True, True]
    recent.forget("unknown")
