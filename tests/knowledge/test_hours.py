"""A person is never sent to a closed window, nor away from an open one."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from knowledge.hours import TOKYO, Hours, State
from knowledge.hours_rules import Fault, HoursError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
INOCHI_FREE = "Mo-Su 16:00-21:00; " + "; ".join(
    f"{month} 10 08:00-24:00; {month} 11 00:00-08:00,16:00-21:00" for month in MONTHS
)
ASUBARU = (
    "Tu-Th,Sa,Su 09:00-16:30; Fr 09:00-16:30,18:00-20:30; Mo off; Aug 13-15 off; Dec 29-Jan 03 off"
)
TOKYO_SUICIDE_LINE = "Mo 22:30-26:30; Tu 17:00-26:30; We-Su 20:00-26:30"

FACTS = """
00:00-24:00 | Mo-Fr 00:00-12:00,13:00-24:00; Sa,Su 00:00-24:00
00:00-24:00 | Mo-Fr 16:00-09:00; Sa,Su 00:00-24:00
00:00-24:00 | Mo-Fr 17:00-09:00; Sa,Su 00:00-24:00
00:00-24:00 | Mo-Fr 18:00-08:30; Sa,Su 00:00-24:00
08:30-12:00,13:00-16:30 | Mo-Fr 08:30-17:15; Sa,Su 08:30-12:00,13:00-16:30; Dec 29-Jan 03 off
09:00-16:00 | Mo-Fr 09:00-17:00; Sa,Su 09:00-16:00; Dec 29-Jan 03 09:00-16:00
09:00-16:30 | Tu,Th-Sa 09:00-18:00; We 09:00-21:00; Su 09:00-16:30; Mo[1-5] off; Dec 29-Jan 03 off
09:00-17:00 | Mo-Fr 09:00-21:00; Sa,Su 09:00-17:00; Dec 29-Jan 03 off
09:00-18:00 | Mo-Fr 08:30-20:00; Sa,Su 09:00-18:00
09:00-18:00 | Mo-Fr 08:30-21:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off
09:00-18:00 | Mo-Fr 09:00-17:00,18:00-20:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off
09:00-20:00 | Mo-Fr 09:00-17:15,18:00-22:00; Sa,Su 09:00-20:00; Dec 29-Jan 03 off
09:00-21:00 | Mo-Fr 17:00-22:00; Sa,Su 09:00-21:00; Dec 29-Jan 03 off
09:00-22:00 | Mo-Fr 08:30-22:00; Sa,Su 09:00-22:00
09:00-24:00 | Mo-Fr 17:00-24:00; Sa,Su 09:00-24:00; Dec 29-Jan 03 off
09:30-17:00 | Mo-We,Fr,Sa 09:30-20:30; Su 09:30-17:00; Th[1-5] off; Dec 29-Jan 03 off
10:00-16:00 | Mo-Fr 09:00-21:00; Sa,Su 10:00-16:00; Dec 29-Jan 03 off
10:00-18:00 | Mo,Tu,Th,Fr 10:00-20:00; We 12:00-22:00; Sa 10:00-18:00
10:00-18:00 | Mo-Fr 17:00-20:00; Sa,Su 10:00-18:00; Dec 29-Jan 03 off
13:00-17:00,18:00-21:00 | Mo-Fr 09:00-21:00; Sa,Su 13:00-17:00,18:00-21:00; Dec 29-Jan 03 off
closed | Mo,Tu,Th,Fr 09:00-17:00; We 09:00-20:00; Dec 29-Jan 03 off
closed | Mo,Tu,Th,Fr 09:30-17:00
closed | Mo,Tu,Th,Sa 14:00-21:00
closed | Mo,Tu,Th-Sa 10:00-15:00; We 10:00-19:00; Dec 29-Jan 03 off
closed | Mo,We,Fr 09:00-12:00
closed | Mo,We,Sa 10:00-12:00,13:00-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 08:30-17:00
closed | Mo-Fr 08:30-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 08:30-17:15
closed | Mo-Fr 08:30-17:15,18:00-20:00; Sa,Su 18:00-20:00; Dec 29-Jan 03 off
closed | Mo-Fr 08:30-17:15; Dec 29-Jan 03 off
closed | Mo-Fr 08:30-22:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-12:00,13:00-15:15
closed | Mo-Fr 09:00-12:00,13:00-16:30
closed | Mo-Fr 09:00-12:00,13:00-16:30; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-12:30,13:00-16:00
closed | Mo-Fr 09:00-16:00
closed | Mo-Fr 09:00-16:30; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-17:00
closed | Mo-Fr 09:00-17:00,18:30-22:00
closed | Mo-Fr 09:00-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-17:30; Dec 29-Jan 04 off
closed | Mo-Fr 09:00-17:30; Sa 09:00-12:30; May 30 off; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-17:45; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-18:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-19:00
closed | Mo-Fr 09:00-20:00
closed | Mo-Fr 09:00-20:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-20:00; Sa,Su 09:00-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-20:00; Sa,Su 09:00-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-20:30; Sa,Su 09:00-15:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-21:00
closed | Mo-Fr 09:00-21:00; Sa 09:00-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-21:00; Sa,Su 09:00-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-21:00; Sa,Su 09:00-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:00-22:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:30-16:00,18:30-22:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:30-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 09:30-16:30; Dec 29-Jan 03 off
closed | Mo-Fr 09:30-17:00,18:30-22:00
closed | Mo-Fr 09:30-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-12:00,13:00-15:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-15:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-16:00
closed | Mo-Fr 10:00-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-17:00
closed | Mo-Fr 10:00-17:00; Aug 06 off; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-17:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-20:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-20:00; Sa 10:00-16:00; Dec 29-Jan 03 off
closed | Mo-Fr 10:00-22:00
closed | Mo-Fr 13:00-16:00
closed | Mo-Fr 17:00-22:00; Sa,Su 10:00-16:00; Dec 29-Jan 03 off
closed | Mo-Sa 09:00-17:00; Dec 29-Jan 03 off
closed | Mo-Sa 09:00-21:00; Dec 29-Jan 03 off
closed | Mo-Su 10:00-12:00,13:00-21:00; Dec 29-Jan 03 off
closed | Mo-We,Fr,Sa 10:00-16:00
closed | Th 18:30-21:00; Dec 29-Jan 03 off
closed | Tu 16:00-20:00; Dec 29-Jan 03 off
closed | Tu,Fr 10:00-16:00; Aug 13-15 off; Dec 29-Jan 03 off
closed | Tu-Sa 09:00-12:00,13:00-16:00
closed | Tu-Sa 09:00-16:00; Dec 29-Jan 03 off
closed | Tu-Sa 10:00-16:00; Dec 29-Jan 03 off
closed | Tu-Sa 10:00-19:00
open | 24/7
open | Mo 22:30-26:30; Tu 17:00-26:30; We-Su 20:00-26:30
open | Mo,We,Fr-Su 10:00-17:00; Tu,Th 10:00-18:00; Mo[4] off; Dec 29-Jan 03 off
open | Mo-Fr 09:00-22:00; Sa 09:00-24:00; Su 00:00-22:00
open | Mo-Su 07:30-22:00; Dec 29-Jan 03 off
open | Mo-Su 08:30-22:00
open | Mo-Su 09:00-12:00,13:00-20:30; Dec 29-Jan 03 09:00-12:00,13:00-16:30
open | Mo-Su 09:00-17:00; Dec 29-Jan 03 off
open | Mo-Su 09:00-20:00
open | Mo-Su 09:00-20:30
open | Mo-Su 09:00-21:00
open | Mo-Su 09:00-21:00; Dec 29-Jan 03 off
open | Mo-Su 09:00-22:00; Sa[1],Sa[3] 09:00-33:00
open | Mo-Su 09:00-24:00
open | Mo-Su 09:00-24:00; Fr[2],Fr[4] 09:00-33:00
open | Mo-Su 10:00-21:00; Fr[3],Sa[3] 00:00-24:00
open | Mo-Su 10:00-22:00
open | Mo-Su 10:00-22:00; Sa[3] 10:00-34:00
open | Mo-Su 10:00-23:00
open | Mo-Su 11:00-18:30
open | Mo-Su 12:00-21:00
open | Mo-Su 12:00-29:30
open | Mo-Su 13:00-22:00
open | Mo-Su 14:00-25:00
open | Mo-Su 15:00-21:00
open | Mo-Su 15:00-23:00
open | Mo-Su 16:00-21:00; Dec 29-Jan 03 off
open | Mo-Su 17:00-21:00
open | Mo-Su 17:00-22:00
open | Mo-Su 18:00-23:00
open | Mo-Su 19:00-22:00; Sa[1],Sa[3] 08:00-22:00
open | Mo-Su 23:00-29:00
open | off "only in its period"
unknown | Fr 13:00-24:00; Sa 00:00-24:00; Su 00:00-10:00
unknown | Mo 19:00-27:00; Th 19:00-22:00
unknown | Mo,Th 10:00-15:00
unknown | Mo,Tu,Th-Su 09:00-16:00
unknown | Mo,We,Fr 13:00-16:00
unknown | Mo-Fr 08:30-17:15
unknown | Mo-Fr 09:00-20:00; Sa 09:00-16:00
unknown | Mo-Sa 09:00-17:00
unknown | Mo-We 13:00-17:00
unknown | Sa 17:00-20:00; Su 17:00-21:00
unknown | Su,Mo,We,Fr 20:00-23:00
unknown | Su[1] 14:00-17:00; We[3] 18:00-21:00
unknown | Th 10:00-20:00; Su 10:00-18:00
unknown | Tu,Th 18:00-21:00; Sa 10:00-13:00; Dec 29-Jan 03 off
unknown | Tu-Sa 09:30-17:30
unknown | We,Fr 10:00-15:00
unknown | We,Sa,Su 17:30-22:30
"""
WINDOWS = [("", "unknown"), (INOCHI_FREE, "open"), (ASUBARU, "unknown")] + [
    (opening_hours, holidays)
    for holidays, _, opening_hours in (line.partition(" | ") for line in FACTS.split("\n")[1:-1])
]
"""The distinct hours of all windows in the facts, without their comments."""

WINDOWS_WITHOUT_NIGHTS = [
    window
    for window in WINDOWS[1:]
    if not re.search(r"-(2[5-9]|3\d):|1[6-8]:00-0[89]:", window[0])
]

any_window = st.sampled_from(WINDOWS)
any_moment = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants it without a zone
    datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([TOKYO, UTC, ZoneInfo("America/New_York")]),
)
every_day = [date(2026, 1, 1) + timedelta(days) for days in range(365 + 365 + 366)]


def tokyo(text: str) -> datetime:
    """Read a moment such as ``2026-11-20 11:00`` as Japanese time."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def is_open(opening_hours: str, holidays: str, text: str) -> bool | None:
    """Ask a window about a moment in Japanese time."""
    return Hours.parse(opening_hours, holidays).is_open(tokyo(text))


