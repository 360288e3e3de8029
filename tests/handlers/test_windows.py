"""Which windows fit a lonely person, and in which order."""

from datetime import datetime

import pytest

from handlers.library import Library
from handlers.ranking import BY_NAME, SHOWN, Asked, shown
from handlers.windows import WindowDesk
from knowledge.entries import Window
from knowledge.places import Gazetteer
from knowledge.vocabulary import About, Age, Channel, Need, Topic
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT
from tests.handlers.made import contact, desk_of, window

LONELY = {Topic.LONELINESS: 1.0}
PREFECTURES = [prefecture.name for prefecture in Gazetteer().prefectures]
LATE_HOURS = "Mo-Su 10:00-24:00"
OFFICE_HOURS = "Mo-Fr 09:00-17:00"


def ids(ranked: list[tuple[float, Window]]) -> list[str]:
    return [found.id.removeprefix("window/") for _, found in ranked]


def ask(desk: WindowDesk, *needs: Need, at: datetime = FRIDAY_MORNING, **said: object) -> list:
    return ids(
        desk.ranked(Asked(**{"topics": LONELY, "likeness": {}, "needs": needs, **said}), at)
    )


# Whom a window reaches


def test_a_national_window_reaches_everybody(library: Library) -> None:
    desk = desk_of(library, window())

    assert desk.reaches(window(), None)
    assert desk.reaches(window(), "山梨県")


def test_a_local_window_reaches_the_people_of_its_prefecture_only(library: Library) -> None:
    local = window(area="山梨県")
    desk = desk_of(library, local)

    assert desk.reaches(local, "山梨県")
    assert not desk.reaches(local, "岐阜県")
    assert not desk.reaches(local, None)


def test_the_window_of_a_city_belongs_to_its_prefecture(library: Library) -> None:
    local = window(area="甲府市")
    desk = desk_of(library, local)

    assert desk.reaches(local, "山梨県")
    assert not desk.reaches(local, "東京都")
    assert desk.card(local, 1.0, FRIDAY_MORNING, "ja").prefecture == "山梨県"


@pytest.mark.parametrize("prefecture", ["岩手県", "宮城県", "福島県"])
def test_yorisoi_has_a_number_of_its_own_in_tohoku(library: Library, prefecture: str) -> None:
    tohoku = library.windows.windows["window/yorisoi-tohoku"]

    assert library.windows.reaches(tohoku, prefecture)


@pytest.mark.parametrize("prefecture", ["青森県", "東京都", None])
def test_the_number_for_tohoku_is_shown_nowhere_else(
    library: Library, prefecture: str | None
) -> None:
    tohoku = library.windows.windows["window/yorisoi-tohoku"]

    assert not library.windows.reaches(tohoku, prefecture)


@pytest.mark.parametrize("prefecture", ["岩手県", "宮城県", "福島県"])
def test_a_number_that_does_not_reach_from_there_is_not_shown_there(
    say: Say, prefecture: str
) -> None:
    for text in ("さみしい", "話を聞いてほしい", "生きるのがつらい", "お金がない"):
        reply = say(text, prefecture=prefecture, conversation=text)
        assert "window/yorisoi" not in {card.id for card in reply.cards}


@pytest.mark.parametrize("prefecture", PREFECTURES)
def test_no_window_of_another_prefecture_is_ever_shown(library: Library, prefecture: str) -> None:
    asked = Asked(dict.fromkeys(Topic, 1.0), {}, prefecture=prefecture)
    areas = {
        library.windows.card(found, 1.0, FRIDAY_MORNING, "ja").prefecture
        for _, found in library.windows.ranked(asked, FRIDAY_MORNING)
    }

    assert areas - {None} == {prefecture}


def test_who_has_not_said_where_they_live_gets_national_windows(library: Library) -> None:
    found = library.windows.ranked(Asked(dict.fromkeys(Topic, 1.0), {}), FRIDAY_MORNING)

    assert {window.area for _, window in found} == {"全国"}


# Which windows fit


def test_a_window_for_another_trouble_does_not_fit(library: Library) -> None:
    desk = desk_of(library, window("a"), window("b", topics=["debt-legal"]))

    assert ask(desk) == ["a"]


