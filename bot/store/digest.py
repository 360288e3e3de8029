"""What there is to do for staff: new groups, failed windows, old entries, waiting drafts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.store.rows import stamp
from handlers.ports import OutcomeKind

DAY: Final = timedelta(days=1)
_GROUPS: Final = (
    "select count(*) from groups g where "
    "(window is not null or exists (select 1 from queries q where q.group_id = g.id))"
)
"""Those whose questions are all gone wait for nobody."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One morning's figures."""

    new: int
    """Groups of questions that began in the last 24 hours."""
    open: int
    """Groups that wait."""
    windows: tuple[str, ...]
    """Windows of which trouble was told in the last 24 hours, those with most first."""
    edits: int
    """Drafts that wait to be published."""
    stale: Mapping[str, date]
    """Entries past their date, the oldest first, with the day they were last confirmed."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to say this morning."""
        return not (self.new or self.windows or self.edits or self.stale)


def digest_of(db: Database, now: datetime, stale: Mapping[str, date]) -> Digest:
    """Count what there is to do."""
    since = stamp(now - DAY)
    return Digest(
        new=_count(db, f"{_GROUPS} and window is null and made >= ?", since),
        open=_count(db, f"{_GROUPS} and state = ?", "open"),
        windows=_windows(db, since),
        edits=_count(db, "select count(*) from edits where state = ?", "draft"),
        stale=stale,
    )


def _count(db: Database, sql: str, value: str) -> int:
    (count,) = db.execute(sql, [value]).fetchone()
    return int(count)


def _windows(db: Database, since: str) -> tuple[str, ...]:
    rows = db.execute(
        "select window from outcomes where at >= ? and kind != ? "
        "group by window order by count(*) desc, window",
        [since, OutcomeKind.REACHED.value],
    )
    return tuple(window for (window,) in rows.fetchall())
