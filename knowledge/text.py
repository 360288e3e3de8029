"""Text: cleaned for storing, folded for comparing, split into words for searching."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple

import snowballstemmer
from sudachipy import Morpheme, SplitMode, Tokenizer, dictionary

_RADICALS: Final = re.compile("[\u2e80-\u2fdf]")
_SPACE: Final = re.compile(r"\s+")
_NOT_COMPARED: Final = re.compile(r"[\W_]+")
_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_LATIN: Final = re.compile(r"[a-z][a-z'’-]*", re.IGNORECASE)
_ENGLISH_FUNCTION_WORDS: Final = frozenset(
    [
        *("a", "an", "the", "is", "are", "was", "were", "be", "been", "am", "do", "does", "did"),
        *("can", "could", "will", "would", "shall", "should", "may", "might", "must", "have"),
        *("has", "had", "i", "you", "he", "she", "it", "we", "they", "me", "my", "your", "our"),
        *("their", "this", "that", "these", "those", "to", "of", "in", "on", "at", "for", "from"),
        *("with", "by", "about", "and", "or", "but", "not", "no", "if", "so", "as", "what"),
        *("which", "who", "whom", "how", "when", "where", "why", "there", "here", "then"),
        *("please", "any", "some", "just", "also"),
    ]
)

_READ: Final = 12_000
"""Letters read at once, of at most four bytes each."""
SIGNS: Final = frozenset({"補助記号", "空白"})
"""Parts of speech that are no words."""
_INFLECTED: Final = frozenset({"動詞", "形容詞"})
_DEPENDENT: Final = "非自立可能"
_TO_DO: Final = "為る"
_NEGATIONS: Final = frozenset({"ない", "ず", "ぬ", "まい"})
_PARTS_KEPT: Final = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接頭辞"})
"""Parts of speech that carry meaning; particles, auxiliaries and signs do not."""

_SAYING: Final = {
    **dict.fromkeys(("名詞", "形状詞", "接尾辞"), 1.0),
    **dict.fromkeys(("動詞", "形容詞", "副詞", "代名詞", "接頭辞"), 0.5),
}
"""How much words say of what a text is about; particles, auxiliaries and signs say nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a sentence consists of, for comparing it with others."""

    forms: tuple[str, ...]
    """Normalized forms (寂しい for さみしい) of the words that carry meaning, in order."""
    reading: str
    """The whole sentence in hiragana, signs and spaces removed."""
    letters: str = ""
    """The whole sentence as it is compared, kanji and all."""

    def __add__(self, other: "Words") -> "Words":
        """Both sentences as one."""
        return Words(
            self.forms + other.forms, self.reading + other.reading, self.letters + other.letters
        )


class Said(NamedTuple):
    """A word of a text."""

    times: int
    """How often it is said."""
    weight: float
    """How much a word of its part of speech says, 0 to 1."""


class Lemma(NamedTuple):
    """A word whatever its inflection."""

    form: str
    """Its normalized form: 眠る."""
    negated: bool
    """Whether it is negated: 眠れない."""
    inflected: bool
    """Whether it is a verb or an adjective."""


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


def tokenizer() -> Tokenizer:
    """The morphological analyser of this thread, made once: 20 ms, the dictionary is shared.

    SudachiPy's tokenizers must not be used by two threads at a time.
    """
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().create()
    found: Tokenizer = _local.tokenizer
    return found


@cache
def _dictionary() -> dictionary.Dictionary:
    return dictionary.Dictionary(dict="core")


_local = threading.local()
_english = snowballstemmer.stemmer("english")


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    """An English word without its ending: surveys and survey are one word."""
    stem: str = _english.stemWord(word)
    return stem


def _readable(text: str) -> str:
    """The text as the analyser takes it: it refuses lone surrogates and more than 49,149 bytes."""
    whole = text[:_READ].encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFKC", whole)[:_READ]


class Sentence:
    """A text, split into words once, however many look at it."""

    def __init__(self, text: str) -> None:
        """Take the text; of a very long one, only the beginning is read."""
        self.text = text
        self.normal = _readable(text)

    @classmethod
    def of(cls, text: "str | Sentence") -> "Sentence":
        """A text as a sentence; a sentence as it is."""
        return cls(text) if isinstance(text, str) else text

    def without(self, pieces: Iterable[str]) -> "Sentence":
        """The sentence without some of its pieces; itself where there are none."""
        found = "|".join(map(re.escape, pieces))
        return Sentence(re.sub(found, " ", self.normal, flags=re.IGNORECASE)) if found else self

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return fold(self.normal)

    @cached_property
    def morphemes(self) -> tuple[Morpheme, ...]:
        """The longest words the dictionary knows, names whole: 東京駅."""
        return tuple(tokenizer().tokenize(self.normal))

    @cached_property
    def parts(self) -> tuple[Morpheme, ...]:
        """The shortest words: 東京, 駅."""
        if "morphemes" not in self.__dict__:
            return tuple(tokenizer().tokenize(self.normal, SplitMode.A))
        return tuple(
            part
            for morpheme in self.morphemes
            for part in morpheme.split(SplitMode.A, add_single=True)
        )

    @cached_property
    def words(self) -> Words:
        """The words that carry meaning, and the reading of all."""
        forms: list[str] = []
        readings: list[str] = []
        for morpheme in self.parts:
            part = morpheme.part_of_speech()
            if part[0] in SIGNS:
                continue
            surface = morpheme.surface().lower()
            if _LATIN.fullmatch(surface):  # the dictionary reads only some as katakana
                readings.append(surface)
                if surface not in _ENGLISH_FUNCTION_WORDS:
                    forms.append(_stem(surface))
                continue
            readings.append(morpheme.reading_form() or surface)
            if part[0] in _PARTS_KEPT and part[1] != _DEPENDENT:
                forms.append(morpheme.normalized_form().lower())
        return Words(tuple(forms), fold("".join(readings)), self.folded)

    @cached_property
    def said(self) -> dict[str, "Said"]:
        """Every word that says something of what the text is about, by its normalized form."""
        found: dict[str, Said] = {}
        for morpheme in self.parts:
            weight = _SAYING.get(morpheme.part_of_speech()[0])
            surface = morpheme.surface().lower()
            if weight and surface not in _ENGLISH_FUNCTION_WORDS:
                latin = _LATIN.fullmatch(surface)
                form = _stem(surface) if latin else morpheme.normalized_form().lower()
                times = found[form].times + 1 if form in found else 1
                found[form] = Said(times, weight)
        return found

    @cached_property
    def lemmas(self) -> tuple[Lemma, ...]:
        """The words whatever their inflection: 眠れません is 眠る, negated.

        Particles, auxiliaries and する are left out; so is いる after て (歩いている).
        """
        found: list[Lemma] = []
        after_te = False
        for morpheme in self.parts:
            part = morpheme.part_of_speech()
            form = morpheme.normalized_form().lower()
            if part[0] == "助動詞" and form in _NEGATIONS and found:
                found[-1] = Lemma(found[-1].form, negated=True, inflected=True)
            elif (
                part[0] in _PARTS_KEPT
                and form != _TO_DO
                and not (after_te and part[1] == _DEPENDENT)
            ):
                found.append(Lemma(form, negated=False, inflected=part[0] in _INFLECTED))
            after_te = part[1] == "接続助詞" and morpheme.surface() in {"て", "で"}
        return tuple(found)


def words(text: str) -> Words:
    """Split a text into words; of a very long one, only its beginning."""
    return Sentence(text).words


def lemmas(text: str) -> tuple[Lemma, ...]:
    """The words of a sentence whatever their inflection."""
    return Sentence(text).lemmas


def ends_inflected(text: str) -> bool:
    """Whether a phrase ends in a whole inflected word: 眠れない, but not 電話はでき."""
    parts = Sentence(text).parts
    if not parts:
        return False
    part = parts[-1].part_of_speech()
    return part[0] in {*_INFLECTED, "助動詞"} and part[5].startswith(("終止形", "連体形"))