def test_a_window_asked_for_by_its_name_fits_whatever_the_trouble(library: Library) -> None:
    desk = desk_of(library, window("a"), window("b", topics=["debt-legal"]))

    assert set(ask(desk, likeness={"window/b": BY_NAME})) == {"a", "b"}


def test_a_campaign_window_is_not_shown_between_campaigns(library: Library) -> None:
    desk = desk_of(library, window("a"), window("campaign", opening_hours="off"))

    assert ask(desk) == ["a"]


def test_a_campaign_window_is_shown_when_it_is_asked_for_by_name(library: Library) -> None:
    desk = desk_of(library, window("campaign", opening_hours="off"))

    assert ask(desk, likeness={"window/campaign": BY_NAME}) == ["campaign"]


def test_a_campaign_window_is_shown_while_its_campaign_runs(library: Library) -> None:
    desk = desk_of(
        library, window("campaign", opening_hours="2026 Nov 18-2026 Nov 22 00:00-24:00")
    )

    assert ask(desk) == ["campaign"]


def test_the_dial_for_loneliness_waits_for_its_campaign(library: Library, say: Say) -> None:
    lonely = library.windows.ranked(Asked(LONELY, {}), FRIDAY_MORNING)

    assert "9999" not in ids(lonely)
    assert "window/9999" not in [card.id for card in say("さみしい", "resident").cards]
    assert say("孤独・孤立相談ダイヤル", "resident").cards[0].id == "window/9999"


# In which order


def test_open_windows_stand_before_closed_ones(library: Library) -> None:
    desk = desk_of(library, window("closed", opening_hours="Sa 10:00-12:00"), window("open"))

    assert ask(desk) == ["open", "closed"]


def test_windows_of_unknown_hours_stand_between(library: Library) -> None:
    desk = desk_of(
        library,
        window("closed", opening_hours="Sa 10:00-12:00"),
        window("unknown", opening_hours=""),
        window("open"),
    )

    assert ask(desk) == ["open", "unknown", "closed"]


def test_windows_near_home_stand_before_national_ones(library: Library) -> None:
    desk = desk_of(library, window("national"), window("local", area="山梨県"))

    assert ask(desk, prefecture="山梨県") == ["local", "national"]


def test_a_window_that_can_be_reached_stands_before_a_mere_page(library: Library) -> None:
    desk = desk_of(library, window("page", contacts=[]), window("phone"))

    assert ask(desk) == ["phone", "page"]


def test_a_window_for_just_this_trouble_stands_before_one_for_many(library: Library) -> None:
    desk = desk_of(library, window("many", topics=["loneliness", "work", "dv"]), window("one"))

    assert ask(desk) == ["one", "many"]


def test_what_a_window_is_for_counts_more_than_what_else_it_does(library: Library) -> None:
    desk = desk_of(
        library,
        window("also", topics=["work", "loneliness"]),
        window("first", topics=["loneliness", "work"]),
    )

    assert ask(desk) == ["first", "also"]


def test_the_heavier_trouble_leads(library: Library) -> None:
    desk = desk_of(library, window("work", topics=["work"]), window("dv", topics=["dv"]))

    assert ask(desk, topics={Topic.WORK: 1.0, Topic.DV: 4.0}) == ["dv", "work"]


def test_likeness_of_words_decides_between_windows_for_the_same_trouble(library: Library) -> None:
    desk = desk_of(library, window("a"), window("b"))

    assert ask(desk, likeness={"window/b": 0.3}) == ["b", "a"]


# What a person asks a window to have

