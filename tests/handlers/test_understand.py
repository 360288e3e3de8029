"""Reading a message in its conversation: what it names, and what it takes over from before."""

from dataclasses import replace
from datetime import datetime

import pytest

from handlers import understand
from handlers.library import Library
from handlers.messages import Incoming
from handlers.ports import Conversation
from handlers.turn import Turn
from handlers.understand import EMPTY_WORDS, Reader
from knowledge.search import Index
from knowledge.slots import Slots
from knowledge.text import words
from knowledge.vocabulary import Activity, Kind, Need, Topic
from tests.fakes import FRIDAY_MORNING
from tests.handlers.made import danger


@pytest.fixture
def reader(library: Library) -> Reader:
    return Reader(library)


def turn(text: str, before: Conversation | None = None, **known: object) -> Turn:
    incoming = Incoming(text, "test:1", FRIDAY_MORNING, **known)  # type: ignore[arg-type]
    return Turn(incoming, before or Conversation(), text=text)


def read(reader: Reader, text: str, before: Conversation | None = None) -> Turn:
    made = turn(text, before)
    reader.read(made)
    return made


def after(text: str, route: Kind, reader: Reader) -> Conversation:
    """The conversation after a message that was answered with entries of a kind."""
    said = read(reader, text)
    return Conversation(slots=said.slots, words=said.words, route=route)


# What a message names


def test_the_place_is_left_out_of_what_is_said_about_trouble(reader: Reader) -> None:
    said = read(reader, "大阪でさみしい")

    assert said.slots.prefectures == ("大阪府",)
    assert said.rest.forms == words("さみしい").forms


def test_without_a_place_nothing_is_left_out(reader: Reader) -> None:
    said = read(reader, "さみしい")

    assert said.rest is said.words
    assert not said.wordless


def test_a_place_in_latin_letters_is_left_out_whatever_its_case(reader: Reader) -> None:
    assert "osaka" not in read(reader, "lonely in OSAKA").rest.forms


def test_what_is_not_meant_is_not_searched_for(reader: Reader) -> None:
    assert "補助" not in read(reader, "補助じゃなくて委託").words.forms
    assert "委託" in read(reader, "補助じゃなくて委託").words.forms
    assert "補助" not in read(reader, "補助ではなく、委託").words.forms


@pytest.mark.parametrize(
    "text", ["大阪府の相談窓口", "大阪で助けて", "大阪　相談したい", "Osaka help"]
)
def test_a_place_and_a_cry_say_nothing_else(reader: Reader, text: str) -> None:
    assert read(reader, text).wordless


@pytest.mark.parametrize("text", ["大阪府のDV相談窓口", "大阪の天気", "大阪府は入っていますか"])
def test_a_place_and_a_question_say_more(reader: Reader, text: str) -> None:
    assert not read(reader, text).wordless


# Pointing back


@pytest.mark.parametrize(
    "text", ["じゃあ岐阜は？", "岐阜のほうは", "岐阜県の場合", "それは岐阜では？", "岐阜"]
)
def test_a_message_with_nothing_but_a_place_points_back(reader: Reader, text: str) -> None:
    assert read(reader, text).points


@pytest.mark.parametrize("text", ["岐阜の研修", "岐阜でさみしい", "さみしい", "じゃあ"])
def test_a_message_that_says_more_stands_alone(reader: Reader, text: str) -> None:
    assert not read(reader, text).points


def test_pointing_takes_over_what_was_asked_but_not_where(reader: Reader) -> None:
    slots = Slots(
        prefectures=("山梨県",),
        topics={Topic.DV: 4.0},
        needs=(Need.FREE,),
        activities=(Activity.SURVEY,),
        facets=("新聞",),
    )
    said = read(reader, "じゃあ岐阜は？", Conversation(slots=slots))

    assert said.slots.prefectures == ("岐阜県",)
    assert said.slots.topics == slots.topics
    assert (said.slots.needs, said.slots.activities) == (slots.needs, slots.activities)
    assert said.slots.facets == slots.facets


def test_pointing_back_at_nothing_is_a_place_and_no_more(reader: Reader) -> None:
    said = read(reader, "岐阜")

    assert said.points
    assert (said.slots.topics, said.carried) == ({}, False)


def test_words_that_point_are_not_words_of_trouble() -> None:
    assert not EMPTY_WORDS & {"寂しい", "委託", "研修", "窓口"}


# Carried over


def test_after_a_program_the_prefecture_is_carried_over(reader: Reader) -> None:
    said = read(reader, "研修もしますか", after("山梨県の取組", Kind.PROGRAM, reader))

    assert said.carried
    assert said.slots.prefectures == ("山梨県",)
    assert said.slots.activities == (Activity.TRAINING,)


@pytest.mark.parametrize("route", [Kind.WINDOW, Kind.CLAUSE])
def test_after_windows_and_clauses_it_is_not(reader: Reader, route: Kind) -> None:
    said = read(reader, "研修もしますか", after("山梨県の取組", route, reader))

    assert not said.carried
    assert said.slots.prefectures == ()


