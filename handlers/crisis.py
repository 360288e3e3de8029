"""Whether a message tells of danger. Runs before everything, needs no index and no network.

The words stand in ``knowledge/data/crisis.yaml``, whose head explains their notation. A message is
folded (half-width, look-alike and split letters become plain ones), signs are looked up by their
first two letters, and harmless words cancel only the sign they cover.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self, TypeAlias

from knowledge.entries import Shape
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import hiragana


class DangerKind(StrEnum):
    """The kinds of danger; of several in one message the first in this order decides."""

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
    """Words around a sign that change what it means; every part that is given must match."""

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
    """Phrases in which one kana may be wrong, missing, added or swapped."""


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


# How a message is read.

_INVISIBLE: Final = re.compile(r"[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f]")
_SPLIT: Final = re.compile(r"(?<!\w)(?:\w[^\w]+){2,}\w(?!\w)")
_SENTENCE_END: Final = re.compile(r"[。!?\n\r]+")
_SIGNS: Final = re.compile(r"[^\w。]+")
_MASK: Final = re.compile(r"[○◯●⚪⭕⚫×✕✖]|(?<=\w)\*(?=\w)")
_RUN: Final = re.compile(r"(\D)\1{2,}")
_SOUND: Final = {ord("ー"): None, **dict(zip(map(ord, "ぁぃぅぇぉ"), "あいうえお", strict=True))}
_APOSTROPHE: Final = re.compile("['\u2018\u2019`\u00b4]")
_LATIN: Final = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]{2}")
_ASIAN: Final = re.compile(r"[\u0e00-\u0e7f\u3007-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KANJI: Final = re.compile(r"[\u4e00-\u9fff]")
_KANA: Final = re.compile("[ぁ-ゖ]")
_SENTENCE: Final = re.compile("[^。]+")


def _plain(text: str) -> str:
    """NFKC, lower case, no invisible letters; single letters with signs between are joined."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("_", " ")
    plain = _INVISIBLE.sub("", plain)
    return _SPLIT.sub(lambda match: re.sub(r"\W+", "", match[0]), plain)


def _sound(text: str) -> str:
    """Hiragana, without the sign of a long vowel, no small vowels."""
    return hiragana(text).translate(_SOUND)


def _letters(plain: str) -> str:
    """Letters only, as they sound; sentences end in 。."""
    text = _SIGNS.sub("", _SENTENCE_END.sub("。", _MASK.sub("〇", plain)))
    return _RUN.sub(r"\1\1", _sound(text))


def _latin(plain: str) -> str:
    """Words with one space between; sentences end in 。."""
    text = _SENTENCE_END.sub("。", _APOSTROPHE.sub("", plain.replace(".", "。")))
    text = " ".join(_SIGNS.sub(" ", _RUN.sub(r"\1", text)).split())
    return re.sub(" ?。 ?", "。", text)


# How a pattern is written.

_TOKEN: Final = re.compile(r"<[^<>]+>|…+|!\(|\)\?|.", re.DOTALL)
_NUMERALS: Final = "0123456789〇一二三四五六七八九十百"


class _Piece(NamedTuple):
    """A pattern, or a part of one."""

    source: str
    """Its regular expression."""
    heads: frozenset[str]
    """The first two letters of all it can match; \\0 is any letter."""


_NOTATION: Final = {
    "…": _Piece("[^。]{0,15}?", frozenset({"\0"})),
    "〜": _Piece("[^。]{0,60}?", frozenset({"\0"})),
    "……": _Piece(".{0,60}?", frozenset({"\0"})),
    "^": _Piece("(?<![^。])", frozenset({""})),
    "$": _Piece("(?![^。])", frozenset({""})),
    "#": _Piece(f"[{_NUMERALS}]", frozenset(_NUMERALS)),
}


