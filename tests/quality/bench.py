"""``make bench``: our search beside well-known ones, in one run on the same data.

``python -m tests.quality.bench [--faq FILE] [--write]``. The entries are those of a FAQ, by
default one made of the project's own asks and texts; larger ones are made by joining the question
of one entry with answer sentences of others. Each search runs in a process of its own, so that its
memory can be told. Ratios say more than times: a busy machine touches all of them alike.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from knowledge.entries import Window
from knowledge.faq import Question, read_faq
from knowledge.load import load
from tests.quality import own, report
from tests.quality.measure import followed

SIZES: Final = (1_786, 18_000, 100_000)
"""Entries; the first is the size of a city's FAQ."""
ASKED: Final = 200
"""Questions asked of each search."""
PATIENCE: Final = 60.0
"""Seconds after which a slow search need not answer the rest of them."""
SENTENCES: Final = 6
"""Sentences of an answer that is made up."""
SEED: Final = 7
STARTS: Final = 5
"""Times ``tsunagari ask`` is started."""

Search = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Result:
    """What one search took."""

    name: str
    """Its name."""
    size: int
    """Entries."""
    build: float
    """Seconds until it could answer."""
    memory: float
    """MiB of the process at its largest, less what the entries themselves take."""
    median: float
    """Milliseconds a question."""
    last: float
    """Milliseconds of the slowest question but for one in a hundred."""
    asked: int
    """Questions asked."""


def ours(entries: list[Question]) -> Search:
    """``tsunagari find``."""
    from knowledge.faq import Faq, faq_index

    return faq_index(Faq(tuple(entries), ())).search


def rapidfuzz_scan(entries: list[Question]) -> Search:
    """Every question compared letter by letter: rapidfuzz, WRatio."""
    from rapidfuzz import fuzz, process

    questions = [entry.question for entry in entries]
    return lambda text: process.extract(text, questions, scorer=fuzz.WRatio, limit=10)


def bm25(entries: list[Question]) -> Search:
    """BM25 over SudachiPy's words: bm25s."""
    import bm25s

    index = bm25s.BM25()
    index.index(
        [_words(e.question) + _answer_words(e.answer) for e in entries], show_progress=False
    )
    return lambda text: index.retrieve([list(_split(text))], k=10, show_progress=False)


def trigrams(entries: list[Question]) -> Search:
    """Three letters in a row: SQLite's FTS5."""
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.execute("create virtual table faq using fts5(question, answer, tokenize='trigram')")
    rows = ((entry.question, entry.answer) for entry in entries)
    database.executemany("insert into faq values (?, ?)", rows)
    found = "select rowid from faq where faq match ? order by rank limit 10"

    def search(text: str) -> object:
        pieces = {text[at : at + 3].replace('"', '""') for at in range(len(text) - 2)}
        wanted = " or ".join(f'"{piece}"' for piece in sorted(pieces)) or '"   "'
        return database.execute(found, (wanted,)).fetchall()

    return search


@cache
def _split(text: str) -> tuple[str, ...]:
    from knowledge.text import words

    return words(text).forms


def _words(text: str) -> list[str]:
    return list(_split(text))


def _answer_words(text: str) -> list[str]:
    return [word for sentence in text.split("。") for word in _split(sentence)]


SEARCHES: Final = {
    "ours": ours,
    "rapidfuzz WRatio": rapidfuzz_scan,
    "bm25s + SudachiPy": bm25,
    "SQLite FTS5 trigram": trigrams,
}


def own_faq() -> list[Question]:
    """The project's asks as questions, the texts of their entries as answers."""
    entries = load().entries.values()
    return [
        Question(f"{entry.id}#{number}", ask, _text(entry))
        for entry in entries
        for number, ask in enumerate(entry.asks)
    ]


def _text(entry: object) -> str:
    if isinstance(entry, Window):
        return "。".join(filter(None, (entry.name, entry.audience, entry.note, entry.operator)))
    return str(getattr(entry, "text", ""))


