"""Whether a message tells of danger. Runs before everything, needs no index and no network.

The words and their notation stand in ``knowledge/data/crisis.yaml``. A message is folded, signs
are looked up by their first two letters, and harmless words cancel only the sign they cover.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints

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


_KINDS: Final = tuple(DangerKind)


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
    soft: bool = False
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
    readings: dict[str, Annotated[str, StringConstraints(pattern="^[ぁ-ゖ ]+$")]]
    """Kanji in patterns, and their readings, for sentences without any kanji."""
    lists: dict[str, str]
    """Words that patterns call by name."""
    contexts: dict[str, Context]
    """Contexts, by name."""
    harmless: str
    """Patterns that cancel a sign that begins or ends inside them."""
    signs: tuple[Sign, ...]
    """The signs."""


_HIDDEN: Final = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f]")
_SPLIT: Final = re.compile(r"(?<!\w)(?:\w[^\w]+){2,}\w(?!\w)")
_LATIN: Final = "[a-z\u00df-\u024f\u1e00-\u1eff]"
_SPACE: Final = re.compile(rf"(?<={_LATIN})[^\w。.!?\n\r'\u2019]+(?={_LATIN})")
_SENTENCE_END: Final = re.compile(r"[。!?\n\r]+|\.(?!\w)")
_SENTENCE: Final = re.compile("[^。]+")
_SIGNS: Final = re.compile(r"[^\w。\t]+")
_MASK: Final = re.compile(r"[○◯●⚪⭕⚫×✕✖]|(?<=\w)\*(?=\w)")
_RUN: Final = re.compile(r"(\D)\1{2,}")
_SOUND: Final = {ord("ー"): None, **dict(zip(map(ord, "ぁぃぅぇぉ"), "あいうえお", strict=True))}
_KANJI: Final = re.compile(r"[\u4e00-\u9fff]")


def _plain(text: str) -> str:
    """NFKC, lower case, no invisible letters; single letters with signs between are joined."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text).lower().replace("_", " "))
    return _SPLIT.sub(lambda match: re.sub(r"\W+", "", match[0]), plain)


def _sound(text: str) -> str:
    """Hiragana, without the sign of a long vowel, no small vowels."""
    return hiragana(text).translate(_SOUND)


def _letters(plain: str) -> str:
    """Letters as they sound, a space between words of Latin script only, 。 after sentences."""
    text = _SENTENCE_END.sub("。", _SPACE.sub("\t", _MASK.sub("〇", plain.replace("\t", " "))))
    return _RUN.sub(r"\1\1", _sound(_SIGNS.sub("", text).replace("\t", " ")))


_EDGE: Final = f"(?:(?<!{_LATIN})|(?!{_LATIN}))"
_PART: Final = re.compile(r"<[^<>]+>|…+|!\(|\)\?|[〜()|?^$#]|[^<…!()〜|?^$#]+")
_NUMERALS: Final = "0123456789〇一二三四五六七八九十百"
_HEAD: Final = 2
_Piece = tuple[str, set[str]]
"""A part of a pattern: its regular expression, the first two letters of all it can match."""
_NOTATION: Final[dict[str, _Piece]] = {
    "…": ("[^。]{0,20}?", {"\0"}),  # \0 is any letter
    "〜": ("[^。]{0,60}?", {"\0"}),
    "……": (".{0,60}?", {"\0"}),
    "^": ("(?<![^。])", {""}),
    "$": ("(?![^。])", {""}),
    "#": (f"[{_NUMERALS}]", set(_NUMERALS)),
}


def _words(patterns: str) -> list[str]:
    """Patterns; a line may break after a |."""
    return re.sub(r"\|\s+", "|", patterns).split()


