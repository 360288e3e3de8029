"""A message as it is compared for danger: disguises taken off, letters as they sound."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from knowledge.text import hiragana

LATIN: Final = "[a-z\u00df-\u024f\u1e00-\u1eff]"

_HIDDEN: Final = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f]")
_SPLIT: Final = re.compile(r"(?<!\w)(?:\w[^\w]+){2,}\w(?!\w)")
_SPACE: Final = re.compile(rf"(?<={LATIN})[^\w。.!?\n\r'\u2019]+(?={LATIN})")
_SENTENCE_END: Final = re.compile(r"[。!?\n\r]+|\.(?!\w)")
_SIGNS: Final = re.compile(r"[^\w。\t]+")
_NO_WORD: Final = re.compile(r"\W+")
_MASK: Final = re.compile(r"[○◯●⚪⭕⚫×✕✖]|(?<=\w)\*(?=\w)")
_RUN: Final = re.compile(r"(\D)\1{2,}")
_SOUND: Final = {ord("ー"): None, **dict(zip(map(ord, "ぁぃぅぇぉ"), "あいうえお", strict=True))}


def plain(text: str) -> str:
    """NFKC, lower case, no invisible letters; single letters with signs between are joined."""
    found = _HIDDEN.sub("", unicodedata.normalize("NFKC", text).lower().replace("_", " "))
    return _SPLIT.sub(lambda match: _NO_WORD.sub("", match[0]), found)


def sound(text: str) -> str:
    """Hiragana, without the sign of a long vowel, no small vowels."""
    return hiragana(text).translate(_SOUND)


def letters(text: str) -> str:
    """Letters of a plain text as they sound, 。 after sentences.

    A space stands between words of Latin script only.
    """
    spaced = _SENTENCE_END.sub("。", _SPACE.sub("\t", _MASK.sub("〇", text.replace("\t", " "))))
    return _RUN.sub(r"\1\1", sound(_SIGNS.sub("", spaced).replace("\t", " ")))


class Disguises:
    """Look-alike letters and emoji, and what they stand for."""

    def __init__(self, spellings: Mapping[str, str]) -> None:
        """Take them as they are written in ``crisis.yaml``."""
        self._meant = {plain(looks): meant for looks, meant in spellings.items()}
        self._looks = re.compile("|".join(map(re.escape, self._meant)) or "(?!)")

    def off(self, text: str) -> str:
        """The plain text with every disguise replaced by what it stands for."""
        return self._looks.sub(lambda match: self._meant[match[0]], text)
