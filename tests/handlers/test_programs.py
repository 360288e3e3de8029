"""The programs of the 18 recipients, quoted; honest about everybody else."""

from dataclasses import replace

import pytest

from handlers.library import Library
from handlers.messages import Card
from handlers.programs import NONE, OVERVIEW, ProgramDesk
from knowledge.entries import Platform, Program
from knowledge.load import load
from knowledge.places import Gazetteer
from knowledge.vocabulary import CLAUSE_OF_ACTIVITY, Activity

RECIPIENTS = [p.prefecture for p in load().programs.programs if p.prefecture]
OTHERS = [p.name for p in Gazetteer().prefectures if p.name not in RECIPIENTS]


@pytest.fixture
def desk(library: Library) -> ProgramDesk:
    return library.programs


def with_platform(library: Library, **facts: str) -> Card:
    """The card of Gifu's program where this is known of its platform."""
    platform = Platform(prefecture="岐阜県", **facts)  # type: ignore[arg-type]
    knowledge = replace(library.knowledge, platforms=(platform,))
    desk = ProgramDesk(knowledge, library.replies)
    return desk.card(desk.of("岐阜県"), 1.0)


def platform_lines(card: Card) -> list[str]:
    return [line for line in card.lines if line.startswith("プラットフォーム")]


# Who is listed


def test_eighteen_prefectures_are_listed_and_29_are_not() -> None:
    assert (len(RECIPIENTS), len(OTHERS)) == (18, 29)


@pytest.mark.parametrize("prefecture", RECIPIENTS)
def test_a_recipients_program_is_quoted_word_for_word(desk: ProgramDesk, prefecture: str) -> None:
    program = desk.of(prefecture)
    card = desk.card(program, 1.0, prefecture)

    assert (card.quote, card.title) == (program.text, program.title)
    assert card.prefecture == prefecture


@pytest.mark.parametrize("prefecture", OTHERS)
def test_a_prefecture_that_is_not_listed_gets_an_honest_no(
    desk: ProgramDesk, prefecture: str
) -> None:
    card = desk.card(desk.of(prefecture), 1.0, prefecture)

    assert card.id == NONE
    assert card.title == f"{prefecture}：交付団体の一覧にありません"
    assert card.lines[0].startswith(
        f"{prefecture}は、令和６年度の交付団体（18団体）の一覧にありません"
    )
    assert card.quote == ""
    assert card.prefecture == prefecture


def test_not_listed_without_a_name_says_so_in_general(desk: ProgramDesk) -> None:
    card = desk.card(desk.programs[NONE], 1.0)

    assert card.title == desk.programs[NONE].title
    assert card.lines[0] == desk.programs[NONE].text
    assert card.quote == ""


def test_the_overview_names_every_recipient(desk: ProgramDesk) -> None:
    card = desk.card(desk.programs[OVERVIEW], 0.51239)

    assert card.prefecture is None
    assert card.score == 0.5124


def test_the_fiscal_year_is_said_as_people_say_it(desk: ProgramDesk) -> None:
    assert desk.year == "令和６年度"


# What the card says


@pytest.mark.parametrize("prefecture", RECIPIENTS)
def test_every_program_names_its_source(
    library: Library, desk: ProgramDesk, prefecture: str
) -> None:
    source = desk.card(desk.of(prefecture), 1.0).lines[-1]

    assert source.startswith(f"出典：{library.knowledge.programs.document}")


@pytest.mark.parametrize("prefecture", RECIPIENTS)
def test_every_program_names_its_activities_with_their_clauses(
    library: Library, desk: ProgramDesk, prefecture: str
) -> None:
    program = desk.of(prefecture)
    (told,) = [c for c in desk.card(program, 1.0).lines if c.startswith("実施要領の取組")]

    for activity in program.activities:
        clause = library.knowledge.entries[CLAUSE_OF_ACTIVITY[activity]]
        assert f"{desk.activity(activity)}" in told
        assert desk.activity(activity).endswith(f"（{clause.place}）")


