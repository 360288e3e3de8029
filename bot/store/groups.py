"""Groups of unanswered questions, as staff see them: the largest gap first."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from handlers.gaps import Group, Question
from handlers.ports import OutcomeKind
from handlers.staff import PEOPLE, GroupState, Resolution

__all__ = ["Group", "Question", "read_group", "read_groups", "visible"]

HALF_LIFE: Final = 14.0
"""Days after which a person's question counts half."""


def read_groups(
    db: Database, now: datetime, states: Iterable[GroupState] = tuple(GroupState)
) -> list[Group]:
    """The groups in these states, the largest gap first.

    One whose questions are all forgotten waits for nobody, and is left out.
    """
    wanted = [state.value for state in states]
    marks = ", ".join("?" for _ in wanted)
    rows = list(db.query(f"select * from groups where state in ({marks})", wanted))  # noqa: S608
    questions, outcomes, waiting = _questions(db), _told(db), _waiting(db)
    found = [
        _window(row, outcomes.get(row["id"], []), now)
        if row["window"]
        else _questioned(row, questions.get(row["id"], []), waiting.get(row["id"], 0), now)
        for row in rows
    ]
    there = [g for g in found if g.window or g.questions or g.state is GroupState.RESOLVED]
    return sorted(there, key=lambda group: (-group.rank, group.id))


def read_group(db: Database, number: int, now: datetime) -> Group | None:
    """One group; None if there is none."""
    return next((group for group in read_groups(db, now) if group.id == number), None)


def texts_to_search(db: Database, number: int, limit: int) -> list[str]:
    """The newest wordings of a group, read by nobody: only to find the nearest entries."""
    rows = db.execute(
        "select distinct text from queries where group_id = ? and text is not null "
        "order by id desc limit ?",
        [number, limit],
    )
    return [text for (text,) in rows.fetchall()]


def counts(row: Mapping[str, Any]) -> bool:
    """Whether a question is one of somebody from outside: staff who try things out are none."""
    return bool(row["person"]) and row["role"] != "staff" and row["channel"] != "console"


def visible(people: int, permitted: object) -> bool:
    """Whether staff may read a wording: enough people asked alike, or the asker permits it."""
    return people >= PEOPLE or bool(permitted)


def _questions(db: Database) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in db.query(
        "select id, at, person, role, channel, text, cause, about, slots, permitted, group_id "
        "from queries where group_id is not null order by id desc"
    ):
        found[row["group_id"]].append(row)
    return found


def _told(db: Database) -> dict[int, list[tuple[str, str]]]:
    """What was told of each group's window while it was the one that waited."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = db.execute(
        "select g.id, o.kind, o.at from groups g join outcomes o on o.window = g.window "
        "where (g.state != 'resolved' or o.at <= g.changed) and not exists ("
        "select 1 from groups b where b.window = g.window and b.id < g.id and o.at <= b.changed)"
    )
    for number, kind, at in rows.fetchall():
        found[number].append((kind, at))
    return found


def _waiting(db: Database) -> dict[int, int]:
    rows = db.execute(
        "select q.group_id, count(*) from askers a join queries q on q.id = a.query "
        "where q.group_id is not null group by q.group_id"
    )
    return dict(rows.fetchall())


def _questioned(
    row: Mapping[str, Any], rows: list[Mapping[str, Any]], waiting: int, now: datetime
) -> Group:
    latest: dict[str, datetime] = {}
    for asked in reversed(rows):
        if counts(asked):
            latest[asked["person"]] = datetime.fromisoformat(asked["at"])
    questions = tuple(_question(asked, len(latest)) for asked in rows)
    return Group(
        **_common(row),
        people=len(latest),
        rank=_rank(latest.values(), now),
        first=questions[-1].at if questions else None,
        last=questions[0].at if questions else None,
        questions=questions,
        waiting=waiting,
    )


def _question(row: Mapping[str, Any], people: int) -> Question:
    slots = json.loads(row["slots"])
    return Question(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        text=row["text"] if visible(people, row["permitted"]) else None,
        cause=row["cause"],
        about=row["about"],
        topics=tuple(slots.get("topics", ())),
        prefectures=tuple(slots.get("prefectures", ())),
        language=str(slots.get("language", "ja")),
    )


def _window(row: Mapping[str, Any], outcomes: list[tuple[str, str]], now: datetime) -> Group:
    trouble = [
        datetime.fromisoformat(at) for kind, at in outcomes if kind != OutcomeKind.REACHED.value
    ]
    return Group(
        **_common(row),
        people=len(trouble),
        rank=_rank(trouble, now),
        first=min(trouble, default=None),
        last=max(trouble, default=None),
        told=Counter(kind for kind, _ in outcomes),
    )


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "window": row["window"],
        "state": GroupState(row["state"]),
        "claimed_by": row["claimed_by"],
        "resolution": Resolution(row["resolution"]) if row["resolution"] else None,
        "entry": row["entry"],
        "changed": datetime.fromisoformat(row["changed"]) if row["changed"] else None,
    }


def _rank(moments: Iterable[datetime], now: datetime) -> float:
    days = ((now - at).total_seconds() / 86400 for at in moments)
    weights: list[float] = [0.5 ** (max(0.0, day) / HALF_LIFE) for day in days]
    return round(sum(weights), 4)
