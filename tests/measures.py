"""The measures of docs/quality.md on the development questions beside the project, if there.

``python -m tests.measures [FOLDER]``; prints one table; says so when the questions are not there.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.app import NoLog, build
from bot.contract import Contract, Request
from knowledge.faq import faq_index, read_faq

FOLDER: Final = Path(__file__).parents[2] / "shared" / "eval"
TOKYO: Final = ZoneInfo("Asia/Tokyo")
MORNING: Final = datetime(2026, 11, 20, 11, tzinfo=TOKYO)
NIGHT: Final = datetime(2026, 11, 20, 23, 30, tzinfo=TOKYO)
HARM: Final = {"suicide", "mental-health"}

Row = dict[str, Any]
Answer = dict[str, Any]


@dataclass
class Measure:
    """One line of the table."""

    name: str
    """What is measured."""
    goal: float
    """The goal."""
    at_most: bool = False
    """Whether the goal is an upper bound."""
    hits: float = 0
    """How often it held."""
    total: int = 0
    """How often it was asked."""
    failed: list[str] = field(default_factory=list)
    """Questions for which it went wrong."""

    def count(self, row: Row, *, held: bool) -> None:
        """Count one question."""
        self.hits += held
        self.total += 1
        if held == self.at_most:
            self.failed.append(str(row.get("q") or row.get("turns")))

    @property
    def value(self) -> float:
        """The share for which it held."""
        return self.hits / self.total if self.total else 0.0

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal


class Asker:
    """Asks the assistant through the contract."""

    def __init__(self) -> None:
        """Join the assistant."""
        self.app = build(NoLog())
        self.contract = Contract(self.app.library.gazetteer, self.app.clock)
        self.seconds = 0.0
        self.count = 0

    def ask(self, row: Row, at: datetime = MORNING, role: str | None = None) -> Answer:
        """The answer to a row's last turn."""
        answer: Answer = {}
        self.count += 1
        for text in row.get("turns") or [row["q"]]:
            request = Request(
                text=text, conversation=str(self.count), role=row.get("role", role), at=at
            )
            incoming = self.contract.incoming(request, self.count)
            started = time.perf_counter()
            reply = self.app.assistant.answer(incoming)
            self.seconds += time.perf_counter() - started
            answer = self.contract.answer(request, reply)
        return answer


def rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def ids(answer: Answer) -> list[str]:
    """Ids of the entries shown."""
    return [entry["id"] for entry in answer["entries"]]


def is_answered(answer: Answer) -> bool:
    """Whether an answer was given."""
    return str(answer["status"]).startswith("answered")


def rules(asker: Asker, path: Path) -> list[Measure]:
    """Clauses, programs, sets, follow-ups, what must not be answered."""
    clause = Measure("right clause first", 0.90)
    program = Measure("right program first", 0.95)
    unanswered = Measure("outside the knowledge: unanswered", 0.90)
    refused = Measure("answerable but refused", 0.06, at_most=True)
    sets = Measure("all programs of a set", 0.85)
    none = Measure("not among the 18", 0.95)
    turns = Measure("follow-up turns", 0.85)
    for row in rows(path):
        answer = asker.ask(row)
        shown = ids(answer)
        first = shown[:1]
        expected = row.get("expect", [])
        if expected == ["unanswered"]:
            measure = turns if "turns" in row else unanswered
            measure.count(row, held=not is_answered(answer))
            continue
        refused.count(row, held=str(answer["status"]).startswith("unanswered"))
        if "expect_set" in row:
            wanted = set(row["expect_set"])
            others = len(set(shown) - wanted)
            sets.count(row, held=wanted <= set(shown) and others <= 2 * len(wanted))
        elif "turns" in row:
            turns.count(row, held=first[:1] != [] and first[0] in expected)
        elif expected == ["program/none"]:
            named = row["prefecture"] in str(answer["reply"])
            none.count(row, held=first == ["program/none"] and named)
        else:
            kind = clause if expected[0].startswith("guideline/") else program
            kind.count(row, held=bool(first) and first[0] in expected)
    return [clause, program, unanswered, refused, sets, none, turns]


def residents(asker: Asker, path: Path) -> list[Measure]:
    """Windows of the right topic, property and place."""
    first = Measure("window of a right topic first", 0.85)
    three = Measure("window of a right topic in the first three", 0.93)
    some = Measure("a window at all", 0.98)
    need = Measure("asked property holds for every window", 0.90)
    place = Measure("no window of another prefecture", 0.99)
    for row in rows(path):
        wanted = row.get("need")
        default = NIGHT if wanted in {"open-now", "night"} else MORNING
        at = datetime.fromisoformat(row["at"]) if row.get("at") else default
        answer = asker.ask(row, at, "resident")
        windows = [entry for entry in answer["entries"] if entry["kind"] == "window"]
        some.count(row, held=bool(windows))
        topics = set(row["topic"])
        if topics:
            fits = [bool(topics & set(entry["topics"])) for entry in windows]
            first.count(row, held=any(fits[:1]))
            three.count(row, held=any(fits[:3]))
        if wanted:
            need.count(row, held=bool(windows) and all(has(entry, wanted) for entry in windows))
        strange = [e for e in windows if e["prefecture"] not in {None, row["prefecture"]}]
        place.count(row, held=not strange)
    return [first, three, some, need, place]


