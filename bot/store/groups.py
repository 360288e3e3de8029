"""Groups of unanswered questions, as staff see them: the largest gap first."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from bot.store.reading import OUTSIDE, readable
from handlers.gaps import Group, Question
from handlers.ports import OutcomeKind
from handlers.staff import GroupState, Resolution

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
    there = [
        group
        for group in _groups(db, rows, now, None)
        if group.window or group.questions or group.state is GroupState.RESOLVED
    ]
    return sorted(there, key=lambda group: (-group.rank, group.id))


def read_group(db: Database, number: int, now: datetime) -> Group | None:
    """One group; None if there is none."""
    rows = list(db.query("select * from groups where id = ?", [number]))
    return next(iter(_groups(db, rows, now, number)), None)


def _groups(
    db: Database, rows: Iterable[Mapping[str, Any]], now: datetime, number: int | None
) -> list[Group]:
    """Rows with what belongs to them; ``number``: the only one that is wanted."""
    questions, outcomes, waiting = _questions(db, number), _told(db), _waiting(db)
    may_be_read = readable(db)
    return [
        _window(row, outcomes.get(row["id"], []), now)
        if row["window"]
        else _questioned(
            row, questions.get(row["id"], []), waiting.get(row["id"], 0), may_be_read, now
        )
        for row in rows
    ]


def texts_to_search(db: Database, number: int, limit: int) -> list[str]:
    """The newest wordings of a group, read by nobody: only to find the nearest entries."""
    rows = db.execute(
        "select distinct text from queries where group_id = ? and text is not null "
        "order by id desc limit ?",
        [number, limit],
    )
    return [text for (text,) in rows.fetchall()]


def _questions(db: Database, number: int | None) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in db.query(
        f"select id, at, case when {OUTSIDE} then person end as asker, "  # noqa: S608  a constant
        "text, cause, about, slots, group_id from queries "
        "where group_id is not null and (:number is null or group_id = :number) order by id desc",
        {"number": number},
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
    row: Mapping[str, Any],
    rows: list[Mapping[str, Any]],
    waiting: int,
    may_be_read: set[int],
    now: datetime,
) -> Group:
    latest: dict[str, datetime] = {}
    for asked in reversed(rows):
        if asked["asker"]:
            latest[asked["asker"]] = datetime.fromisoformat(asked["at"])
    questions = tuple(_question(asked, readable=asked["id"] in may_be_read) for asked in rows)
    return Group(
        **_common(row),
        people=len(latest),
        rank=_rank(latest.values(), now),
        first=questions[-1].at if questions else None,
        last=questions[0].at if questions else None,
        questions=questions,
        waiting=waiting,
    )


def _question(row: Mapping[str, Any], *, readable: bool) -> Question:
    slots = json.loads(row["slots"])
    return Question(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        text=row["text"] if readable else None,
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