def state(opening_hours: str, holidays: str, text: str) -> State:
    """Ask a window about a moment in Japanese time, and what comes next."""
    return Hours.parse(opening_hours, holidays).state(tokyo(text))


def from_to(at: datetime, end: datetime) -> Iterator[datetime]:
    """Give every ten minutes from ``at`` to before ``end``, in Japanese time."""
    moment = at.astimezone(TOKYO)
    while moment < end:
        yield moment
        moment += timedelta(minutes=10)


# What a card says


def test_an_open_window_says_until_when() -> None:
    expected = State(open=True, until=tokyo("2026-11-20 17:00"))
    assert state("Mo-Fr 09:00-17:00", "closed", "2026-11-20 11:00") == expected


def test_a_closed_window_says_when_it_opens_next() -> None:
    expected = State(open=False, opens=tokyo("2026-11-24 09:00"))  # Monday is a public holiday
    assert state("Mo-Fr 09:00-17:00", "closed", "2026-11-20 17:00") == expected


def test_a_lunch_break_is_a_closed_hour() -> None:
    expected = State(open=False, opens=tokyo("2026-11-20 13:00"))
    assert state("Mo-Fr 09:00-12:00,13:00-16:30", "closed", "2026-11-20 12:00:59") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("08:59:59", False), ("09:00:00", True), ("16:59:59.9", True), ("17:00:00", False)],
)
def test_the_first_minute_is_open_and_the_last_is_not(text: str, expected: object) -> None:
    assert is_open("Mo-Fr 09:00-17:00", "closed", f"2026-11-20 {text}") is expected


