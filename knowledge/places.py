"""Which prefecture a sentence names: by its name, kana, romaji, a slip, or a municipality."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz.distance import Levenshtein

from knowledge.load import DATA
from knowledge.placenames import HEAD, SHORT, PlaceNames, Prefecture, PrefectureFile, simplified
from knowledge.surroundings import Name, Surroundings
from knowledge.text import Sentence, hiragana, words

__all__ = ["Gazetteer", "Place", "Prefecture", "PrefectureFile"]

_SLIP: Final = re.compile("(?P<heard>[一-龥]{2,3}|[ぁ-ゖ]{3,5})(?:県|けん(?=[はのにもでが]|$))")
_LATIN: Final = re.compile(r"(?<![a-zà-ỹ])[a-z]+(?:-[a-z]+)?(?![a-zà-ỹ])", re.IGNORECASE)
_LATIN_SUFFIX: Final = re.compile("-(?:ken|fu|to|shi|ku|cho|machi|mura|son)$")
_MACRONS: Final = str.maketrans("āīūēōĀĪŪĒŌ", "aiueoAIUEO")
_LEAST_IN_LATIN: Final = {Name.CITY: 4, Name.TOWN: 5}
"""Letters of a municipality; shorter ones are words of other languages (ako, ito in Tagalog)."""
_SURE_IN_LATIN: Final = 7
"""Shorter ones need their capital letter."""
_OTHER_LANGUAGES: Final = frozenset(["kanan", "kasama"])
"""Tagalog for "right" and "companion"."""
_NOTHING: Final[tuple[Name, frozenset[str]]] = (Name.WHOLE, frozenset())


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a sentence names."""

    prefectures: frozenset[str]
    """Names of the prefectures it can be; more than one where the name is ambiguous."""
    surface: str
    """The words that named it."""
    negated: bool = False
    """Whether the sentence says "not this one" (和歌山じゃなくて富山)."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A place and where it stands."""

    start: int
    end: int
    place: Place


class Gazetteer:
    """Finds places in sentences."""

    def __init__(self, data: Path = DATA) -> None:
        """Read the names."""
        self._names = PlaceNames(data)
        self.prefectures = self._names.prefectures
        self.by_name = {prefecture.name: prefecture for prefecture in self.prefectures}
        self.by_id = {prefecture.id: prefecture for prefecture in self.prefectures}

    def places(self, text: str | Sentence) -> tuple[Place, ...]:
        """Every place the sentence names, in order; ambiguous ones with all their prefectures."""
        around = Surroundings(Sentence.of(text))
        found = list(self._exact(around))
        found += self._in_latin(around, _without(around.text, found))
        found += self._slips(around, _without(around.text, found))
        return tuple(f.place for f in sorted(found, key=lambda f: f.start))

    def _exact(self, around: Surroundings) -> Iterator[_Found]:
        seen: frozenset[str] = frozenset()
        position, within = 0, -1
        while position < len(around.text):
            end, prefectures = self._at(around, position)
            piece = around.text[position:end]
            here = (prefectures | self._names.wards.get(piece, prefectures)) & seen
            elsewhere = self._is_municipality(piece) and not here and position == within
            if (
                prefectures and not elsewhere
            ):  # no 栗山町 in 尼崎市栗山町, no 橋本市 in 相模原の橋本
                place = Place(here or prefectures, piece, around.is_negated(position, end))
                yield _Found(position, end, place)
                if len(place.prefectures) == 1 and not place.negated:
                    seen |= place.prefectures
                if self._is_municipality(piece):
                    within = end + around.text.startswith("の", end)
            position = end

    def _is_municipality(self, piece: str) -> bool:
        name, found = self._names.written.get(piece, _NOTHING)
        whole = name is Name.WHOLE and piece not in self.by_name
        return bool(found) and (whole or name >= Name.LARGE)

    def _at(self, around: Surroundings, start: int) -> tuple[int, frozenset[str]]:
        """The end of the longest name that starts here, and its prefectures."""
        longest = self._names.longest.get(around.kana[start : start + HEAD], 1)
        for end in range(min(start + longest, len(around.text)), start, -1):
            piece, kana = around.text[start:end], around.kana[start:end]
            name, found = self._names.written.get(piece, _NOTHING)
            if found and around.is_written(start, end, name):
                slip = self._meant(piece) if around.text[end : end + 1] == "県" else None
                if slip and name >= Name.LARGE:  # 茨木県
                    return end + 1, frozenset({slip.name})
                return end, found
            table = self._names.spoken if kana == piece else self._names.spoken_prefectures
            name, found = table.get(kana, _NOTHING)
            if found and len(kana) > SHORT and around.is_spoken(start, end, name):
                return end, found
        return self._short(around, start)

    def _short(self, around: Surroundings, start: int) -> tuple[int, frozenset[str]]:
        """みえ県, ギフ県; or nothing but ちば."""
        end = start + SHORT
        _, found = self._names.spoken_prefectures.get(around.kana[start:end], _NOTHING)
        return (end, found) if found and around.is_short(start, end) else (start + 1, frozenset())

    def _in_latin(self, around: Surroundings, text: str) -> Iterator[_Found]:
        plain = text.translate(_MACRONS)
        for match in _LATIN.finditer(plain):
            start, end = match.span()
            word = simplified(_LATIN_SUFFIX.sub("", match.group().lower()))
            name, found = self._names.latin.get(word, _NOTHING)
            if name > Name.LARGE:
                small = len(word) < _SURE_IN_LATIN and not plain[start].isupper()
                rare = len(word) < _LEAST_IN_LATIN[name] or word in _OTHER_LANGUAGES
                found = frozenset() if small or rare else found
            if found and not around.is_person_abroad(start, end):
                negated = around.is_negated(start, end)
                yield _Found(start, end, Place(found, text[start:end], negated))

    def _slips(self, around: Surroundings, text: str) -> Iterator[_Found]:
        """山型県, えしめ県: the same reading in other kanji, or one wrong character."""
        for match in _SLIP.finditer(hiragana(text)):
            end = match.end("heard")
            for start in range(match.start("heard"), end - 1):
                if around.can_be_slip(start, end) and (meant := self._meant(text[start:end])):
                    negated = around.is_negated(start, match.end())
                    place = Place(frozenset({meant.name}), text[start : match.end()], negated)
                    yield _Found(start, match.end(), place)
                    break

    def _meant(self, heard: str) -> Prefecture | None:
        """The one prefecture that sounds like this, or differs by one character."""
        reading = words(heard).reading
        near = [p for p in self.prefectures if p.kana_short == reading]
        near = near or [p for p in self.prefectures if _differs_by_one(hiragana(heard), p)]
        if len(near) > 1:  # 愛姫 is near 愛知 and 愛媛; 姫 is read as the end of えひめ
            ending = words(heard[-1]).reading
            near = [p for p in near if p.kana_short.endswith(ending)]
        return near[0] if len(near) == 1 else None


def _without(text: str, found: Iterable[_Found]) -> str:
    for place in found:
        text = text[: place.start] + " " * (place.end - place.start) + text[place.end :]
    return text


def _differs_by_one(heard: str, prefecture: Prefecture) -> bool:
    name = prefecture.kana_short if "ぁ" <= heard[0] <= "ゖ" else prefecture.short
    return len(name) == len(heard) and Levenshtein.distance(name, heard) == 1
