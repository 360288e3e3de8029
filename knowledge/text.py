"""Text: cleaned for storing, folded for comparing, split into words for searching."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from sudachipy import SplitMode, Tokenizer, dictionary

_RADICALS: Final = re.compile("[\u2e80-\u2fdf]")
_SPACE: Final = re.compile(r"\s+")
_NOT_COMPARED: Final = re.compile(r"[\W_]+")
_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_PARTS_KEPT: Final = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接頭辞"})
"""Parts of speech that carry meaning; particles, auxiliaries and signs do not."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence consists of, for comparing it with others."""

    forms: tuple[str, ...]
    """Normalized forms (寂しい for さみしい) of the words that carry meaning, in order."""
    reading: str
    """The whole sentence in hiragana, signs and spaces removed."""


def clean(text: str) -> str:
    """Return the text as it is stored: look-alike radicals (U+2F64) become ordinary kanji (用).

    Nothing else changes: NFKC over the whole text would turn ⑦ into 7.
    """
    return _RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def without_space(text: str) -> str:
    """Return the text without any white space, for comparing with a source's layout."""
    return _SPACE.sub("", text)


def hiragana(text: str) -> str:
    """Return the text with katakana turned into hiragana."""
    return text.translate(_KATAKANA_TO_HIRAGANA)


def fold(text: str) -> str:
    """Return the text as it is compared: NFKC, lower case, hiragana, no signs, no spaces."""
    return hiragana(_NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text).lower()))


@cache
def tokenizer() -> Tokenizer:
    """The morphological analyser, made once: 20 ms and 70 MB of mapped dictionary."""
    return dictionary.Dictionary(dict="core").create()


def words(text: str) -> Words:
    """Split a sentence of any length into words.

    SudachiPy refuses more than 49,149 bytes at once; sentences here are cut long before that.
    """
    normal = unicodedata.normalize("NFKC", text)
    forms: list[str] = []
    readings: list[str] = []
    for morpheme in tokenizer().tokenize(normal, SplitMode.A):
        part = morpheme.part_of_speech()
        if part[0] in {"補助記号", "空白"}:
            continue
        readings.append(morpheme.reading_form() or morpheme.surface())
        if part[0] in _PARTS_KEPT and part[1] != "非自立可能":
            forms.append(morpheme.normalized_form().lower())
    return Words(tuple(forms), fold("".join(readings)))