def test_unknown_hours_are_said_to_be_unknown() -> None:
    for holidays in ("unknown", "open", "closed", "09:00-17:00"):
        assert state("", holidays, "2026-11-20 11:00") == State(open=None)
        assert state("", holidays, "2026-11-23 11:00") == State(open=None)


def test_a_day_without_known_hours_is_unknown() -> None:
    hours = "Mo-Fr 09:00-17:00; Sa unknown"
    assert is_open(hours, "closed", "2026-11-21 03:00") is None
    assert is_open(hours, "closed", "2026-11-22 11:00") is False


def test_an_opening_more_than_two_weeks_away_is_not_promised() -> None:
    assert state("Su[1] 14:00-17:00", "open", "2026-11-01 17:00") == State(open=False)
    expected = tokyo("2026-12-06 14:00")
    assert state("Su[1] 14:00-17:00", "open", "2026-11-22 14:00").opens == expected
    assert state("Su[1] 14:00-17:00", "open", "2026-11-22 13:59").opens is None


def test_a_window_that_runs_only_in_campaigns_is_closed() -> None:
    assert state('off "only in its period"', "open", "2026-11-20 11:00") == State(open=False)


def test_a_campaign_opens_the_window_for_its_dates_only() -> None:
    hours = 'off "only in its period; see the page"; 2026 Sep 10-16 00:00-24:00'
    assert state(hours, "closed", "2026-09-09 23:00").opens == tokyo("2026-09-10 00:00")
    assert state(hours, "closed", "2026-09-16 23:00").until == tokyo("2026-09-17 00:00")
    assert is_open(hours, "closed", "2027-09-10 12:00") is False


