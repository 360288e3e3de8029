"""Whether an entry is still confirmed: dates in, its standing out.

Whoever keeps an entry is asked from time to time whether it is still right; what they say counts
beside the day on which the editors confirmed it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from knowledge.entries import Program, Window

LATEST: Final = timedelta(days=365)
"""A confirmation older than this is none any more."""
PATIENCE: Final = timedelta(days=14)
"""So long after a question that nobody answered an entry is overdue."""
AGAIN: Final = timedelta(days=7)
"""An owner is not asked about the same entry sooner than this."""
_DAY: Final = timedelta(days=1)
_DIGITS: Final = 8
"""Hexadecimal digits of a fingerprint: enough to see that an entry has changed."""
_BESIDE: Final = frozenset({"asks", "assured", "assured_by"})
"""What of an entry nobody is asked about."""


class Answer(StrEnum):
    """What an owner says when asked whether an entry is still right."""

    YES = "yes"
    CHANGE = "change"


class Overdue(StrEnum):
    """Why an entry is overdue; the first that holds tells most."""

    CHANGE = "change"
    """An owner said that something must change, and nothing was published since."""
    AGE = "age"
    """The last confirmation is too old."""
    UNANSWERED = "unanswered"
    """An owner was asked and did not answer."""


@dataclass(frozen=True, slots=True)
class Attested:
    """What is known from the owners of an entry."""

    owners: int = 0
    """How many there are."""
    yes: date | None = None
    """The day an owner last said yes."""
    answer: Answer | None = None
    """The newest answer."""
    answered: date | None = None
    """The day of the newest answer."""
    mended: bool = False
    """Whether other facts of the entry were published since the newest answer."""
    asked: date | None = None
    """The day an owner was last asked."""
    waits: date | None = None
    """Since when an answer is awaited."""


UNATTESTED: Final = Attested()
"""An entry without an owner."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an entry stands on a day."""

    confirmed: date | None
    """The day it was last confirmed, by editors or an owner; None if never."""
    overdue: Overdue | None = None
    """Why it is overdue; None if it is not."""
    since: date | None = None
    """The first day it was overdue for any reason; None if it is not, or was never confirmed."""


def standing(assured: date | None, attested: Attested, today: date, attest_days: int) -> Standing:
    """How an entry stands.

    Args:
        assured: the day its file says that it was confirmed.
        attested: what its owners said.
        today: the day to judge by, in Japan.
        attest_days: days after which an owner is asked.
    """
    confirmed = max(filter(None, (assured, attested.yes)), default=None)
    if confirmed is None:
        return Standing(None, Overdue.AGE)
    reasons = {
        Overdue.CHANGE: _to_change(assured, attested),
        Overdue.AGE: confirmed + LATEST + _DAY,
        Overdue.UNANSWERED: _unanswered(confirmed, attested, attest_days),
    }
    overdue = {why: since for why, since in reasons.items() if since and since <= today}
    if not overdue:
        return Standing(confirmed)
    return Standing(confirmed, next(iter(overdue)), min(overdue.values()))


def is_due(standing: Standing, today: date, attest_days: int) -> bool:
    """Whether it is time to ask an owner, or to check it."""
    return standing.confirmed is None or (today - standing.confirmed).days > attest_days


def may_ask(standing: Standing, asked: date | None, today: date, attest_days: int) -> bool:
    """Whether an owner who was last asked on a day is to be asked.

    Not while something waits to be changed: that is the editors' turn.
    """
    rested = asked is None or today - asked >= AGAIN
    mine = standing.overdue is not Overdue.CHANGE
    return rested and mine and is_due(standing, today, attest_days)


def fingerprint(entry: Program | Window) -> str:
    """Eight hexadecimal digits of what an owner is asked about.

    A yes counts only for the entry that was shown.
    """
    facts = entry.model_dump_json(exclude=set(_BESIDE)).encode()
    return hashlib.sha256(facts).hexdigest()[:_DIGITS]


def _to_change(assured: date | None, attested: Attested) -> date | None:
    """The day an owner said that something must change, while nothing came of it."""
    if attested.answer is not Answer.CHANGE or attested.mended or attested.answered is None:
        return None
    return None if assured and assured > attested.answered else attested.answered


def _unanswered(confirmed: date, attested: Attested, attest_days: int) -> date | None:
    """From when on a question counts as unanswered; one before the confirmation counts no more."""
    if attested.waits is None or attested.waits <= confirmed:
        return None
    return max(attested.waits + PATIENCE, confirmed + timedelta(days=attest_days) + _DAY)