class _Notation:
    """Turns patterns into regular expressions. Raises ``ValueError`` on one it cannot read."""

    def __init__(self, lists: dict[str, str], sounds: dict[str, str]) -> None:
        self._sounds = {word: f"({'|'.join([word, *x.split()])})" for word, x in sounds.items()}
        alone = {word for word, x in sounds.items() if max(map(len, x.split())) == 1}
        longest = sorted(sounds, key=len, reverse=True)  # one letter says nothing without ending
        keys = (re.escape(word) + "(?=[ぁ-ん(])" * (word in alone) for word in longest)
        self._spelled = re.compile("|".join(["<[^<>]+>", *keys]))
        self._pieces = dict(_NOTATION)
        for name, words in lists.items():
            self._pieces[f"<{name}>"] = self.read("|".join(_words(words)))

    def read(self, pattern: str) -> _Piece:
        """Read a pattern."""
        text = pattern.removeprefix("=")  # exactly these letters, no other spellings
        if text == pattern:
            text = self._spelled.sub(lambda match: self._sounds.get(match[0], match[0]), text)
        parts = iter([*_PART.findall(_sound(text.lower()).replace("_", " ")), ")"])
        try:
            source, heads = self._choice(parts)
        except (KeyError, StopIteration):
            raise ValueError(pattern) from None
        if list(parts):
            raise ValueError(pattern)
        return source, heads

    def _choice(self, parts: Iterator[str]) -> _Piece:
        """Everything up to the closing bracket; every letter may be doubled by a slip."""
        source, found, heads = "(?:", set[str](), {""}
        while (part := next(parts)) not in {")", ")?"}:
            if part == "|":
                found, heads, piece = found | heads, {""}, ("|", {""})
            elif part == "!(":
                piece = (f"(?!{self._choice(parts)[0]})", {""})
            elif part == "(":
                piece = self._choice(parts)
            elif part[0] in "<?" or part in _NOTATION:
                piece = self._pieces[part]
            else:
                piece = ("".join(f"{re.escape(x)}{{1,2}}" for x in part), {part[:_HEAD]})
            source += piece[0]
            if min(map(len, heads)) < _HEAD:
                heads = {(x + y)[:_HEAD] for x in heads for y in piece[1]}
        return source + part, found | heads | ({""} if "?" in part else set())


def _slipped(phrase: str) -> str:
    """The phrase with one kana wrong, missing, added or swapped after the second letter."""
    forms = [phrase]
    for i in (n for n in range(2, len(phrase)) if not _KANJI.match(phrase[n])):
        before, letter, after = phrase[:i], phrase[i], phrase[i + 1 :]
        forms += [f"{before}[^。]{after}", before + after, f"{before}[^。]{letter}{after}"]
        forms.append(before + after[:1] + letter + after[1:])
    return "|".join(forms)


_Table = dict[str, list[tuple[str, Sign]]]
_FRAMES: Final = {
    "before": "(?:{0}) ?\1",
    "after": "\2 ?(?:{0})",
    "near": "(?:{0})[^。]*[\1\2]|[\1\2][^。]*(?:{0})",
    "stays": "(?:{0})[^。]*\2",
}
"""Where the parts of a context stand; a sign begins at \\1 and ends at \\2."""


@cache
def _regex(source: str) -> re.Pattern[str]:
    """Compiled when a message first has its letters: all at once take seconds."""
    return re.compile(source)


def _hits(text: str, table: _Table, starts: Iterable[int]) -> Iterator[tuple[int, int, Sign]]:
    for start in starts:
        for source, sign in table.get(text[start : start + _HEAD]) or table.get(text[start]) or ():
            if match := _regex(source).match(text, start):
                yield start, match.end(), sign


def _hold(parts: dict[str, str], around: str) -> bool:
    return all(bool(_regex(x).search(around)) != (k == "stays") for k, x in parts.items())