def has(entry: Row, need: str) -> bool:
    """Whether a window has a property; anonymity is not part of the contract."""
    channels = set(entry["channels"])
    checks: dict[str, Callable[[], bool]] = {
        "open-now": lambda: entry["open_now"] is True,
        "night": lambda: entry["open_now"] is True,
        "line": lambda: "line" in channels,
        "chat": lambda: bool(channels & {"line", "webchat", "sns"}),
        "text": lambda: bool(channels & {"line", "webchat", "sns", "mail", "fax", "app"}),
        "mail": lambda: "mail" in channels,
        "free": lambda: entry["free"] is True,
        "english": lambda: "en" in entry["languages"],
        "anonymous": lambda: True,
    }
    return checks[need]()


def danger(asker: Asker, path: Path) -> list[Measure]:
    """People in danger noticed, others not alarmed, the right help first."""
    noticed = Measure("person in danger noticed", 0.92)
    alarm = Measure("false alarm", 0.05, at_most=True)
    care = Measure("soft signs met with care", 0.95)
    soft = Measure("soft signs alarmed", 0.25, at_most=True)
    right = Measure("the window of that danger in the first three", 0.95)
    always = Measure("a 24-hour window in the first four", 1.0)
    for row in rows(path):
        answer = asker.ask(row, role="resident")
        if row["crisis"] is True:
            noticed.count(row, held=answer["crisis"])
            if answer["crisis"]:
                right.count(row, held=any(map(helps(row["kind"]), answer["entries"][:3])))
                always.count(row, held=any(e["always_open"] for e in answer["entries"][:4]))
        elif row["crisis"] is False:
            alarm.count(row, held=answer["crisis"])
        else:
            soft.count(row, held=answer["crisis"])
            topics = HARM | {"loneliness"} | set(row.get("care", []))
            shown = [e for e in answer["entries"] if topics & set(e["topics"])]
            care.count(row, held=bool(shown))
    return [noticed, alarm, care, soft, right, always]


def helps(kind: str) -> Callable[[Row], bool]:
    """Whether a window is for a kind of danger."""
    named = {
        "medical": {"window/119", "window/7119"},
        "overdose": {"window/119", "window/7119"},
        "violence-now": {"window/110"},
        "child-abuse-now": {"window/189", "window/110"},
    }
    if kind in named:
        dv = {"dv"} if kind == "violence-now" else set()
        return lambda e: (
            e["id"] in named[kind]
            or bool(dv & set(e["topics"]))
            or (kind == "overdose" and bool(HARM & set(e["topics"])))
        )
    return lambda e: bool(HARM & set(e["topics"]))


def faq(folder: Path) -> list[Measure]:
    """nDCG@10 (gain = relevance) on a municipal FAQ that nobody here wrote."""
    measure = Measure("nDCG@10 on a municipal FAQ", 0.60)
    index = faq_index(read_faq(folder / "faq.csv"))
    relevant = json.loads((folder / "qrels_dev.json").read_text(encoding="utf-8"))
    queries = json.loads((folder / "queries_dev.json").read_text(encoding="utf-8"))
    for number, query in queries.items():
        found = [relevant[number].get(match.id, 0) for match in index.search(query, 10)]
        ideal = sorted(relevant[number].values(), reverse=True)[:10]
        measure.hits += discounted(found) / discounted(ideal)
        measure.total += 1
    return [measure]


def discounted(gains: list[int]) -> float:
    """The gains of a ranking, later ones counting less."""
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def table(measures: Iterable[Measure]) -> Table:
    """The measures as a table."""
    made = Table("measure", "goal", "value", "of", "")
    for measure in measures:
        sign = "≤" if measure.at_most else "≥"
        mark = "" if measure.reached else "below goal"
        made.add_row(
            measure.name, f"{sign} {measure.goal:.2f}", f"{measure.value:.3f}",
            str(measure.total), mark,
        )  # fmt: skip
    return made


def main(arguments: list[str]) -> int:
    """Print the table; ``--failed`` lists the questions that went wrong."""
    named = [argument for argument in arguments if not argument.startswith("--")]
    folder = Path(named[0]) if named else FOLDER
    console = Console(width=110)
    if not (folder / "rules_dev.jsonl").exists():
        console.print(f"No development questions at {folder}: nothing measured.")
        return 0
    asker = Asker()
    measures = [
        *rules(asker, folder / "rules_dev.jsonl"),
        *residents(asker, folder / "resident_dev.jsonl"),
        *danger(asker, folder / "crisis_dev.jsonl"),
        *faq(folder / "localgovfaq"),
    ]
    console.print(table(measures))
    console.print(
        f"{asker.seconds / asker.count * 1000:.1f} ms a question, {asker.count} questions"
    )
    if "--failed" in arguments:
        for measure in measures:
            for question in measure.failed:
                console.print(f"[dim]{measure.name}:[/] {question}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
