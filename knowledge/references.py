"""Which clause, law article and fiscal year a sentence names, in every notation.

NFKC turns ⑦ into 7, so circled numbers are read from the text as it was written. The notations
of one clause (4(3), 第４項第３号, 四の（三）, 4の3, 4-3) become one before they are looked for.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from knowledge.text import hiragana

_CIRCLED: Final = {chr(ord("①") + number): number + 1 for number in range(20)}
_DIGITS: Final = {digit: number for number, digit in enumerate("〇一二三四五六七八九")}
_UNITS: Final = {"十": 10, "百": 100}
_READ: Final = {
    "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5",
    "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "じゅう": "10",
}  # fmt: skip
_READ_ALOUD: Final = "|".join(sorted(_READ, key=len, reverse=True))
_HYPHENS: Final = re.compile("[‐-―−ｰ]")
_BRACKETS: Final = str.maketrans("[【〔]】〕", "((()))")

_K: Final = "[一二三四五六七八九十百][〇一二三四五六七八九十百]*"
_KANJI_NUMBER: Final = re.compile(
    rf"(?<=第){_K}(?=[条項号])|(?<=令和|平成){_K}(?=年)|(?<=[丸○〇]){_K}"
    rf"|(?!一番)(?<![一-龥]){_K}(?=番)|{_K}(?=\s*\(|項|の[一二三四五六七八九十\d(])"
    rf"|(?<=[の(]){_K}(?![一-龥])"
)
_COUNTED: Final = (
    r"(?!\d|\s*(?:人|名|週|日|時|年|月|回|歳|才|割|分|円|万|千|つ|丁目|番地|番目|号室|団体|件|個|か所"
    r"|[カヶヵ]所|箇所|[かカヶヵ]月|世帯|世代|枚|本|冊|台|階|校|社|県|市|町|村|杯|泊|食|倍|点|頁|ページ"
    r"|組|例|種|度|周|条|%))"
)
"""No clause before what is counted: 2-3人, 取組3つ."""
_AND: Final = r"\s*(?:、|,|・|と|や|及び|または|又は|から|~|〜)\s*"

_ARTICLE: Final = re.compile(
    r"(?<![東西南北\d])(?:第\s*)?(?P<article>\d{1,3})\s*条(?![件例約文項理通]|大路)(?:の\d+)*"
    rf"(?:(?:{_AND})?\s*(?:第\s*)?\d+\s*[項号])*|article\s*(?P<english>\d{{1,3}})"
)
"""With its paragraphs: 第29条第1項 is no clause 1."""
_BRACKETED: Final = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:項\s*の?\s*第?|[の\-ー.])?\s*\(\s*(\d{1,2})\s*\)\s*[の\-ー.]?\s*(?=(<)?)"
)
_IN_WORDS: Final = re.compile(r"(?<!\d)(\d)\s*項\s*(?:の?\s*第?\s*(\d{1,2})\s*号|の\s*(\d{1,2}))")
_DOTTED: Final = re.compile(
    r"(?:要領|clause|section|item|paragraph)\s*の?\s*(\d)\.(\d)(?:\.(\d{1,2}))?(?!\.?\d)"
)
_MORE_PARTS: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(\(\d{{1,2}}\)(?:<\d+>)?){_AND}(\(\d{{1,2}}\))"
)
_MORE_NUMBERS: Final = re.compile(rf"(?<!\d)(\d{{1,2}}\(\d{{1,2}}\))(<\d+>)(?:{_AND})?(<\d+>)")
_NUMBERED: Final = re.compile(
    r"(?<!\d)(?P<section>\d{1,2})\((?P<part>\d{1,2})\)\s*"
    rf"(?:<(?P<circled>\d+)>|[のー\-]?\s*\(?(?P<number>\d{{1,2}})(?!\s*[(\-]){_COUNTED})?"
)
_DASHED: Final = re.compile(
    r"(?<![\d\-.])(?<![町村区市通道筋線])(?<!丁目)(?P<section>\d)\s*[\-のー]\s*(?P<part>\d)"
    r"(?:\s*[\-のー]?\s*<(?P<circled>\d+)>|\s*[\-のー]\s*\(?(?P<number>\d{1,2}))?"
    rf"(?![\d\-]){_COUNTED}"
)
_LEADS: Final = r"(?:取り?組み?|とりくみ|活動|メニュー|項目)"
_ASKED: Final = (
    rf"(?:の?\s*(?:{_LEADS}|内容|説明|意味)|って|とは|は何|は(?=[?、]|$)|を\s*(?:見|教|おしえ|知|読|説明|詳)"
    r"|[とか](?=\d{1,2}番))"
)
_OF_LIST: Final = re.compile(
    rf"<(?P<circled>\d{{1,2}})>|(?:{_LEADS}|丸|まる|○|〇)\s*の?\s*(?P<after>\d{{1,2}})(?!-){_COUNTED}"
    rf"|(?<![\d\-])(?P<before>\d{{1,2}})\s*(?:番目?|ばん){_ASKED}"
    r"|(?:^\W*|(?<=番[とか]))(?P<alone>\d{1,2})\s*(?:番目?|ばん)か?\W*$"
    r"|\b(?:activity|item|(?<!phone )number|no\.)\s*(?P<english>\d{1,2})(?![\d\-.:])"
)
"""A number of the list of activities in 3(2): ⑦, 取組7, 7番の取組, item 7."""
_ALOUD: Final = re.compile(
    rf"(?:(?<![ぁ-ゖ])|(?<=[のはと]))(?:まる(?P<circle>{_READ_ALOUD})(?=$|[^ぁ-ゖ]|[はのをが]|って|とは)"
    rf"|(?!いち|ご)(?P<number>{_READ_ALOUD})(?:番|ばん){_ASKED}"
    rf"|^\W*(?!いち|ご)(?P<alone>{_READ_ALOUD})(?:番|ばん)\W*$)"
)
"""The same read aloud: まるなな, ななばん."""
_WHOLE_SECTION: Final = re.compile(
    r"(?<!\d)(?P<section>\d)\s*(?:項(?!目)|の[項章])"
    rf"|(?:要領の?|clause|section)\s*(?P<lead>\d)(?![(\-.の]){_COUNTED}"
)
_SUPPLEMENT: Final = re.compile(r"附\s*則|付則|(?<![ぁ-ゖ])ふそく(?=に[はつ]|は|って|とは|$)")

_IN_YEAR: Final = r"(?:年度|年の\s*(?:交付|取組|取り組み|事業|一覧))"
_YEAR: Final = re.compile(
    rf"(?P<era>令和|平成|(?<![a-z\d])(?:r|h(?=[123]\d)))\s*(?P<number>\d{{1,2}}|元)(?:\s*{_IN_YEAR}|(?!\s*年|[\da-z.]))"
    rf"|(?P<western>20\d\d)\s*(?:{_IN_YEAR}|fy)"
    r"|(?<![a-z])(?:fy|fiscal(?:\s*year)?)\s*(?P<fiscal>20\d\d|\d\d(?!\d))"
    r"|(?P<next>来年度|次年度)|(?P<last>昨年度|前年度|去年度)"
)
_REIWA: Final = 2018
"""The year before 令和１年, which is 2019."""
_HEISEI: Final = 1988
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class References:
    """What a sentence names exactly."""

    clauses: tuple[str, ...] = ()
    """Ids of clauses as written, whether they exist or not: guideline/4-3, guideline/9-2."""
    articles: tuple[int, ...] = ()
    """Articles of a law: 第11条."""
    years: tuple[str, ...] = ()
    """Fiscal years: R6, R7, H30; ``next`` and ``last`` for 来年度 and 昨年度."""


def references(text: str) -> References:
    """Read clause references, articles and fiscal years from a sentence."""
    normal = _normal(text)
    articles = tuple(
        int(match["article"] or match["english"]) for match in _ARTICLE.finditer(normal)
    )
    return References(_clauses(_ARTICLE.sub("〓", normal)), articles, _years(normal))


def _normal(text: str) -> str:
    circled = "".join(f"<{_CIRCLED[c]}>" if c in _CIRCLED else c for c in text)
    normal = unicodedata.normalize("NFKC", circled).lower().translate(_BRACKETS)
    return _KANJI_NUMBER.sub(lambda match: _arabic(match.group()), _HYPHENS.sub("-", normal))


def _arabic(kanji: str) -> str:
    """11 for 十一 and 一一."""
    total = digit = 0
    for sign in kanji:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = digit * 10 + _DIGITS[sign]
    return str(total + digit)


def _clauses(normal: str) -> tuple[str, ...]:
    rest = _one_notation(normal)
    found: dict[str, None] = {}
    for pattern in (_NUMBERED, _DASHED):
        for match in pattern.finditer(rest):
            number = match["circled"] or match["number"]
            found[_id(match["section"], match["part"], number)] = None
        rest = pattern.sub("〓", rest)
    for number in _listed(rest):
        found[_id("3", "2", number)] = None
    for match in _WHOLE_SECTION.finditer(rest):
        found[f"guideline/{match['section'] or match['lead']}"] = None
    if _SUPPLEMENT.search(rest):
        found["guideline/supplement"] = None
    return tuple(found)


def _one_notation(normal: str) -> str:
    """第4項第3号, 4 の ( 3 ) → 4(3); 4(1)、(2) → 4(1) 4(2)."""
    text = _IN_WORDS.sub(lambda match: f"{match[1]}({match[2] or match[3]})", normal)
    text = _BRACKETED.sub(
        lambda match: f"{match[1]}({match[2]})" + ("" if match[3] else " "), text
    )
    text = _DOTTED.sub(lambda m: f"{m[1]}-{m[2]}" + (f"-{m[3]}" if m[3] else ""), text)
    for pattern, form in ((_MORE_PARTS, r"\1\2〓\1\3"), (_MORE_NUMBERS, r"\1\2〓\1\3")):
        count = 1
        while count:
            text, count = pattern.subn(form, text)
    return text


def _listed(rest: str) -> list[str]:
    """Numbers of the list of activities in 3(2), as they stand in the sentence."""
    written = [
        (match.start(), next(filter(None, match.groups()))) for match in _OF_LIST.finditer(rest)
    ]
    aloud = [
        (match.start(), _READ[next(filter(None, match.groups()))])
        for match in _ALOUD.finditer(hiragana(rest))
    ]
    return [number for _, number in sorted(written + aloud)]


def _id(section: str, part: str, number: str | None) -> str:
    return f"guideline/{int(section)}-{int(part)}" + (f"-{int(number)}" if number else "")


def _years(normal: str) -> tuple[str, ...]:
    found = (_year(match) for match in _YEAR.finditer(normal))
    return tuple(dict.fromkeys(found))


def _year(match: re.Match[str]) -> str:
    if match["era"]:
        number = 1 if match["number"] == "元" else int(match["number"])
        return f"{'H' if match['era'] in {'平成', 'h'} else 'R'}{number}"
    if match["western"] or match["fiscal"]:
        western = int(match["western"] or match["fiscal"])
        western += _CENTURY if western < _CENTURY else 0
        return f"R{western - _REIWA}" if western > _REIWA else f"H{western - _HEISEI}"
    return "next" if match["next"] else "last"
