"""Reads the text of opening hours: rules of the week, dated exceptions, public holidays.

What OpenStreetMap allows and would be read otherwise than people mean is refused, with its part.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from opening_hours import OpeningHours, validate

DAY: Final = 24 * 60
"""Minutes of a day."""
_WHOLE_DAY = ((0, DAY),)
_COMMENT = re.compile(r'"[^"]*"')
_HOLIDAY = re.compile(r"\b[PS]H\b")
_MONTH_OR_YEAR = re.compile(r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\b\d{4}\b")
_WEEKDAY = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su)\b")
_SPAN = re.compile(r"(\d\d?):(\d\d)-(\d\d?):(\d\d)")
_SPANS = rf"{_SPAN.pattern}(?:, ?{_SPAN.pattern})*"
_RULE = re.compile(
    rf"(?P<days>(?:[A-Z0-9][\w\[\],-]* )*)(?P<times>{_SPANS}|off|closed|unknown)|24/7",
)


class Fault(StrEnum):
    """Why hours cannot be used; the value is the remedy in a few words."""

    SYNTAX = "not OpenStreetMap opening_hours syntax"
    HOLIDAY_RULE = "public holidays (PH) belong in the field holidays, school holidays are unknown"
    FORM = "each rule is 24/7, or days followed by times, off or unknown; rules are divided by ;"
    ORDER = "a later rule undoes an earlier one: rules of the week, n-th weekdays, then dates"
    NO_LENGTH = "times that end when they begin; a whole day is 00:00-24:00"
    HOLIDAYS = "holidays is open, closed, unknown or times such as 09:00-12:00,13:00-16:30"


class HoursError(ValueError):
    """Hours that cannot be used, with the reason and the part that is wrong."""

    def __init__(self, fault: Fault, part: str) -> None:
        """Keep ``fault``, for a message in the reader's language, and ``part`` as written."""
        super().__init__(f"{fault}: {part!r}")
        self.fault = fault
        self.part = part


class Rule(NamedTuple):
    """One rule of a window."""

    days: str
    """Its days as written; empty = every day, else with a space."""
    spans: tuple[tuple[int, int], ...]
    """Begin and end in minutes from midnight, the end up to 48 hours; empty = closed."""
    certain: bool = True
    """False where it is not known whether the window is open at those times."""


def read_rules(opening_hours: str) -> tuple[list[Rule], list[Rule]]:
    """Read the rules of the week and the dated exceptions.

    Raises:
        HoursError: the text cannot be used.
    """
    rules = _COMMENT.sub("", opening_hours)
    if holiday := _HOLIDAY.search(rules):
        raise HoursError(Fault.HOLIDAY_RULE, holiday.group())
    expression(opening_hours)
    week: list[Rule] = []
    exceptions: list[Rule] = []
    highest = 0
    for text in rules.split(";"):
        rule = _rule(" ".join(text.split()))
        rank = _rank(rule.days, week)
        if rank < highest:
            raise HoursError(Fault.ORDER, text.strip())
        highest = rank
        (exceptions if rank else week).append(rule)
    return week, exceptions


def _rank(days: str, week: Sequence[Rule]) -> int:
    """Tell rules of the week (0), n-th weekdays (1) and dates (2) apart."""
    # "Sa[1] 08:00-22:00" after "Mo-Su 19:00-22:00" is an exception; where a window is open on
    # nothing but a first Sunday, that is its ordinary week and public holidays may change it.
    if "[" in days:
        return int(any("[" not in rule.days for rule in week))
    # "Jul-Aug Mo-Fr" is the ordinary week of a season, "Dec 29-Jan 03" is an exception.
    return 2 if _MONTH_OR_YEAR.search(days) and not _WEEKDAY.search(days) else 0


def _rule(text: str) -> Rule:
    match = _RULE.fullmatch(text)
    if match is None:
        raise HoursError(Fault.FORM, text)
    days, times = match["days"] or "", match["times"]
    if times in {None, "unknown"}:
        return Rule(days, _WHOLE_DAY, certain=times is None)
    return Rule(days, _spans(times))


def on_holidays(week: Sequence[Rule], holidays: str) -> list[Rule]:
    """Give what stands in for the rules of the week on public holidays.

    Raises:
        HoursError: ``holidays`` cannot be used.
    """
    if holidays == "open":
        return [*week]
    if holidays == "closed":
        return [Rule("", ())]
    if holidays == "unknown":
        # Where the rules of the week say closed, that is certain.
        return [rule._replace(certain=False) for rule in week]
    if not re.fullmatch(_SPANS, holidays):
        raise HoursError(Fault.HOLIDAYS, holidays)
    expression(holidays)
    return [Rule("", _spans(holidays))]


def _spans(times: str) -> tuple[tuple[int, int], ...]:
    """Read ``17:00-09:00`` as (1020, 1980); nothing at all (``off``) as no span."""
    spans = []
    for match in _SPAN.finditer(times):
        hour, minute, end_hour, end_minute = map(int, match.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if start == end:
            raise HoursError(Fault.NO_LENGTH, match.group())
        spans.append((start, end if end > start else end + DAY))
    return tuple(spans)


def expression(text: str) -> OpeningHours:
    """Read a text with the library, which must not have to guess.

    Raises:
        HoursError: it is not in OpenStreetMap's syntax.
    """
    if validate(text):
        read = OpeningHours(text, auto_country=False, auto_timezone=False)
        # It warns of what it had to guess, such as "mo" for "Mo".
        if not read.warnings:
            return read
    raise HoursError(Fault.SYNTAX, text)
