"""Before anything is read: what is tidied away, what is no word, what is too long."""

import pytest

from handlers.guard import LIMIT, READ_FOR_DANGER, is_noise, is_too_long, tidy
from knowledge.text import fold
from tests.conftest import Say

CHOICES = ("start:windows", "start:rules", "start:programs")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  さみしい  ", "さみしい"),
        ("さみ\u200bしい", "さみしい"),  # a space of no width
        ("\ufeffさみしい", "さみしい"),  # a byte order mark
        ("さみしい\u202e", "さみしい"),  # a mark that turns the writing round
        ("さみ\x00しい\x07", "さみしい"),  # signs for machines
        ("さみ\ud800しい", "さみしい"),  # half of a letter
        ("さみ\ue000しい", "さみしい"),  # a letter of one maker's telephone
        ("さみしい　　 とても", "さみしい とても"),
        ("さみしい\t\u00a0とても", "さみしい とても"),
        ("一行目\n二行目", "一行目\n二行目"),
        ("", ""),
        (" \n ", ""),
    ],
    ids=ascii,
)
def test_a_cry_of_loneliness_is_read_without_what_cannot_be_seen(written: str, read: str) -> None:
    assert tidy(written) == read


def test_combined_letters_and_pictures_of_feelings_stay() -> None:
    assert tidy("か\u3099んばれない😢") == "か\u3099んばれない😢"


def test_no_more_is_read_than_the_check_for_danger_needs() -> None:
    assert len(tidy("さみしい" * READ_FOR_DANGER)) == READ_FOR_DANGER


@pytest.mark.parametrize(
    "text", ["", "。", "…", "👍👍👍", "ああああ", "あ", "w", "wwwwwww", "！？"]
)
def test_a_message_without_words_is_noise(text: str) -> None:
    assert is_noise(fold(text))


@pytest.mark.parametrize("text", ["ねえ", "はは", "ううう", "委託", "#9999", "9999", "さみしい"])
def test_short_words_and_numbers_to_call_are_no_noise(text: str) -> None:
    assert not is_noise(fold(text))


def test_a_message_of_just_the_limit_is_read() -> None:
    assert not is_too_long("あ" * LIMIT)
    assert is_too_long("あ" * (LIMIT + 1))


@pytest.mark.parametrize("text", ["。", "👍👍👍", "ああああ", "あ", "", "　", "\u200b"])
def test_noise_opens_the_three_large_choices(say: Say, text: str) -> None:
    reply = say(text)

    assert reply.status == "clarify_choice"
    assert tuple(choice.id for choice in reply.choices[:3]) == CHOICES


@pytest.mark.parametrize(
    "text", ["…", "困っています", "相談したい", "メニュー", "what should i do"]
)
def test_who_cannot_find_words_is_offered_troubles_to_choose_from(say: Say, text: str) -> None:
    reply = say(text)

    assert reply.status == "clarify_choice"
    assert "topic:loneliness" in [choice.id for choice in reply.choices]


def test_the_number_of_the_loneliness_dial_is_understood(say: Say) -> None:
    assert say("#9999", "resident").cards[0].id == "window/9999"


def test_a_circled_number_alone_is_a_clause_and_no_noise(say: Say) -> None:
    assert [card.id for card in say("⑦", "member").cards] == ["guideline/3-2-7"]


def test_a_long_story_is_thanked_for_and_asked_for_its_core(say: Say) -> None:
    reply = say("毎日がとてもさみしいです。" * 100)

    assert reply.status == "blocked_too_long"
    assert f"{LIMIT:,}" in reply.text
    assert tuple(choice.id for choice in reply.choices) == CHOICES


def test_a_message_just_short_enough_is_answered(say: Say) -> None:
    assert say(("さみしいです。" * 200)[:LIMIT], "resident").status == "answered"