LATE = FRIDAY_NIGHT.replace(hour=22)
NEEDS = [
    (Need.PHONE, {}, {"contacts": [contact("line")]}, "ja"),
    (Need.LINE, {"contacts": [contact("line")]}, {}, "ja"),
    (Need.CHAT, {"contacts": [contact("webchat")]}, {"contacts": [contact("mail")]}, "ja"),
    (Need.CHAT, {"contacts": [contact("sns")]}, {}, "ja"),
    (Need.TEXT, {"contacts": [contact("fax")]}, {}, "ja"),
    (Need.TEXT, {"contacts": [contact("app")]}, {"contacts": [contact("in-person")]}, "ja"),
    (Need.MAIL, {"contacts": [contact("mail")]}, {"contacts": [contact("line")]}, "ja"),
    (Need.OPEN_NOW, {}, {"opening_hours": "Sa 10:00-12:00"}, "ja"),
    (Need.OPEN_NOW, {}, {"opening_hours": ""}, "ja"),
    (Need.OPEN_NOW, {}, {"contacts": []}, "ja"),
    (Need.NIGHT, {"opening_hours": LATE_HOURS}, {"opening_hours": OFFICE_HOURS}, "ja"),
    (Need.NIGHT, {}, {"opening_hours": "Mo-Su 18:00-23:00"}, "ja"),
    (Need.NIGHT, {}, {"contacts": []}, "ja"),
    (Need.ALWAYS_OPEN, {}, {"opening_hours": "Mo-Su 00:00-23:00"}, "ja"),
    (Need.ALWAYS_OPEN, {}, {"contacts": []}, "ja"),
    (Need.FREE, {}, {"cost": "call-charge"}, "ja"),
    (Need.FREE, {}, {"cost": "unknown"}, "ja"),
    (Need.ANONYMOUS, {"anonymous": "yes"}, {"anonymous": "unknown"}, "ja"),
    (Need.ANONYMOUS, {"anonymous": "yes"}, {"anonymous": "no"}, "ja"),
    (Need.FAX, {"contacts": [contact("fax")]}, {"contacts": [contact("mail")]}, "ja"),
    (Need.WOMEN_ONLY, {"people": ["women"]}, {}, "ja"),
    (Need.MINORS, {"people": ["child"]}, {"people": ["women"]}, "ja"),
    (Need.MINORS, {"topics": ["child-youth", "loneliness"]}, {}, "ja"),
    (Need.FOREIGN_LANGUAGE, {"languages": ["ja", "vi"]}, {}, "ja"),
    (Need.FOREIGN_LANGUAGE, {"languages": ["ja", "fil"]}, {}, "tl"),
    (Need.FOREIGN_LANGUAGE, {"languages": ["ja", "vi"]}, {"languages": ["ja", "en"]}, "vi"),
]


@pytest.mark.parametrize(("need", "has", "lacks", "language"), NEEDS)
def test_every_window_shown_has_what_was_asked_for(
    library: Library, need: Need, has: dict, lacks: dict, language: str
) -> None:
    desk = desk_of(library, window("lacks", **lacks), window("has", **has))

    assert ask(desk, need, at=LATE, language=language) == ["has"]


def test_every_need_is_tried_above() -> None:
    assert {need for need, *_ in NEEDS} == set(Need)


def test_all_needs_must_hold_together(library: Library) -> None:
    desk = desk_of(
        library,
        window("free"),
        window("line", cost="unknown", contacts=[contact("line")]),
        window("both", contacts=[contact("phone"), contact("line")]),
    )

    assert ask(desk, Need.FREE, Need.LINE) == ["both"]


@pytest.mark.parametrize(
    ("text", "at", "holds"),
    [
        ("さみしい。LINEで相談したい", FRIDAY_MORNING, lambda card: Channel.LINE in card.channels),
        ("さみしい。今すぐ話せるところ", FRIDAY_NIGHT, lambda card: card.open_now is True),
        ("さみしい。24時間やっているところ", FRIDAY_NIGHT, lambda card: card.always_open),
        ("さみしい。無料で相談したい", FRIDAY_MORNING, lambda card: card.free is True),
        (
            "I feel lonely and want to talk in English",
            FRIDAY_MORNING,
            lambda c: "en" in c.languages,
        ),
    ],
)
def test_what_a_lonely_person_asks_for_holds_for_every_window(
    say: Say, text: str, at: datetime, holds: object
) -> None:
    reply = say(text, "resident", at=at)

    assert 1 <= len(reply.cards) <= SHOWN
    assert [card.id for card in reply.cards if not holds(card)] == []


# What it is about when no word of the lists tells


def test_the_nearest_windows_tell_what_a_message_is_about(library: Library) -> None:
    desk = desk_of(library, window("a"), window("b", topics=["work", "poverty"]), window("c"))

    topics = desk.topics_of({"window/a": 0.1, "window/b": 0.4, "window/c": 0.2})

    assert list(topics) == [Topic.WORK, Topic.LONELINESS]
    assert topics[Topic.WORK] > topics[Topic.LONELINESS]
    assert topics[Topic.WORK] == 1.0


# Who is asking, and who it is about

