"""What people tell of a window, and the next one at once."""

from dataclasses import fields
from datetime import datetime

import pytest

from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Reply
from handlers.ports import OutcomeKind
from knowledge.vocabulary import Topic
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT, TOKYO, FakeLog
from tests.handlers.made import ask, assistant_of, contact, ids, library_of, window

SUNDAY_NIGHT = datetime(2026, 11, 22, 3, tzinfo=TOKYO)
PAGES_ONLY = {Topic.HIKIKOMORI, Topic.PREGNANCY}
"""Troubles whose national windows are pages where a number is looked up."""
OFFICE = "Mo-Fr 09:00-17:00"


def taps(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


def tap(assistant: Assistant, choice: str, at: datetime = FRIDAY_MORNING) -> Reply:
    return ask(assistant, "", choice=choice, at=at)


def failed(reply: Reply) -> str:
    return next(choice for choice in taps(reply) if choice.startswith("failed:"))


@pytest.mark.parametrize("at", [FRIDAY_MORNING, FRIDAY_NIGHT, SUNDAY_NIGHT])
@pytest.mark.parametrize("topic", sorted(set(Topic) - PAGES_ONLY))
def test_a_window_that_did_not_answer_yields_the_next_open_one(
    say: Say, library: Library, topic: Topic, at: datetime
) -> None:
    reply = say(choice=f"topic:{topic}", at=at)
    tried = failed(reply).removeprefix("failed:")
    following = say(choice=f"failed:{tried}", at=at)

    (card,) = following.cards
    assert card.id != tried
    assert card.open_now is True
    assert card.channels
    assert failed(following) == f"failed:{card.id}"
    same = set(library.windows.windows[tried].topics) & {topic} or {topic}
    assert same & set(card.topics) or card.id in {"window/yorisoi", "window/anatanoibasho"}


def test_no_window_comes_back_that_was_tried_in_this_conversation(say: Say) -> None:
    reply = say("さみしい", "resident")
    seen = []
    for _ in range(6):
        choice = failed(reply)
        seen.append(choice)
        reply = say(choice=choice)
        if not reply.cards:
            break

    assert len(seen) == len(set(seen))


def test_the_rest_of_the_list_comes_before_anything_else(say: Say) -> None:
    reply = say(choice="topic:loneliness")
    still_open = [card.id for card in reply.cards[1:] if card.open_now and card.channels]
    following = say(choice=failed(reply))

    assert ids(following) == still_open[:1]
    again = say(choice=failed(following))
    assert ids(again) == still_open[1:2]


def test_a_person_in_danger_gets_the_next_of_the_same_list(say: Say) -> None:
    reply = say("死にたい")
    following = say(choice=failed(reply))

    assert following.crisis
    assert following.cards[0].id in ids(reply)[1:]
    assert following.cards[0].open_now


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ("reached:window/yorisoi", OutcomeKind.REACHED),
        ("failed:window/yorisoi", OutcomeKind.FAILED),
        ("wrong:window/yorisoi", OutcomeKind.WRONG),
    ],
)
def test_it_is_counted_for_staff_by_window_and_time_alone(
    say: Say, log: FakeLog, choice: str, kind: OutcomeKind
) -> None:
    reply = say(choice=choice)
    (outcome,) = log.outcomes

    assert (outcome.window, outcome.kind, outcome.at) == ("window/yorisoi", kind, FRIDAY_MORNING)
    assert [field.name for field in fields(outcome)] == ["at", "window", "kind"]
    assert log.queries[-1].text is None
    assert "ありがとう" in reply.opening[0]


def test_told_twice_in_a_conversation_it_counts_once(say: Say, log: FakeLog) -> None:
    say(choice="wrong:window/yorisoi")
    say(choice="wrong:window/yorisoi")
    say(choice="failed:window/yorisoi")

    assert [outcome.kind for outcome in log.outcomes] == ["wrong", "failed"]


@pytest.mark.parametrize("kind", ["reached", "failed", "wrong", "about"])
@pytest.mark.parametrize("what", ["window/none", "", "guideline/1", "window/" + "x" * 90, "%s"])
def test_a_forged_button_is_harmless(
    say: Say, log: FakeLog, library: Library, kind: str, what: str
) -> None:
    reply = say(choice=f"{kind}:{what}")

    assert log.outcomes == []
    assert reply.opening == (library.replies.say("fallback.stale"),)


