"""Place, language and a clear screen: kept for the conversation, changed, forgotten."""

import pytest

from handlers.library import Library
from handlers.messages import Reply
from knowledge.replies import FRAME
from tests.conftest import Say
from tests.fakes import FakeConversations, FakeLog

OWN_NAME = {
    "ja": "日本語",
    "ja-easy": "やさしい日本語",
    "en": "English",
    "zh": "中文（简体）",
    "pt": "Português",
    "vi": "Tiếng Việt",
}


def taps(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


# Place


@pytest.mark.parametrize("text", ["/place", "住んでいるところを変える", "/場所"])
def test_without_a_place_the_region_is_asked(say: Say, text: str) -> None:
    reply = say(text)

    assert reply.status == "clarify_prefecture"
    assert taps(reply)[0] == "region:北海道"
    assert len(taps(reply)) == 8


def test_the_place_is_shown_changed_and_forgotten(say: Say) -> None:
    say("大阪に住んでいます。さみしい", "resident")
    shown = say("/place")
    assert "大阪府" in shown.opening[0]
    assert taps(shown) == ["place", "place:forget"]

    say(choice="home:kyoto")
    assert "京都府" in say("/place").opening[0]

    say(choice="place:forget")
    assert say("/place").status == "clarify_prefecture"


def test_a_forgotten_place_has_no_windows_any_more(say: Say) -> None:
    say(choice="home:tokyo")
    say("都道府県を忘れて")
    reply = say("仕事がなくて困っています", "resident")

    assert {card.prefecture for card in reply.cards} == {None}


def test_forgetting_what_was_never_said_is_harmless(say: Say, library: Library) -> None:
    assert say(choice="place:forget").opening == (library.replies.say("place.forgotten"),)


@pytest.mark.parametrize(
    ("language", "label"),
    [("ja", "大阪府"), ("ja-easy", "大阪府（おおさかふ）"), ("zh", "大阪府"), ("pt", "Osaka")],
)
def test_a_prefecture_is_named_so_that_the_person_can_read_it(
    say: Say, language: str, label: str
) -> None:
    reply = say(choice="region:近畿", language=language)

    assert label in {choice.label for choice in reply.choices}


def test_who_asks_what_another_prefecture_does_has_not_moved_there(say: Say) -> None:
    say("大阪でさみしい", "resident")
    say("山梨県は何を調査しますか", "resident")

    assert "大阪府" in say("/place").opening[0]


# Language


@pytest.mark.parametrize("text", ["/lang", "language", "语言", "ことばを変える"])
def test_every_language_has_a_button_with_its_own_name(say: Say, text: str) -> None:
    reply = say(text)

    assert {c.id.removeprefix("lang:"): c.label for c in reply.choices} == OWN_NAME


@pytest.mark.parametrize("language", FRAME)
def test_a_chosen_language_is_spoken_from_then_on(
    say: Say, library: Library, language: str
) -> None:
    assert say(choice=f"lang:{language}").opening == (
        library.replies.say("frame.chosen", language),
    )
    reply = say("さみしい。だれかと話したい", "resident")

    assert reply.language == language
    assert library.replies.say("windows.closing", language) in reply.closing


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("やさしい日本語で", "ja-easy"),
        ("Tiếng Việt", "vi"),
        ("Português", "pt"),
        ("中文", "zh"),
        ("in English", "en"),
    ],
)
def test_a_language_can_be_asked_for_in_words(say: Say, text: str, language: str) -> None:
    assert say(text).language == language


@pytest.mark.parametrize("language", ["xx", "", "show me", "ja-JP"])
def test_a_language_we_lack_is_no_button(say: Say, library: Library, language: str) -> None:
    assert say(choice=f"lang:{language}").opening == (library.replies.say("fallback.stale"),)


@pytest.mark.parametrize(
    ("text", "app", "spoken"),
    [
        ("さみしい", "vi", "ja"),
        ("さみしい", "ja-easy", "ja-easy"),
        ("I feel lonely and want to talk", "ja", "en"),
        ("😢", "pt", "pt"),
        ("😢", None, "ja"),
        ("", "zh", "zh"),
    ],
)
def test_the_language_is_that_of_the_message_else_that_of_the_app(
    say: Say, text: str, app: str | None, spoken: str
) -> None:
    assert say(text, language=app).language == spoken


@pytest.mark.parametrize("language", FRAME)
def test_when_something_breaks_it_is_said_in_the_persons_language(
    say: Say, library: Library, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(choice=f"lang:{language}", conversation="chosen")
    monkeypatch.setattr("handlers.answer.tidy", lambda _: 1 / 0)
    sorry = (library.replies.say("fallback.error", language),)

    assert say("さみしい", language=language).opening == sorry
    assert say("さみしい", conversation="chosen").opening == sorry


# A clear screen


@pytest.mark.parametrize("text", ["消す", "/消す", "/clear", "画面を消して", "けす", "清屏"])
def test_a_cleared_screen_has_one_neutral_line_and_no_buttons(say: Say, text: str) -> None:
    say("夫に殴られます", "resident")
    reply = say(text)

    assert reply.clears
    assert len(reply.opening) == 1
    assert (reply.cards, reply.closing, reply.choices) == ((), (), ())
    for word in ("消", "削除", "相談", "窓口", "暴力"):
        assert word not in reply.text


def test_what_was_said_is_forgotten_with_it_but_never_that_someone_was_in_danger(
    say: Say, conversations: FakeConversations
) -> None:
    say("死にたい")
    say("大阪でさみしい", "resident")
    say("消す")
    kept = conversations.kept["test:1"]

    assert kept.crisis
    assert (kept.place, kept.words, kept.listed, kept.text) == (None, None, (), "")


def test_nothing_of_it_is_logged_as_text(say: Say, log: FakeLog) -> None:
    say("消す")

    assert (log.queries[-1].status, log.queries[-1].text) == ("smalltalk", None)
