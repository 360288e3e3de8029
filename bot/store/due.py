"""Which entries are to be confirmed, for staff: the most overdue first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from bot.store.attested import read_attested
from knowledge.attesting import UNATTESTED, Answer, Attested, Overdue, is_due, standing
from knowledge.entries import Program, Window
from knowledge.load import Knowledge


@dataclass(frozen=True, slots=True)
class Due:
    """One entry that somebody should confirm."""

    entry: str
    """Id of the entry."""
    title: str
    """Its title."""
    area: str
    """Whom it is for: 全国, a prefecture or a city; the prefecture of a program."""
    confirmed: date | None
    """The day it was last confirmed, by editors or an owner; None if never."""
    asked: date | None
    """The day an owner was last asked; None if none was."""
    overdue: Overdue | None
    """Why it is overdue; None while it is only due."""
    since: date | None
    """The first day it was overdue; None while it is only due, or if it was never confirmed."""
    answer: Answer | None
    """The newest answer of an owner."""
    owners: int
    """How many owners it has."""


def due(db: Database | None, knowledge: Knowledge, today: date, attest_days: int) -> list[Due]:
    """Every published window and every prefecture's program that is due or overdue.

    Overdue ones come first, of those the ones that are so for longest; then the oldest.

    Args:
        db: the database; None or an older one: nobody owns anything.
        knowledge: the entries.
        today: the day to judge by, in Japan.
        attest_days: days after which an entry is due.
    """
    attested = read_attested(db) if db else {}
    found = [
        one
        for entry, area, assured in _entries(knowledge)
        if (
            one := _due(
                entry, area, assured, attested.get(entry.id, UNATTESTED), today, attest_days
            )
        )
    ]
    first = date.min
    return sorted(
        found,
        key=lambda one: (
            one.overdue is None,
            one.since or first,
            one.confirmed or first,
            one.entry,
        ),
    )


def counts(found: Iterable[Due]) -> dict[str, int]:
    """How many there are: ``due`` in all, and ``change``, ``age``, ``unanswered`` of those."""
    reasons = Counter(one.overdue for one in found)
    return {"due": reasons.total(), **{why.value: reasons[why] for why in Overdue}}


def _entries(
    knowledge: Knowledge,
) -> Sequence[tuple[Program | Window, str, date | None]]:
    checked = knowledge.programs.source.checked
    return [
        *((window, window.area, window.assured) for window in knowledge.windows),
        *((p, p.prefecture, checked) for p in knowledge.programs.programs if p.prefecture),
    ]


def _due(  # noqa: PLR0913, PLR0917  what is known of it
    entry: Program | Window,
    area: str,
    assured: date | None,
    attested: Attested,
    today: date,
    attest_days: int,
) -> Due | None:
    now = standing(assured, attested, today, attest_days)
    if not now.overdue and not is_due(now, today, attest_days):
        return None
    return Due(
        entry.id, entry.title, area, now.confirmed, attested.asked, now.overdue, now.since,
        attested.answer, attested.owners,
    )  # fmt: skip
