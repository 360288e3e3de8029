"""How much personal data ``handlers.redact`` takes out, and what it takes that it should leave.

python -m tests.redaction            figures of both halves, as docs/privacy.md shows them
python -m tests.redaction --open     the misses of the open half as well, to improve by
python -m tests.redaction --all      the misses of both halves, once the work is done
"""

import hashlib
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from handlers.redact import redact

FILE: Final = Path(__file__).parent / "data" / "redaction_measured.yaml"
OPEN, HELD_OUT = "open", "held out"
TOKEN: Final = re.compile(r"\[[a-z-]+\]")
MARKED: Final = re.compile(r"\{(?:([a-z]+)\|)?([^}]*)\}|<([^>]*)>")
DIGIT: Final = re.compile(r"\d")
LATIN: Final = re.compile(r"[\dA-Za-z]")
DIGITS: Final = 3
"""So many characters of a number tell it; so many letters of an address are any word."""
REPEATS: Final = 5


@dataclass(frozen=True)
class Sentence:
    """One sentence of the set."""

    kind: str
    """The block it stands in."""
    text: str
    """As a person wrote it."""
    secrets: tuple[tuple[str, str], ...]
    """Kind and wording of what must be gone."""
    stays: tuple[str, ...]
    """What must stay."""

    @property
    def half(self) -> str:
        """Open or held out, by the hash of its text."""
        return HELD_OUT if hashlib.sha256(self.text.encode()).digest()[0] % 2 else OPEN

    def missed(self) -> list[tuple[str, str]]:
        """The secrets of which a piece is left."""
        redacted = redact(self.text)
        return [(kind, secret) for kind, secret in self.secrets if leaked(secret, redacted)]

    def eaten(self) -> list[str]:
        """What should have stayed."""
        redacted = redact(self.text)
        return [kept for kept in self.stays if kept not in redacted]


def leaked(secret: str, redacted: str) -> list[str]:
    """The pieces of a secret that are still there: three digits, four letters, two kanji."""
    kept = TOKEN.sub("\0", redacted)
    width = 2 if not LATIN.search(secret) else 3 if DIGIT.search(secret) else 4
    width = min(len(secret), width)
    pieces = [secret[i : i + width] for i in range(len(secret) - width + 1)]
    words = width == DIGITS
    return [p for p in pieces if p in kept and not (words and p.isascii() and p.isalpha())]


def sentences() -> Iterator[Sentence]:
    """Every sentence of the set."""
    for kind, block in yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader).items():
        for line in block.split("\n"):
            yield _sentence(kind, line.replace("⏎", "\n"))


def _sentence(kind: str, line: str) -> Sentence:
    marks = list(MARKED.finditer(line))
    return Sentence(
        kind,
        MARKED.sub(lambda mark: mark[2] or mark[3], line),
        tuple((mark[1] or kind, mark[2]) for mark in marks if mark[2]),
        tuple(mark[3] for mark in marks if mark[3]),
    )


def recall(chosen: Iterable[Sentence]) -> dict[str, tuple[int, int]]:
    """Secrets taken out and secrets in all, by kind."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sentence in chosen:
        missed = sentence.missed()
        for secret in sentence.secrets:
            found[secret[0]][0] += secret not in missed
            found[secret[0]][1] += 1
    return {kind: (gone, count) for kind, (gone, count) in found.items()}


def share(figures: dict[str, tuple[int, int]]) -> float:
    """Recall over all kinds."""
    return sum(gone for gone, _ in figures.values()) / sum(count for _, count in figures.values())


def kept(chosen: Iterable[Sentence]) -> tuple[int, int]:
    """What was taken wrongly, and what should stay in all."""
    listed = list(chosen)
    return sum(len(s.eaten()) for s in listed), sum(len(s.stays) for s in listed)


def table() -> str:
    """The figures of today, in Markdown."""
    every = list(sentences())
    halves = {half: [s for s in every if s.half == half] for half in (OPEN, HELD_OUT)}
    figures = {half: recall(chosen) for half, chosen in halves.items()}
    rows = ["| kind | open half | held-out half | recall |", "|---|---|---|---|"]
    for kind in dict.fromkeys(kind for s in every for kind, _ in s.secrets):
        pairs = [figures[half].get(kind, (0, 0)) for half in halves]
        gone, count = (sum(pair[i] for pair in pairs) for i in (0, 1))
        cells = [f"{one} of {of}" for one, of in pairs]
        rows.append(f"| {kind} | {cells[0]} | {cells[1]} | {gone / count:.3f} |")
    cells = [f"{share(figures[half]):.3f}" for half in halves]
    rows.append(f"| all | {cells[0]} | {cells[1]} | {share(recall(every)):.3f} |")
    wrongly = [kept(halves[half]) for half in halves]
    cells = [f"{eaten} of {of}" for eaten, of in wrongly]
    rows.append(f"| taken wrongly | {cells[0]} | {cells[1]} | |")
    return "\n".join(rows) + "\n"


def milliseconds() -> float:
    """A sentence takes so long, on average."""
    texts = [sentence.text for sentence in sentences()]
    redact(texts[0])
    started = time.perf_counter()
    for _ in range(REPEATS):
        for text in texts:
            redact(text)
    return (time.perf_counter() - started) * 1000 / (REPEATS * len(texts))


def main(arguments: list[str]) -> None:
    """Print the figures, and the misses that are asked for."""
    every = list(sentences())
    shown = {"--open": {OPEN}, "--all": {OPEN, HELD_OUT}}.get("".join(arguments), set())
    for sentence in every:
        if sentence.half in shown and (missed := sentence.missed() or sentence.eaten()):
            print(f"{missed}\n    {sentence.text!r}\n    {redact(sentence.text)!r}")  # noqa: T201
    halves = [sum(s.half == half for s in every) for half in (OPEN, HELD_OUT)]
    print(f"{len(every)} sentences: {halves[0]} open, {halves[1]} held out\n")  # noqa: T201
    print(f"{table()}\n{milliseconds():.2f} ms a sentence")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
