"""What staff do with a group: claim it, give it back, resolve it, open it again.

Each deed and its line in the audit are one transaction; two officers cannot claim one group.
"""

from datetime import datetime

from sqlite_utils import Database

from bot.store.askers import answered
from bot.store.audit import note
from bot.store.database import writing
from bot.store.rows import stamp
from handlers.staff import GroupState, Resolution


def claim(db: Database, number: int, who: str, now: datetime) -> bool:
    """Take an open group; False if somebody else was quicker. The same account may repeat it."""
    with writing(db):
        changed = db.execute(
            "update groups set state = 'claimed', claimed_by = ?, changed = ? "
            "where id = ? and state = 'open'",
            [who, stamp(now), number],
        ).rowcount
        if changed:
            note(db, now, who, "group.claim", f"group/{number}")
    return bool(changed) or _holder(db, number) == who


def release(
    db: Database, number: int, who: str, now: datetime, *, whoever_holds_it: bool = False
) -> bool:
    """Give a claimed group back; only who holds it can, unless so wanted."""
    with writing(db):
        return release_within(db, number, who, now, whoever_holds_it=whoever_holds_it)


def release_within(
    db: Database, number: int, who: str, now: datetime, *, whoever_holds_it: bool = False
) -> bool:
    """The same, within a transaction of the caller's."""
    holder = _holder(db, number)
    if holder is None or (holder != who and not whoever_holds_it):
        return False
    change(db, number, now, state=GroupState.OPEN.value, claimed_by=None)
    note(db, now, who, "group.release", f"group/{number}")
    return True


def release_all_within(db: Database, holder: str, who: str, now: datetime) -> None:
    """Give back every group that an account holds, within a transaction of the caller's."""
    held = "select id from groups where state = 'claimed' and claimed_by = ?"
    for (number,) in db.execute(held, [holder]).fetchall():
        release_within(db, number, who, now, whoever_holds_it=True)


def resolve(  # noqa: PLR0913, PLR0917  what was decided, by whom, when
    db: Database,
    number: int,
    who: str,
    resolution: Resolution,
    now: datetime,
    entry: str | None = None,
    published: str | None = None,
) -> bool:
    """End a group that is open or that ``who`` holds; False for another, or one that has ended.

    ``published`` is the version of the knowledge from which on it is answered.
    """
    with writing(db):
        return resolve_within(db, number, who, resolution, now, entry, published)


def resolve_within(  # noqa: PLR0913, PLR0917  the same
    db: Database,
    number: int,
    who: str,
    resolution: Resolution,
    now: datetime,
    entry: str | None = None,
    published: str | None = None,
    *,
    whoever_holds_it: bool = False,
) -> bool:
    """The same, within a transaction of the caller's.

    With ``whoever_holds_it`` also one that somebody else holds, or that was resolved otherwise.
    """
    found = db.execute("select state, claimed_by from groups where id = ?", [number]).fetchone()
    if found is None:
        return False
    state, holder = found
    theirs = state == GroupState.OPEN or (state == GroupState.CLAIMED and holder == who)
    if not theirs and not whoever_holds_it:
        return False
    change(
        db, number, now, state=GroupState.RESOLVED.value, resolution=resolution.value,
        claimed_by=who, entry=entry, published=published,
    )  # fmt: skip
    if resolution is Resolution.COVERED_BY and entry is not None:
        answered(db, number, entry, now, published)
    detail = {"resolution": resolution.value, "entry": entry}
    note(db, now, who, "group.resolve", f"group/{number}", **detail)
    return True


def reopen(db: Database, number: int, who: str, now: datetime) -> bool:
    """Open a resolved group again."""
    with writing(db):
        return reopen_within(db, number, who, now)


def reopen_within(db: Database, number: int, who: str, now: datetime) -> bool:
    """The same, within a transaction of the caller's."""
    found = db.execute("select state from groups where id = ?", [number]).fetchone()
    if found is None or found[0] != GroupState.RESOLVED:
        return False
    change(
        db, number, now, state=GroupState.OPEN.value, resolution=None, claimed_by=None,
        entry=None, published=None,
    )  # fmt: skip
    note(db, now, who, "group.reopen", f"group/{number}")
    return True


def _holder(db: Database, number: int) -> str | None:
    row = db.execute(
        "select claimed_by from groups where id = ? and state = 'claimed'", [number]
    ).fetchone()
    return row[0] if row else None


def change(db: Database, number: int, now: datetime, **values: str | None) -> None:
    """Change a group, within a transaction of the caller's."""
    db.table("groups").update(number, {**values, "changed": stamp(now)})