def test_a_clause_named_by_number_is_asked_of_no_prefecture(reader: Reader) -> None:
    said = read(reader, "４（３）は？", after("山梨県の取組", Kind.PROGRAM, reader))

    assert not said.carried
    assert said.slots.prefectures == ()


def test_after_a_program_of_no_prefecture_nothing_is_carried_over(reader: Reader) -> None:
    said = read(reader, "研修もしますか", after("交付団体の一覧", Kind.PROGRAM, reader))

    assert (said.carried, said.slots.prefectures) == (False, ())


# How near every entry is


def ranked(
    reader: Reader, library: Library, text: str, before: Conversation | None = None
) -> Turn:
    said = read(reader, text, before)
    reader.rank(said, library.index)
    return said


def best(said: Turn) -> str:
    assert said.ranking
    return said.ranking.best(1)[0].id


def test_a_sentence_is_compared_with_every_entry(reader: Reader, library: Library) -> None:
    said = ranked(reader, library, "NPOに委託できますか")

    assert best(said) == "guideline/2-2"
    assert said.rest_ranking is said.ranking


def test_a_place_is_compared_with_and_without(reader: Reader, library: Library) -> None:
    said = ranked(reader, library, "山梨県は何を調査しますか")

    assert said.rest_ranking is not said.ranking


def test_a_short_question_is_helped_by_the_one_before(
    reader: Reader, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understand, "SURE", 2.0)
    alone = ranked(reader, library, "契約のほうは？")
    before = after("交付団体の一覧をください", Kind.PROGRAM, reader)
    helped = ranked(reader, library, "契約のほうは？", before)

    assert alone.ranking
    assert helped.ranking
    assert (helped.ranking.scores >= alone.ranking.scores).all()
    assert (helped.ranking.scores > alone.ranking.scores).any()


def test_a_short_question_understood_surely_needs_no_help(
    reader: Reader, library: Library
) -> None:
    ask = library.clauses.clauses["guideline/2-2"].asks[0]
    before = after("交付団体の一覧", Kind.PROGRAM, reader)

    assert best(ranked(reader, library, ask, before)) == "guideline/2-2"


def test_a_long_question_stands_alone(reader: Reader, library: Library) -> None:
    text = "民間の支援団体が行う相談や居場所の取組に補助金を出せますか"
    alone = ranked(reader, library, text)
    before = after("交付団体の一覧", Kind.PROGRAM, reader)

    assert alone.ranking
    assert (ranked(reader, library, text, before).ranking.scores == alone.ranking.scores).all()


def test_pointing_back_compares_what_was_asked_before(reader: Reader, library: Library) -> None:
    before = after("さみしい。だれかと話したい", Kind.WINDOW, reader)
    said = ranked(reader, library, "大阪は？", before)

    assert said.words == before.words
    assert said.rest_ranking is said.ranking
    assert best(said) == best(ranked(reader, library, "さみしい。だれかと話したい"))


def test_an_empty_library_compares_with_nothing(reader: Reader) -> None:
    said = read(reader, "委託", Conversation(words=words("補助")))
    reader.rank(said, Index([]))

    assert said.ranking
    assert not len(said.ranking.scores)


# What is known of the person


def test_soft_signs_are_no_cry_for_help() -> None:
    said = turn("つらい")

    assert not said.in_danger
    said.danger = danger(soft=True)
    assert not said.in_danger
    said.danger = danger()
    assert said.in_danger


@pytest.mark.parametrize(
    ("text", "slots", "telephone", "expected"),
    [
        ("さみしい", Slots(), None, "ja"),
        ("さみしい", Slots(), "en", "ja"),
        ("I feel lonely", Slots(language="en"), "ja", "en"),
        ("", Slots(), "en", "en"),
        ("", Slots(), None, "ja"),
        ("", Slots(language="ko"), "en", "ko"),
    ],
)
def test_the_language_is_what_the_person_writes_then_what_the_telephone_speaks(
    text: str, slots: Slots, telephone: str | None, expected: str
) -> None:
    said = turn(text, language=telephone)
    said.slots = slots

    assert said.language == expected


@pytest.mark.parametrize(
    ("named", "earlier", "channel", "expected"),
    [
        (("岐阜県", "愛知県"), "山梨県", "東京都", "岐阜県"),
        ((), "山梨県", "東京都", "山梨県"),
        ((), None, "東京都", "東京都"),
        ((), None, None, None),
    ],
)
def test_home_is_what_was_said_last(
    named: tuple[str, ...], earlier: str | None, channel: str | None, expected: str | None
) -> None:
    said = turn("x", Conversation(place=earlier), prefecture=channel)
    said.slots = Slots(prefectures=named)

    assert said.prefecture == expected


def test_a_turn_begins_with_nothing_understood() -> None:
    said = turn("さみしい")

    assert said.slots == Slots()
    assert (said.words.forms, said.ranking, said.points, said.carried) == ((), None, False, False)
    assert replace(Conversation(), crisis=True).crisis
    assert isinstance(said.incoming.at, datetime)
