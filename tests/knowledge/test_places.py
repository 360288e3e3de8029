"""Which prefecture a sentence names, in every way people write it, and when it names none."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.load import load
from knowledge.places import Gazetteer

GAZETTEER = Gazetteer()
PREFECTURES = {prefecture.id: prefecture for prefecture in GAZETTEER.prefectures}
WHOLE_MESSAGE_ONLY = {"mie", "shiga", "nara", "saga"}
"""Prefectures whose kana is a word of two letters: みえ, しが, なら, さが."""
SENTENCES = [
    "{}",
    "{}の取組",
    "{}で相談したい",
    "{}はどうですか",
    "{} 窓口",
    "{}と香川の違い",
    "{}から来た",
]


def places(text: str) -> list[str]:
    """The places in words: 山梨県; 広島県/東京都 if it can be either; 不 before negated ones."""
    found = GAZETTEER.places(text)
    return [("不" if p.negated else "") + "/".join(sorted(p.prefectures)) for p in found]


def of_short(names: dict[str, str]) -> list:
    """Parameters from {text: 山梨 富山}."""
    full = {prefecture.short: prefecture.name for prefecture in PREFECTURES.values()}
    return [
        pytest.param(
            text,
            [re.sub("[^/不]+", lambda m: full[m.group()], n) for n in expected.split()],
            id=text,
        )
        for text, expected in names.items()
    ]


@pytest.mark.parametrize("slug", PREFECTURES)
def test_a_prefecture_is_found_by_its_names(slug: str) -> None:
    prefecture = PREFECTURES[slug]
    names = [prefecture.name, prefecture.short, prefecture.kana]
    if slug not in WHOLE_MESSAGE_ONLY:
        names.append(prefecture.kana_short)
    for sentence, name in product(SENTENCES, names):
        assert prefecture.name in places(sentence.format(name)), sentence.format(name)


@pytest.mark.parametrize("slug", PREFECTURES)
def test_a_prefecture_is_found_in_romaji(slug: str) -> None:
    name = PREFECTURES[slug].name

    assert places(f"Is there help in {slug.capitalize()}?") == [name]
    assert places(slug) == [name]
    assert places(f"{slug.capitalize()}-ken") == [name]


@pytest.mark.parametrize("slug", PREFECTURES)
def test_an_everyday_name_is_found(slug: str) -> None:
    for alias in PREFECTURES[slug].aliases:
        assert places(f"{alias}の相談窓口") == [PREFECTURES[slug].name], alias


def test_every_municipality_is_found_by_its_full_name() -> None:
    rows = [row for row in GAZETTEER._names._municipalities if row["type"] != "行政区"]
    missed = [
        row["municipality"]
        for row in rows
        if row["prefecture"] not in "/".join(places(row["municipality"] + "に住んでいます"))
    ]

    assert len(rows) > 1700
    assert missed == []


def test_every_area_of_a_window_is_one_prefecture() -> None:
    knowledge = load()
    areas = {window.area for window in (*knowledge.windows, *knowledge.unpublished)} - {"全国"}

    assert {area: places(area) for area in areas if len(places(area)) != 1} == {}
    assert not any("/" in places(area)[0] for area in areas)


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "札幌": "北海道",
            "甲府で活動しています": "山梨",
            "松山": "愛媛",
            "郡山の相談窓口": "福島",
            "大和郡山": "奈良",
            "世田谷に住んでいます": "東京",
            "倉敷": "岡山",
            "堺に引っ越しました": "大阪",
            "軽井沢": "長野",
            "宮古島": "沖縄",
            "いわきで": "福島",
            "つくば": "茨城",
            "さいたま": "埼玉",
            "さいたま市": "埼玉",
            "北広島": "北海道",
            "北広島市": "北海道",
            "北広島町": "広島",
            "広島と北広島": "広島 北海道",
            "津市": "三重",
            "呉市": "広島",
            "京都": "京都",
            "東京都": "東京",
            "東京都と京都府": "東京 京都",
            "京都と東京": "京都 東京",
            "横浜で": "神奈川",
            "新潟市民です": "新潟",
            "山県市": "岐阜",
            "茨木市": "大阪",
            "東京駅の近く": "東京",
            "山梨大学の学生です": "山梨",
            "今福島にいます": "福島",
        }
    ),
)
def test_a_place_is_in_its_prefecture(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "府中": "広島/東京",
            "府中市です": "広島/東京",
            "府中町": "広島",
            "伊達": "北海道/福島",
            "広島の府中": "広島 広島",
            "東京都の府中市": "東京 東京",
            "府中は広島です": "広島/東京 広島",
            "中央区": "東京",
            "札幌市中央区": "北海道",
            "大阪の北区": "大阪 大阪",
            "佐伯区": "広島",
            "鶴見区": "大阪/神奈川",
            "神戸市 中央区": "兵庫 兵庫",
            "福岡じゃなくて中央区": "不福岡 東京",
        }
    ),
)
def test_a_name_that_several_prefectures_have_is_told_by_what_stands_before(
    text: str, expected: list[str]
) -> None:
    assert places(text) == expected


def test_a_district_of_a_city_is_no_town_elsewhere() -> None:
    assert places("尼崎市栗山町") == ["兵庫県"]
    assert places("尼崎市 栗山町") == ["兵庫県", "北海道"]
    assert places("相模原の橋本") == ["神奈川県"]
    assert places("相模原と橋本") == ["神奈川県", "和歌山県"]
    assert places("横浜の東京寄り") == ["神奈川県", "東京都"]


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "長野と岐阜の違いは？": "長野 岐阜",
            "山形・山梨・富山": "山形 山梨 富山",
            "とやまと ながの": "富山 長野",
            "長野とやまがたの違い": "長野 山形",
            "Nagano and Gifu": "長野 岐阜",
            "長野県とギフ県": "長野 岐阜",
            "札幌とOsaka、郡馬県": "北海道 大阪 群馬",
        }
    ),
)
def test_places_stand_in_the_order_of_the_sentence(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "郡馬": "群馬",
            "郡馬県": "群馬",
            "愛姫": "愛媛",
            "愛姫県": "愛媛",
            "新瀉県": "新潟",
            "琦玉": "埼玉",
            "長埼": "長崎",
            "大坂": "大阪",
            "神奈河県": "神奈川",
            "山型県": "山形",
            "取鳥県": "鳥取",
            "崎玉県": "埼玉",
            "板木": "栃木",
            "茨木県": "茨城",
            "えしめ": "愛媛",
            "えしめけん": "愛媛",
            "エシメ県": "愛媛",
            "わたしは えしめけんに": "愛媛",
            "いばらぎ": "茨城",
            "しろしま": "広島",
            "今郡馬県にいます": "群馬",
            "とうやま県": "富山",
            "とやな県の取組": "富山",
            "おきなばけんの とりくみ": "沖縄",
        }
    ),
)
def test_a_slip_is_understood(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "とやま": "富山",
            "ﾄﾔﾏ": "富山",
            "トヤマ": "富山",
            "おおいたけん": "大分",
            "おおいたです": "大分",
            "ながのはどう？": "長野",
            "わたしはえひめに すんでいます": "愛媛",
            "こうべに すんでいます": "兵庫",
            "まつやまの まどぐち": "愛媛",
            "よこはましの そうだん": "神奈川",
            "せたがやくの まどぐち": "東京",
            "なごや": "愛知",
            "ときがわに": "埼玉",
            "ぎふの とりくみ": "岐阜",
            "ギフ県": "岐阜",
            "ちばです": "千葉",
            "みえ県": "三重",
            "ならけん": "奈良",
            "なら": "奈良",
            "さがです。": "佐賀",
            "しが？": "滋賀",
            "ふくしまで": "福島",
        }
    ),
)
def test_kana_is_read(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "Toyama-ken": "富山",
            "Osaka-fu": "大阪",
            "chiba-shi": "千葉",
            "I live in Sapporo": "北海道",
            "matsuyama": "愛媛",
            "Can I use it in Kobe?": "兵庫",
            "kobe": "兵庫",
            "Karuizawa": "長野",
            "Fuchu": "広島/東京",
            "Hyōgo": "兵庫",
            "Hyougo": "兵庫",
            "Ōita": "大分",
            "Gumma": "群馬",
            "Ibaragi": "茨城",
            "I am in Yamaguchi": "山口",
            "Moro em Nagoya": "愛知",
            "Tôi sống ở Tokyo": "東京",
            "ＴＯＫＹＯ": "東京",
        }
    ),
)
def test_romaji_is_read(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "和歌山じゃなくて富山": "不和歌山 富山",
            "大阪府ではなく京都府": "不大阪 京都",
            "大阪ではありません、京都です": "不大阪 京都",
            "山梨県以外の県": "不山梨",
            "青森県でない": "不青森",
            "東京を除いて": "不東京",
            "札幌市じゃない方": "不北海道",
            "大阪の方ではなくて": "不大阪",
            "郡馬県じゃなくて": "不群馬",
            "Not Osaka but Kyoto": "不大阪 京都",
            "anywhere except for Tokyo": "不東京",
            "not in Osaka": "不大阪",
            "大阪でなにかありますか": "大阪",
            "大阪でなくした財布": "大阪",
            "大阪でなかまがほしい": "大阪",
            "大阪ではどうですか": "大阪",
        }
    ),
)
def test_a_place_that_is_ruled_out_is_negated(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "山口さん",
        "山口さんに相談したい",
        "山口様",
        "山口くん",
        "山口ちゃん",
        "山口先生",
        "山口と申します",
        "山口花子と申します",
        "山口さゆりといいます",
        "福島 恵と申します",
        "石川さゆり",
        "氏名：千葉",
        "名前は山口です",
        "千葉さん",
        "福井先生",
        "松本さん",
        "やまぐちさん",
        "ちばせんせい",
        "Yamaguchi-san",
        "Mr. Yamaguchi",
        "My name is Ishikawa",
        "I'm Yuki",
    ],
)
def test_a_person_is_no_place(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    of_short(
        {
            "山口県の山口さん": "山口",
            "福岡市の千葉さん": "福岡",
            "埼玉県川口市の山口と申します": "埼玉",
            "大阪で花子と申します": "大阪",
            "大阪でさとうと申します": "大阪",
            "私は山口です": "山口",
            "山口県さん": "山口",
            "長野の様子": "長野",
            "長崎ちゃんぽん": "長崎",
            "プラットフォームの名前は山形では何ですか": "山形",
        }
    ),
)
def test_a_place_beside_a_person_stays_one(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "都道府県",
        "府県の役割",
        "県内",
        "東北",
        "東海地方",
        "四国",
        "岩手山",
        "秋田犬",
        "大阪弁",
        "富士山",
        "小松菜",
        "津波",
        "三重苦",
        "二重三重",
        "高知能",
        "大分よくなった",
        "だいぶよくなった",
        "中間支援",
        "養父に殴られた",
        "行方がわからない",
        "国立病院",
        "三次募集",
        "昭和生まれ",
        "本部に聞く",
        "裾野を広げる",
        "生きる甲斐がない",
        "第三条",
        "働いたことがない",
        "お腹すいた",
        "亡くしました",
        "上野で",
        "ならどこ",
        "それならいいです",
        "なら、どこに",
        "ここにいた",
        "見えない",
        "さがしています",
        "しごと さがしの そうだん",
        "なかまが ほしい",
        "おんなの ひと",
        "いたみが あります",
        "ゆうきが でない",
        "こうふきんの もくてき",
        "こうかは ありますか",
        "そうか。",
        "きんちょうで ねむれない",
        "するとしたら",
        "きょうともだちと けんかした",
        "私なら県に相談する",
        "経費から県の補助を引く",
        "私が県に言う",
        "話が ながいけん",
        "きついけん、もういや",
        "しんどいけん",
        "やっぱり えがおけんの",
        "ひろばけんの",
        "Ako ay nag-iisa",
        "wala akong kasama",
        "Kasama ko",
        "what is the date",
        "an Ito of my own",
        "",
        "👍",
    ],
)
def test_a_word_is_no_place(text: str) -> None:
    assert places(text) == []


def test_the_surface_is_what_stands_in_the_text() -> None:
    surfaces = [
        place.surface for place in GAZETTEER.places("Hyōgoと、えしめけんと、札幌市、山型県")
    ]

    assert surfaces == ["Hyōgo", "えしめけん", "札幌市", "山型県"]


def test_prefectures_are_known_by_name_and_id() -> None:
    assert len(GAZETTEER.prefectures) == 47
    assert GAZETTEER.by_name["山梨県"] is GAZETTEER.by_id["yamanashi"]
    assert GAZETTEER.by_id["hokkaido"].short == "北海道"
    assert GAZETTEER.by_id["kyoto"].kana_short == "きょうと"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    for place in GAZETTEER.places(text):
        assert place.prefectures <= GAZETTEER.by_name.keys()
        assert place.surface
