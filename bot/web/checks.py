"""What has to be checked again: windows by prefecture, and those whose hours are not known."""

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from bot.store.due import due
from bot.web.desk import Call
from knowledge.census import by_area
from knowledge.checks.windows import LATE, SOON
from knowledge.entries import Window


@dataclass(frozen=True, slots=True)
class Area:
    """The windows of the whole country, or of a prefecture."""

    name: str
    """全国 or the prefecture's name."""
    windows: int
    """How many there are."""
    oldest: Window | None
    """The one that was assured the longest time ago; None if there is none."""
    days: int
    """Days since then."""
    late: int
    """How many are too old to be shown much longer."""
    soon: int
    """How many should be looked at."""


def areas(windows: dict[str, tuple[Window, ...]], today: date) -> list[Area]:
    """How old the windows of every area are, those with the oldest first."""
    found = [_area(name, group, today) for name, group in windows.items()]
    return sorted(found, key=lambda area: -area.days)


def _area(name: str, group: tuple[Window, ...], today: date) -> Area:
    days = [(today - window.assured).days for window in group]
    late = sum(day >= LATE for day in days)
    return Area(
        name=name,
        windows=len(group),
        oldest=min(group, key=lambda window: window.assured, default=None),
        days=max(days, default=0),
        late=late,
        soon=sum(day >= SOON for day in days) - late,
    )


def show_checks(call: Call) -> Response:
    """What is due with its owners, prefectures by age, windows without known hours."""
    knowledge, today = call.library.knowledge, call.now.date()
    attest_days = call.desk.settings.attest_days
    return call.draw(
        "checks.html",
        areas=areas(by_area(knowledge, call.desk.settings.data), today),
        due=due(call.db, knowledge, today, attest_days),
        hours_unknown=[window for window in knowledge.windows if not window.opening_hours],
        attest_days=attest_days,
        soon=SOON,
        late=LATE,
    )