# Always open


@pytest.mark.parametrize(
    ("opening_hours", "holidays"),
    [("24/7", "open"), ("Mo-Su 00:00-24:00", "00:00-24:00"), ("00:00-24:00", "open")],
)
def test_a_24_hour_window_never_closes(opening_hours: str, holidays: str) -> None:
    assert Hours.parse(opening_hours, holidays).always_open
    assert state(opening_hours, holidays, "2027-01-01 03:00") == State(open=True)


@pytest.mark.parametrize(
    ("opening_hours", "holidays"),
    [
        ("24/7", "closed"),
        ("24/7", "unknown"),
        ("24/7", "00:00-12:00"),
        ("24/7; Dec 29-Jan 03 off", "open"),
        ("Mo-Fr 00:00-12:00,13:00-24:00; Sa,Su 00:00-24:00", "00:00-24:00"),
        ("Mo-Fr 17:00-09:00; Sa,Su 00:00-24:00", "00:00-24:00"),
        ("off", "open"),
        ("", "open"),
    ],
)
def test_almost_always_is_not_always(opening_hours: str, holidays: str) -> None:
    assert not Hours.parse(opening_hours, holidays).always_open


def test_a_window_that_closes_only_at_new_year_says_so_in_february() -> None:
    hours = "24/7; Dec 29-Jan 03 off"
    assert state(hours, "open", "2026-02-01 12:00").until == tokyo("2026-12-29 00:00")
    assert state(hours, "open", "2026-12-31 12:00").opens == tokyo("2027-01-04 00:00")


def test_a_window_whose_nights_join_its_days_never_closes() -> None:
    assert state("Mo-Su 09:00-33:00", "open", "2026-11-20 11:00") == State(open=True)


# Public holidays


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_closed_on_every_public_holiday_and_open_on_every_other_day(year: int) -> None:
    hours = Hours.parse("Mo-Su 09:00-17:00", "closed")
    for day in (day for day in every_day if day.year == year):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
        assert hours.is_open(at) is not jpholiday.is_holiday(day), day


HOLIDAYS = {
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 "
    "09-23 10-12 11-03 11-23",
    2027: "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 "
    "10-11 11-03 11-23",
    2028: "01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 "
    "11-03 11-23",
}
"""Worked out from the act on public holidays: days, substitutes, and days in between."""


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_holidays_of_the_library_are_those_of_the_act(year: int) -> None:
    holidays = [f"{d:%m-%d}" for d in every_day if d.year == year and jpholiday.is_holiday(d)]

    assert holidays == HOLIDAYS[year].split()


@pytest.mark.parametrize(
    "day",
    [
        *("2026-05-03", "2026-05-04", "2026-05-05", "2026-05-06"),  # substitute for Sunday the 3rd
        *("2026-09-21", "2026-09-22", "2026-09-23"),  # between two holidays
        *("2027-01-11", "2027-03-21", "2027-03-22"),  # substitute for Sunday the 21st
    ],
)
def test_substitute_and_in_between_holidays_are_holidays(day: str) -> None:
    assert state("Mo-Su 09:00-17:00", "closed", f"{day} 12:00").open is False
    assert state("Mo-Su 09:00-17:00", "unknown", f"{day} 12:00").open is None
    assert state("Mo-Su 09:00-17:00", "open", f"{day} 12:00").open is True
    assert state("Mo-Su 09:00-17:00", "10:00-11:30", f"{day} 12:00").open is False
    assert state("Mo-Su 09:00-10:00", "11:00-12:30", f"{day} 12:00").open is True


@pytest.mark.parametrize("day", ["2026-05-07", "2026-09-24", "2027-03-23", "2026-12-25"])
def test_the_day_after_the_holidays_is_an_ordinary_day(day: str) -> None:
    for holidays in ("closed", "unknown", "open", "20:00-21:00"):
        assert is_open("Mo-Su 09:00-17:00", holidays, f"{day} 12:00") is True


