"""Buttons: from the three large ones to a window near home, and what old or odd ones do."""

from dataclasses import replace

import pytest

from handlers import route
from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Reply
from knowledge.vocabulary import Topic
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.handlers.made import ids, library_of, window

HOSTILE = [
    "x" * 64, "つ" * 21, "start:", "start:nothing", "topic:", "topic:nothing", "topic:loneliness ",
    "TOPIC:loneliness", "region:", "region:火星", "home:", "home:mars", "home:岩手県", "programs:",
    "programs:関東県", "asked:", "asked:mars", "window/", "window/none", "guideline/9-2",
    "unknown:1", "'; DROP TABLE queries; --", "../../etc/passwd", "\u0000", "none ", "{0}", "<b>",
]  # fmt: skip


def choices(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


# Someone to talk to


def test_the_first_button_asks_what_it_is_about(say: Say, library: Library) -> None:
    reply = say(choice="start:windows")

    assert reply.status == "clarify_choice"
    assert reply.opening == (library.replies.say("start.windows"),)
    assert choices(reply)[0] == "topic:loneliness"


@pytest.mark.parametrize("topic", Topic)
def test_every_trouble_leads_to_windows_for_it(say: Say, topic: Topic) -> None:
    reply = say(choice=f"topic:{topic}")

    assert reply.status == "answered"
    assert topic in reply.cards[0].topics
    assert {card.area for card in reply.cards} == {"全国"}
    assert choices(reply)[0] == "place"


def test_the_words_on_the_button_choose_among_the_windows(say: Say) -> None:
    """お金・生活に困っている is no matter for a line for survivors of disasters."""
    first = say(choice="topic:poverty").cards[:3]

    assert [card.topics[0] for card in first] == [Topic.POVERTY] * 3


def test_from_a_trouble_to_a_window_near_home(say: Say, library: Library) -> None:
    say(choice="topic:mental-health")
    region = say(choice="place")
    prefecture = say(choice="region:近畿")
    reply = say(choice="home:osaka")

    assert (region.status, prefecture.status) == ("clarify_prefecture", "clarify_prefecture")
    assert len(region.choices) == 8
    assert "home:osaka" in choices(prefecture)
    assert reply.opening[0] == library.replies.say("start.place_kept", prefecture="大阪府")
    assert "大阪府" in {card.prefecture for card in reply.cards}
    assert all("mental-health" in card.topics for card in reply.cards)


def test_from_a_written_trouble_to_windows_near_home(say: Say) -> None:
    say("借金が返せなくて困っています", "resident")
    say(choice="place")
    say(choice="region:中部")
    reply = say(choice="home:aichi")

    assert reply.slots["topics"][0] == "debt-legal"
    assert "debt-legal" in reply.cards[0].topics


def test_a_trouble_no_list_knows_is_kept_on_the_way_home(say: Say) -> None:
    first = say("飼っていた犬が死んでから涙が止まらない", "resident")
    for choice in ("place", "region:中部", "home:aichi"):
        reply = say(choice=choice)

    assert set(ids(first)) & set(ids(reply))


def test_a_home_without_any_words_before_is_listened_to(say: Say) -> None:
    reply = say(choice="home:osaka")

    assert reply.status == "answered"
    assert {card.prefecture for card in reply.cards} <= {"大阪府", None}


def test_a_chosen_home_stays_for_the_conversation(say: Say) -> None:
    say(choice="home:osaka")
    reply = say("職場でパワハラを受けています", "resident")

    assert "place" not in choices(reply)
    assert {card.prefecture for card in reply.cards} <= {"大阪府", None}


def test_a_new_trouble_leaves_the_old_one_behind(say: Say) -> None:
    say("借金が返せない", "resident")

    assert say(choice="topic:pregnancy").slots["topics"] == ["pregnancy"]


# The guideline


def test_the_second_button_lists_the_sections(say: Say, library: Library) -> None:
    reply = say(choice="start:rules")

    assert reply.status == "clarify_choice"
    assert reply.opening == (library.replies.say("start.rules"),)
    assert "guideline/2-2" in choices(reply)
    assert "guideline/3-2-7" not in choices(reply)
    assert next(c.label for c in reply.choices if c.id == "guideline/2-2").startswith("２（２） ")


def test_a_section_that_was_tapped_is_quoted(say: Say, library: Library) -> None:
    say(choice="start:rules")
    (card,) = say(choice="guideline/2-2").cards

    assert card.quote == library.knowledge.entries["guideline/2-2"].text
    assert card.score == 1.0


# The programs


def test_the_third_button_leads_through_a_region_to_a_program(say: Say) -> None:
    regions = say(choice="start:programs")
    region = say(choice="programs:中部")
    reply = say(choice="asked:gifu")

    assert regions.status == region.status == "clarify_prefecture"
    assert "programs:中部" in choices(regions)
    assert "asked:gifu" in choices(region)
    assert ids(reply) == ["program/gifu"]


def test_prefectures_that_are_not_listed_can_be_tapped_too(say: Say) -> None:
    region = say(choice="programs:関東")
    reply = say(choice="asked:tokyo")

    assert "asked:tokyo" in choices(region)
    assert reply.status == "answered_not_listed"
    assert reply.cards[0].prefecture == "東京都"


def test_a_tapped_program_is_followed_up_in_words(say: Say) -> None:
    say(choice="asked:gifu")

    assert ids(say("じゃあ山梨は？")) == ["program/yamanashi"]


@pytest.mark.parametrize("entry", ["program/overview", "program/none", "program/shiga"])
def test_a_program_on_a_button_is_shown(say: Say, entry: str) -> None:
    assert ids(say(choice=entry)) == [entry]


def test_a_window_on_a_button_is_shown(say: Say) -> None:
    reply = say(choice="window/yorisoi")

    assert (reply.status, ids(reply)) == ("answered", ["window/yorisoi"])


# None of these


@pytest.mark.usefixtures("unsure")
def test_none_of_these_is_unanswered_and_the_question_is_kept_redacted(
    say: Say, log: FakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "UNKNOWN", 1.1)
    monkeypatch.setattr(route, "ANSWER", 1.1)
    offered = say("NPOに委託できますか。名前は山田花子、090-1234-5678", "member")
    say(choice=offered.choices[-1].id)

    assert offered.status == "clarify_choice"
    assert log.queries[0].text is None
    assert log.queries[1].status == "unanswered_no_match"
    assert log.queries[1].text
    assert "花子" not in log.queries[1].text
    assert "1234" not in log.queries[1].text
    assert "[phone]" in log.queries[1].text


@pytest.mark.usefixtures("unsure")
def test_none_of_these_is_kept_once(say: Say, log: FakeLog) -> None:
    say("NPOに委託できますか", "member")
    say(choice="none")
    say(choice="none")

    assert [query.text for query in log.queries] == [None, "NPOに委託できますか", None]


def test_none_of_these_out_of_nowhere_keeps_nothing(say: Say, log: FakeLog) -> None:
    reply = say(choice="none")

    assert reply.status == "unanswered_no_match"
    assert log.queries[0].text is None


@pytest.mark.usefixtures("unsure")
def test_after_danger_none_of_these_keeps_nothing(say: Say, log: FakeLog) -> None:
    say("死にたい")
    assert say("NPOに委託できますか", "member").offered
    reply = say(choice="none")

    assert reply.crisis
    assert [query.text for query in log.queries] == [None, None, None]


# Old and odd buttons


@pytest.mark.parametrize("choice", HOSTILE)
def test_a_button_that_means_nothing_gets_a_friendly_word(
    say: Say, library: Library, log: FakeLog, choice: str
) -> None:
    reply = say(choice=choice)

    assert reply.status == "clarify_choice"
    assert reply.opening == (library.replies.say("fallback.stale"),)
    assert choices(reply) == ["start:windows", "start:rules", "start:programs"]
    assert choice not in str(log.queries)


def test_an_empty_button_is_an_empty_message(say: Say, library: Library) -> None:
    reply = say(choice="")

    assert reply.opening == (library.replies.say("start.which"),)


def test_the_button_of_a_withdrawn_window_is_out_of_date(library: Library) -> None:
    withdrawn = window("gone", status="withdrawn")
    kept = library_of(library, window("here"))
    kept = replace(kept, knowledge=replace(kept.knowledge, unpublished=(withdrawn,)))
    assistant = Assistant(kept, FakeLog(), FakeConversations(), FakeClock())

    def tap(choice: str) -> Reply:
        return assistant.answer(Incoming("", "test:1", FRIDAY_MORNING, choice=choice))

    assert ids(tap("window/here")) == ["window/here"]
    assert tap("window/gone").opening == (library.replies.say("fallback.stale"),)


def test_buttons_answer_in_the_language_of_the_conversation(say: Say) -> None:
    say("I feel lonely and want to talk to someone")

    assert say(choice="start:windows").opening[0].startswith("What is it about?")
    assert say(choice="place").opening == ("Choose your region.",)


def test_buttons_answer_in_the_language_of_the_telephone(say: Say) -> None:
    assert say(choice="start:windows", language="en").opening[0].startswith("What is it about?")
    assert say(choice="start:windows", language="ja").opening[0].startswith("どんなことで")
