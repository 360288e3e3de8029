"""What stands around a name: whether 山口, おんな or 行方 is the place there, a person or a word."""

import re
from enum import IntEnum
from typing import Final

from sudachipy import Morpheme

from knowledge.text import tokenizer


class Name(IntEnum):
    """How a place is called; the vaguer, the more its surroundings must speak for it."""

    WHOLE = 0
    """With its kind: 山口県, 札幌市, 中央区."""
    PREFECTURE = 1
    """A prefecture, or an everyday name of one: 山口, 信州."""
    CITY = 2
    """A city or a ward of Tokyo: 札幌, 世田谷."""
    TOWN = 3
    """A town or a village: 軽井沢."""


_ORDINARY: Final = frozenset(
    "中央 中間 国立 南国 養父 行方 三次 東海 上野 北 港 あま さくら みどり".split()
)
"""Words and districts before they are the municipality: 中間支援, 行方不明, 養父, 上野 in Tokyo."""
_HOMOPHONES: Final = frozenset(
    "あいさい おうしゅう こうしゅう こうとう こうなん さいかい さいじょう さんじょう しんじょう じょうそう"
    " じょうよう そうじゃ たいとう たいない だいせん だいとう ちゅうおう ちょうし ちょうふ とうかい なんこく"
    " なんよう にっしん はくさん はんのう ぶんきょう みょうこう".split()
)
"""Cities that sound like words: 講習, 心情, 反応."""
_CITIES_IN_KANA: Final = frozenset("かまくら からつ くるめ こうべ ふちゅう めぐろ".split())
"""Cities whose kana the dictionary takes for words that nobody writes so."""
_LONG: Final = 4
"""So many kana are hardly a word by accident."""

_HONORIFICS: Final = frozenset("さん さま 様 くん 君 ちゃん 氏 先生 せんせい".split())
_INTRODUCED: Final = re.compile(
    r"\s?(?:(?![でにのはがをもと])(?:[一-龥]{1,3}|[ぁ-ゖ]{2,4}|[ァ-ヺー]{2,6}))?\s?"
    r"(?:と申|ともうし|といいます|と言います|っていいます|って言います|と名乗)"
)
_NAMED: Final = re.compile(r"(?:名前|なまえ|氏名|名字|苗字|姓)(?:は|が|[:、])?\s*$")
_END: Final = re.compile(r"です|だ|[、。\s]|$")
_NEGATED_AFTER: Final = re.compile(
    r"(?:[県府都道市区町村]|の(?:方|ほう))?\s*"
    r"(?:(?:じゃあ?|では?)(?:ない|なく(?![しな])|なかった|なけれ|ありませ)|以外|を?除[いきく])"
)
_NEGATED_BEFORE: Final = re.compile(r"\b(?:not(?: in| from)?|except(?: for)?|other than)\s+$", re.I)
_FIRST_IN_KANA: Final = re.compile(r"(?:^|[^ぁ-ゖァ-ヺー]|[のはもでとや])$")
_AFTER_KANA: Final = re.compile(
    r"[のでにはがへを、。・?!\s]|も(?!だち)|と(?!う)|や(?!ま)|だけ|だ[。よ]|です|から|まで|より|って|なら|じゃ|けん|県|府|[し市]|$"
)
_ATTACHED: Final = re.compile("駅|大学")
"""The dictionary takes 東京駅 for one word; somebody there is in Tokyo."""
_LATIN_PERSON: Final = re.compile(r"\b(?:mr|ms|mrs|miss|dr|name is|i'm|i am)\b\.?\s*$", re.I)
_LATIN_HONORIFIC: Final = re.compile(r"[ -](?:san|sama|kun|chan|sensei)\b", re.I)


class Surroundings:
    """A sentence and its words."""

    def __init__(self, text: str) -> None:
        """Split the sentence."""
        self.text = text
        self._morphemes = list(tokenizer().tokenize(text))
        self._starting = {m.begin(): m for m in self._morphemes}
        self._ends = frozenset(m.end() for m in self._morphemes)

    def _inside(self, start: int, end: int) -> list[Morpheme]:
        """The words that make up a piece exactly, or none."""
        if start not in self._starting or end not in self._ends:
            return []
        return [m for m in self._morphemes if start <= m.begin() < end]

    def is_written(self, start: int, end: int, name: Name) -> bool:
        """Whether a name in kanji is a place there."""
        piece = self.text[start:end]
        if start not in self._starting:
            return False
        if name is Name.WHOLE:
            return True
        if piece in _ORDINARY or self._is_person(start, end):
            return False
        if name is not Name.TOWN and _ATTACHED.match(self.text, end):
            return True
        inside = [m.part_of_speech() for m in self._inside(start, end)]
        if not inside or inside[0][0] == "副詞":  # 大分よくなった
            return False
        if name is Name.TOWN or len(piece) == 1:
            return any(part[2] == "地名" for part in inside)
        return name is Name.CITY or len(inside) == 1

    def is_spoken(self, start: int, end: int, name: Name) -> bool:
        """Whether a name in kana is a place there."""
        apart = _FIRST_IN_KANA.search(self.text, 0, start) and _AFTER_KANA.match(self.text, end)
        if not apart or self._is_person(start, end):
            return False
        piece = self.text[start:end]
        if name is Name.PREFECTURE or piece in _CITIES_IN_KANA:
            return True
        inside = [m.part_of_speech() for m in self._inside(start, end)]
        if len(inside) == 1:
            return inside[0][2] == "地名" or (name is not Name.TOWN and inside[0][2] == "人名")
        if name is Name.TOWN or piece in _HOMOPHONES:
            return False
        nouns = [part[0] == "名詞" and part[1] != "数詞" for part in inside]
        return len(piece) >= _LONG or (bool(nouns) and all(nouns))

    def is_negated(self, start: int, end: int) -> bool:
        """Whether the sentence says "not this one": 和歌山じゃなくて富山."""
        after = _NEGATED_AFTER.match(self.text, end)
        return bool(after or _NEGATED_BEFORE.search(self.text, 0, start))

    def is_latin_person(self, start: int, end: int) -> bool:
        """Whether a word in Latin letters is somebody's name: Yamaguchi-san."""
        before = _LATIN_PERSON.search(self.text, 0, start)
        return bool(before or _LATIN_HONORIFIC.match(self.text, end))

    def is_said(self, start: int, end: int) -> bool:
        """Whether the words before ``end`` form a whole statement: ながい in ながいけん (because)."""
        last = next((m for m in self._morphemes if m.end() == end and m.begin() >= start), None)
        return last is not None and last.part_of_speech()[5].startswith(("終止形", "連体形"))

    def _is_person(self, start: int, end: int) -> bool:
        """山口さん, 山口花子, 山口と申します."""
        after = self._starting.get(end)
        if after and after.surface() in _HONORIFICS:
            return True
        if _INTRODUCED.match(self.text, end):
            return True
        if _NAMED.search(self.text, 0, start) and _END.match(self.text, end):
            return True
        family = self._starting.get(start)
        return bool(
            family
            and after
            and family.part_of_speech()[3] == "姓"
            and after.part_of_speech()[3] == "名"
        )