def test_a_long_weekend_is_counted_to_its_end() -> None:
    closed = state("Mo-Fr 09:00-17:00", "closed", "2026-05-01 18:00")
    assert closed.opens == tokyo("2026-05-07 09:00")


def test_unknown_on_a_holiday_only_while_the_week_would_be_open() -> None:
    hours = "Mo-Fr 09:00-17:00"
    assert is_open(hours, "unknown", "2026-11-23 12:00") is None
    assert state(hours, "unknown", "2026-11-23 12:00") == State(open=None)
    assert is_open(hours, "unknown", "2026-11-23 18:00") is False
    certain = tokyo("2026-11-24 09:00")
    assert state(hours, "unknown", "2026-11-23 03:00").opens == certain


def test_an_open_window_is_promised_only_until_the_unknown_holiday() -> None:
    expected = State(open=True, until=tokyo("2026-11-23 00:00"))
    assert state("24/7", "unknown", "2026-11-22 12:00") == expected


def test_holiday_times_with_a_break() -> None:
    hours = ("Mo-Fr 08:30-17:15; Sa,Su 08:30-12:00,13:00-16:30", "08:30-12:00,13:00-16:30")
    assert state(*hours, "2026-11-23 12:30").opens == tokyo("2026-11-23 13:00")
    assert state(*hours, "2026-11-23 14:00").until == tokyo("2026-11-23 16:30")


def test_a_holiday_on_a_weekday_of_rest() -> None:
    week = "Tu-Sa 09:00-18:00; Su 09:00-16:30"
    assert is_open(week, "09:00-16:30", "2026-11-23 12:00") is True
    assert is_open(f"{week}; Mo[1-5] off", "09:00-16:30", "2026-11-23 12:00") is False


# Dated exceptions


def test_year_end_closing_wins_over_week_and_holiday() -> None:
    hours = ("Mo-Su 09:00-21:00; Dec 29-Jan 03 off", "open")
    assert state(*hours, "2026-12-28 20:00").until == tokyo("2026-12-28 21:00")
    for day in ("2026-12-29", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"):
        assert state(*hours, f"{day} 12:00") == State(open=False, opens=tokyo("2027-01-04 09:00"))


@pytest.mark.parametrize("holidays", ["09:00-16:00", "closed", "unknown", "open"])
def test_year_end_closing_wins_over_every_holiday_field(holidays: str) -> None:
    hours = "Mo-Fr 09:00-17:00; Sa,Su 09:00-16:00; Dec 29-Jan 03 off"
    assert is_open(hours, holidays, "2027-01-01 12:00") is False


@pytest.mark.parametrize("holidays", ["closed", "unknown", "open", "20:00-21:00"])
def test_year_end_hours_win_over_every_holiday_field(holidays: str) -> None:
    hours = "Mo-Fr 09:00-17:00; Dec 29-Jan 03 09:00-16:00"
    assert is_open(hours, holidays, "2027-01-01 15:59") is True
    assert is_open(hours, holidays, "2027-01-01 20:30") is False


def test_a_local_day_of_rest() -> None:
    hours = "Mo-Fr 10:00-17:00; Aug 06 off; Aug 13-15 off"
    rest = [f"2026-08-{day:02}" for day in (6, 13, 14)]
    assert [day for day in rest if is_open(hours, "closed", f"{day} 12:00")] == []
    assert is_open(hours, "closed", "2026-08-07 12:00") is True


def test_the_tenth_of_the_month_runs_through_the_night() -> None:
    assert state(INOCHI_FREE, "open", "2026-11-10 07:59").opens == tokyo("2026-11-10 08:00")
    assert state(INOCHI_FREE, "open", "2026-11-10 08:00").until == tokyo("2026-11-11 08:00")
    assert state(INOCHI_FREE, "open", "2026-11-11 07:59").until == tokyo("2026-11-11 08:00")
    assert state(INOCHI_FREE, "open", "2026-11-11 08:00").opens == tokyo("2026-11-11 16:00")
    assert state(INOCHI_FREE, "open", "2026-11-12 12:00").opens == tokyo("2026-11-12 16:00")


def test_the_tenth_is_kept_on_a_public_holiday() -> None:
    for holidays in ("open", "closed", "unknown", "09:00-10:00"):
        assert is_open(INOCHI_FREE, holidays, "2027-01-11 07:00") is True
        assert is_open(INOCHI_FREE, holidays, "2027-01-11 12:00") is False


def test_first_and_third_saturdays_begin_earlier() -> None:
    hours = "Mo-Su 19:00-22:00; Sa[1],Sa[3] 08:00-22:00"
    days = [f"2026-11-{day:02}" for day in (7, 14, 21, 28)]
    open_days = [day for day in days if is_open(hours, "open", f"{day} 09:00")]
    assert open_days == ["2026-11-07", "2026-11-21"]


def test_the_fourth_monday_is_closed_also_as_a_holiday() -> None:
    hours = "Mo,We,Fr-Su 10:00-17:00; Tu,Th 10:00-18:00; Mo[4] off"
    assert is_open(hours, "10:00-17:00", "2026-11-23 12:00") is False
    assert is_open(hours, "10:00-17:00", "2026-10-12 12:00") is True


def test_where_only_nth_weekdays_are_open_the_holiday_field_holds() -> None:
    hours = "Su[1] 14:00-17:00; We[3] 18:00-21:00"
    assert is_open(hours, "unknown", "2026-11-18 19:00") is True
    assert is_open(hours, "unknown", "2026-05-03 15:00") is None
    assert is_open(hours, "closed", "2026-05-03 15:00") is False


def test_the_week_of_a_season_gives_way_to_holidays() -> None:
    hours = "Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 10:00-16:00"
    assert is_open(hours, "closed", "2026-07-20 12:00") is False
    assert is_open(hours, "closed", "2026-07-21 16:30") is False
    assert is_open(hours, "closed", "2026-07-21 12:00") is True


# Past midnight


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("2026-11-17 01:00", "2026-11-17 02:30"),  # Tuesday: the rest of Monday
        ("2026-11-18 01:00", "2026-11-18 02:30"),
        ("2026-11-16 01:00", "2026-11-16 02:30"),
        ("2026-11-17 17:00", "2026-11-18 02:30"),
        ("2026-11-16 22:30", "2026-11-17 02:30"),
    ],
)
def test_a_night_line_is_open_after_midnight(text: str, until: str) -> None:
    assert state(TOKYO_SUICIDE_LINE, "open", text) == State(open=True, until=tokyo(until))


