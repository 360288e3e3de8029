"""What stands around a name: whether 山口, なんと or 養父 is a place there, a person or a word."""

import re
from enum import IntEnum
from typing import Final

from sudachipy import Morpheme

from knowledge.text import Sentence, hiragana


class Name(IntEnum):
    """How a place is called; the vaguer, the more its surroundings must speak for it."""

    WHOLE = 0
    """With its kind: 山口県, 札幌市, 中央区."""
    PREFECTURE = 1
    """A prefecture, or an everyday name of one: 山口, 信州."""
    LARGE = 2
    """A city with wards: 札幌."""
    CITY = 3
    """Another city, or a ward of Tokyo: 甲府, 世田谷."""
    TOWN = 4
    """A town or a village: 軽井沢."""


_ORDINARY: Final = frozenset(
    ["中央", "中間", "国立", "南国", "養父", "行方", "三次", "東海", "上野", "昭和", "北", "港",
     "東", "栄", "裾野", "甲斐", "あま", "さくら", "みどり"]
)  # fmt: skip
"""Words and districts before they are the municipality: 中間支援, 行方不明, 生きる甲斐, 上野."""
_HOMOPHONES: Final = frozenset(
    ["あいさい", "あげお", "あさか", "あらお", "いいだ", "うすき", "おうしゅう", "おおだ",
     "かさい", "かたの", "きみつ", "くまの", "こうか", "こうし", "こうしゅう", "こうとう",
     "こうなん", "こうふ", "こさい", "ごせん", "さいかい", "さいじょう", "さいと", "さがし",
     "さって", "さんじょう", "しそう", "しべつ", "しんじょう", "じょうそう", "すいた", "すその",
     "そうか", "そうじゃ", "たいとう", "たいない", "たまの", "だいせん", "だいとう", "とうかい",
     "ながと", "なりた", "なんこく", "なんと", "なんよう", "にっしん", "にのへ", "はくさん",
     "はんのう", "ぶんきょう", "みたか", "みはら", "みょうこう", "やいた"]
)  # fmt: skip
"""Cities that sound like what people write in kana: 講習, 心情, 反応, なんと."""
_CITIES_IN_KANA: Final = frozenset(
    ["かまくら", "からつ", "くるめ", "こうべ", "ふちゅう", "めぐろ"]
)  # fmt: skip
"""Cities whose kana the dictionary takes for words that nobody writes so."""
_NO_WORDS: Final = frozenset(["ぎふ", "ちば"])
_NOT_A_NAME: Final = re.compile("都道府県|府県")
_SHORT: Final = 2
_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_HAN: Final = re.compile("[一-龥]$")
_WORD: Final = re.compile(r"\w")
_MESSAGE_ENDS: Final = re.compile(r"(?:です|だよ?)?\W*$")

_HONORIFICS: Final = frozenset(
    ["さん", "さま", "様", "くん", "君", "ちゃん", "氏", "先生", "せんせい"]
)
_INTRODUCED: Final = re.compile(
    r"\s?(?:(?![でにのはがをもと])(?:[一-龥]{1,3}|[ぁ-ゖ]{2,4}|[ァ-ヺー]{2,6}))?\s?"
    r"(?:と(?:申|もうし|名乗)|(?:と|って)(?:言|い)います)"
)
_NAMED: Final = re.compile(r"(?:名前|なまえ|氏名|名字|苗字|姓)(?:は|が|[:、])?\s*$")
_END: Final = re.compile(r"です|だ|[、。\s]|$")
_NEGATED_AFTER: Final = re.compile(
    r"(?:[県府都道市区町村]|の(?:方|ほう))?\s*"
    r"(?:(?:じゃあ?|では?)(?:ない|なく(?![しな])|なかった|なけれ|ありませ)|以外|を?除[いきく])"
)
_NEGATED_BEFORE: Final = re.compile(
    r"\b(?:not(?: in| from)?|except(?: for)?|other than)\s+$", re.IGNORECASE
)
_FIRST_IN_KANA: Final = re.compile(r"(?:^|[^ぁ-ゖァ-ヺー]|[のはもでとや])$")
_AFTER_KANA: Final = re.compile(
    r"[のでにはへを、。・?!\s]|が(?!た)|も(?!だち|と)|と(?!う)|や(?!ま)|だけ|だ[。よ]|です|から|まで"
    r"|より|って|なら|じゃ|けん|県|府|市|し(?=[はのにもでが\s]|$)|$"
)
"""No やまがた, ともだち, やまもと, おとうと cut in two."""
_ATTACHED: Final = re.compile("駅|大学")
"""The dictionary takes 東京駅 for one word; somebody there is in Tokyo."""
_LATIN_PERSON: Final = re.compile(
    r"\b(?:mr|ms|mrs|miss|dr|name is|i'm|i am)\b\.?\s*$", re.IGNORECASE
)
_LATIN_HONORIFIC: Final = re.compile(r"[ -](?:san|sama|kun|chan|sensei)\b", re.IGNORECASE)


