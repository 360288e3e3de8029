"""For people whose screen somebody else may see: a neutral first line, a way to clear."""

import pytest

from handlers.library import Library
from knowledge.replies import FRAME
from knowledge.vocabulary import Topic
from tests.conftest import Say

DELICATE = ["dv", "sexual-violence", "child-abuse"]
TELLING = ("暴力", "虐待", "DV", "殴", "性", "110", "189", "窓口", "相談")


@pytest.mark.parametrize("topic", DELICATE)
@pytest.mark.parametrize("language", FRAME)
def test_the_first_line_tells_nothing_on_a_lock_screen(
    say: Say, library: Library, topic: str, language: str
) -> None:
    say(choice=f"lang:{language}")
    reply = say(choice=f"topic:{topic}")

    assert reply.opening[0] == library.replies.say("safe.first_line", language)
    assert reply.closing[-1] == library.replies.say("safe.hint", language)


def test_the_neutral_line_holds_no_telling_word(library: Library) -> None:
    line = library.replies.say("safe.first_line")

    assert [word for word in TELLING if word in line] == []


@pytest.mark.parametrize("topic", sorted(set(Topic) - set(DELICATE) - {"women", "police"}))
def test_other_troubles_begin_without_it(say: Say, library: Library, topic: str) -> None:
    reply = say(choice=f"topic:{topic}")
    delicate = reply.cards[0].topics[0] in DELICATE

    assert (reply.opening[0] == library.replies.say("safe.first_line")) == delicate


@pytest.mark.parametrize("text", ["夫に今殴られている", "近所の子が今たたかれて泣いている"])
def test_violence_that_happens_now_begins_with_it_too_and_names_help_next(
    say: Say, library: Library, text: str
) -> None:
    reply = say(text)

    assert reply.crisis
    assert reply.opening[0] == library.replies.say("safe.first_line")
    assert "110" in reply.opening[1]


def test_a_question_about_the_guideline_is_not_delicate(say: Say, library: Library) -> None:
    reply = say("DVの相談窓口を補助事業でつくれますか", "member")

    assert library.replies.say("safe.first_line") not in reply.opening


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("language", FRAME)
def test_what_to_say_stands_in_japanese_beside_the_persons_language(
    say: Say, library: Library, topic: Topic, language: str
) -> None:
    reply = say(choice=f"say:{topic}", language=language)
    pairs = library.to_say.of(topic, language)

    assert reply.opening[-len(pairs) - 1] == library.replies.say("phrases.opening", language)
    for (japanese, own), told in zip(pairs, reply.opening[-len(pairs) :], strict=True):
        assert japanese in told
        assert own in told


@pytest.mark.parametrize("topic", ["", "weather", "window/119"])
def test_nothing_can_be_said_about_no_trouble(say: Say, library: Library, topic: str) -> None:
    assert say(choice=f"say:{topic}").opening == (library.replies.say("fallback.stale"),)


def test_the_button_leads_to_what_the_reply_is_about(say: Say) -> None:
    reply = say(choice="topic:work")

    assert [c.id for c in reply.choices if c.id.startswith("say:")] == ["say:work"]
