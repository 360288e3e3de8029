"""Whether a message tells of danger. Runs before everything, needs no index and no network.

The words stand in ``knowledge/data/crisis.yaml``, whose head explains their notation. A message is
folded (half-width, look-alike and split letters become plain ones), every sign is looked up by its
first two letters, and harmless words cancel only the sign they cover.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

from knowledge.entries import Shape
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import hiragana


class DangerKind(StrEnum):
    """The kinds of danger; the first one found in this order decides what is shown."""

    OVERDOSE = "overdose"
    MEDICAL = "medical"
    CHILD_ABUSE_NOW = "child-abuse-now"
    VIOLENCE_NOW = "violence-now"
    SUICIDE = "suicide"
    SELF_HARM = "self-harm"
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True)
class Danger:
    """What was noticed in a message."""

    kind: DangerKind
    """Which danger."""
    soft: bool
    """True: no alarm, but care (sadness near danger, a negated wish, exhaustion)."""
    windows: tuple[str, ...]
    """Ids of the windows, in the order to show."""


class Context(Shape):
    """Words around a sign that change what it means."""

    effect: Literal["none", "soft", "third-party"]
    """What becomes of the sign: cancelled, care instead of alarm, or about somebody else."""
    before: str = ""
    """Patterns that end where the sign begins."""
    after: str = ""
    """Patterns that begin where the sign ends."""
    near: str = ""
    """Patterns anywhere in the same sentence."""
    stays: str = ""
    """Patterns that, in the sign or before it in the sentence, leave it as it is."""


class Sign(Shape):
    """Words of one kind of danger."""

    kind: DangerKind
    """Which danger they tell of."""
    soft: Literal["yes", "no"] = "no"
    """Whether they ask for care, without alarm."""
    but: tuple[str, ...] = ()
    """Names of the contexts that change them."""
    words: str
    """Patterns."""
    slips: str = ""
    """Phrases in which one kana may be wrong, missing, doubled or swapped."""


class CrisisFile(Shape):
    """``crisis.yaml``. Patterns and words are separated by white space."""

    windows: dict[DangerKind, tuple[str, ...]]
    """Windows to show on an alarm, in order."""
    gentle: dict[DangerKind, tuple[str, ...]]
    """Windows to show where care is due."""
    spellings: dict[str, str]
    """Look-alike letters and emoji, and what they stand for."""
    sounds: dict[str, str]
    """Words in patterns, and how else people spell them."""
    readings: dict[str, str]
    """Kanji in patterns, and their readings, for sentences without any kanji."""
    lists: dict[str, str]
    """Words that patterns call by name."""
    contexts: dict[str, Context]
    """Contexts, by name."""
    harmless: str
    """Patterns that cancel a sign that begins or ends inside them."""
    signs: tuple[Sign, ...]
    """The signs."""


_ORDER: Final = {kind: number for number, kind in enumerate(DangerKind)}

# How a message is read.

_SPLIT: Final = re.compile(r"(?<!\w)(?:\w[^\w]+){2,}\w(?!\w)")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20d0-\u20ff\ufe00-\ufe0f\ufeff]"
)
_SENTENCE_END: Final = re.compile(r"[。!?\n\r]+")
_SIGNS: Final = re.compile(r"[^\w。]+")
_MASK: Final = re.compile(r"[○◯●⚪⭕⚫×✕✖]|(?<=\w)\*(?=\w)")
_RUN: Final = re.compile(r"(\D)\1{2,}")
_AFTER_E: Final = re.compile("(?<=[えけせてねへめれげぜでべぺ])[ーぇ]")
_LENGTHENED: Final = re.compile("(?<=[かさたなはまやらわがざだばぱゃ])(?:ぁ+|あ+(?=い))|ー")
_SMALL: Final = str.maketrans("ぁぃぅぇぉ", "あいうえお")
_LATIN: Final = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]{2}")
_LEET: Final = re.compile(r"\b(?=[a-z]*\d)(?=\w*[a-z])\w{3,}\b")
_LEET_LETTERS: Final = str.maketrans("013457", "oieast")
_ASIAN: Final = re.compile(r"[\u0e00-\u0e7f\u3007-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APOSTROPHE: Final = re.compile("['\u2018\u2019`\u00b4]")


def _plain(text: str) -> str:
    """NFKC, lower case, no invisible letters; single letters with signs between are joined."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("_", " ")
    plain = _INVISIBLE.sub("", plain)
    return _SPLIT.sub(lambda match: re.sub(r"\W+", "", match.group()), plain)