def grown(entries: list[Question], size: int) -> list[Question]:
    """So many entries: the first ones as they are, the rest made up of sentences of all."""
    if size <= len(entries):
        return entries[:size]
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    sentences = sorted({s for e in entries for s in e.answer.split("。") if s.strip()})
    made = (
        Question(
            f"made/{n}",
            chance.choice(entries).question,
            "。".join(chance.choices(sentences, k=SENTENCES)),
        )
        for n in range(size - len(entries))
    )
    return [*entries, *made]


def measured(name: str, faq: Path | None, size: int, questions: list[str]) -> Result:
    """Build one search and ask it; runs in a process of its own."""
    base = list(read_faq(faq).questions) if faq else own_faq()
    entries = grown(base, size)
    before = _memory()
    started = time.perf_counter()
    search = SEARCHES[name](entries)
    search(questions[0])
    build = time.perf_counter() - started
    taken: list[float] = []
    for text in questions:
        begun = time.perf_counter()
        search(text)
        taken.append((time.perf_counter() - begun) * 1000)
        if sum(taken) > PATIENCE * 1000:
            break
    taken.sort()
    last = taken[min(int(len(taken) * 0.99), len(taken) - 1)]
    grown_by = _memory() - before
    return Result(name, size, build, grown_by, statistics.median(taken), last, len(taken))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def results(faq: Path | None) -> Iterator[Result]:
    """Every search at every size."""
    every = [" ".join(question.turns) for question in own.questions()]
    questions = random.Random(SEED).sample(every, ASKED)  # noqa: S311 - nothing secret
    runs = [(name, size) for size in SIZES for name in SEARCHES]
    for name, size in followed(runs, "bench"):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield pool.submit(measured, name, faq, size, questions).result()


def starts() -> tuple[float, float]:
    """Median seconds and MiB of ``tsunagari ask``, from nothing to the answer, indexes kept."""
    program = str(Path(sys.executable).parent / "tsunagari")
    subprocess.run([program, "knowledge", "prepare"], check=True)
    seconds, memory = [], []
    for _ in range(STARTS):
        begun = time.perf_counter()
        asked = subprocess.Popen([program, "ask", "委託できますか"], stdout=subprocess.DEVNULL)
        _, _, used = os.wait4(asked.pid, 0)
        asked.returncode = 0  # waited for above
        seconds.append(time.perf_counter() - begun)
        memory.append(used.ru_maxrss / 1024)
    return statistics.median(seconds), statistics.median(memory)


def table(found: list[Result]) -> Table:
    """The results, each time also as a multiple of ours."""
    made = Table("entries", "search", "median ms", "× ours", "p99 ms", "build s", "MiB", "asked")
    mine = {result.size: result.median for result in found if result.name == "ours"}
    for r in found:
        made.add_row(
            f"{r.size:,}", r.name, f"{r.median:.2f}", f"{r.median / mine[r.size]:.1f}",
            f"{r.last:.2f}", f"{r.build:.1f}", f"{r.memory:.0f}", str(r.asked),
        )  # fmt: skip
    return made


def main(
    faq: Annotated[Path | None, typer.Option(help="A FAQ: CSV with id, question, answer.")] = None,
    *,
    write: Annotated[bool, typer.Option(help="Write the figures into docs/quality.md.")] = False,
) -> None:
    """Measure how fast the search is, beside others."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    seconds, memory = starts()
    found = list(results(faq))
    console.print(table(found))
    mine = [result.median for result in found if result.name == "ours"]
    console.print(
        f"From {SIZES[0]:,} to {SIZES[-1]:,} entries ours grows {mine[-1] / mine[0]:.1f}-fold."
    )
    console.print(f"tsunagari ask: {seconds:.2f} s from start to answer, {memory:.0f} MiB.")
    if write:
        report.write_bench([asdict(result) for result in found], seconds, memory)


if __name__ == "__main__":
    typer.run(main)
