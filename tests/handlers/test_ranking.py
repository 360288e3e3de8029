"""Two troubles in one message, foreign residents, and windows that are for few."""

import pytest

from handlers.library import Library
from handlers.ranking import SHOWN, Asked, besides, shown
from handlers.residents import CARE
from handlers.windows import WindowDesk
from knowledge.vocabulary import Topic
from tests.fakes import FRIDAY_MORNING
from tests.handlers.made import desk_of, window

ABROAD = ["foreign-language", "medical-emergency"]
STORY = (
    "妻が認知症になりました。毎日の世話で外に出られません。家賃も三か月遅れていて、払えません。"
)


def chosen(desk: WindowDesk, topics: dict[Topic, float], **said: object) -> list[str]:
    asked = Asked(**{"topics": topics, "likeness": {}, **said})  # type: ignore[arg-type]
    found = shown(desk.ranked(asked, FRIDAY_MORNING), asked)
    return [w.id.removeprefix("window/") for _, w in found]


def second(topics: dict[Topic, float], *told: Topic, care: bool = False) -> frozenset[Topic]:
    return besides(topics, told, CARE.keys(), care=care)


def test_the_second_trouble_is_what_a_part_of_the_message_tells() -> None:
    topics = {Topic.WORK: 2.0, Topic.POVERTY: 0.2}

    assert second(topics, Topic.WORK, Topic.POVERTY) == {Topic.POVERTY}
    assert second(topics, Topic.WORK) == frozenset()
    assert second({}) == frozenset()


def test_troubles_that_the_same_people_listen_to_are_one() -> None:
    topics = {Topic.LONELINESS: 2.0}

    assert second(topics, Topic.MENTAL_HEALTH) == frozenset()
    assert second(topics, Topic.MENTAL_HEALTH, Topic.BEREAVEMENT) == {Topic.BEREAVEMENT}


@pytest.mark.parametrize(
    ("first", "care"), [(Topic.ELDERLY_CARE, True), (Topic.BEREAVEMENT, False)]
)
def test_who_needs_care_and_who_is_bereaved_gets_somebody_who_listens(
    first: Topic, *, care: bool
) -> None:
    assert second({first: 1.0}, care=care) == CARE.keys()


def test_the_second_trouble_has_a_window_among_the_first_three(library: Library) -> None:
    lonely = [window(f"lonely{n}") for n in range(SHOWN)]
    other = window("both", topics=["work", "debt-legal"])
    desk = desk_of(library, *lonely, other, window("debt", topics=["debt-legal"]))
    topics = {Topic.LONELINESS: 1.0, Topic.DEBT_LEGAL: 0.3}

    told = frozenset({Topic.DEBT_LEGAL})
    assert chosen(desk, topics, second=told) == ["lonely0", "lonely1", "debt", "lonely2"]
    assert chosen(desk, topics) == [f"lonely{n}" for n in range(SHOWN)]


def test_a_window_that_is_for_the_second_trouble_among_others_is_better_than_none(
    library: Library,
) -> None:
    lonely = [window(f"lonely{n}") for n in range(SHOWN)]
    desk = desk_of(library, *lonely, window("both", topics=["work", "debt-legal"]))
    topics = {Topic.LONELINESS: 1.0, Topic.DEBT_LEGAL: 0.3, Topic.HIKIKOMORI: 0.3}

    assert chosen(desk, topics, second=frozenset({Topic.DEBT_LEGAL}))[2] == "both"
    assert chosen(desk, topics, second=frozenset({Topic.HIKIKOMORI})) == [
        f"lonely{n}" for n in range(SHOWN)
    ]


def test_a_long_message_tells_of_two_troubles_and_a_short_one_of_none(library: Library) -> None:
    told = library.understanding.slots(STORY)

    assert {Topic.ELDERLY_CARE, Topic.POVERTY} <= told.told.keys()
    assert told.plain()["told"]
    assert not library.understanding.slots("家賃が払えません").told


def test_a_line_for_ill_visitors_stands_back_where_nobody_is_ill(library: Library) -> None:
    desk = desk_of(
        library,
        window("visitors", topics=ABROAD, languages=["en"]),
        window("law", topics=["foreign-language", "debt-legal"], languages=["en"]),
        window("anything", topics=["foreign-language"], languages=["en"], opening_hours=""),
    )
    housing = {Topic.FOREIGN_LANGUAGE: 0.8, Topic.DEBT_LEGAL: 0.3}
    ill = {Topic.FOREIGN_LANGUAGE: 0.8, Topic.MEDICAL_EMERGENCY: 1.0}

    assert chosen(desk, housing, language="en") == ["law", "anything", "visitors"]
    assert chosen(desk, ill, language="en")[0] == "visitors"


def test_a_line_for_children_in_japanese_is_not_brought_in_for_other_languages(
    library: Library,
) -> None:
    adults = [window(f"adult{n}") for n in range(SHOWN)]
    child = window("child", topics=["child-youth", "loneliness"], people=["child"])
    desk = desk_of(library, *adults, child)
    lonely = {Topic.LONELINESS: 1.0}

    assert "child" in chosen(desk, lonely)
    assert "child" not in chosen(desk, lonely, language="en")


def test_a_line_for_young_women_stands_back_where_nothing_tells_of_youth(library: Library) -> None:
    young = window("young", topics=["disappearance-of-housing"], people=["young", "women"])
    anybody = window("anybody", topics=["poverty", "disappearance-of-housing"])
    desk = desk_of(library, young, anybody)
    housing = {Topic.DISAPPEARANCE_OF_HOUSING: 1.0}

    assert chosen(desk, housing) == ["anybody", "young"]
    assert chosen(desk, {**housing, Topic.CHILD_YOUTH: 0.5})[0] == "young"


def test_the_coast_guard_is_shown_only_to_those_at_sea(library: Library) -> None:
    desk = desk_of(library, window("118", topics=["police"]), window("9110", topics=["police"]))
    police = {Topic.POLICE: 1.0}

    assert chosen(desk, police) == ["9110"]
    assert "118" in chosen(desk, police, likeness={"window/118": 0.4})