def _sounds_like(text: str) -> str:
    """Hiragana, with lengthened vowels shortened."""
    short = _LENGTHENED.sub("", _AFTER_E.sub("え", hiragana(text)))
    return short.translate(_SMALL)


def _letters(plain: str) -> str:
    """Letters only, as they sound; sentences end in 。."""
    text = _SIGNS.sub("", _SENTENCE_END.sub("。", _MASK.sub("〇", plain)))
    return _sounds_like(_RUN.sub(r"\1\1", text))


def _latin(plain: str) -> str:
    """Words with one space between, digits in words read as letters; sentences end in 。."""
    plain = _LEET.sub(lambda match: match[0].translate(_LEET_LETTERS), plain)
    text = _SENTENCE_END.sub("。", _APOSTROPHE.sub("", plain.replace(".", "。")))
    text = " ".join(_SIGNS.sub(" ", _RUN.sub(r"\1", text)).split())
    return re.sub(" ?。 ?", "。", text)


# How a pattern is written.

_LIST: Final = re.compile("<([^<>]+)>")
_TOKEN: Final = re.compile(r"…+|!\(|\)\?|.", re.DOTALL)
_NUMERALS: Final = "0123456789〇一二三四五六七八九十百"
_NOTATION: Final = {
    "…": "[^。]{0,15}?",
    "〜": "[^。]{0,60}?",
    "……": ".{0,60}?",
    "(": "(?:",
    "!(": "(?!",
    ")": ")",
    ")?": ")?",
    "|": "|",
    "^": "(?<![^。])",
    "$": "(?![^。])",
    "#": f"[{_NUMERALS}]",
}
_FIRST: Final = {"^": {""}, "$": {""}, "#": set(_NUMERALS)}
_GAPS: Final = frozenset({"…", "〜", "……"})
_KANA: Final = re.compile("[ぁ-ゖ]")
_KANJI: Final = re.compile(r"[\u4e00-\u9fff]")


def _heads(tokens: Iterator[str]) -> set[str]:
    """The first two letters of all that a pattern can match; \\0 is any letter."""
    found: set[str] = set()
    branch = {""}
    for token in tokens:
        if token == "|":
            found |= branch
            branch = {""}
            continue
        if token in {")", ")?"}:
            return found | branch | ({""} if token == ")?" else set())
        if token == "(":
            first = _heads(tokens)
        elif token == "!(":
            _heads(tokens)
            first = {""}
        else:
            first = {"\0"} if token in _GAPS else _FIRST.get(token, {token})
        branch = {(x + y)[:2] for x in branch for y in first}
    return found | branch


