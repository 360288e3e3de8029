"""Clauses, law articles and fiscal years in every notation people use, and in none by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.references import References, references


def clauses(text: str) -> list[str]:
    return [clause.removeprefix("guideline/") for clause in references(text).clauses]


@pytest.mark.parametrize(
    "text",
    [
        "4(3)",
        "４（３）",
        "４(３)とは",
        "4 ( 3 )",
        "4【3】",
        "4[3]",
        "4の3",
        "4の（3）",
        "４の３を見せて",
        "第4の3",
        "第4(3)",
        "要領4(3)",
        "要領4.3",
        "4-3",
        "4－3",
        "4‐3",
        "4−3",
        "４ー３",
        "四の三",
        "四（三）",
        "第４項（３）",
        "第4項第3号",
        "第四項第三号",
        "4項3号",
        "4項の3",
        "clause 4(3)",
        "section 4.3",
        "4(3)なお書き",
    ],
)
def test_a_clause_has_many_notations(text: str) -> None:
    assert clauses(text) == ["4-3"]


@pytest.mark.parametrize(
    "text",
    [
        "3(2)⑧",
        "３（２）⑧",
        "3(2)8",
        "3（2）(8)",
        "3(2)の8",
        "3(2)の⑧",
        "3の(2)の⑧",
        "3-(2)-⑧",
        "３．（２）．⑧",
        "3-2-8",
        "３－２－８",
        "3ー2ー8",
        "3-2の⑧",
        "3の2の8",
        "3の2⑧",
        "三の二の八",
        "第3項第2号⑧",
        "要領3.2.8",
        "⑧",
        "⑧の中間支援とは",
        "まるはち",
        "マルハチ",
        "まる8",
        "丸8",
        "丸八",
        "○8",
        "〇8",
        "8番",
        "八番",
        "8番目？",
        "はちばん",
        "8番って何",
        "8番を教えて",
        "8番の取組",
        "八番の取り組み",
        "8ばんの とりくみ",
        "取組8",
        "取組の8",
        "取り組み8とは",
        "メニュー8",
        "項目⑧",
        "item 8",
        "activity 8",
        "No. 8",
    ],
)
def test_a_number_of_the_list_has_many_notations(text: str) -> None:
    assert clauses(text) == ["3-2-8"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2-2", ["2-2"]),
        ("⑩", ["3-2-10"]),
        ("十番の取組", ["3-2-10"]),
        ("3（２）⑩", ["3-2-10"]),
        ("まるじゅう", ["3-2-10"]),
        ("第４項", ["4"]),
        ("第四項", ["4"]),
        ("4の項", ["4"]),
        ("要領の４", ["4"]),
        ("要領４とは", ["4"]),
        ("section 3", ["3"]),
        ("第4項から第5項", ["4", "5"]),
        ("附則", ["supplement"]),
        ("附　則", ["supplement"]),
        ("付則", ["supplement"]),
        ("ふそくには", ["supplement"]),
    ],
)
def test_sections_and_the_supplement_are_named(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9（２）", ["9-2"]),
        ("10(1)", ["10-1"]),
        ("⑪", ["3-2-11"]),
        ("2(10)", ["2-10"]),
        ("3(2)10月", ["3-2"]),
    ],
)
def test_a_clause_that_does_not_exist_is_named_too(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4(3)と2(2)", ["4-3", "2-2"]),
        ("4(3) 2(2)", ["4-3", "2-2"]),
        ("2(2)、(3)、(4)", ["2-2", "2-3", "2-4"]),
        ("2(1)から(3)まで", ["2-1", "2-3"]),
        ("3(1)及び(2)", ["3-1", "3-2"]),
        ("4（１）①と②", ["4-1-1", "4-1-2"]),
        ("4(1)①③", ["4-1-1", "4-1-3"]),
        ("3(2)⑧⑨", ["3-2-8", "3-2-9"]),
        ("①、②と③", ["3-2-1", "3-2-2", "3-2-3"]),
        ("取組7とまるいち、②", ["3-2-7", "3-2-1", "3-2-2"]),
        ("3番と5番", ["3-2-3", "3-2-5"]),
        ("3番か5番か", ["3-2-3", "3-2-5"]),
        ("3(1)と⑦", ["3-1", "3-2-7"]),
        ("4(3)、4（３）", ["4-3"]),
    ],
)
def test_several_clauses_are_named_in_order(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "4/1",
        "4/1に始まった",
        "2024/4/3",
        "2026-11-20",
        "4月3日(2)",
        "2-3人",
        "2〜3人",
        "2～3日",
        "2-3日前",
        "3-4団体",
        "1-2回",
        "2-3ヶ月",
        "3-4か月",
        "4-5歳",
        "4-5世帯",
        "5-6万円",
        "2-3%",
        "10代",
        "24時間",
        "9:00-17:00",
        "9-17時",
        "0120-279-338",
        "090-1234-5678",
        "0570-064-556",
        "03(1234)5678",
        "110番",
        "189番に電話",
        "119番の",
        "no. 119",
        "phone number 3",
        "1-2-3番地",
        "1丁目2-3",
        "新宿区1-2-3",
        "昭和通2-7-16",
        "国道4-3",
        "令和5年法律第45号",
        "第7項目",
        "7項目",
        "取組3つ",
        "取組10団体",
        "要領の3つの取組",
        "活動3年目",
        "項目2つ",
        "3番の相談窓口",
        "3番を押して",
        "英語は何番ですか 2番",
        "2番目の子ども",
        "一番近い窓口",
        "一番です",
        "一番",
        "いちばん",
        "交番",
        "ごばん",
        "唯一の一人",
        "世の中の二人",
        "二の次",
        "3LDK",
        "4",
        "(3)",
        "4.3",
        "3.2.8",
        "丸一日",
        "まる3日",
        "まる24時間",
        "丸2年",
        "まるごと支援",
        "まるさんかく",
        "まるく おさめる",
        "たまるさん",
        "おかねが ふそくして",
        "ひとで ふそくで",
        "I <3 you",
        "",
    ],
)
def test_what_only_looks_like_a_clause_is_none(text: str) -> None:
    assert clauses(text) == []


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("第11条", (11,)),
        ("第１１条", (11,)),
        ("第十一条", (11,)),
        ("第一一条", (11,)),
        ("第二十一条", (21,)),
        ("第百二十条", (120,)),
        ("法11条", (11,)),
        ("Article 11", (11,)),
        ("法第11条第1項", (11,)),
        ("第8条の2の2の規定", (8,)),
        ("第317条の6第1項及び第3項", (317,)),
        ("第3条及び第4条", (3, 4)),
        ("条件", ()),
        ("5条件", ()),
        ("条例", ()),
        ("北24条西5丁目", ()),
        ("5条通り", ()),
    ],
)
def test_articles_of_a_law_are_no_clauses(text: str, articles: tuple[int, ...]) -> None:
    assert references(text) == References(articles=articles)


def test_an_article_and_a_clause_stand_side_by_side() -> None:
    assert references("法第11条の協議会と3(2)⑥") == References(("guideline/3-2-6",), (11,))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("R6", ["R6"]),
        ("Ｒ６の取組", ["R6"]),
        ("Ｒ７", ["R7"]),
        ("県のR6の事業", ["R6"]),
        ("R6年度", ["R6"]),
        ("令和6年度", ["R6"]),
        ("令和６", ["R6"]),
        ("令和六年度", ["R6"]),
        ("令和十年度", ["R10"]),
        ("令和元年度", ["R1"]),
        ("令和6年の交付団体", ["R6"]),
        ("2024年度", ["R6"]),
        ("２０２５年度", ["R7"]),
        ("2024年の交付金", ["R6"]),
        ("FY2025", ["R7"]),
        ("FY 2025", ["R7"]),
        ("FY24", ["R6"]),
        ("fiscal year 2025", ["R7"]),
        ("2018年度", ["H30"]),
        ("平成30年度", ["H30"]),
        ("平成三十年度", ["H30"]),
        ("H30", ["H30"]),
        ("来年度", ["next"]),
        ("次年度", ["next"]),
        ("再来年度", ["next"]),
        ("昨年度", ["last"]),
        ("前年度", ["last"]),
        ("R6とR7、令和6年度", ["R6", "R7"]),
        ("昨年度と来年度", ["last", "next"]),
    ],
)
def test_fiscal_years_are_read(text: str, years: list[str]) -> None:
    assert list(references(text).years) == years


@pytest.mark.parametrize(
    "text",
    [
        "令和5年法律第45号",
        "令和六年四月三日",
        "令和6年4月3日",
        "R6年4月",
        "R6.4.3",
        "2024年に始まった",
        "2024",
        "年度",
        "今年度",
        "R-18",
        "hr 6",
        "H2O",
        "satisfy 2024",
    ],
)
def test_what_is_no_fiscal_year_is_none(text: str) -> None:
    assert references(text).years == ()


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for clause in references(text).clauses:
        assert clause.startswith("guideline/")
