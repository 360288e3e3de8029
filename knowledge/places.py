"""Which prefecture a sentence names: by its name, kana, romaji, a slip, or a municipality."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import jaconv
from pydantic import Field
from rapidfuzz.distance import Levenshtein

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.surroundings import Name, Surroundings
from knowledge.text import hiragana, words

_NOT_A_NAME: Final = re.compile("都道府県|府県")
_SLIP: Final = re.compile("(?P<kanji>[一-龥]{2,3})県|(?P<kana>[ぁ-ゖ]{3,5})(?:県|けん(?=[はのにもでが]|$))")
_KANA: Final = re.compile("[ぁ-ゖ]")
_AFTER_PARTICLE: Final = re.compile("^$|[^ぁ-ゖ]|[のはもでとに]")
_MISWRITTEN: Final = {
    "群": "郡", "媛": "姫", "潟": "瀉", "埼": "琦", "崎": "埼", "栃": "板枥", "阪": "坂", "奈川": "奈河",
}  # fmt: skip
"""What is typed for a character of a prefecture's name so often that 県 need not follow."""
_MISHEARD: Final = {"えひ": ("えし",), "ひろし": ("しろし",), "ばらき": ("ばらぎ",), "おお": ("おう",)}
"""The same for sounds."""
_LATIN: Final = re.compile(r"(?<![a-zà-ỹ])[a-z]+(?:-[a-z]+)?(?![a-zà-ỹ])", re.IGNORECASE)
_LATIN_SUFFIX: Final = re.compile("-(?:ken|fu|to|shi|ku|cho|machi|mura|son)$")
_MACRONS: Final = str.maketrans("āīūēōĀĪŪĒŌ", "aiueoAIUEO")
_LONG_VOWEL: Final = re.compile(r"ou|oo|uu")
_WARD: Final = "行政区"
_RANK: Final = {"市": 1, "特別区": 1}
_NAME_OF_RANK: Final = (Name.LARGE, Name.CITY, Name.TOWN)
_SHORT: Final = 2
"""Kana and romaji of two letters are words too (なら, つる)."""
_RARE_IN_LATIN: Final = {Name.CITY: 4, Name.TOWN: 5}
"""Letters a municipality has at least; below, other languages have the word (ako, ito)."""
_SURE_IN_LATIN: Final = 7
"""Below, a municipality needs its capital letter: kasama is "companion" in Tagalog."""
_ENDS_MUNICIPALITY: Final = "市町村区"
_KANA_SUFFIXES: Final = ("し", "ちょう", "まち", "むら", "そん", "く")


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


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a sentence names."""

    prefectures: frozenset[str]
    """Names of the prefectures it can be; more than one where the name is ambiguous."""
    surface: str
    """The words that named it."""
    negated: bool = False
    """Whether the sentence says "not this one" (和歌山じゃなくて富山)."""


_Names: TypeAlias = Mapping[str, tuple[Name, frozenset[str]]]
"""A name → how it names, and the prefectures that have such a place."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A place and where it stands."""

    start: int
    end: int
    place: Place


class Gazetteer:
    """Finds places in sentences."""

    def __init__(self, data: Path = DATA) -> None:
        """Read the tables of prefectures and municipalities."""
        document = read_yaml(data / "prefectures.yaml")
        self.prefectures = shape(document, PrefectureFile).prefectures
        with (data / "municipalities.csv").open(encoding="utf-8", newline="") as file:
            self._municipalities = list(csv.DictReader(file))
        self.by_name = {prefecture.name: prefecture for prefecture in self.prefectures}
        self.by_id = {prefecture.id: prefecture for prefecture in self.prefectures}

    @cached_property
    def _written(self) -> _Names:
        names = self._of_municipalities("municipality", lambda name: name[:-1])
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
    def _spoken(self) -> _Names:
        names = self._of_municipalities("kana", _without_suffix)
        names |= self._spoken_prefectures
        return {name: found for name, found in names.items() if len(name) > _SHORT}

    @cached_property
    def _spoken_prefectures(self) -> _Names:
        return {
            name: (Name.PREFECTURE, frozenset({prefecture.name}))
            for prefecture in self.prefectures
            for kana in (prefecture.kana, prefecture.kana_short)
            for name in (kana, *_replaced(kana, _MISHEARD))
        }

    @cached_property
    def _latin(self) -> _Names:
        names: dict[str, tuple[Name, frozenset[str]]] = {}
        for kana, (name, found) in sorted(self._spoken.items(), key=lambda item: -item[1][0]):
            names[_romaji(kana)] = (name, found)
        for prefecture in self.prefectures:
            for word in (_romaji(prefecture.kana_short), prefecture.id):
                names[word] = (Name.PREFECTURE, frozenset({prefecture.name}))
        return names

    @cached_property
    def _wards(self) -> dict[str, frozenset[str]]:
        """Wards of large cities: 中央区 → 北海道, 大阪府 and others."""
        wards: dict[str, set[str]] = defaultdict(set)
        for row in self._municipalities:
            if row["type"] == _WARD:
                wards[row["municipality"]].add(row["prefecture"])
        return {name: frozenset(found) for name, found in wards.items()}

    def _of_municipalities(self, column: str, shorten: Callable[[str], str]) -> _Names:
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
    def _longest(self) -> int:
        return max(map(len, [*self._written, *self._spoken]))

    def places(self, text: str) -> tuple[Place, ...]:
        """Every place the sentence names, in order; ambiguous ones with all their prefectures."""
        normal = _NOT_A_NAME.sub("〓", unicodedata.normalize("NFKC", text))
        around = Surroundings(normal)
        found = list(self._exact(around))
        found += self._in_latin(around, _without(normal, found))
        found += self._slips(around, _without(normal, found))
        return tuple(f.place for f in sorted(found, key=lambda f: f.start))

    def _exact(self, around: Surroundings) -> Iterator[_Found]:
        seen: frozenset[str] = frozenset()
        position = within = 0
        while position < len(around.text):
            end, prefectures = self._at(around, position)
            piece = around.text[position:end]
            here = (prefectures | self._wards.get(piece, prefectures)) & seen
            if prefectures and (here or position != within):  # 栗山町 in 尼崎市栗山町 is no town
                place = Place(here or prefectures, piece, around.is_negated(position, end))
                yield _Found(position, end, place)
                if len(place.prefectures) == 1:
                    seen |= place.prefectures
                within = end if piece[-1] in _ENDS_MUNICIPALITY else 0
            position = end