class Surroundings:
    """A sentence and its words."""

    def __init__(self, sentence: Sentence) -> None:
        """Take the sentence; 県 in 都道府県 is no part of a name."""
        self.text = _NOT_A_NAME.sub(lambda match: "〓" * len(match[0]), sentence.normal)
        self.kana = hiragana(self.text)
        self._morphemes = sentence.morphemes
        self._starting = {m.begin(): m for m in self._morphemes}
        self._ends = frozenset(m.end() for m in self._morphemes)

    def _inside(self, start: int, end: int) -> list[Morpheme]:
        """The words that make up a piece exactly, or none."""
        if start not in self._starting or end not in self._ends:
            return []
        return [m for m in self._morphemes if start <= m.begin() < end]

    def is_written(self, start: int, end: int, name: Name) -> bool:
        """Whether a name in kanji is a place there."""
        if start not in self._starting and not self.text.endswith("今", 0, start):
            return False  # but the dictionary splits 今福島 into 今福 and 島
        if name is Name.WHOLE:
            return True
        piece = self.text[start:end]
        numbered = self.text.endswith("第", 0, start)  # 第三条
        if numbered or piece in _ORDINARY or self._is_person(start, end):
            return False
        inside = [m.part_of_speech() for m in self._inside(start, end)]
        if name is Name.TOWN or len(piece) == 1:
            return any(part[2] == "地名" for part in inside)
        if _ATTACHED.match(self.text, end):
            return True
        # 大分よくなった, 二重三重
        other_word = "副詞" in [part[0] for part in inside] or self.text.endswith("二重", 0, start)
        return end in self._ends and not other_word

    def is_spoken(self, start: int, end: int, name: Name) -> bool:
        """Whether a name in kana is a place there."""
        apart = _FIRST_IN_KANA.search(self.text, 0, start) and _AFTER_KANA.match(self.text, end)
        rest_of_word = start not in self._starting and _HAN.search(self.text, 0, start)
        if not apart or rest_of_word or self._is_person(start, end):
            return False  # いたこ in 働いたこと is no town
        piece = self.text[start:end]
        if name is Name.PREFECTURE or piece in _CITIES_IN_KANA:
            return True
        inside = [m.part_of_speech() for m in self._inside(start, end)]
        if name is Name.TOWN or len(inside) == 1:
            known = {"地名"} if name is Name.TOWN else {"地名", "人名"}
            return len(inside) == 1 and inside[0][2] in known
        return piece not in _HOMOPHONES

    def is_negated(self, start: int, end: int) -> bool:
        """Whether the sentence says "not this one": 和歌山じゃなくて富山."""
        after = _NEGATED_AFTER.match(self.text, end)
        return bool(after or _NEGATED_BEFORE.search(self.text, 0, start))

    def is_person_abroad(self, start: int, end: int) -> bool:
        """Whether a word in Latin letters is somebody's name: Yamaguchi-san."""
        before = _LATIN_PERSON.search(self.text, 0, start)
        return bool(before or _LATIN_HONORIFIC.match(self.text, end))

    def is_short(self, start: int, end: int) -> bool:
        """Whether two kana are a prefecture's name: before 県, or as the whole message."""
        if self.kana[start:end] in _NO_WORDS:
            return self.is_spoken(start, end, Name.PREFECTURE)
        if _WORD.search(self.text, max(start - 1, 0), start):
            return False
        alone = not _WORD.search(self.text, 0, start) and _MESSAGE_ENDS.match(self.text, end)
        return bool(alone or self.text.startswith("県", end))

    def can_be_slip(self, start: int, end: int) -> bool:
        """Whether a name may begin and end here: not ながい in ながいけん (because it is long)."""
        if not _KANA.match(self.text, start):
            return True
        if end - start <= _SHORT or not _FIRST_IN_KANA.search(self.text, 0, start):
            return False
        last = next((m for m in self._morphemes if m.end() == end and m.begin() >= start), None)
        form = last.part_of_speech()[5] if last else ""
        return self.text[end] == "県" or not form.startswith(("終止形", "連体形"))

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