class _Notation:
    """Turns patterns into regular expressions. Raises ``ValueError`` on one it cannot read."""

    def __init__(self, lists: dict[str, str], sounds: dict[str, str]) -> None:
        self._sounds = {word: "|".join([word, *other.split()]) for word, other in sounds.items()}
        longest = sorted(map(re.escape, sounds), key=len, reverse=True)
        self._spelled = re.compile("|".join(["<[^<>]+>", *longest]))
        self._lists: dict[str, _Piece] = {}
        for name, words in lists.items():
            self._lists[f"<{name}>"] = self._read("|".join(words.split()), "{1,2}")

    def read(self, pattern: str) -> _Piece:
        """Read a pattern. A gap of 15 letters is 30 in words of Latin script."""
        words = _LATIN.search(pattern) and not _ASIAN.search(pattern)
        source, heads = self._read(pattern, "" if words else "{1,2}")
        if words:
            source = f"(?<![^ 。]){source.replace('{0,15}', '{0,30}')}(?![^ 。])"
        return _Piece(source, frozenset(head.partition("\0")[0] for head in heads))

    def _read(self, pattern: str, doubled: str) -> _Piece:
        text = pattern.removeprefix("=")
        if text == pattern:
            text = self._spelled.sub(lambda match: self._spellings(match[0]), pattern)
        tokens = iter([*_TOKEN.findall(_sound(text.lower()).replace("_", " ")), ")"])
        try:
            piece = self._choice(tokens, doubled)
        except (KeyError, StopIteration):
            raise ValueError(pattern) from None
        if list(tokens):
            raise ValueError(pattern)
        return piece

    def _spellings(self, word: str) -> str:
        return f"({self._sounds[word]})" if word in self._sounds else word

    def _choice(self, tokens: Iterator[str], doubled: str) -> _Piece:
        """Everything up to the closing bracket; every letter may be doubled by a slip."""
        source, found, heads = "(?:", set[str](), {""}
        while (token := next(tokens)) not in {")", ")?"}:
            if token == "|":
                source, found, heads = source + token, found | heads, {""}
                continue
            piece = self._part(token, tokens, doubled)
            source += piece.source
            if min(map(len, heads)) < 2:  # noqa: PLR2004 - two letters are enough
                heads = {(x + y)[:2] for x in heads for y in piece.heads}
        return _Piece(source + token, frozenset(found | heads | {""} if "?" in token else found | heads))

    def _part(self, token: str, tokens: Iterator[str], doubled: str) -> _Piece:
        if token == "!(":
            return _Piece(f"(?!{self._choice(tokens, doubled).source})", frozenset({""}))
        if token == "(":
            return self._choice(tokens, doubled)
        if token[0] in "<?":
            return self._lists[token]
        return _NOTATION.get(token) or _Piece(re.escape(token) + doubled, frozenset({token}))


def _slipped(phrase: str) -> str:
    """The phrase with one kana wrong, missing, added or swapped after the second letter."""
    forms = [phrase]
    for i in (n for n in range(2, len(phrase)) if _KANA.match(phrase[n])):
        before, letter, after = phrase[:i], phrase[i], phrase[i + 1 :]
        forms += [f"{before}[^。]{after}", before + after, f"{before}[^。]{letter}{after}"]
        forms.append(before + after[:1] + letter + after[1:])
    return "|".join(forms)


# How a message is searched.