def test_the_buttons_of_every_window_fit_a_telegram_button(library: Library) -> None:
    longest = max(len(f"reached:{window}".encode()) for window in library.windows.windows)

    assert longest <= 64


def test_the_offer_names_the_first_window_that_can_be_reached(library: Library) -> None:
    page = window("page", contacts=[], opening_hours="24/7")
    line = window("line", name="はなす電話", opening_hours="24/7")
    assistant = assistant_of(library_of(library, page, line))
    reply = ask(assistant, "さみしい", choice=None)

    assert "「はなす電話」" in reply.closing[-1] or "failed:window/line" not in taps(reply)
    assert "failed:window/page" not in taps(reply)


def test_a_page_alone_cannot_fail(library: Library) -> None:
    made = library_of(library, window("page", contacts=[]))
    reply = ask(assistant_of(made), "", choice="window/page")

    assert {choice.partition(":")[0] for choice in taps(reply)} == {"say"}


def test_which_window_it_was_is_asked_among_those_shown(say: Say) -> None:
    shown = ids(say(choice="topic:loneliness"))
    which = say(choice="another")

    assert which.status == "clarify_choice"
    assert taps(which) == [f"about:{window}" for window in shown]
    about = say(choice=taps(which)[1])
    assert taps(about) == [f"{kind}:{shown[1]}" for kind in ("reached", "failed", "wrong")]


def test_a_list_nobody_remembers_cannot_be_asked_about(say: Say, library: Library) -> None:
    assert say(choice="another").opening == (library.replies.say("fallback.stale"),)


def test_a_lone_window_is_not_asked_about_among_others(say: Say) -> None:
    assert "another" not in taps(say(choice="window/yorisoi"))


def test_where_none_is_open_the_next_to_open_is_said_to_be_closed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.outcomes.HUMAN", ())
    made = [window("one", opening_hours=OFFICE), window("two", opening_hours=OFFICE)]
    always = ("window/yorisoi", "window/anatanoibasho")
    assistant = assistant_of(library_of(library, *made))
    for choice in (f"failed:{tried}" for tried in always):
        tap(assistant, choice, FRIDAY_NIGHT)
    reply = tap(assistant, "failed:window/one", FRIDAY_NIGHT)

    assert ids(reply) == ["window/two"]
    assert reply.opening == (library.replies.say("outcome.later"),)


def test_where_nothing_is_left_it_is_said_with_110_and_119(library: Library, log: FakeLog) -> None:
    made = window("one", opening_hours="", contacts=[contact("phone")])
    assistant = assistant_of(library_of(library, made), log)
    for choice in ("failed:window/yorisoi", "failed:window/anatanoibasho"):
        tap(assistant, choice)
    reply = tap(assistant, "failed:window/one")

    assert reply.cards == ()
    assert reply.opening == (library.replies.say("outcome.nothing"),)
    assert "119" in reply.text


def test_the_next_window_has_the_asked_property_where_one_has(say: Say) -> None:
    reply = say("無料の電話で話したい。さみしい", "resident")
    following = say(choice=failed(reply))

    assert following.cards[0].free
    assert following.cards[0].lines[0].startswith("✓ ")


@pytest.mark.parametrize("prefecture", ["岩手県", "宮城県", "福島県"])
def test_the_next_number_is_one_that_works_where_the_person_is(say: Say, prefecture: str) -> None:
    reply = say("死にたい", prefecture=prefecture)
    shown = []
    for _ in range(8):
        reply = say(choice=failed(reply), prefecture=prefecture)
        if not reply.cards:
            break
        shown += ids(reply)

    assert "window/yorisoi-tohoku" in shown
    assert "window/yorisoi" not in shown
    assert len(shown) == len(set(shown))


def test_what_is_told_names_nobody(say: Say, log: FakeLog) -> None:
    say("わたしの名前は山田花子です。さみしい", "resident")
    say(choice="failed:window/yorisoi")

    assert "山田" not in str(log.outcomes)
