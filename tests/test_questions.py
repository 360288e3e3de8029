"""Questions in people's words, each with the entry that must be found.

What is known to go wrong stands in ``answers/misses.yaml`` and must go on going wrong: a question
that is answered rightly at last is taken off that list.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Reply, Role
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog

ANSWERS = Path(__file__).parent / "answers"
SHOWN = 3
"""Among so many entries the right one must stand; people read no further."""


def load(name: str) -> dict:
    text = (ANSWERS / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


MISSES = frozenset(load("misses.yaml")["misses"])


def rows() -> Iterator:
    for path in sorted(ANSWERS.glob("*.yaml")):
        if path.name == "misses.yaml":
            continue
        loaded = load(path.name)
        for row in [*loaded.get("questions", []), *loaded.get("dialogues", [])]:
            turns = row.get("turns") or [row["q"]]
            name = f"{path.stem}: {' / '.join(turns)}"
            marks = [pytest.mark.xfail(reason="a known miss")] if name in MISSES else []
            yield pytest.param(path.stem, turns, row, id=name[:90], marks=marks)


def ask(library: Library, turns: list[str], role: str | None) -> Reply:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    replies = [
        assistant.answer(
            Incoming(
                text=turn,
                conversation="test:questions",
                at=FRIDAY_MORNING,
                role=Role(role) if role else None,
            )
        )
        for turn in turns
    ]
    return replies[-1]


def is_right(file: str, row: dict, reply: Reply) -> bool:
    shown = [card.id for card in reply.cards or reply.offered]
    if row.get("expect") == ["unanswered"]:
        return reply.status.group != "answered"
    if "expect_set" in row:
        wanted = set(row["expect_set"])
        return wanted <= set(shown) and len(set(shown) - wanted) <= 2 * len(wanted)
    accepted = set(row["expect"]) | set(row.get("also", []))
    many = len(shown) if file.startswith("windows") else SHOWN
    named = row.get("prefecture", "") in reply.text
    return named and bool(accepted & set(shown[:many]))


@pytest.mark.parametrize(("file", "turns", "row"), list(rows()))
def test_question(file: str, turns: list[str], row: dict, library: Library) -> None:
    role = row.get("role") or ("resident" if file.startswith("windows") else "member")

    assert is_right(file, row, ask(library, turns, role))
