"""The names of places, and how people write them: in kanji, kana, romaji and with usual slips."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import jaconv
from pydantic import Field

from knowledge.entries import Shape, Text
from knowledge.load import read_text, read_yaml, shape
from knowledge.surroundings import Name
from knowledge.text import hiragana

HEAD: Final = 2
"""Letters by which names are looked up."""
SHORT: Final = 2
"""Kana of two letters are words too (なら, しが)."""
_MISWRITTEN: Final = {
    "群": ("郡",), "媛": ("姫",), "潟": ("瀉",), "埼": ("琦",), "崎": ("埼",), "栃": ("板", "枥"),
    "阪": ("坂",), "奈川": ("奈河",),
}  # fmt: skip
"""What is typed for a part of a prefecture's name so often that 県 need not follow."""
_MISHEARD: Final = {"えひ": ("えし",), "ひろし": ("しろし",), "らき": ("らぎ",), "おお": ("おう",)}
"""The same for sounds."""
_LONG_VOWEL: Final = re.compile(r"ou|oo|uu")
_M_FOR_N: Final = re.compile("m(?=[bmp])")
_WARD: Final = "行政区"
_RANK: Final = {"市": 1, "特別区": 1}
_NAME_OF_RANK: Final = (Name.LARGE, Name.CITY, Name.TOWN)
_KANA_SUFFIXES: Final = ("し", "ちょう", "まち", "むら", "そん", "く")

Table: TypeAlias = dict[str, tuple[Name, frozenset[str]]]
"""A name → how it names, and the prefectures that have such a place."""


class Prefecture(Shape):
    """One of the 47 prefectures."""

    code: Text
    """Two digits, 01 to 47."""
    id: Text
    """Slug in ids: yamanashi."""
    name: Text
    """Full name: 山梨県."""
    kana: Text
    """Reading of the full name."""
    region: Text
    """Region for choosing step by step."""
    aliases: tuple[Text, ...] = Field(default=())
    """Old and everyday names."""

    @property
    def short(self) -> str:
        """The name without 県, 府 or 都; 北海道 keeps its 道."""
        return self.name if self.name == "北海道" else self.name[:-1]

    @property
    def kana_short(self) -> str:
        """The reading without けん, ふ or と."""
        suffixes = {"県": "けん", "府": "ふ", "都": "と"}
        return self.kana.removesuffix(suffixes.get(self.name[-1], ""))


class PrefectureFile(Shape):
    """The table of prefectures."""

    prefectures: tuple[Prefecture, ...]
    """All 47, by code."""


class PlaceNames:
    """The tables of names."""

    def __init__(self, data: Path) -> None:
        """Read the tables of prefectures and municipalities."""
        document = read_yaml(data / "prefectures.yaml")
        self.prefectures = shape(document, PrefectureFile).prefectures
        rows = io.StringIO(read_text(data / "municipalities.csv"), newline="")
        self._municipalities = list(csv.DictReader(rows))

    @cached_property
    def written(self) -> Table:
        """Names as they are written."""
        names = {name: (Name.WHOLE, found) for name, found in self.wards.items()}
        names |= self._of_municipalities("municipality", lambda name: name[:-1])
        for region in {prefecture.region for prefecture in self.prefectures}:
            names.pop(region, None)  # 東北 is seven prefectures before it is a town
        for prefecture in self.prefectures:
            only = frozenset({prefecture.name})
            miswritten = _replaced(prefecture.short, _MISWRITTEN)
            for name in (*miswritten, prefecture.short, *prefecture.aliases):
                names[name] = (Name.PREFECTURE, only)
            names[prefecture.name] = (Name.WHOLE, only)
        return names

    @cached_property
    def spoken(self) -> Table:
        """Names in hiragana."""
        names = self._of_municipalities("kana", _without_suffix)
        names |= self.spoken_prefectures
        return {name: found for name, found in names.items() if len(name) > SHORT}

    @cached_property
    def spoken_prefectures(self) -> Table:
        """Names of prefectures in hiragana, those of two letters too."""
        return {
            name: (Name.PREFECTURE, frozenset({prefecture.name}))
            for prefecture in self.prefectures
            for kana in (prefecture.kana, prefecture.kana_short)
            for name in (kana, *_replaced(kana, _MISHEARD))
        }

    @cached_property
    def latin(self) -> Table:
        """Names in romaji, simplified."""
        names: Table = {}
        for kana, (name, found) in sorted(self.spoken.items(), key=lambda item: -item[1][0]):
            names[_romaji(kana)] = (name, found)
        for prefecture in self.prefectures:
            for word in (_romaji(prefecture.kana_short), prefecture.id):
                names[word] = (Name.PREFECTURE, frozenset({prefecture.name}))
        return names

    @cached_property
    def wards(self) -> dict[str, frozenset[str]]:
        """Wards of large cities: 中央区 → 北海道, 大阪府 and others."""
        wards: dict[str, set[str]] = defaultdict(set)
        for row in self._municipalities:
            if row["type"] == _WARD:
                wards[row["municipality"]].add(row["prefecture"])
        return {name: frozenset(found) for name, found in wards.items()}

    def _of_municipalities(self, column: str, shorten: Callable[[str], str]) -> Table:
        """Full and short names; a short name means the largest kind of municipality so called."""
        full: dict[str, set[str]] = defaultdict(set)
        short: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        designated = {row["parent"] for row in self._municipalities if row["parent"]}
        for row in self._municipalities:
            if row["type"] == _WARD:
                continue
            rank = 0 if row["municipality"] in designated else _RANK.get(row["type"], 2)
            full[row[column]].add(row["prefecture"])
            short[shorten(row[column])][rank].add(row["prefecture"])
        names = {
            name: (_NAME_OF_RANK[min(ranks)], frozenset(ranks[min(ranks)]))
            for name, ranks in short.items()
            if name
        }
        whole = Name.WHOLE if column == "municipality" else Name.CITY
        return names | {name: (whole, frozenset(found)) for name, found in full.items()}

    @cached_property
    def longest(self) -> dict[str, int]:
        """Length of the longest name that begins with two letters; most letters begin none."""
        longest: dict[str, int] = {}
        for name in (*self.written, *self.spoken):
            head = hiragana(name[:HEAD])
            longest[head] = max(len(name), longest.get(head, 0))
        return longest


def _replaced(name: str, slips: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The name with each slip it invites."""
    return [
        name.replace(right, wrong)
        for right, wrongs in slips.items()
        if right in name
        for wrong in wrongs
    ]


def _without_suffix(kana: str) -> str:
    suffix = next((s for s in _KANA_SUFFIXES if kana.endswith(s)), "")
    return kana.removesuffix(suffix)


def _romaji(kana: str) -> str:
    return simplified(jaconv.kana2alphabet(kana))


def simplified(word: str) -> str:
    """Romaji without long vowels, and with n for the m of Gumma."""
    return _M_FOR_N.sub("n", _LONG_VOWEL.sub(lambda match: match.group()[0], word))