class _Reader:
    """Reads letters for danger."""

    def __init__(self, file: CrisisFile, sounds: dict[str, str]) -> None:
        self._notation = _Notation(file.lists, sounds)
        self._contexts = {k: (v.effect, self._parts(v)) for k, v in file.contexts.items()}
        self._signs = self._table(*file.signs)
        self._harmless = self._table(Sign(kind=DangerKind.SUICIDE, words=file.harmless))

    def _parts(self, context: Context) -> dict[str, str]:
        words = {part: _words(getattr(context, part)) for part in _FRAMES}
        sources = {k: "|".join(self._source(x)[0] for x in v) for k, v in words.items()}
        return {k: _FRAMES[k].format(v) for k, v in sources.items() if v}

    def _source(self, pattern: str) -> _Piece:
        """Words of Latin script begin and end where the pattern does."""
        source, heads = self._notation.read(pattern)
        return _EDGE + source + _EDGE if re.search(_LATIN, pattern.lower()) else source, heads

    def _table(self, *signs: Sign) -> _Table:
        table: _Table = {}
        for sign in signs:
            for word in _words(sign.words):
                source, heads = self._source(word)
                if min(heads) < "\1" or {*sign.but} - {*self._contexts}:
                    raise ValueError(word)
                for head in {head.partition("\0")[0] for head in heads}:
                    table.setdefault(head, []).append((source, sign))
            for phrase in map(_sound, sign.slips.split()):
                table.setdefault(phrase[:_HEAD], []).append((_slipped(phrase), sign))
        return {head: found + table.get(head[:-1], []) for head, found in table.items()}

    def worst(self, text: str, starts: Iterable[int]) -> tuple[bool, int] | None:
        """Of the dangers that begin at these places: whether soft, and the number of its kind."""
        signs = _hits(text, self._signs, starts)
        hits = {(sign.soft, _KINDS.index(sign.kind), x, y, sign.but) for x, y, sign in signs}
        harmless = list(_hits(text, self._harmless, range(len(text)))) if hits else []
        worst = None
        for soft, kind, start, end, but in sorted(hits):
            if worst and worst <= (soft, kind):
                break
            if not any(x <= start < y or x < end <= y for x, y, _ in harmless):
                before, after = text[max(0, start - 80) : start], text[end : end + 80]
                around = f"{before}\1{text[start:end]}\2{after}"
                contexts = (self._contexts[name] for name in but)
                effects = {effect for effect, parts in contexts if _hold(parts, around)}
                other = effects == {"third-party"} and not soft
                found = soft or "soft" in effects, len(_KINDS) - 1 if other else kind
                worst = worst if "none" in effects else min(worst or found, found)
        return worst


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile) -> None:
        """Make it of curated words. Raises ``ValueError`` with a pattern that cannot be read."""
        self._looks = {_plain(looks): meant for looks, meant in file.spellings.items()}
        self._looks_like = re.compile("|".join(map(re.escape, self._looks)) or "(?!)")
        self._windows = [(file.windows[kind], file.gentle[kind]) for kind in _KINDS]
        self._file = file
        self._reader = _Reader(file, file.sounds)

    @cached_property
    def _kana_reader(self) -> _Reader:
        """For sentences without any kanji; made when the first one is read."""
        sounds = self._file.sounds
        kana = {k: f"{sounds.get(k, '')} {v}" for k, v in self._file.readings.items()}
        return _Reader(self._file, {**sounds, **kana})

    @classmethod
    def load(cls, path: Path = DATA / "crisis.yaml") -> Self:
        """Read the curated words. Raises ``KnowledgeError`` with the line of what is unsound."""
        document = read_yaml(path)
        try:
            return cls(shape(document, CrisisFile))
        except (KeyError, ValueError) as error:
            wrong, text = str(error.args[0]), path.read_text(encoding="utf-8")
            line = text[: text.find(wrong)].count("\n") + 1
            values = {"key": "", "value": wrong, "why": ""}
            raise KnowledgeError([Finding("crisis_pattern", path, line, values)]) from None

    def notice(self, text: str) -> Danger | None:
        """The danger a message tells of; None if there is none."""
        plain = _plain(text)
        meant = self._looks_like.sub(lambda match: self._looks[match[0]], plain)
        found = [worst for way in {plain, meant} for worst in self._read(_letters(way)) if worst]
        if not found:
            return None
        soft, kind = min(found)
        return Danger(_KINDS[kind], soft, self._windows[kind][soft])

    def _read(self, text: str) -> Iterator[tuple[bool, int] | None]:
        spans = [match.span() for match in _SENTENCE.finditer(text)]
        for kana in (False, True):
            ours = (span for span in spans if kana != bool(_KANJI.search(text, *span)))
            places = [place for span in ours for place in range(*span)]
            if places:
                yield (self._kana_reader if kana else self._reader).worst(text, places)
