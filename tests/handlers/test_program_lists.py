"""Ways through the programs without words, and what is said where a prefecture is not listed."""

import pytest

from handlers.library import Library
from handlers.messages import Incoming, Reply
from handlers.ports import Conversation
from handlers.program_lists import ProgramLists
from handlers.turn import Turn
from knowledge.vocabulary import Activity
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING

LISTED = 18


def ids(reply: Reply) -> list[str]:
    return [card.id for card in reply.cards]


def choices(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


def test_every_way_of_the_menu_leads_somewhere(say: Say, library: Library) -> None:
    stale = library.replies.say("fallback.stale")
    ways = choices(say(choice="list:menu"))

    assert len(ways) == 6
    assert all(say(choice=way).opening != (stale,) for way in ways)


@pytest.mark.parametrize("activity", Activity)
def test_every_activity_gives_all_its_programs(
    say: Say, library: Library, activity: Activity
) -> None:
    reply = say(choice=f"activity:{activity}")
    wanted = {p.id for p in library.programs.by_prefecture.values() if activity in p.activities}

    assert set(ids(reply)) == wanted
    assert f"{len(wanted)}県" in reply.opening[0]


def test_activities_are_offered_with_their_numbers(say: Say) -> None:
    labels = [choice.label for choice in say(choice="list:activities").choices]

    assert labels[0] == "官民連携プラットフォームの構築（３（１））（12）"
    assert len(labels) == 10


def test_every_offered_facet_gives_two_programs_at_least(say: Say) -> None:
    offered = choices(say(choice="list:facets"))

    assert offered
    assert all(len(say(choice=facet).cards) >= 2 for facet in offered)


def test_two_programs_are_compared_by_tapping(say: Say) -> None:
    first = choices(say(choice="list:compare"))
    second = choices(say(choice="with:gifu"))
    reply = say(choice="with:gifu:tokushima")

    assert (len(first), len(second)) == (LISTED, LISTED - 1)
    assert ids(reply) == ["program/gifu", "program/tokushima"]
    assert "どちらにもある取組" in reply.opening[1]
    assert "中間支援" in reply.opening[1].splitlines()[0]


def test_a_region_gives_the_recipients_in_it(say: Say) -> None:
    reply = say("四国で交付を受けているのはどこ", "member")

    assert ids(reply) == ["program/tokushima", "program/kagawa", "program/ehime"]
    assert "四国" in reply.opening[0]


def test_a_region_of_the_windows_is_no_region_of_the_programs(say: Say) -> None:
    assert "program/kagawa" not in ids(say("四国の夜の電話相談", "resident"))


def test_neighbours_of_a_prefecture_that_is_not_listed_are_offered(say: Say) -> None:
    reply = say("三重県は交付団体に入っていますか", "member")

    assert reply.status == "answered_not_listed"
    assert {"asked:gifu", "asked:shiga", "guideline/2-1"} <= set(choices(reply))
    assert any("岐阜県、滋賀県" in line for line in reply.closing)
    assert any("２（１）" in line for line in reply.closing)


def test_where_no_neighbour_is_listed_that_is_said(say: Say) -> None:
    reply = say("沖縄県は交付団体に入っていますか", "member")

    assert any("隣り合う県は" in line and "入っていません" in line for line in reply.closing)


def test_every_prefecture_not_listed_gets_an_honest_no_with_its_name(
    say: Say, library: Library
) -> None:
    absent = [
        p for p in library.gazetteer.prefectures if p.name not in library.programs.by_prefecture
    ]
    replies = {p.name: say(choice=f"asked:{p.id}") for p in absent}

    assert len(absent) == 29
    assert all(name in reply.text for name, reply in replies.items())
    assert {reply.status for reply in replies.values()} == {"answered_not_listed"}


@pytest.mark.parametrize(
    "choice",
    ["activity:nothing", "facet:nothing", "with:", "with:mars", "with:gifu:mars", "with:a:b:c"],
)
def test_a_button_for_what_does_not_exist_is_stale(
    say: Say, library: Library, choice: str
) -> None:
    assert say(choice=choice).opening == (library.replies.say("fallback.stale"),)


def test_a_sentence_that_names_no_region_has_no_programs_of_one(library: Library) -> None:
    lists = ProgramLists(library.programs, library.gazetteer, library.regions, library.replies)
    turn = Turn(Incoming("", "test:1", FRIDAY_MORNING), Conversation(), text="どこの県ですか")

    assert lists.region(turn) is None
