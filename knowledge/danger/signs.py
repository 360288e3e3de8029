"""Signs of danger: curated patterns in ``crisis.yaml`` and the notation they are written in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from knowledge.danger.kinds import KINDS, DangerKind
from knowledge.danger.letters import LATIN, sound
from knowledge.entries import Shape


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


class CrisisFile(Shape):
    """``crisis.yaml``. Patterns and words are separated by white space."""

    windows: dict[DangerKind, tuple[str, ...]]
    """Windows to show on an alarm, in order."""
    abroad: dict[DangerKind, tuple[str, ...]]
    """Windows to add for people who write in a language that they speak."""
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


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign seen in a message."""

    soft: bool
    """Whether it asks for care only."""
    kind: DangerKind
    """Which danger it tells of."""
    letters: str
    """The letters it was seen in."""

    @property
    def rank(self) -> tuple[bool, int]:
        """The most urgent one is the least: alarm before care, then the order of the kinds."""
        return self.soft, KINDS.index(self.kind)


_SENTENCE: Final = re.compile("[^。]+")
_EDGE: Final = f"(?:(?<!{LATIN})|(?!{LATIN}))"
_HAS_LATIN: Final = re.compile(LATIN)
_PART: Final = re.compile(r"<[^<>]+>|…+|!\(|\)\?|[〜()|?^$#]|[^<…!()〜|?^$#]+")
_NUMERALS: Final = "0123456789〇一二三四五六七八九十百"
_HEAD: Final = 2
_AROUND: Final = 80
"""Letters before and after a sign in which its context is looked for."""
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
        parts = iter([*_PART.findall(sound(text.lower()).replace("_", " ")), ")"])
        try:
            source, heads = self._choice(parts)
        except (KeyError, StopIteration):
            raise ValueError(pattern) from None
        if list(parts):
            raise ValueError(pattern)
        return source, heads

    def _choice(self, parts: Iterator[str]) -> _Piece:
        """Everything up to the closing bracket."""
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
                piece = (re.escape(part), {part[:_HEAD]})
            source += piece[0]
            if min(map(len, heads)) < _HEAD:
                heads = {(x + y)[:_HEAD] for x in heads for y in piece[1]}
        return source + part, found | heads | ({""} if "?" in part else set())


_Table = dict[str, list[tuple[re.Pattern[str], Sign]]]
_FRAMES: Final = {
    "before": "(?:{0}) ?\1",
    "after": "\2 ?(?:{0})",
    "near": "(?:{0})[^。]*[\1\2]|[\1\2][^。]*(?:{0})",
    "stays": "(?:{0})[^。]*\2",
}
"""Where the parts of a context stand; a sign begins at \\1 and ends at \\2."""


def _hits(text: str, table: _Table, starts: Iterable[int]) -> Iterator[tuple[int, int, Sign]]:
    for start in starts:
        for regex, sign in table.get(text[start : start + _HEAD]) or table.get(text[start]) or ():
            if match := regex.match(text, start):
                yield start, match.end(), sign


class Signs:
    """Looks for signs by their first two letters; everything is compiled at the start."""

    def __init__(self, file: CrisisFile) -> None:
        """Read the patterns. Raises ``ValueError`` with one that cannot be read."""
        self._notation = _Notation(file.lists, file.sounds)
        self._contexts = {k: (v.effect, self._parts(v)) for k, v in file.contexts.items()}
        self._signs = self._table(*file.signs)
        self._harmless = self._table(Sign(kind=DangerKind.SUICIDE, words=file.harmless))

    def _parts(self, context: Context) -> dict[str, re.Pattern[str]]:
        words = {part: _words(getattr(context, part)) for part in _FRAMES}
        sources = {k: "|".join(self._source(x)[0] for x in v) for k, v in words.items()}
        return {k: re.compile(_FRAMES[k].format(v)) for k, v in sources.items() if v}

    def _source(self, pattern: str) -> _Piece:
        """Words of Latin script begin and end where the pattern does."""
        source, heads = self._notation.read(pattern)
        return _EDGE + source + _EDGE if _HAS_LATIN.search(pattern.lower()) else source, heads

    def _table(self, *signs: Sign) -> _Table:
        table: _Table = {}
        for sign in signs:
            for word in _words(sign.words):
                source, heads = self._source(word)
                if min(heads) < "\1" or {*sign.but} - {*self._contexts}:
                    raise ValueError(word)
                regex = re.compile(source)
                for head in {head.partition("\0")[0] for head in heads}:
                    table.setdefault(head, []).append((regex, sign))
        return {head: found + table.get(head[:-1], []) for head, found in table.items()}

    def worst(self, text: str) -> Seen | None:
        """The most urgent sign in these letters."""
        starts = [n for match in _SENTENCE.finditer(text) for n in range(*match.span())]
        hits = list(_hits(text, self._signs, starts))
        harmless = list(_hits(text, self._harmless, range(len(text)))) if hits else []
        found = [
            seen
            for start, end, sign in hits
            if not any(x <= start < y or x < end <= y for x, y, _ in harmless)
            and (seen := self._meant(text, start, end, sign))
        ]
        return min(found, key=lambda seen: seen.rank, default=None)

    def _meant(self, text: str, start: int, end: int, sign: Sign) -> Seen | None:
        """What a sign means among the words around it."""
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        around = f"{before}\1{text[start:end]}\2{after}"
        contexts = (self._contexts[name] for name in sign.but)
        effects = {effect for effect, parts in contexts if _hold(parts, around)}
        if "none" in effects:
            return None
        other = effects == {"third-party"} and not sign.soft
        kind = DangerKind.THIRD_PARTY if other else sign.kind
        return Seen(sign.soft or "soft" in effects, kind, text[start:end])


def _hold(parts: dict[str, re.Pattern[str]], around: str) -> bool:
    return all(bool(regex.search(around)) != (k == "stays") for k, regex in parts.items())