class _Pattern:
    """A pattern of a sign, compiled when a message first has its two letters."""

    def __init__(self, source: str, sign: Sign) -> None:
        self._source = source
        self.sign = sign

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All at once would take two seconds."""
        return re.compile(self._source)


_Table: TypeAlias = dict[str, list[_Pattern]]


class _Hit(NamedTuple):
    """Where a sign stands."""

    start: int
    end: int
    sign: Sign


class _Reader:
    """Reads letters for danger."""

    def __init__(self, file: CrisisFile, sounds: dict[str, str]) -> None:
        self._notation = _Notation(file.lists, sounds)
        self._contexts = {k: (v.effect, self._parts(v)) for k, v in file.contexts.items()}
        self._signs = self._table(*file.signs)
        self._harmless = self._table(Sign(kind=DangerKind.SUICIDE, words=file.harmless))

    def _parts(self, context: Context) -> dict[str, re.Pattern[str]]:
        frames = {"before": r"(?:{}) ?\Z", "after": " ?(?:{})", "near": "{}", "stays": "{}"}
        parts = {}
        for part, frame in frames.items():
            pieces = [self._notation.read(word) for word in getattr(context, part).split()]
            if pieces:
                parts[part] = re.compile(frame.format("|".join(piece.source for piece in pieces)))
        return parts

    def _table(self, *signs: Sign) -> _Table:
        table: _Table = {}
        for sign in signs:
            for word in sign.words.split():
                piece = self._notation.read(word)
                if "" in piece.heads or not set(sign.but) <= self._contexts.keys():
                    raise ValueError(word)
                pattern = _Pattern(piece.source, sign)
                for head in piece.heads:
                    table.setdefault(head, []).append(pattern)
            for phrase in map(_sound, sign.slips.split()):
                table.setdefault(phrase[:2], []).append(_Pattern(_slipped(phrase), sign))
        return table

    def dangers(self, text: str, starts: Iterable[int]) -> Iterator[tuple[bool, DangerKind]]:
        """Every danger that begins at one of the places, soft or not."""
        hits = list(_hits(text, self._signs, starts))
        harmless = list(_hits(text, self._harmless, range(len(text)))) if hits else []
        for hit in hits:
            covered = any(w.start <= hit.start < w.end or w.start < hit.end <= w.end for w in harmless)
            effects = {self._effect(text, hit, name) for name in hit.sign.but}
            if not covered and "none" not in effects:
                soft = hit.sign.soft == "yes" or "soft" in effects
                other = "third-party" in effects and not soft
                yield soft, DangerKind.THIRD_PARTY if other else hit.sign.kind

    def _effect(self, text: str, hit: _Hit, name: str) -> str | None:
        """What a context does to a sign; None where the sign does not stand in it."""
        effect, parts = self._contexts[name]
        first, end = text.rfind("。", 0, hit.start) + 1, text.find("。", hit.end)
        sentence = text[first : end if end >= 0 else len(text)]
        where = {"before": text[max(0, hit.start - 80) : hit.start], "after": text[hit.end :]}
        holds = all(
            parts[part].match(where[part]) if part == "after" else parts[part].search(where.get(part, sentence))
            for part in parts
            if part != "stays"
        )
        stays = parts.get("stays")
        return effect if holds and not (stays and stays.search(text[first : hit.end])) else None


def _hits(text: str, table: _Table, starts: Iterable[int]) -> Iterator[_Hit]:
    for start in starts:
        heads = text[start], text[start : start + 2]
        for pattern in chain.from_iterable(table.get(head, ()) for head in heads):
            if match := pattern.regex.match(text, start):
                yield _Hit(start, match.end(), pattern.sign)


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile) -> None:
        """Make it of curated words. Raises ``ValueError`` with a pattern that cannot be read."""
        self._looks = {unicodedata.normalize("NFKC", k).lower(): v for k, v in file.spellings.items()}
        self._looks_like = re.compile("|".join(map(re.escape, self._looks)) or "(?!)")
        self._windows = {False: file.windows, True: file.gentle}
        kana = {word: f"{file.sounds.get(word, '')} {kana}" for word, kana in file.readings.items()}
        self._reader = _Reader(file, file.sounds)
        self._kana_reader = _Reader(file, {**file.sounds, **kana})

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
        order = list(DangerKind)
        soft, kind = min(found, key=lambda danger: (danger[0], order.index(danger[1])))
        return Danger(kind, soft, self._windows[soft][kind])

    def _dangers(self, plain: str) -> Iterator[tuple[bool, DangerKind]]:
        meant = self._looks_like.sub(lambda match: self._looks[match[0]], plain)
        for text in {_letters(plain), _letters(meant)}:
            yield from self._reader.dangers(text, range(len(text)))
            kana = (m for m in _SENTENCE.finditer(text) if not _KANJI.search(m[0]))
            yield from self._kana_reader.dangers(text, [n for m in kana for n in range(*m.span())])
        if _LATIN.search(plain):
            text = _latin(meant)
            yield from self._reader.dangers(text, range(len(text)))
