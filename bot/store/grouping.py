"""Puts new unanswered questions, and windows with trouble, into groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlite_utils import Database

from bot.store.database import writing
from bot.store.resolving import reopen_within
from bot.store.rows import stamp
from handlers.ports import OutcomeKind
from handlers.staff import GroupState, Resolution
from knowledge.grouping import Grouping

MakeGrouping: TypeAlias = Callable[[Mapping[int, Iterable[str]]], Grouping]
"""Makes groups of the wordings each has so far."""

RELOAD: Final = timedelta(minutes=2)
"""A question asked so soon after a publication may have met the former knowledge."""
SYSTEM: Final = "system"
"""The program itself, in the audit."""
_UNGROUPED: Final = (
    "select id, text from queries where group_id is null and text is not null order by id"
)


def group_new(db: Database, made: MakeGrouping, now: datetime) -> int:
    """Put every new unanswered question, and every window with trouble, into a group.

    Gives how many groups are new. A resolved group that is asked again after its answer was
    published is open again: the answer did not help.
    """
    if not db.execute(_UNGROUPED).fetchone() and not _new_windows(db):
        return 0
    grouped = _grouped(db)
    grouping = made(_by_group(grouped))  # outside the transaction: it takes a while
    begun = 0
    with writing(db):
        for _, number, text in _grouped(db) - grouped:  # by another process, in between
            grouping.add(number, text)
        for query, text in db.execute(_UNGROUPED).fetchall():
            group = grouping.group_of(text)
            if group is None:
                group, begun = _begin(db, now), begun + 1
            grouping.add(group, text)
            _join(db, query, group, now)
        for window in _new_windows(db):
            _begin(db, now, window)
            begun += 1
    return begun


def _grouped(db: Database) -> set[tuple[int, int, str]]:
    """Number, group and wording of every question that is in a group."""
    rows = db.execute(
        "select id, group_id, text from queries where group_id is not null and text is not null"
    )
    return set(rows.fetchall())


def _by_group(grouped: Iterable[tuple[int, int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for _, group, text in sorted(grouped):
        found[group].append(text)
    return found


def _begin(db: Database, now: datetime, window: str | None = None) -> int:
    row = {"made": stamp(now), "window": window, "state": GroupState.OPEN.value}
    db.table("groups").insert(row)
    (number,) = db.execute("select last_insert_rowid()").fetchone()
    return int(number)


def _join(db: Database, query: int, group: int, now: datetime) -> None:
    found = db.execute(
        "select g.state, g.resolution, q.at > g.changed and q.at > ? from groups g, queries q "
        "where g.id = ? and q.id = ?",
        [_reloaded(db, group), group, query],
    ).fetchone()
    state, resolution, later = found
    if state == GroupState.RESOLVED and resolution == Resolution.COVERED_BY and later:
        reopen_within(db, group, SYSTEM, now)
    db.execute("update queries set group_id = ? where id = ?", [group, query])


def _reloaded(db: Database, group: int) -> str:
    """From when on the running bot answers with what was published for a group."""
    (changed,) = db.execute("select changed from groups where id = ?", [group]).fetchone()
    return stamp(datetime.fromisoformat(changed) + RELOAD) if changed else ""


def _new_windows(db: Database) -> list[str]:
    """Windows with trouble that no unresolved group is about, told since the last one."""
    rows = db.execute(
        "select distinct o.window from outcomes o where o.kind in (:failed, :wrong) "
        "and not exists (select 1 from groups g where g.window = o.window "
        "and (g.state != 'resolved' or g.changed >= o.at)) order by o.window",
        {"failed": OutcomeKind.FAILED.value, "wrong": OutcomeKind.WRONG.value},
    )
    return [window for (window,) in rows.fetchall()]
