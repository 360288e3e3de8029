"""Conversations are remembered for an hour, so many, and a person in danger for a day."""

from datetime import timedelta

import pytest

from bot.store.conversations import MemoryConversations
from bot.store.latches import MemoryLatches
from handlers.ports import Conversation

MINUTE, HOUR = 60, 3600
YAMANASHI = Conversation(place="山梨県")
IN_DANGER = Conversation(place="山梨県", crisis=True)


@pytest.fixture
def conversations(clock):
    return MemoryConversations(clock)


def test_unknown_conversation_is_none(conversations):
    assert conversations.get("telegram:42") is None


def test_remembers(conversations):
    conversations.put("telegram:42", YAMANASHI)

    assert conversations.get("telegram:42") == YAMANASHI
    assert conversations.get("telegram:43") is None


def test_the_last_one_counts(conversations):
    conversations.put("telegram:42", YAMANASHI)
    conversations.put("telegram:42", Conversation(place="岐阜県"))

    assert conversations.get("telegram:42") == Conversation(place="岐阜県")


def test_forgets_after_an_hour_of_silence(conversations, clock):
    conversations.put("telegram:42", YAMANASHI)

    clock.move(60 * MINUTE)
    assert conversations.get("telegram:42") == YAMANASHI

    clock.move(1)
    assert conversations.get("telegram:42") is None


def test_every_message_begins_the_hour_again(conversations, clock):
    for _ in range(5):
        conversations.put("telegram:42", YAMANASHI)
        clock.move(50 * MINUTE)

    assert conversations.get("telegram:42") == YAMANASHI


def test_danger_stays_noticed_for_a_day_and_nothing_else_does(conversations, clock):
    conversations.put("telegram:42", IN_DANGER)

    clock.move(24 * HOUR)
    assert conversations.get("telegram:42") == Conversation(crisis=True)

    clock.move(1)
    assert conversations.get("telegram:42") is None


def test_danger_stays_noticed_whatever_the_next_message_says(conversations):
    conversations.put("telegram:42", IN_DANGER)
    conversations.put("telegram:42", Conversation(place="岐阜県"))

    assert conversations.get("telegram:42") == Conversation(place="岐阜県", crisis=True)


def test_danger_of_one_is_not_danger_of_another(conversations):
    conversations.put("telegram:42", IN_DANGER)
    conversations.put("telegram:43", YAMANASHI)

    assert conversations.get("telegram:43") == YAMANASHI


def test_the_ones_silent_for_longest_go_when_there_are_too_many(clock):
    conversations = MemoryConversations(clock, limit=2)
    for key in ("a", "b", "a", "c"):
        conversations.put(key, YAMANASHI)

    assert conversations.get("a") == YAMANASHI
    assert conversations.get("b") is None
    assert conversations.get("c") == YAMANASHI


def test_a_flood_of_others_does_not_make_danger_forgotten(clock):
    conversations = MemoryConversations(clock, limit=2)
    conversations.put("telegram:42", IN_DANGER)
    for number in range(100):
        conversations.put(f"flood:{number}", YAMANASHI)

    assert conversations.get("telegram:42") == Conversation(crisis=True)


def test_what_people_wrote_is_forgotten_though_nobody_asks_for_it(conversations, clock):
    conversations.put("telegram:42", Conversation(text="ここにない質問"))
    clock.move(61 * MINUTE)

    conversations.put("telegram:43", YAMANASHI)

    assert "ここにない質問" not in repr(conversations._conversations._values)


def test_old_danger_is_forgotten_though_nobody_asks_for_it(clock):
    latches = MemoryLatches(clock)
    conversations = MemoryConversations(clock, latches=latches)
    conversations.put("telegram:42", IN_DANGER)
    clock.move(25 * HOUR)

    conversations.get("telegram:43")

    assert not latches._since


def test_times_can_be_chosen(clock):
    latches = MemoryLatches(clock, keep=timedelta(minutes=2))
    conversations = MemoryConversations(clock, latches=latches, keep=timedelta(minutes=1))
    conversations.put("telegram:42", IN_DANGER)

    clock.move(90)
    assert conversations.get("telegram:42") == Conversation(crisis=True)
    clock.move(31)
    assert conversations.get("telegram:42") is None
