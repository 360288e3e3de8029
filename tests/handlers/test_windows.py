"""Which windows fit a lonely person, in which order, and what their cards say."""

from datetime import datetime

import pytest

from handlers.library import Library
from handlers.windows import BY_NAME, SHOWN, Asked, WindowDesk
from knowledge.entries import Window
from knowledge.places import Gazetteer
from knowledge.vocabulary import Channel, Need, Topic
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT, TOKYO
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
    (Need.FOREIGN_LANGUAGE, {"languages": ["ja", "vi"]}, {}, "ja"),
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


# What a card says


def lines(library: Library, at: datetime = FRIDAY_MORNING, language: str = "ja", **facts: object):
    made = window(**facts)
    return desk_of(library, made).card(made, 1.0, at, language).lines


HOURS = [
    ("24/7", "いま受付中（24時間）", "Open now (24 hours)"),
    (OFFICE_HOURS, "いま受付中（17:00まで）", "Open now (until 17:00)"),
    ("Fr 10:00-26:00", "いま受付中（明日2:00まで）", "Open now (until tomorrow 2:00)"),
    ("24/7; 2028 Jan 01 off", "いま受付中", "Open now"),
    ("Fr 13:00-17:00", "いまは時間外（次は13:00から）", "Closed now (opens 13:00)"),
    ("Sa 09:05-12:00", "いまは時間外（次は明日9:05から）", "Closed now (opens tomorrow 9:05)"),
    (
        "Tu 09:30-12:00",
        "いまは時間外（次は11/24（火）9:30から）",
        "Closed now (opens Tu 11/24, 9:30)",
    ),
    ("off", "いまは受付時間外", "Closed now"),
    (
        "",
        "いま開いているかは不明（公式の頁で確かめてください）",
        "Hours not known (please check their page)",
    ),
]


@pytest.mark.parametrize(("hours", "japanese", "english"), HOURS)
def test_a_card_says_whether_somebody_is_there_now(
    library: Library, hours: str, japanese: str, english: str
) -> None:
    assert japanese in lines(library, opening_hours=hours)
    assert english in lines(library, opening_hours=hours, language="en")


def test_hours_are_told_in_japan_time_wherever_the_clock_stands(library: Library) -> None:
    london = datetime.fromisoformat("2026-11-20T02:00:00+00:00")

    assert "いま受付中（17:00まで）" in lines(library, london, opening_hours=OFFICE_HOURS)


def test_tomorrow_is_counted_by_the_day_in_japan(library: Library) -> None:
    """It is still Thursday in London when it is Friday in Japan."""
    london = datetime.fromisoformat("2026-11-19T23:30:00+00:00")

    assert "いまは時間外（次は9:00から）" in lines(library, london, opening_hours=OFFICE_HOURS)


def test_a_public_holiday_is_a_closed_day_where_the_window_says_so(library: Library) -> None:
    holiday = datetime(2026, 11, 23, 11, tzinfo=TOKYO)
    told = lines(library, holiday, opening_hours=OFFICE_HOURS, holidays="closed")

    assert "いまは時間外（次は明日9:00から）" in told


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("phone", "電話：x"),
        ("line", "LINE：x"),
        ("webchat", "チャット：x"),
        ("sns", "SNS：x"),
        ("mail", "メール・フォーム：x"),
        ("fax", "FAX：x"),
        ("app", "アプリ：x"),
        ("in-person", "会って相談：x"),
    ],
)
def test_every_way_to_reach_a_window_has_its_line(library: Library, kind: str, line: str) -> None:
    assert lines(library, contacts=[contact(kind)])[0] == line


def test_what_is_particular_about_a_number_stands_behind_it(library: Library) -> None:
    label = contact("phone", "0120-279-226", "岩手・宮城・福島から")

    assert lines(library, contacts=[label])[0] == "電話：0120-279-226（岩手・宮城・福島から）"


def test_a_window_without_a_number_says_where_to_look_one_up(library: Library) -> None:
    assert lines(library, contacts=[])[:2] == (
        "お住まいの地域の連絡先は、下の頁か市区町村の役所で確かめられます。",
        "https://www.example.jp/",
    )


def test_a_window_with_neither_number_nor_page_leads_to_the_town_hall(library: Library) -> None:
    told = lines(library, contacts=[], url="")

    assert told[0].startswith("お住まいの地域の連絡先は")
    assert told[1].startswith("いま")


@pytest.mark.parametrize(
    ("cost", "line", "free"),
    [
        ("free", "料金：無料", True),
        ("call-charge", "料金：通話料がかかります", False),
        ("unknown", "料金：不明", None),
    ],
)
def test_a_card_says_what_a_call_costs(
    library: Library, cost: str, line: str, free: bool | None
) -> None:
    made = window(cost=cost)
    card = desk_of(library, made).card(made, 1.0, FRIDAY_MORNING, "ja")

    assert [told for told in card.lines if told.startswith(line)]
    assert card.free is free