def test_opening_hours_py_alone_loses_the_rest_of_monday() -> None:
    """If this fails the library is mended, and hours may become simpler."""
    at = datetime(2026, 11, 17, 1)  # noqa: DTZ001 - the library wants it without a zone
    assert not OpeningHours(TOKYO_SUICIDE_LINE, auto_country=False).is_open(at)


@pytest.mark.parametrize("hours", ["Mo-Sa 20:00-26:30; Su off", "Mo-Su 20:00-26:30; Su[4] off"])
def test_a_night_runs_into_a_day_of_rest(hours: str) -> None:
    assert state(hours, "open", "2026-11-22 01:00").until == tokyo("2026-11-22 02:30")
    assert is_open(hours, "open", "2026-11-22 21:00") is False
    assert is_open(hours, "open", "2026-11-23 01:00") is False


def test_a_night_runs_into_the_year_end_closing() -> None:
    hours = "Mo-Su 20:00-26:30; Dec 29-Jan 03 off"
    assert state(hours, "open", "2026-12-29 01:00").until == tokyo("2026-12-29 02:30")
    assert state(hours, "open", "2027-01-04 01:00").opens == tokyo("2027-01-04 20:00")


def test_a_night_belongs_to_the_day_it_begins() -> None:
    hours = ("Mo-Su 20:00-26:30", "closed")
    assert state(*hours, "2026-11-23 01:00").until == tokyo("2026-11-23 02:30")
    assert state(*hours, "2026-11-23 21:00").opens == tokyo("2026-11-24 20:00")
    assert is_open(*hours, "2026-11-24 01:00") is False
    assert is_open("Mo-Su 20:00-26:30", "unknown", "2026-11-23 01:00") is True
    assert is_open("Mo-Su 20:00-26:30", "unknown", "2026-11-24 01:00") is None


def test_a_night_line_on_weekdays_that_is_open_all_weekend() -> None:
    hours = ("Mo-Fr 17:00-09:00; Sa,Su 00:00-24:00", "00:00-24:00")
    friday = state(*hours, "2026-11-20 18:00")  # Monday is a holiday, open all day
    assert friday.until == tokyo("2026-11-24 00:00")
    assert state(*hours, "2026-11-24 08:00").opens == tokyo("2026-11-24 17:00")
    assert state(*hours, "2026-11-25 08:59").until == tokyo("2026-11-25 09:00")


def test_a_holiday_night_has_its_own_end() -> None:
    hours = ("Mo-Su 18:00-22:00", "18:00-29:00")
    assert state(*hours, "2026-11-23 23:00").until == tokyo("2026-11-24 05:00")
    assert is_open(*hours, "2026-11-25 01:00") is False


