"""The questions of a replay: what people asked of late, and the questions of the tests."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from bot.store.reading import readable
from bot.store.rows import stamp
from handlers.messages import Role
from knowledge.findings import KnowledgeError
from knowledge.load import read_yaml

LOG: Final = "log"
"""Of the query log."""
TESTS: Final = "tests"
"""Of the test questions, which everybody may read."""
DAYS: Final = timedelta(days=90)
"""How far back people's questions are asked again."""
MOST: Final = 5_000
"""Questions of the log, the newest first: half a minute for each library."""
_RESIDENTS: Final = ("windows", "residents")
"""How files of questions begin that residents ask."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked, and by whom: two that are equal get one answer."""

    turns: tuple[str, ...]
    """What the person says, in order; the last one is answered."""
    role: Role | None = None
    """Who asks, as far as known."""
    prefecture: str | None = None
    """Name of the person's prefecture, as far as known."""
    language: str | None = None
    """The language it is written in, as far as known."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to ask again."""

    said: Said
    """What is asked."""
    source: str
    """``log`` or ``tests``."""
    readable: bool = True
    """Whether staff may read the wording."""
    group: int | None = None
    """The group of unanswered questions it is in."""

    @property
    def text(self) -> str | None:
        """The wording, where staff may read it."""
        return " / ".join(self.said.turns) if self.readable else None


def from_log(db: Database, now: datetime) -> Iterator[Question]:
    """Every wording of the last 90 days once, as it was asked last.

    Only unanswered questions have a text; what people in danger wrote was never kept.
    """
    may_be_read = readable(db)
    rows = db.query(
        "select id, text, role, slots, group_id from queries "
        "where text is not null and at >= ? order by id desc",
        [stamp(now - DAYS)],
    )
    newest: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for row in rows:
        if row["text"] not in newest and len(newest) < MOST:
            newest[row["text"]] = row
        if row["id"] in may_be_read:
            seen.add(row["text"])
    for text, row in newest.items():
        yield Question(_said(text, row), LOG, text in seen, row["group_id"])


def _said(text: str, row: Mapping[str, Any]) -> Said:
    slots = json.loads(row["slots"])
    prefecture, *others = slots.get("prefectures") or [None]
    return Said(
        (text,),
        Role(row["role"]) if row["role"] else None,
        None if others else prefecture,
        slots.get("language"),
    )


def from_tests(folder: Path | None) -> Iterator[Question]:
    """The test questions of a folder like ``tests/answers``; none where there is no such folder.

    A file that cannot be read is passed over: the check tells of it.
    """
    for path in sorted(folder.glob("*.yaml")) if folder else ():
        try:
            data = read_yaml(path).data
        except KnowledgeError:
            continue
        if isinstance(data, dict):
            resident = path.stem.startswith(_RESIDENTS)
            usual = Role.RESIDENT if resident else Role.MEMBER
            for key in ("questions", "dialogues"):
                yield from _asked(data.get(key), usual)


def _asked(rows: object, usual: Role) -> Iterator[Question]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and (turns := tuple(_turns(row))):
            role = row.get("role")
            yield Question(Said(turns, Role(role) if role in set(Role) else usual), TESTS)


def _turns(row: Mapping[str, Any]) -> Iterable[str]:
    turns = row.get("turns")
    said = turns if isinstance(turns, list) else [row.get("q")]
    return (turn for turn in said if isinstance(turn, str) and turn)
