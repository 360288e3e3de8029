"""Tell whether a window is open at a given moment, until when, and if not, when next.

Each date is looked at alone: what begins on it, and what is left over from the day before.
Left to itself opening-hours-py drops that rest after midnight under the next day's rule, and
it knows Japan's public holidays only in part; so it gets neither to decide.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import jpholiday
from opening_hours import OpeningHours
from opening_hours import State as Phase

from knowledge.hours_rules import DAY, Rule, expression, on_holidays, read_rules

TOKYO = ZoneInfo("Asia/Tokyo")
"""The zone of every window; ``Hours`` is fastest with moments that are in it already."""

_OPENS_WITHIN = 14 * DAY
# A window that closes only around New Year still has an end; 366 days on, every date has come.
_CLOSES_WITHIN = 366 * DAY
_DAYS_KEPT = 512


@dataclass(frozen=True, slots=True)
class State:
    """What can be said of a window at one moment. Times are aware, in Asia/Tokyo."""

    open: bool | None
    """Whether it is open; None = unknown."""
    until: datetime | None = None
    """If open: up to when that is certain; None = it never closes, looking a year on."""
    opens: datetime | None = None
    """If closed: when it is next certain to open; None = not within 14 days, or unknown."""


class _Dates(NamedTuple):
    """What holds on one kind of date, ordinary or public holiday."""

    own: OpeningHours
    """The times up to midnight."""
    rest: OpeningHours | None
    """The times past midnight, moved back by 24 hours: asked for a date, true of the next."""


_Day = tuple[tuple[int, ...], tuple[bool | None, ...]]
"""Where each piece of a date begins, in minutes from 0 on, and whether it is open there."""


class Hours:
    """The hours of one window, to be asked about any moment."""

    __slots__ = ("_days", "_holiday", "_ordinary", "always_open")

    always_open: bool
    """Whether it is open at every hour of every day, public holidays included."""

    def __init__(self, ordinary: _Dates, holiday: _Dates) -> None:
        """Take what holds on ordinary dates and on public holidays; see ``parse``."""
        self._ordinary = ordinary
        self._holiday = holiday
        self._days: dict[int, _Day] = {}
        both = (ordinary, holiday)
        self.always_open = all(str(dates.own.normalize()) == "24/7" for dates in both)

    @staticmethod
    @lru_cache(maxsize=2048)
    def parse(opening_hours: str, holidays: str) -> "Hours":
        """Read the two fields of a window; windows with equal fields share one object.

        ``opening_hours`` is OpenStreetMap syntax without ``PH`` (``""`` = unknown): rules
        divided by ``;``, the later one winning. Times past midnight belong to the day they begin.
        ``holidays`` is ``open`` (like other days), ``closed``, ``unknown`` or times.

        Dates without a weekday, and an n-th weekday after the rules of the week, are exceptions
        that hold on public holidays too; ``Mo[1-5] off`` is thus closed on every Monday.
        Raises ``HoursError`` where either field cannot be used.
        """
        week, exceptions = read_rules(opening_hours or "unknown")
        ordinary = _dates([*week, *exceptions])
        holiday_rules = on_holidays(week, holidays)
        if holiday_rules == week or not opening_hours:
            return Hours(ordinary, ordinary)
        return Hours(ordinary, _dates([*holiday_rules, *exceptions]))

    def is_open(self, at: datetime) -> bool | None:
        """Whether the window is open at the aware moment ``at``; None = unknown.

        Raises ``ValueError`` if ``at`` has no zone.
        """
        moment = at if at.tzinfo is TOKYO else _in_tokyo(at)
        starts, statuses = self._day(moment.toordinal())
        return statuses[bisect_right(starts, moment.hour * 60 + moment.minute) - 1]

    def state(self, at: datetime) -> State:
        """Tell whether the window is open at the aware moment ``at``, and what comes next.

        Raises ``ValueError`` if ``at`` has no zone.
        """
        moment = _in_tokyo(at)
        status = self.is_open(moment)
        if status is None or self.always_open:
            return State(status)
        now = moment.toordinal() * DAY + moment.hour * 60 + moment.minute
        if status:
            return State(open=True, until=self._next(now, _CLOSES_WITHIN, to_open=False))
        return State(open=False, opens=self._next(now, _OPENS_WITHIN, to_open=True))

    def _next(self, now: int, within: int, *, to_open: bool) -> datetime | None:
        """Find the first change after ``now`` to certainly open, or to anything else."""
        for ordinal in range(now // DAY, (now + within) // DAY + 1):
            for start, status in zip(*self._day(ordinal), strict=True):
                minute = ordinal * DAY + start
                if now < minute <= now + within and (status is True) is to_open:
                    midnight = datetime.fromordinal(ordinal).replace(tzinfo=TOKYO)
                    return midnight + timedelta(minutes=start)
        return None

    def _day(self, ordinal: int) -> _Day:
        """Look a date up; each is worked out once."""
        day = self._days.get(ordinal)
        if day is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            pieces = _pieces(self._on(ordinal).own, ordinal)
            if rest := self._on(ordinal - 1).rest:
                pieces += _pieces(rest, ordinal - 1)
            day = self._days[ordinal] = _cut(pieces)
        return day

    def _on(self, ordinal: int) -> _Dates:
        same = self._holiday is self._ordinary
        return self._ordinary if same or not _is_holiday(ordinal) else self._holiday


@lru_cache(maxsize=4096)
def _is_holiday(ordinal: int) -> bool:
    # Kept, as jpholiday takes 0.3 ms for a date and every window asks about the same ones.
    return jpholiday.is_holiday(date.fromordinal(ordinal))


def _in_tokyo(at: datetime) -> datetime:
    # Without this a moment without a zone would be read in the zone of the server.
    if at.utcoffset() is None:
        msg = "the moment needs a time zone"
        raise ValueError(msg)
    return at.astimezone(TOKYO)


def _dates(rules: Sequence[Rule]) -> _Dates:
    """Part the rules at midnight, so that no times are left that a next day could cut off."""
    past_midnight = any(end > DAY for rule in rules for _, end in rule.spans)
    return _Dates(_part(rules, 0), _part(rules, DAY) if past_midnight else None)


def _part(rules: Sequence[Rule], since: int) -> OpeningHours:
    """Give the 24 hours from minute ``since``, as if they began at midnight."""
    texts = []
    for days, spans, certain in rules:
        within = [(max(begin - since, 0), min(end - since, DAY)) for begin, end in spans]
        times = ",".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in within if end > 0)
        # Without times in this part a rule still replaces the rules before it, hence "off".
        texts.append(days + (times + ("" if certain else " unknown") if times else "off"))
    return expression("; ".join(texts))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _pieces(expression: OpeningHours, ordinal: int) -> list[tuple[int, int, bool]]:
    """Ask for one date: begin and end in minutes from midnight, and whether it is certain."""
    midnight = datetime.fromordinal(ordinal)
    minute = timedelta(minutes=1)
    return [
        ((start - midnight) // minute, (end - midnight) // minute, phase == Phase.OPEN)
        for start, end, phase, _ in expression.intervals(midnight, midnight + timedelta(days=1))
        if phase != Phase.CLOSED
    ]


def _cut(pieces: Sequence[tuple[int, int, bool]]) -> _Day:
    """Lay pieces that may overlap side by side; what is certainly open wins."""
    edges = sorted({0, DAY, *(edge for start, end, _ in pieces for edge in (start, end))})
    statuses: list[bool | None] = []
    for begin, _ in pairwise(edges):
        here = {certain for start, end, certain in pieces if start <= begin < end}
        statuses.append(True if True in here else None if here else False)
    return tuple(edges[:-1]), tuple(statuses)
