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
    lists: dict[str, str]
    """Words that patterns call by name."""
    contexts: dict[str, Context]
    """Contexts, by name."""
    harmless: str
    """Patterns that cancel a sign that begins or ends inside them."""
    signs: tuple[Sign, ...]
    """The signs."""


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
    """Words with one space between; sentences end in 。."""
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

    def __init__(self, file: CrisisFile) -> None:
        self._lists = {name: "|".join(words.split()) for name, words in file.lists.items()}
        self._sounds = {k: "|".join([k, *v.split()]) for k, v in file.sounds.items()}
        longest = sorted(map(re.escape, self._sounds), key=len, reverse=True)
        self._spelled = re.compile("|".join(longest))

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


class _Pattern:
    """One pattern of a sign; without a sign it is harmless."""

    def __init__(self, source: str, sign: Sign | None) -> None:
        self.source = source
        self.sign = sign

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when a message first has its two letters: all at once take a second."""
        return re.compile(self.source)


class _Hit(NamedTuple):
    """Where a sign stands."""

    start: int
    end: int
    sign: Sign


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
        sentence = text[first : end if end >= 0 else len(text)]
        if self._stays and self._stays.search(text[first : hit.end]):
            return False
        reach = text[max(0, hit.start - 80) : hit.start]
        return bool(
            (self._after and self._after.match(text, hit.end))
            or (self._before and self._before.search(reach))
            or (self._near and self._near.search(sentence))
        )


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile) -> None:
        """Make it of curated words. Raises ``ValueError`` with a pattern that cannot be read."""
        notation = _Notation(file)
        spellings = {
            unicodedata.normalize("NFKC", k).lower(): v for k, v in file.spellings.items()
        }
        self._spellings = spellings
        self._looks_like = re.compile("|".join(map(re.escape, spellings)) or "(?!)")
        self._windows = {False: file.windows, True: file.gentle}
        self._contexts = {k: _Surroundings(v, notation) for k, v in file.contexts.items()}
        self._signs: dict[str, list[_Pattern]] = {}
        self._harmless: dict[str, list[_Pattern]] = {}
        self._file(self._harmless, file.harmless, notation, None)
        for sign in file.signs:
            if not set(sign.but) <= self._contexts.keys():
                raise ValueError(*sign.but)
            self._file(self._signs, sign.words, notation, sign)
            for phrase in map(_sounds_like, sign.slips.split()):
                slip = _Pattern(_slipped(phrase), sign)
                self._signs.setdefault(phrase[:2], []).append(slip)

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
        plain = _plain(text)
        letters = _letters(self._looks_like.sub(lambda m: self._spellings[m[0]], plain))
        found = set(self._dangers(letters))
        if _LATIN.search(plain):
            found |= set(self._dangers(_latin(plain)))
        if not found:
            return None
        soft, kind = min(found, key=lambda danger: (danger[0], list(DangerKind).index(danger[1])))
        return Danger(kind, soft, self._windows[soft][kind])

    @staticmethod
    def _file(
        table: dict[str, list[_Pattern]], words: str, notation: _Notation, sign: Sign | None
    ) -> None:
        for word in words.split():
            pattern = _Pattern(notation.source(word), sign)
            for head in notation.heads(word):
                table.setdefault(head, []).append(pattern)

    def _dangers(self, text: str) -> Iterator[tuple[bool, DangerKind]]:
        hits = list(_hits(text, self._signs))
        harmless = list(_hits(text, self._harmless)) if hits else []
        for hit in hits:
            if not any(_covers(words, hit) for words in harmless):
                yield from self._meaning(text, hit)

    def _meaning(self, text: str, hit: _Hit) -> Iterator[tuple[bool, DangerKind]]:
        """What a sign means among the words around it."""
        contexts = (self._contexts[name] for name in hit.sign.but)
        effects = {context.effect for context in contexts if context.hold(text, hit)}
        if "none" not in effects:
            soft = hit.sign.soft == "yes" or "soft" in effects
            other = "third-party" in effects and not soft
            yield soft, DangerKind.THIRD_PARTY if other else hit.sign.kind


def _hits(text: str, table: dict[str, list[_Pattern]]) -> Iterator[_Hit]:
    for start in range(len(text)):
        begun = chain(table.get(text[start], ()), table.get(text[start : start + 2], ()))
        for pattern in begun:
            if match := pattern.regex.match(text, start):
                yield _Hit(start, match.end(), pattern.sign)


def _covers(words: _Hit, hit: _Hit) -> bool:
    return words.start <= hit.start < words.end or words.start < hit.end <= words.end


def _slipped(phrase: str) -> str:
    """The phrase with one letter wrong, missing, added or swapped after the second."""
    forms = [phrase]
    for i in range(2, len(phrase)):
        before, letter, after = phrase[:i], phrase[i], phrase[i + 1 :]
        if _KANA.match(letter):
            forms += [f"{before}[^。]{after}", before + after, f"{before}[^。]{letter}{after}"]
            forms.append(before + after[:1] + letter + after[1:])
    return "|".join(forms)
