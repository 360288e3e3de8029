"""No answer is an answer: said plainly, with a human window, and kept for staff."""

from datetime import datetime

import pytest

from handlers.choices import Choices
from handlers.fallback import HUMAN, FallbackDesk
from handlers.library import Library
from handlers.windows import WindowDesk
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT, FakeLog
from tests.handlers.made import broken

NONSENSE = "夕ごはんの献立を考えて"
START = ("start:windows", "start:rules", "start:programs")


@pytest.fixture
def fallback(library: Library) -> FallbackDesk:
    choices = Choices(library.replies, library.gazetteer)
    return FallbackDesk(library.windows, library.replies, choices, FRIDAY_MORNING)


def test_the_human_windows_are_free_and_never_closed(library: Library) -> None:
    """They are shown when all else fails, without looking at the clock."""
    cards = library.windows.cards(HUMAN, FRIDAY_NIGHT, "ja")

    assert [card.id for card in cards] == list(HUMAN)
    assert all(card.always_open and card.free for card in cards)


@pytest.mark.parametrize("role", [None, "resident", "member"])
def test_who_gets_no_answer_gets_a_person_to_talk_to(
    say: Say, library: Library, role: str | None
) -> None:
    reply = say(NONSENSE, role)

    assert reply.status == "unanswered_no_match"
    assert [card.id for card in reply.cards] == list(HUMAN)
    assert library.replies.say("fallback.human") in reply.opening


def test_who_gets_no_answer_can_start_anew(say: Say) -> None:
    assert tuple(choice.id for choice in say(NONSENSE).choices)[: len(START)] == START


def test_an_officer_is_not_sent_to_a_hotline(say: Say, library: Library) -> None:
    reply = say(NONSENSE, "staff")

    assert reply.status == "unanswered_no_match"
    assert reply.cards == ()
    assert reply.opening == (library.replies.say("fallback.no_match_member"),)


def test_a_member_is_told_where_it_was_looked_for(say: Say, library: Library) -> None:
    assert say(NONSENSE, "member").opening[0] == library.replies.say("fallback.no_match_member")


def test_a_resident_is_told_that_there_is_no_answer_yet(say: Say, library: Library) -> None:
    assert say(NONSENSE, "resident").opening[0] == library.replies.say("fallback.no_match")


def test_an_english_question_without_an_answer_is_met_in_english(say: Say) -> None:
    reply = say("What should I cook for the dinner of my cat?")

    assert reply.status == "unanswered_no_match"
    assert reply.opening[0].startswith("I do not have an answer")
    assert reply.choices[0].label == "Find someone to talk to"


def test_a_lonely_person_in_iwate_gets_the_number_that_works_there(say: Say) -> None:
    """0120-279-338 does not take calls from Iwate, Miyagi and Fukushima."""
    reply = say(NONSENSE, prefecture="岩手県")

    assert reply.cards[0].id == "window/yorisoi-tohoku"
    assert reply.cards[0].numbers == ("0120-279-226",)


@pytest.mark.parametrize("prefecture", ["秋田県", "東京都", None])
def test_everywhere_else_the_usual_number_is_shown(say: Say, prefecture: str | None) -> None:
    assert say(NONSENSE, prefecture=prefecture).cards[0].id == "window/yorisoi"


@pytest.mark.usefixtures("unsure")
def test_near_misses_are_offered_and_none_of_them_is_a_choice(say: Say, library: Library) -> None:
    reply = say("NPOに委託できますか", "member")

    assert reply.status == "clarify_choice"
    assert reply.opening == (library.replies.say("fallback.choices"),)
    assert reply.cards == ()
    assert [choice.id for choice in reply.choices] == [*(c.id for c in reply.offered), "none"]
    assert [choice.label for choice in reply.choices[:-1]] == [c.title for c in reply.offered]


def test_a_failure_is_met_in_the_language_of_the_channel(fallback: FallbackDesk) -> None:
    japanese = fallback.error(None)
    english = fallback.error("en")
    korean = fallback.error("ko")

    assert japanese == fallback.error("ja")
    assert "いま受付中（24時間）" in japanese.text
    assert "Open now (24 hours)" in english.text
    assert korean == english


def test_a_failure_of_the_windows_themselves_still_shows_one(
    fallback: FallbackDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WindowDesk, "card", broken)

    reply = fallback.error(None)

    assert reply.status == "error_internal"
    assert "0120-279-338" in reply.text


def test_a_clock_gone_mad_still_leaves_a_person_to_talk_to(say: Say) -> None:
    reply = say("さみしい", at=datetime(9999, 12, 31, 23, 59, tzinfo=FRIDAY_MORNING.tzinfo))

    assert reply.status == "error_internal"
    assert [card.id for card in reply.cards] == list(HUMAN)


@pytest.mark.usefixtures("unsure")
def test_none_of_the_choices_counts_as_unanswered(say: Say, log: FakeLog) -> None:
    say("NPOに委託できますか", "member")
    reply = say(choice="none")

    assert reply.status == "unanswered_no_match"
    assert [card.id for card in reply.cards] == list(HUMAN)
    assert log.queries[-1].text == "NPOに委託できますか"