@pytest.mark.parametrize("activity", Activity)
def test_every_activity_has_a_name_people_can_read(desk: ProgramDesk, activity: Activity) -> None:
    assert activity.value not in desk.activity(activity)


def test_a_confirmed_platform_is_named_with_its_year_and_its_page(library: Library) -> None:
    card = with_platform(
        library, name="つながりの輪", established="2023", status="confirmed", url="https://g.jp/"
    )

    assert platform_lines(card) == ["プラットフォーム：つながりの輪（2023 設立）"]
    assert card.url == "https://g.jp/"


@pytest.mark.parametrize(
    "facts",
    [{"established": "2023", "status": "partly"}, {"status": "confirmed"}],
    ids=["a year only partly confirmed", "no year"],
)
def test_a_year_that_is_not_confirmed_is_not_told(library: Library, facts: dict) -> None:
    card = with_platform(library, name="つながりの輪", **facts)

    assert platform_lines(card) == ["プラットフォーム：つながりの輪"]


def test_a_platform_without_a_known_name_is_said_to_be_unknown(library: Library) -> None:
    card = with_platform(library, status="not-confirmed")

    assert platform_lines(card) == [library.replies.say("program.platform_unknown")]


def test_a_program_without_a_record_of_its_platform_says_nothing_of_it(
    library: Library,
) -> None:
    desk = ProgramDesk(replace(library.knowledge, platforms=()), library.replies)
    card = desk.card(desk.of("岐阜県"), 1.0)

    assert (platform_lines(card), card.url) == ([], "")


def test_what_to_read_with_a_program_is_named_by_title(library: Library) -> None:
    gifu = library.programs.of("岐阜県")
    with_more = gifu.model_copy(update={"see": ("guideline/2-2", OVERVIEW)})
    card = library.programs.card(with_more, 1.0)
    (told,) = [line for line in card.lines if line.startswith("あわせて読む")]

    assert told.startswith("あわせて読む：２（２） ")
    assert library.programs.programs[OVERVIEW].title in told


def test_an_explanation_is_marked_as_not_the_original(library: Library) -> None:
    gifu = library.programs.of("岐阜県").model_copy(update={"plain": "やさしい説明"})

    assert library.programs.card(gifu, 1.0).lines[0] == "説明（原文ではありません）：やさしい説明"


def test_a_program_without_explanation_has_no_line_for_it(library: Library) -> None:
    gifu = library.programs.of("岐阜県").model_copy(update={"plain": "", "activities": ()})
    told = library.programs.card(gifu, 1.0).lines

    assert not [line for line in told if line.startswith(("説明", "実施要領の取組"))]


# Sets


def prefectures(programs: list[Program]) -> list[str]:
    return [program.prefecture for program in programs]


@pytest.mark.parametrize("activity", Activity)
def test_programs_with_an_activity_are_all_found(desk: ProgramDesk, activity: Activity) -> None:
    expected = [p.prefecture for p in desk.by_prefecture.values() if activity in p.activities]

    assert prefectures(desk.with_activities([activity])) == expected


def test_programs_with_two_activities_have_both(desk: ProgramDesk) -> None:
    two = next(p for p in desk.by_prefecture.values() if len(p.activities) > 1).activities[:2]
    both = desk.with_activities(two)

    assert both
    assert all(set(two) <= set(program.activities) for program in both)
    assert len(both) <= len(desk.with_activities(two[:1]))


def test_programs_are_found_by_what_people_call_a_facet(desk: ProgramDesk) -> None:
    assert "愛媛県" in prefectures(desk.with_facets(["新聞"]))


def test_a_facet_nobody_has_finds_nothing(desk: ProgramDesk) -> None:
    assert desk.with_facets(["月面基地"]) == []
    assert desk.with_facets([]) == []


def test_neither_overview_nor_not_listed_counts_as_a_program(desk: ProgramDesk) -> None:
    assert set(prefectures(desk.with_activities([]))) == set(RECIPIENTS)
