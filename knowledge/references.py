"""Which clause, law article and fiscal year a sentence names, in every notation.

NFKC turns ⑦ into 7, so circled numbers are read from the text as it was written.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_CIRCLED: Final = {chr(ord("①") + number): number + 1 for number in range(20)}
_KANJI: Final = {digit: str(n) for n, digit in enumerate("〇一二三四五六七八九")}
_READ: Final = {
    "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5",
    "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "じゅう": "10",
}  # fmt: skip
_HYPHENS: Final = re.compile("[‐-―−ｰ]")
_SECTION: Final = r"(?P<section>\d{1,2})\s*[((]\s*(?P<part>\d{1,2})\s*[))]"
_NUMBERED: Final = re.compile(
    _SECTION + r"\s*[のー\-]?\s*[((]?(?P<number><\d{1,2}>|\d{1,2}(?!\d|[年月日]))?"
)
_DASHED: Final = re.compile(
    r"(?<![\d\-.])(?P<section>\d)\s*[\-のー]\s*[((]?(?P<part>\d)[))]?"
    r"(?:\s*[\-のー]?\s*(?P<number><\d{1,2}>|(?<=[\-のー])\d{1,2}))?"
    r"(?![\d\-%]|\s*(?:人|名|週|日|時|年|月|回|歳|才|割|分|円|万|千|つ|丁目|番地|号室|団体|件|個|か所|カ所|ヶ所|箇所))"
)
_CIRCLE: Final = re.compile(r"<(?P<number>\d{1,2})>")
_SPOKEN: Final = re.compile(
    r"まる(?P<word>" + "|".join(sorted(_READ, key=len, reverse=True)) + ")"
)
_NUMBER_OF_LIST: Final = re.compile(
    r"(?:取り?組み?|とりくみ|活動|メニュー|項目|丸|○|〇)\s*(?:の)?\s*(?P<a>\d{1,2})\s*(?:番|ばん)?(?!\d|[年月日人つ団県\-])"
    r"|(?<!\d)(?P<b>\d{1,2})\s*(?:番目?|ばん)の?(?:取り?組み?|とりくみ|活動|メニュー|項目|って|とは|は何|を見|の内容)"
)
_WHOLE_SECTION: Final = re.compile(r"第\s*(?P<section>\d)\s*項|(?<!\d)(?P<only>\d)の(?:項|章)")
_ARTICLE: Final = re.compile(r"第\s*(?P<article>\d{1,3})\s*条")
_YEAR: Final = re.compile(
    r"令和\s*(?P<reiwa>\d{1,2}|元)\s*年度|令和\s*(?P<year>\d{1,2}|元)(?!\s*年)|\br\s*(?P<short>\d{1,2})(?!\d)"
    r"|(?P<western>20\d\d)\s*(?:年度|fy|年の(?:交付|取組|事業|一覧))|fy\s*(?P<fiscal>20\d\d)"
    r"|(?P<next>来年度|次年度|再来年度)|(?P<last>昨年度|前年度|去年度)"
)
_SUPPLEMENT: Final = re.compile(r"附\s*則|付則|ふそく")
REIWA_BEFORE: Final = 2018
"""令和１年 is 2019."""


@dataclass(frozen=True, slots=True)
class References:
    """What a sentence names exactly."""

    clauses: tuple[str, ...] = ()
    """Ids of clauses as written, whether they exist or not: guideline/4-3, guideline/9-2."""
    articles: tuple[int, ...] = ()
    """Articles of a law: 第11条."""
    years: tuple[str, ...] = ()
    """Fiscal years: R6, R7; ``next`` and ``last`` for 来年度 and 昨年度."""


def references(text: str) -> References:
    """Read clause references, articles and fiscal years from a sentence."""
    normal = _normal(text)
    return References(_clauses(normal), _articles(normal), _years(normal))


def _normal(text: str) -> str:
    circled = "".join(f"<{_CIRCLED[c]}>" if c in _CIRCLED else c for c in text)
    normal = _HYPHENS.sub("-", unicodedata.normalize("NFKC", circled).lower())
    normal = re.sub(r"(?<=第)十一(?=条)", "11", normal)
    return re.sub(
        "[一二三四五六七八九](?=の[一二三四五六七八九\\d(]|番|項)|(?<=の)[一二三四五六七八九](?![一-龥])",
        lambda match: _KANJI[match.group()],
        normal,
    )


def _clauses(normal: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    rest = normal
    for pattern in (_NUMBERED, _DASHED):
        for match in pattern.finditer(rest):
            number = (match["number"] or "").strip("<>")
            found[_id(match["section"], match["part"], number)] = None
        rest = pattern.sub(" ", rest)
    for number in _listed(rest):
        found[f"guideline/3-2-{number}"] = None
    for match in _WHOLE_SECTION.finditer(rest):
        found[f"guideline/{match['section'] or match['only']}"] = None
    if _SUPPLEMENT.search(rest):
        found["guideline/supplement"] = None
    return tuple(found)


def _listed(rest: str) -> list[str]:
    """Numbers of the list of activities in 3(2): ⑦, まるなな, 取組7, 7番の取組."""
    circled = [match["number"] for match in _CIRCLE.finditer(rest)]
    spoken = [_READ[match["word"]] for match in _SPOKEN.finditer(rest)]
    named = [match["a"] or match["b"] for match in _NUMBER_OF_LIST.finditer(rest)]
    return [*circled, *spoken, *named]


def _id(section: str, part: str, number: str) -> str:
    return f"guideline/{int(section)}-{int(part)}" + (f"-{int(number)}" if number else "")


def _articles(normal: str) -> tuple[int, ...]:
    return tuple(int(match["article"]) for match in _ARTICLE.finditer(normal))


def _years(normal: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _YEAR.finditer(normal):
        reiwa = match["reiwa"] or match["year"] or match["short"]
        western = match["western"] or match["fiscal"]
        if reiwa:
            found[f"R{1 if reiwa == '元' else int(reiwa)}"] = None
        elif western:
            found[f"R{int(western) - REIWA_BEFORE}"] = None
        else:
            found["next" if match["next"] else "last"] = None
    return tuple(found)