class _Notation:
    """Turns patterns into regular expressions. Raises ``ValueError`` on one it cannot read."""

    def __init__(self, lists: dict[str, str], sounds: dict[str, str]) -> None:
        self._lists = {name: "|".join(words.split()) for name, words in lists.items()}
        self._sounds = {word: "|".join([word, *other.split()]) for word, other in sounds.items()}
        longest = sorted(map(re.escape, sounds), key=len, reverse=True)
        self._spelled = re.compile("|".join(longest) or "(?!)")

    def tokens(self, pattern: str) -> list[str]:
        """Lists and spellings written out; a leading = means: no other spellings."""
        exact = pattern.startswith("=")
        text = pattern.removeprefix("=")
        while names := set(_LIST.findall(text)):
            if not names <= self._lists.keys() or len(text) > 50_000:
                raise ValueError(pattern)
            text = _LIST.sub(lambda match: f"({self._lists[match[1]]})", text)
        if not exact:
            text = self._spelled.sub(lambda match: f"({self._sounds[match[0]]})", text)
        tokens = _TOKEN.findall(_sounds_like(text.lower()).replace("_", " "))
        opened = sum(token in {"(", "!("} for token in tokens)
        if "?" in tokens or opened != sum(token in {")", ")?"} for token in tokens):
            raise ValueError(pattern)
        return tokens

    def source(self, pattern: str) -> str:
        """The regular expression; every letter may be doubled by a slip."""
        tokens = self.tokens(pattern)
        source = "".join(
            _NOTATION.get(t) or (re.escape(t) if t.isascii() else t + "{1,2}") for t in tokens
        )
        words = _LATIN.search(pattern) and not _ASIAN.search(pattern)
        wide = source.replace(_NOTATION["…"], "[^。]{0,30}?")  # letters of words say less
        return f"(?<![^ 。])(?:{wide})(?![^ 。])" if words else source

    def heads(self, pattern: str) -> set[str]:
        """The first two letters of all it can match."""
        heads = {head.partition("\0")[0] for head in _heads(iter([*self.tokens(pattern), ")"]))}
        if "" in heads:
            raise ValueError(pattern)
        return heads


# How a message is searched.


class _Hit(NamedTuple):
    """Where a sign stands."""

    start: int
    end: int
    sign: Sign


