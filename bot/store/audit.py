"""Who did what, and when: written with the deed in one transaction, never changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.store.rows import stamp

AUDIT: Final = "audit"
"""The table; triggers refuse every change and deletion."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a member of staff, or the program, did."""

    id: int
    """Number, in the order of the deeds."""
    at: datetime
    """When, in Asia/Tokyo."""
    who: str
    """Name of the account; ``chat:`` and a pseudonym for staff without one; ``system``."""
    what: str
    """Closed id of the deed: ``group.claim``."""
    target: str
    """What it was done to: ``group/3``, ``edit/7``, ``account/sato``."""
    detail: dict[str, object]
    """What else tells it; never a person's words."""


def note(db: Database, at: datetime, who: str, what: str, target: str, **detail: object) -> None:
    """Write a deed; call it within the transaction of the deed itself."""
    row = (stamp(at), who, what, target, json.dumps(detail, ensure_ascii=False))
    db.execute("insert into audit (at, who, what, target, detail) values (?, ?, ?, ?, ?)", row)


def read_audit(
    db: Database, target: str = "", limit: int | None = None, offset: int | None = None
) -> Iterator[Deed]:
    """Deeds, newest first; of one target, if it is named. An offset needs a limit."""
    where, values = ("target = ?", [target]) if target else (None, None)
    rows = db.table(AUDIT).rows_where(
        where, values, order_by="id desc", limit=limit, offset=offset
    )
    for row in rows:
        yield Deed(
            row["id"],
            datetime.fromisoformat(row["at"]),
            row["who"],
            row["what"],
            row["target"],
            json.loads(row["detail"]),
        )
