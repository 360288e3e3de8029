"""Which prefecture a sentence names: by its name, kana, romaji, a slip, or a municipality."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import jaconv
from pydantic import Field
from rapidfuzz.distance import Levenshtein

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import hiragana, tokenizer, words

_NOT_A_NAME: Final = re.compile("都道府県|府県")
_SLIP: Final = re.compile("([一-龥]{2,3}|[ぁ-ん]{2,5})(?:県|けん(?=[はのにもでが]|$))")
_NEGATED: Final = re.compile(r"^[県府都道]?\s*(?:じゃな|ではな|でな|以外|じゃあなく)")
_LATIN: Final = re.compile(r"[a-z]+(?:-[a-z]+)?")
_LONG_VOWEL: Final = re.compile(r"ou|oo|uu")
_AFTER_KANA_NAME: Final = re.compile(r"^(?:[のでにはもがや、。・?!]|から|です|けん|県|し|市|\s|$)")
_RANK: Final = {"市": 1, "特別区": 1}
_SHORT: Final = 2
"""Kana and romaji of two letters are words too (なら, つる)."""
_SUFFIXES: Final = "市町村区"
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
    def _written(self) -> dict[str, frozenset[str]]:
        names = self._of_municipalities("municipality", lambda name: name[:-1])
        for region in {prefecture.region for prefecture in self.prefectures}:
            names.pop(region, None)  # 東北 is seven prefectures before it is a town
        for prefecture in self.prefectures:
            for name in (prefecture.name, prefecture.short, *prefecture.aliases):
                names[name] = frozenset({prefecture.name})
        return names

    @cached_property
    def _spoken(self) -> dict[str, frozenset[str]]:
        names = self._of_municipalities("kana", _without_suffix)
        names |= self._spoken_prefectures
        return {name: found for name, found in names.items() if len(name) > _SHORT}

    @cached_property
    def _spoken_prefectures(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset({prefecture.name})
            for prefecture in self.prefectures
            for name in (prefecture.kana, prefecture.kana_short)
        }

    @cached_property
    def _latin(self) -> dict[str, frozenset[str]]:
        names = {_romaji(kana): found for kana, found in self._spoken.items()}
        for prefecture in self.prefectures:
            for name in (_romaji(prefecture.kana_short), prefecture.id):
                names[name] = frozenset({prefecture.name})
        return names

    def _of_municipalities(
        self, column: str, shorten: Callable[[str], str]
    ) -> dict[str, frozenset[str]]:
        """Full and short names; a short name means the largest kind of municipality so called."""
        full: dict[str, set[str]] = defaultdict(set)
        short: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        designated = {row["parent"] for row in self._municipalities if row["parent"]}
        for row in self._municipalities:
            if row["type"] == "行政区":
                continue
            rank = 0 if row["municipality"] in designated else _RANK.get(row["type"], 2)
            full[row[column]].add(row["prefecture"])
            short[shorten(row[column])][rank].add(row["prefecture"])
        names = {name: frozenset(ranks[min(ranks)]) for name, ranks in short.items() if name}
        return names | {name: frozenset(found) for name, found in full.items()}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, [*self._written, *self._spoken]))

    def places(self, text: str) -> tuple[Place, ...]:
        """Every place the sentence names, in order; ambiguous ones with all their prefectures."""
        normal = _NOT_A_NAME.sub("〓", unicodedata.normalize("NFKC", text))
        found = list(self._exact(normal))
        found += self._in_latin(normal.lower())
        return tuple(found or self._slips(normal))

    def _exact(self, text: str) -> Iterator[Place]:
        bounds = _Bounds.of(text)
        position = 0
        while position < len(text):
            length, prefectures = self._at(text, position, bounds)
            if prefectures:
                rest = text[position + length :]
                surface = text[position : position + length]
                yield Place(prefectures, surface, bool(_NEGATED.match(rest)))
            position += length or 1

    def _at(self, text: str, start: int, bounds: "_Bounds") -> tuple[int, frozenset[str]]:
        for length in range(min(self._longest, len(text) - start), 0, -1):
            end = start + length
            piece = text[start:end]
            if piece in self._written and self._stands_alone(piece, start, end, bounds):
                return length, self._written[piece]
            if length > _SHORT and self._is_spoken(text, start, end):
                spoken = self._spoken if hiragana(piece) == piece else self._spoken_prefectures
                if hiragana(piece) in spoken:
                    return length, spoken[hiragana(piece)]
        return 0, frozenset()

    def _stands_alone(self, piece: str, start: int, end: int, bounds: "_Bounds") -> bool:
        if len(piece) == 1:  # 呉, 堺
            return (start, end) in bounds.place_names
        whole = piece[-1] in _SUFFIXES or piece in self.by_name
        return start in bounds.starts and (whole or end in bounds.ends)

    def _is_spoken(self, text: str, start: int, end: int) -> bool:
        before = hiragana(text[start - 1]) if start else " "
        is_first = not ("ぁ" <= before <= "ゖ") or before in "のはもでと"
        return is_first and bool(_AFTER_KANA_NAME.match(text[end:]))

    def _in_latin(self, text: str) -> Iterator[Place]:
        for match in _LATIN.finditer(text):
            word = match.group().removesuffix("-ken").removesuffix("-shi")
            prefectures = self._latin.get(_LONG_VOWEL.sub(lambda m: m.group()[0], word))
            if prefectures and len(word) > _SHORT:
                yield Place(prefectures, match.group())

    def _slips(self, text: str) -> Iterator[Place]:
        """山型県, えしめ県: the same reading in other kanji, or one wrong character."""
        for match in _SLIP.finditer(text):
            heard = match.group(1)
            near = [p for p in self.prefectures if words(heard).reading == p.kana_short]
            near = near or [p for p in self.prefectures if _differs_by_one(heard, p)]
            if len(near) > 1:  # 愛姫 is near 愛知 and 愛媛; 姫 is read as the end of えひめ
                near = [p for p in near if p.kana_short.endswith(words(heard[-1]).reading)]
            if len(near) == 1:
                yield Place(frozenset({near[0].name}), match.group())


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where words begin and end, so that 山形 is not found inside another word."""

    starts: frozenset[int]
    ends: frozenset[int]
    place_names: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> "_Bounds":
        morphemes = list(tokenizer().tokenize(text))
        return cls(
            frozenset(m.begin() for m in morphemes),
            frozenset(m.end() for m in morphemes),
            frozenset((m.begin(), m.end()) for m in morphemes if m.part_of_speech()[2] == "地名"),
        )


def _differs_by_one(heard: str, prefecture: Prefecture) -> bool:
    name = prefecture.kana_short if "ぁ" <= heard[0] <= "ゖ" else prefecture.short
    return len(name) == len(heard) and Levenshtein.distance(name, heard) == 1


def _without_suffix(kana: str) -> str:
    suffix = next((s for s in _KANA_SUFFIXES if kana.endswith(s)), "")
    return kana.removesuffix(suffix)


def _romaji(kana: str) -> str:
    return _LONG_VOWEL.sub(lambda match: match.group()[0], jaconv.kana2alphabet(kana))
