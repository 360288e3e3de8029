"""What the card of a window says: how to reach it, whether it is open now, and who says so."""

import time
from datetime import datetime

import pytest
import time_machine

from bot.clock import SystemClock
from handlers.library import Library
from knowledge.places import Gazetteer
from knowledge.replies import FRAME
from knowledge.vocabulary import Channel, Need, Topic
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT, TOKYO
from tests.handlers.made import contact, desk_of, window

LONELY = {Topic.LONELINESS: 1.0}
PREFECTURES = [prefecture.name for prefecture in Gazetteer().prefectures]
LATE_HOURS = "Mo-Su 10:00-24:00"
OFFICE_HOURS = "Mo-Fr 09:00-17:00"
YEAR_END = "Mo-Fr 09:00-17:00; Dec 29-Jan 03 off"


def lines(library: Library, at: datetime = FRIDAY_MORNING, language: str = "ja", **facts: object):
    made = window(**facts)
    return desk_of(library, made).card(made, 1.0, at, language).lines


HOURS = [
    ("24/7", "いま受付中（24時間）", "Open now (24 hours)"),
    (OFFICE_HOURS, "いま受付中（〜17:00）", "Open now (until 17:00)"),
    ("Fr 10:00-26:00", "いま受付中（〜明日2:00）", "Open now (until tomorrow 2:00)"),
    ("24/7; 2028 Jan 01 off", "いま受付中", "Open now"),
    ("Fr 13:00-17:00", "いまは時間外・次は13:00", "Closed now (next open 13:00)"),
    ("Sa 09:05-12:00", "いまは時間外・次は明日9:05", "Closed now (next open tomorrow 9:05)"),
    (
        "Tu 09:30-12:00",
        "いまは時間外・次は火曜9:30",
        "Closed now (next open Tue 9:30)",
    ),
    (
        "2026 Nov 28 10:00-12:00",
        "いまは時間外・次は11/28（土）10:00",
        "Closed now (next open Sat 11/28, 10:00)",
    ),
    ("off", "いまは時間外・次に開く日は不明", "Closed now (next opening not known)"),
    (
        "",
        "時間は不明（公式の頁で確かめてください）",
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

    assert "いま受付中（〜17:00）" in lines(library, london, opening_hours=OFFICE_HOURS)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_the_zone_of_the_server_changes_no_card(
    library: Library, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """The process itself runs in that zone; the moment comes from the real clock."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with time_machine.travel("2026-11-20T02:00:00+00:00", tick=False):
            told = lines(library, SystemClock().now(), opening_hours=OFFICE_HOURS)
        with time_machine.travel("2026-12-31T22:00:00+00:00", tick=False):
            closed = lines(library, SystemClock().now(), opening_hours=YEAR_END)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "いま受付中（〜17:00）" in told
    assert "いまは時間外・次は月曜9:00" in closed


def test_a_window_of_a_campaign_is_open_in_its_days_only(library: Library) -> None:
    campaign = "2026 Dec 01-2026 Dec 07 10:00-18:00"
    before, during, after = (datetime(2026, 12, day, 11, tzinfo=TOKYO) for day in (1, 3, 9))

    assert "いま受付中（〜18:00）" in lines(library, during, opening_hours=campaign)
    assert "いまは時間外・次に開く日は不明" in lines(library, after, opening_hours=campaign)
    assert "いまは時間外・次は10:00" in lines(
        library, before.replace(hour=9), opening_hours=campaign
    )


def test_what_was_asked_for_stands_first_as_far_as_the_window_has_it(library: Library) -> None:
    made = window(contacts=[contact("line")], cost="free")
    needs = (Need.LINE, Need.FREE, Need.FOREIGN_LANGUAGE)
    card = desk_of(library, made).card(made, 1.0, FRIDAY_MORNING, "ja", needs)

    assert card.lines[0] == "✓ LINEあり、無料"


@pytest.mark.parametrize("language", FRAME)
def test_a_card_is_written_in_the_persons_language(library: Library, language: str) -> None:
    made = window(opening_hours=OFFICE_HOURS)
    card = desk_of(library, made).card(made, 1.0, FRIDAY_MORNING, language)

    until = library.replies.say("moment.today", language, time="17:00")
    assert library.replies.say("card.open_until", language, until=until) in card.lines
    assert library.replies.say("card.free", language) in card.lines


def test_tomorrow_is_counted_by_the_day_in_japan(library: Library) -> None:
    """It is still Thursday in London when it is Friday in Japan."""
    london = datetime.fromisoformat("2026-11-19T23:30:00+00:00")

    assert "いまは時間外・次は9:00" in lines(library, london, opening_hours=OFFICE_HOURS)


def test_a_public_holiday_is_a_closed_day_where_the_window_says_so(library: Library) -> None:
    holiday = datetime(2026, 11, 23, 11, tzinfo=TOKYO)
    told = lines(library, holiday, opening_hours=OFFICE_HOURS, holidays="closed")

    assert "いまは時間外・次は明日9:00" in told


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
