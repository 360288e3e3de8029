"""The project's own questions, ``tests/answers``: which are answered rightly."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Reply, Role
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.quality.measure import Measure, Miss, followed

ANSWERS: Final = Path(__file__).parents[1] / "answers"
MISSES: Final = ANSWERS / "misses.yaml"
SHOWN: Final = 3
"""Among so many entries the right one must stand; people read no further."""
KINDS: Final = (
    *("guideline", "programs", "windows", "dialogues", "unanswerable"),
    *("rules", "residents"),
)
"""The first words of the files' names; the last two were written by people who never saw this."""
RESIDENTS: Final = ("windows", "residents")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question or dialogue and what should be shown."""

    file: str
    """Name of its file without the ending: programs."""
    row: Row
    """As it stands there."""

    @property
    def turns(self) -> list[str]:
        """What is said, in order."""
        return list(self.row.get("turns") or [self.row["q"]])

    @property
    def name(self) -> str:
        """File and words, as ``misses.yaml`` lists it."""
        return f"{self.file}: {' / '.join(self.turns)}"

    @property
    def role(self) -> str:
        """Who asks."""
        resident = self.file.startswith(RESIDENTS)
        return str(self.row.get("role") or ("resident" if resident else "member"))


def load(path: Path) -> Row:
    """One file, every value a text."""
    loaded: Row = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded


def questions() -> Iterator[Question]:
    """Every question, file by file."""
    for path in sorted(ANSWERS.glob("*.yaml")):
        if path != MISSES:
            rows = load(path)
            for row in [*rows.get("questions", []), *rows.get("dialogues", [])]:
                yield Question(path.stem, row)


def ask(library: Library, question: Question) -> Reply:
    """The reply to the last turn."""
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    replies = [
        assistant.answer(
            Incoming(turn, "test:questions", FRIDAY_MORNING, role=Role(question.role))
        )
        for turn in question.turns
    ]
    return replies[-1]


def is_right(question: Question, reply: Reply) -> bool:
    """Whether the reply shows what it should, and nothing where it should not."""
    row = question.row
    shown = [card.id for card in reply.cards or reply.offered]
    if row.get("expect") == ["unanswered"]:
        return reply.status.group != "answered"
    if "expect_set" in row:
        wanted = set(row["expect_set"])
        return wanted <= set(shown) and len(set(shown) - wanted) <= 2 * len(wanted)
    if "topic" in row:
        topics = {topic for card in reply.cards[:SHOWN] for topic in card.topics}
        elsewhere = {card.prefecture for card in reply.cards} - {None, row.get("prefecture")}
        return bool(topics & set(row["topic"])) and not elsewhere
    accepted = set(row["expect"]) | set(row.get("also", []))
    many = len(shown) if question.file.startswith("windows") else SHOWN
    named = row.get("prefecture", "") in reply.text
    return named and bool(accepted & set(shown[:many]))


def measured(library: Library) -> tuple[list[Measure], list[str]]:
    """A measure for each kind of question, and the names of the questions answered wrongly."""
    measures = {kind: Measure(f"own questions: {kind}", 0.0) for kind in KINDS}
    wrong = []
    for question in followed(list(questions()), "tests/answers"):
        reply = ask(library, question)
        held = is_right(question, reply)
        measure = measures[question.file.split("_")[0]]
        measure.add(float(held), {**question.row, "role": question.role})
        if not held:
            wrong.append(question.name)
            measure.misses.append(_miss(question, reply))
    return list(measures.values()), wrong


def _miss(question: Question, reply: Reply) -> Miss:
    shown = reply.cards or reply.offered
    row = question.row
    wanted = row.get("expect") or row.get("expect_set") or row["topic"]
    first, score = (shown[0].id, shown[0].score) if shown else ("–", 0.0)
    return Miss(" / ".join(question.turns), ", ".join(wanted), f"{reply.status} {first}", score)


def known_misses() -> frozenset[str]:
    """The questions that are known to be answered wrongly."""
    return frozenset(load(MISSES)["misses"])


def write_misses(wrong: list[str]) -> None:
    """Write down what is answered wrongly now."""
    head = MISSES.read_text(encoding="utf-8").partition("misses:")[0]
    lines = yaml.safe_dump(
        {"misses": wrong}, allow_unicode=True, width=10_000, default_style='"'
    ).partition("\n")[2]
    MISSES.write_text(f"{head}misses:\n{lines}", encoding="utf-8")
