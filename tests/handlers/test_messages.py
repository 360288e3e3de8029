"""What goes in and out, whatever the channel."""

from dataclasses import FrozenInstanceError, fields

import pytest

from handlers.messages import Card, Choice, Incoming, Reply, Role, Status
from knowledge.vocabulary import Kind
from tests.fakes import FRIDAY_MORNING

CLOSED_SET = {
    "answered": "answered",
    "answered_not_listed": "answered",
    "clarify_prefecture": "clarify",
    "clarify_choice": "clarify",
    "unanswered_no_match": "unanswered",
    "unanswered_out_of_scope": "unanswered",
    "crisis_signposted": "crisis",
    "smalltalk": "smalltalk",
    "blocked_too_long": "blocked",
    "error_internal": "error",
}


def test_the_statuses_are_a_closed_set_and_their_first_word_groups_them() -> None:
    assert {status.value: status.group for status in Status} == CLOSED_SET


def test_residents_members_and_staff_ask() -> None:
    assert [role.value for role in Role] == ["resident", "member", "staff"]


def test_a_message_is_known_by_text_conversation_and_time_alone() -> None:
    incoming = Incoming("さみしい", "console:1", FRIDAY_MORNING)

    assert (incoming.channel, incoming.role, incoming.prefecture) == ("console", None, None)
    assert (incoming.language, incoming.choice) == (None, None)


def test_a_message_never_changes_on_its_way() -> None:
    incoming = Incoming("さみしい", "console:1", FRIDAY_MORNING)

    with pytest.raises(FrozenInstanceError):
        incoming.text = "だいじょうぶ"  # type: ignore[misc]


def test_a_card_reads_as_title_quote_and_lines() -> None:
    card = Card(
        "guideline/1", Kind.CLAUSE, "目的", 1.0, quote="孤独・孤立", lines=("出典", "日付")
    )

    assert card.text == "■ 目的\n「孤独・孤立」\n出典\n日付"


def test_a_card_without_a_quote_has_no_empty_brackets() -> None:
    card = Card("window/yorisoi", Kind.WINDOW, "よりそい", 1.0, lines=("電話：0120",))

    assert card.text == "■ よりそい\n電話：0120"


def test_what_is_not_known_of_a_window_is_not_guessed() -> None:
    card = Card("window/x", Kind.WINDOW, "x", 0.5)

    assert (card.free, card.open_now, card.area, card.place) == (None, None, None, None)


def test_a_reply_reads_opening_cards_closing_and_numbered_choices() -> None:
    reply = Reply(
        Status.ANSWERED,
        opening=("はじめ",),
        cards=(Card("window/a", Kind.WINDOW, "甲", 1.0), Card("window/b", Kind.WINDOW, "乙", 0.9)),
        closing=("おわり",),
        choices=(Choice("place", "県も見る"), Choice("none", "ない")),
    )

    assert reply.text == "はじめ\n\n■ 甲\n\n■ 乙\n\nおわり\n\n1. 県も見る\n2. ない"


def test_a_reply_without_choices_ends_with_its_last_sentence() -> None:
    assert Reply(Status.SMALLTALK, opening=("こんにちは",)).text == "こんにちは"


def test_entries_behind_choices_are_not_shown_in_full() -> None:
    offered = (Card("guideline/1", Kind.CLAUSE, "目的", 0.1, quote="全文"),)

    assert "全文" not in Reply(Status.CLARIFY_CHOICE, offered=offered).text


def test_every_reply_says_whether_a_person_in_danger_was_noticed() -> None:
    assert "crisis" in {field.name for field in fields(Reply)}
    assert not Reply(Status.SMALLTALK).crisis