def test_a_card_says_everything_else_that_is_known(library: Library) -> None:
    told = lines(
        library,
        **{"for": "さみしい人"},
        hours="毎日",
        note="2を押します",
        anonymous="yes",
        area="山梨県",
        languages=["ja", "en"],
    )

    assert told == (
        "電話：0120-000-000",
        "いま受付中（24時間）",
        "受付時間：毎日",
        "料金：無料",
        "対象：さみしい人",
        "ことば：日本語、英語",
        "名前を言わずに相談できます。",
        "※ 2を押します",
        "地域：山梨県",
        "運営：例の団体",
        "出典：https://www.example.jp/（2026-11-01 確認）",
    )


def test_what_is_not_known_has_no_line(library: Library) -> None:
    assert lines(library) == (
        "電話：0120-000-000",
        "いま受付中（24時間）",
        "料金：無料",
        "運営：例の団体",
        "出典：https://www.example.jp/（2026-11-01 確認）",
    )


def test_who_asks_in_english_is_told_which_languages_are_spoken(library: Library) -> None:
    assert "Languages: Japanese" in lines(library, language="en")


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ({}, "https://www.example.jp/"),
        ({"url": "", "sources": [{"title": "市の頁", "url": "https://c.jp"}]}, "https://c.jp"),
        ({"url": "", "sources": [{"title": "市の広報 11月号"}]}, "市の広報 11月号"),
    ],
)
def test_every_card_names_its_source(library: Library, facts: dict, source: str) -> None:
    assert lines(library, **facts)[-1] == f"出典：{source}（2026-11-01 確認）"


def test_a_card_carries_what_tools_need(library: Library) -> None:
    made = window(
        contacts=[contact("phone", "0120-1"), contact("phone", "0120-2"), contact("line", "@a")],
        opening_hours="Sa 10:00-12:00",
        languages=["ja", "en"],
        area="甲府市",
    )
    card = desk_of(library, made).card(made, 0.123456, FRIDAY_MORNING, "ja")

    assert (card.id, card.kind, card.score) == ("window/hanasou", "window", 0.1235)
    assert card.numbers == ("0120-1", "0120-2")
    assert card.channels == (Channel.PHONE, Channel.LINE)
    assert (card.topics, card.languages) == ((Topic.LONELINESS,), ("ja", "en"))
    assert (card.area, card.prefecture) == ("甲府市", "山梨県")
    assert (card.always_open, card.open_now) == (False, False)


@pytest.mark.parametrize(("score", "shown"), [(1.7, 1.0), (-0.2, 0.0), (0.5, 0.5)])
def test_a_score_stays_between_nothing_and_certainty(
    library: Library, score: float, shown: float
) -> None:
    made = window()

    assert desk_of(library, made).card(made, score, FRIDAY_MORNING, "ja").score == shown


@pytest.mark.parametrize(
    ("language", "name_en", "title"),
    [
        ("ja", "Talk Line", "はなそうダイヤル"),
        ("en", "Talk Line", "Talk Line"),
        ("vi", "Talk Line", "Talk Line"),
        ("en", "", "はなそうダイヤル"),
    ],
)
def test_a_card_is_titled_in_the_persons_language_where_it_can_be(
    library: Library, language: str, name_en: str, title: str
) -> None:
    made = window(name_en=name_en)

    assert desk_of(library, made).card(made, 1.0, FRIDAY_MORNING, language).title == title


def test_only_an_address_becomes_a_link(library: Library) -> None:
    made = window(url="公式アプリの中")

    assert desk_of(library, made).card(made, 1.0, FRIDAY_MORNING, "ja").url == ""


def test_a_window_that_is_no_longer_published_is_left_out(library: Library) -> None:
    desk = desk_of(library, window("a"))

    cards = desk.cards(["window/gone", "window/a"], FRIDAY_MORNING, "ja")

    assert [card.id for card in cards] == ["window/a"]


def test_a_named_window_is_exchanged_for_the_number_that_works_there(library: Library) -> None:
    named = ["window/yorisoi", "window/119"]
    there = library.windows.cards(named, FRIDAY_MORNING, "ja", prefecture="福島県")
    elsewhere = library.windows.cards(named, FRIDAY_MORNING, "ja", prefecture="大阪府")

    assert [card.id for card in there] == ["window/yorisoi-tohoku", "window/119"]
    assert [card.id for card in elsewhere] == named


@pytest.mark.parametrize("language", ["ja", "en", "ne"])
@pytest.mark.parametrize("at", [FRIDAY_MORNING, FRIDAY_NIGHT], ids=["morning", "night"])
def test_every_window_has_a_card(library: Library, language: str, at: datetime) -> None:
    for found in library.windows.windows.values():
        card = library.windows.card(found, 1.0, at, language)

        assert card.title
        assert all(line and "{" not in line for line in card.lines)
        assert len(card.lines) >= 4


def test_every_open_window_of_the_library_is_said_to_be_open(library: Library) -> None:
    for found in library.windows.windows.values():
        card = library.windows.card(found, 1.0, FRIDAY_NIGHT, "ja")
        told = [line for line in card.lines if line.startswith("いま受付中")]

        assert bool(told) == (library.windows.is_open(found, FRIDAY_NIGHT) is True)