class _Pattern:
    """One pattern of a sign."""

    def __init__(self, source: str, sign: Sign) -> None:
        self.source = source
        self.sign = sign

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when a message first has its two letters: all at once take a second."""
        return re.compile(self.source)


class _Table:
    """Patterns, found by their first two letters."""

    def __init__(self, notation: _Notation) -> None:
        self._notation = notation
        self._patterns: dict[str, list[_Pattern]] = {}

    def add(self, sign: Sign) -> None:
        """File the words of a sign."""
        for word in sign.words.split():
            pattern = _Pattern(self._notation.source(word), sign)
            for head in self._notation.heads(word):
                self._patterns.setdefault(head, []).append(pattern)
        for phrase in map(_sounds_like, sign.slips.split()):
            slip = _Pattern(_slipped(phrase), sign)
            self._patterns.setdefault(phrase[:2], []).append(slip)

    def hits(self, text: str) -> Iterator[_Hit]:
        """Every place where a pattern matches."""
        for start in range(len(text)):
            heads = text[start], text[start : start + 2]
            for pattern in chain.from_iterable(self._patterns.get(head, ()) for head in heads):
                if match := pattern.regex.match(text, start):
                    yield _Hit(start, match.end(), pattern.sign)


def _slipped(phrase: str) -> str:
    """The phrase with one kana wrong, missing, added or swapped after the second letter."""
    forms = [phrase]
    for i in range(2, len(phrase)):
        before, letter, after = phrase[:i], phrase[i], phrase[i + 1 :]
        if _KANA.match(letter):
            forms += [f"{before}[^。]{after}", before + after, f"{before}[^。]{letter}{after}"]
            forms.append(before + after[:1] + letter + after[1:])
    return "|".join(forms)


class _Surroundings:
    """A context, ready to be compared."""

    def __init__(self, context: Context, notation: _Notation) -> None:
        def one_of(patterns: str, frame: str) -> re.Pattern[str] | None:
            sources = "|".join(map(notation.source, patterns.split()))
            return re.compile(frame.format(sources)) if sources else None

        self.effect = context.effect
        self._before = one_of(context.before, r"(?:{}) ?\Z")
        self._after = one_of(context.after, " ?(?:{})")
        self._near = one_of(context.near, "{}")
        self._stays = one_of(context.stays, "{}")

    def hold(self, text: str, hit: _Hit) -> bool:
        """Whether the sign stands in this context."""
        end = text.find("。", hit.end)
        first = text.rfind("。", 0, hit.start) + 1
        if self._stays and self._stays.search(text[first : hit.end]):
            return False
        sentence = text[first : end if end >= 0 else len(text)]
        reach = text[max(0, hit.start - 80) : hit.start]
        return (
            (not self._before or bool(self._before.search(reach)))
            and (not self._near or bool(self._near.search(sentence)))
            and (not self._after or bool(self._after.match(text, hit.end)))
        )


class _Reader:
    """Reads folded text for danger."""

    def __init__(self, file: CrisisFile, sounds: dict[str, str]) -> None:
        notation = _Notation(file.lists, sounds)
        self._contexts = {k: _Surroundings(v, notation) for k, v in file.contexts.items()}
        self._signs, self._harmless = _Table(notation), _Table(notation)
        self._harmless.add(Sign(kind=DangerKind.SUICIDE, words=file.harmless))
        for sign in file.signs:
            if not set(sign.but) <= self._contexts.keys():
                raise ValueError(*sign.but)
            self._signs.add(sign)

    def dangers(self, text: str) -> Iterator[tuple[bool, DangerKind]]:
        """Every danger the text tells of, soft or not."""
        hits = list(self._signs.hits(text))
        harmless = list(self._harmless.hits(text)) if hits else []
        for hit in hits:
            if not any(
                words.start <= hit.start < words.end or words.start < hit.end <= words.end
                for words in harmless
            ):
                yield from self._meaning(text, hit)

    def _meaning(self, text: str, hit: _Hit) -> Iterator[tuple[bool, DangerKind]]:
        contexts = (self._contexts[name] for name in hit.sign.but)
        effects = {context.effect for context in contexts if context.hold(text, hit)}
        if "none" not in effects:
            soft = hit.sign.soft == "yes" or "soft" in effects
            other = "third-party" in effects and not soft
            yield soft, DangerKind.THIRD_PARTY if other else hit.sign.kind


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile) -> None:
        """Make it of curated words. Raises ``ValueError`` with a pattern that cannot be read."""
        looks = {unicodedata.normalize("NFKC", k).lower(): v for k, v in file.spellings.items()}
        self._looks = looks
        self._looks_like = re.compile("|".join(map(re.escape, looks)) or "(?!)")
        self._windows = {False: file.windows, True: file.gentle}
        kana = dict(file.sounds)
        for word, reading in file.readings.items():
            kana[word] = f"{kana.get(word, '')} {reading}"
        self._reader = _Reader(file, file.sounds)
        self._kana_reader = _Reader(file, kana)

    @classmethod
    def load(cls, path: Path = DATA / "crisis.yaml") -> Self:
        """Read the curated words.

        Raises:
            KnowledgeError: the file is unsound; names the line.
        """
        document = read_yaml(path)
        try:
            return cls(shape(document, CrisisFile))
        except ValueError as error:
            wrong = str(error.args[0])
            rows = path.read_text(encoding="utf-8").splitlines()
            line = next((n for n, row in enumerate(rows, start=1) if wrong in row), 1)
            values = {"key": "", "value": wrong, "why": ""}
            raise KnowledgeError([Finding("wrong_value", path, line, values)]) from None

    def notice(self, text: str) -> Danger | None:
        """The danger a message tells of; None if there is none."""
        found = set(self._dangers(_plain(text)))
        if not found:
            return None
        soft, kind = min(found, key=lambda danger: (danger[0], _ORDER[danger[1]]))
        return Danger(kind, soft, self._windows[soft][kind])

    def _dangers(self, plain: str) -> Iterator[tuple[bool, DangerKind]]:
        meant = self._looks_like.sub(lambda match: self._looks[match[0]], plain)
        for letters in {_letters(plain), _letters(meant)}:
            yield from self._reader.dangers(letters)
            kana = "。".join(s for s in letters.split("。") if not _KANJI.search(s))
            yield from self._kana_reader.dangers(kana)
        if _LATIN.search(plain):
            yield from self._reader.dangers(_latin(plain))