def test_a_short_evening_does_not_inherit_a_long_night() -> None:
    hours = "Mo-Su 19:00-27:00; Th 19:00-22:00"
    assert is_open(hours, "open", "2026-11-19 01:00") is True
    assert is_open(hours, "open", "2026-11-20 01:00") is False


@pytest.mark.parametrize(
    ("hours", "opened", "closes"),
    [
        ("Mo-Su 23:00-29:00", "2026-11-20 23:30", "2026-11-21 05:00"),
        ("Mo-Su 12:00-29:30", "2026-11-21 05:29", "2026-11-21 05:30"),
        ("Mo-Su 09:00-22:00; Sa[1],Sa[3] 09:00-33:00", "2026-11-21 22:30", "2026-11-22 22:00"),
        ("Mo-Su 10:00-22:00; Sa[3] 10:00-34:00", "2026-11-22 09:00", "2026-11-22 22:00"),
        ("Mo 19:00-27:00; Th 19:00-22:00", "2026-11-17 02:59", "2026-11-17 03:00"),
    ],
)
def test_times_above_24_hours(hours: str, opened: str, closes: str) -> None:
    assert state(hours, "open", opened) == State(open=True, until=tokyo(closes))


# The moment


def test_the_moment_may_come_in_any_zone() -> None:
    hours = Hours.parse("Mo-Fr 09:00-17:00", "closed")
    friday_nine = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert hours.is_open(friday_nine) is True
    assert hours.is_open(friday_nine - timedelta(seconds=1)) is False
    assert hours.state(friday_nine).until == tokyo("2026-11-20 17:00")
    assert hours.state(friday_nine).until == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    new_york = datetime(2026, 11, 19, 19, 0, tzinfo=ZoneInfo("America/New_York"))
    assert hours.is_open(new_york) is True


def test_a_moment_without_a_zone_is_refused() -> None:
    moment = datetime(2026, 11, 20, 11)  # noqa: DTZ001 - that is the case here
    hours = Hours.parse("24/7", "open")
    with pytest.raises(ValueError, match="time zone"):
        hours.is_open(moment)
    with pytest.raises(ValueError, match="time zone"):
        hours.state(moment)


def test_years_of_questions_change_no_answer() -> None:
    hours = Hours.parse("Mo-Fr 09:00-17:00; Dec 29-Jan 03 off", "closed")
    at = [datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO) for day in every_day]
    first = [hours.is_open(moment) for moment in at]
    assert [hours.is_open(moment) for moment in at] == first


# What the fields may say


@pytest.mark.parametrize(("opening_hours", "holidays"), WINDOWS)
def test_every_window_can_be_read_and_opens_within_a_month(
    opening_hours: str,
    holidays: str,
) -> None:
    hours = Hours.parse(opening_hours, holidays)
    half_hours = [tokyo("2026-11-20 00:00") + timedelta(minutes=30 * n) for n in range(48 * 31)]
    found = {hours.is_open(at) for at in half_hours}
    if not opening_hours:
        assert found == {None}
    elif opening_hours.startswith("off"):
        assert found == {False}
    else:
        assert True in found
        assert (None in found) <= (holidays == "unknown")


@pytest.mark.parametrize(
    ("opening_hours", "fault"),
    [
        ("Mo-Fr 09:00-17:00; PH off", Fault.HOLIDAY_RULE),
        ("Sa,Su,PH 09:00-18:00", Fault.HOLIDAY_RULE),
        ("Mo-Fr 09:00-17:00; SH off", Fault.HOLIDAY_RULE),
        ("Mon-Fri 09:00-17:00", Fault.SYNTAX),
        ("Mo-Fr 09:00-17:00;", Fault.SYNTAX),
        ('Mo-Fr 09:00-17:00 "by telephone', Fault.SYNTAX),
        ("mo-fr 09:00-17:00", Fault.SYNTAX),
        ("Mo-Fr 09:60-17:00", Fault.SYNTAX),
        ("Mo-Fr 25:00-27:00", Fault.SYNTAX),
        ("Mo-Fr 09:00-49:00", Fault.SYNTAX),
        ("weekdays", Fault.SYNTAX),
        ("Mo-Fr", Fault.FORM),
        ("Mo-Fr 09:00-17:00; Dec 29-Jan 03", Fault.FORM),
        ("Mo-Fr sunrise-sunset", Fault.FORM),
        ("Mo-Fr 17:00+", Fault.FORM),
        ("Mo-Fr 09:00-12:00, We 14:00-18:00", Fault.FORM),
        ("Mo-Fr 09:00-12:00 || unknown", Fault.FORM),
        ("Mo-Fr 09:00-12:00 off", Fault.FORM),
        ('"ask by telephone"', Fault.FORM),
        ("Mo-Fr 09:00-17:00; Dec 29-Jan 03 off; Sa 09:00-12:00", Fault.ORDER),
        ("Mo-Fr 09:00-17:00; Dec 29-Jan 03 off; Sa[1] 09:00-12:00", Fault.ORDER),
        ("Mo-Fr 09:00-17:00; Mo[4] off; Sa 09:00-12:00", Fault.ORDER),
        ("Mo-Fr 09:00-09:00", Fault.NO_LENGTH),
    ],
)
def test_wrong_hours_are_refused_with_the_reason(opening_hours: str, fault: Fault) -> None:
    with pytest.raises(HoursError, match=fault.value.split("(")[0]) as refused:
        Hours.parse(opening_hours, "open")
    assert refused.value.fault is fault
    assert refused.value.part in opening_hours


