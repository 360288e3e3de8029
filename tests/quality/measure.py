"""What a measure is, and the table of measures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

Row = dict[str, Any]
Answer = dict[str, Any]
Item = TypeVar("Item")

STYLES: Final = ("kana", "typo", "english", "long", "situation")
ROLES: Final = ("resident", "member", "staff")
WORST: Final = 5
"""Misses printed for each measure that has any."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A question for which a measure did not hold."""

    question: str
    """The question, or the turns of a dialogue."""
    expected: str
    """What should have been shown."""
    got: str
    """The status and the first entry that was shown."""
    score: float
    """How sure the assistant was of that entry: the surer, the worse."""


@dataclass
class Measure:
    """One line of the table."""

    name: str
    """What is measured."""
    goal: float
    """The goal."""
    at_most: bool = False
    """Whether the goal is an upper bound."""
    groups: dict[str, list[float]] = field(default_factory=dict)
    """Values by group; "" holds all of them."""
    misses: list[Miss] = field(default_factory=list)
    """Questions for which it went wrong."""

    def count(self, row: Row, answer: Answer, *, held: bool) -> None:
        """Count one question."""
        self.add(float(held), row)
        if held == self.at_most:
            self.misses.append(_miss(row, answer))

    def add(self, value: float, row: Row) -> None:
        """Count one value of 0 to 1."""
        for group in {"", row.get("style"), row.get("role", "resident")} - {None}:
            self.groups.setdefault(group, []).append(value)

    @property
    def total(self) -> int:
        """How often it was asked."""
        return len(self.groups.get("", ()))

    @property
    def value(self) -> float:
        """The share for which it held."""
        return self.of("") or 0.0

    def of(self, group: str) -> float | None:
        """The share of a group; None if nothing was asked there."""
        values = self.groups.get(group)
        return sum(values) / len(values) if values else None

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def _miss(row: Row, answer: Answer) -> Miss:
    first = answer["entries"][0] if answer["entries"] else {"id": "–", "score": 0.0}
    wanted = row.get("expect") or row.get("expect_set") or row.get("topic") or row.get("kind", "")
    expected = ", ".join(wanted) if isinstance(wanted, list) else str(wanted)
    question = " / ".join(row["turns"]) if "turns" in row else str(row["q"])
    got = f"{answer['status']} {first['id']}"
    return Miss(question, expected, got, float(first["score"]))


def followed(rows: Sequence[Item], what: str) -> Iterator[Item]:
    """The rows, with a progress bar on a terminal and none in a pipe."""
    console = Console(stderr=True)
    yield from track(rows, what, console=console, disable=not console.is_terminal, transient=True)


def table(measures: Iterable[Measure]) -> Table:
    """The measures, with a column for each style and role."""
    shown = [measure for measure in measures if measure.total]
    columns = [c for c in (*STYLES, *ROLES) if any(c in measure.groups for measure in shown)]
    made = Table("measure", "goal", "value", "of", *columns)
    for measure in shown:
        value = f"{measure.value:.3f}" + ("" if measure.reached else " !")
        made.add_row(
            measure.name, goal(measure), value, str(measure.total), *_cells(measure, columns)
        )
    return made


def _cells(measure: Measure, columns: Iterable[str]) -> list[str]:
    values = (measure.of(column) for column in columns)
    return ["" if value is None else f"{value:.2f}" for value in values]


def goal(measure: Measure) -> str:
    """≥ 0.90, ≤ 0.05."""
    return f"{'≤' if measure.at_most else '≥'} {measure.goal:.2f}"


def markdown(measures: Iterable[Measure]) -> str:
    """The same table for a document."""
    shown = [measure for measure in measures if measure.total]
    columns = [c for c in (*STYLES, *ROLES) if any(c in measure.groups for measure in shown)]
    lines = [["measure", "goal", "value", "questions", *columns]]
    lines.append(["---"] * len(lines[0]))
    lines += [
        [m.name, goal(m), f"{m.value:.3f}", str(m.total), *_cells(m, columns)] for m in shown
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def print_misses(console: Console, measures: Iterable[Measure], most: int = WORST) -> None:
    """The misses of which the assistant was surest."""
    for measure in measures:
        worst = sorted(measure.misses, key=lambda miss: -miss.score)
        if worst:
            console.print(f"\n[bold]{measure.name}[/]: {len(worst)} missed")
        for miss in worst[:most]:
            console.print(
                f"  {miss.score:.2f} {miss.question}\n       {miss.expected} ← {miss.got}",
                highlight=False,
                markup=False,
            )