CHILD_LINE = {"topics": ["child-youth", "loneliness"], "people": ["child"]}


def test_a_line_for_children_is_shown_to_children_first(library: Library) -> None:
    desk = desk_of(library, window("adult"), window("child", people=["child"]))

    assert ask(desk, age=Age.CHILD) == ["child", "adult"]


@pytest.mark.parametrize("said", [{"age": Age.ADULT}, {"age": Age.ELDER}, {"about": About.CHILD}])
def test_a_line_for_children_is_not_for_grown_ups(library: Library, said: dict) -> None:
    desk = desk_of(library, window("adult"), window("child", **CHILD_LINE))

    assert ask(desk, **said) == ["adult"]


def test_a_line_for_the_young_is_not_for_the_old(library: Library) -> None:
    desk = desk_of(library, window("young", people=["young"]))

    assert ask(desk) == ["young"]
    assert ask(desk, age=Age.ELDER) == []


def test_a_line_for_women_or_men_stands_back_where_the_message_tells_otherwise(
    library: Library,
) -> None:
    women, men = window("women", people=["women"]), window("men", people=["men"])
    desk = desk_of(library, women, men)

    assert ask(desk) == ["women", "men"]
    assert ask(desk, topics={Topic.LONELINESS: 1.0, Topic.MEN: 1.0}) == ["men", "women"]


def test_a_window_speaking_the_persons_language_stands_first(library: Library) -> None:
    desk = desk_of(library, window("ja"), window("vi", languages=["vi"], opening_hours=""))

    assert ask(desk) == ["ja", "vi"]
    assert ask(desk, language="vi") == ["vi", "ja"]
    assert ask(desk, speaks="vi") == ["vi", "ja"]


def test_beside_a_way_to_talk_likeness_counts_less(library: Library) -> None:
    line = {"contacts": [contact("line")]}
    also = window("also", topics=["work", "loneliness"], **line)
    desk = desk_of(library, also, window("lonely", **line))
    alike = {"window/also": 0.3}

    assert ask(desk, likeness=alike) == ["also", "lonely"]
    assert ask(desk, Need.LINE, likeness=alike) == ["lonely", "also"]


def test_a_whole_telephone_number_names_its_window(library: Library) -> None:
    desk = desk_of(library, window("a", contacts=[contact("phone", "0120-279-338")]))

    assert desk.numbered("0120279338はなんですか") == ["window/a"]
    assert desk.numbered("0120") == []


# The few that are shown


def chosen(desk: WindowDesk, **said: object) -> list[str]:
    asked = Asked(**{"topics": LONELY, "likeness": {}, **said})  # type: ignore[arg-type]
    found = shown(desk.ranked(asked, FRIDAY_MORNING), asked)
    return [w.id.removeprefix("window/") for _, w in found]


def test_where_the_age_is_unknown_a_line_for_children_stands_beside_adult_ones(
    library: Library,
) -> None:
    adults = [window(f"adult{n}") for n in range(SHOWN)]
    desk = desk_of(library, *adults, window("child", **CHILD_LINE))

    assert chosen(desk) == ["adult0", "adult1", "adult2", "child"]
    assert "child" not in chosen(desk, age=Age.ADULT)


def test_where_the_age_is_unknown_a_line_for_adults_stands_beside_childrens(
    library: Library,
) -> None:
    children = [window(f"child{n}", people=["child"]) for n in range(SHOWN)]
    also = window("adult", topics=["work", "loneliness"])
    desk = desk_of(library, *children, also)

    assert chosen(desk) == ["child0", "child1", "child2", "adult"]


def test_a_national_window_stands_beside_local_ones(library: Library) -> None:
    local = [window(f"local{n}", area="山梨県") for n in range(SHOWN)]
    desk = desk_of(library, *local, window("national", topics=["work", "loneliness"]))

    assert chosen(desk, prefecture="山梨県") == ["local0", "local1", "local2", "national"]


def test_only_windows_for_the_trouble_are_brought_in(library: Library) -> None:
    local = [window(f"local{n}", area="山梨県") for n in range(SHOWN)]
    desk = desk_of(library, *local, window("other", topics=["work"]))
    topics = {Topic.LONELINESS: 1.0, Topic.WORK: 0.1}

    assert "other" not in chosen(desk, topics=topics, prefecture="山梨県")