@pytest.mark.parametrize(
    ("holidays", "fault"),
    [
        ("", Fault.HOLIDAYS),
        ("off", Fault.HOLIDAYS),
        ("Closed", Fault.HOLIDAYS),
        ("PH 09:00-17:00", Fault.HOLIDAYS),
        ("09:00", Fault.HOLIDAYS),
        ("09:00-17:00; Mo off", Fault.HOLIDAYS),
        ("09:00-49:00", Fault.SYNTAX),
        ("09:00-09:00", Fault.NO_LENGTH),
    ],
)
def test_a_wrong_holiday_field_is_refused(holidays: str, fault: Fault) -> None:
    for opening_hours in ("Mo-Fr 09:00-17:00", ""):
        with pytest.raises(HoursError) as refused:
            Hours.parse(opening_hours, holidays)
        assert (refused.value.fault, refused.value.part) == (fault, holidays)


def test_holidays_in_a_comment_are_no_rule() -> None:
    assert is_open('Mo-Fr 09:00-17:00 "PH; ask"', "closed", "2026-11-20 11:00") is True


def test_spaces_and_single_figures_are_understood() -> None:
    hours = ("Mo-Fr 9:00-12:00, 13:00-17:00; Sa closed", "9:00-10:00")
    assert is_open(*hours, "2026-11-20 09:30") is True
    assert is_open(*hours, "2026-11-23 09:30") is True


# Whatever the window and the moment


@given(any_window, any_moment)
def test_a_state_hangs_together(window: tuple[str, str], at: datetime) -> None:
    hours = Hours.parse(*window)
    found = hours.state(at)
    assert hours.is_open(at) is found.open
    if found.open is not True:
        assert found.until is None
    if found.open is not False:
        assert found.opens is None


@given(any_window, any_moment)
def test_an_open_window_stays_open_until_it_closes(
    window: tuple[str, str],
    at: datetime,
) -> None:
    hours = Hours.parse(*window)
    if until := hours.state(at).until:
        assert until > at
        assert hours.is_open(until) is not True
        assert hours.is_open(until - timedelta(seconds=1)) is True
        assert all(hours.is_open(moment) is True for moment in from_to(at, until))


@given(any_window, any_moment)
def test_a_closed_window_stays_closed_until_it_opens(
    window: tuple[str, str],
    at: datetime,
) -> None:
    hours = Hours.parse(*window)
    if opens := hours.state(at).opens:
        assert at < opens <= at + timedelta(days=14)
        assert hours.is_open(opens) is True
        assert hours.is_open(opens - timedelta(seconds=1)) is not True
        assert not any(hours.is_open(moment) is True for moment in from_to(at, opens))


@given(any_window, any_moment)
def test_always_open_windows_are_open(window: tuple[str, str], at: datetime) -> None:
    hours = Hours.parse(*window)
    if hours.always_open:
        assert hours.state(at) == State(open=True)


@given(st.sampled_from(WINDOWS_WITHOUT_NIGHTS), any_moment)
def test_opening_hours_py_agrees_on_ordinary_days_without_nights(
    window: tuple[str, str],
    at: datetime,
) -> None:
    opening_hours, _ = window
    here = at.astimezone(TOKYO)
    if not jpholiday.is_holiday(here.date()):
        by_library = OpeningHours(opening_hours, auto_country=False)
        assert Hours.parse(*window).is_open(at) is by_library.is_open(here.replace(tzinfo=None))
