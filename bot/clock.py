"""The real clocks: the machine's, and the machine's as Telegram guides it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.ports import Clock

TOKYO: Final = ZoneInfo("Asia/Tokyo")
"""Everything is said, kept and counted in this zone, whatever the server's."""


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """This moment in Asia/Tokyo."""
        return datetime.now(TOKYO)

    def seconds(self) -> float:
        """Monotonic seconds; they go on evenly when the machine's time is set."""
        return time.monotonic()


TOLERANCE: Final = timedelta(minutes=2)
"""How far the machine's time may be from Telegram's."""
_AGREEING: Final = 2
"""Times Telegram must have said about the same before it is believed against the machine."""


def _elapsed() -> float:
    """Seconds that go on evenly, also while the machine sleeps, if it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class GuidedClock:
    """The machine's time, or Telegram's where the two differ by more than two minutes.

    So nothing that waits is thought old because somebody sets the machine's clock, and a window
    is open when it is. Telegram's time goes on evenly between two answers. Safe to use from
    several threads: what was heard is swapped whole.
    """

    def __init__(
        self, machine: Clock | None = None, elapsed: Callable[[], float] = _elapsed
    ) -> None:
        """``machine``: whose time is guided; ``elapsed``: seconds that go on evenly."""
        self.machine = machine or SystemClock()
        self.elapsed = elapsed
        self._heard: tuple[datetime, float, int] | None = None

    def heard(self, date: datetime) -> None:
        """Telegram said what time it is; with a time zone."""
        before, now = self._heard, self.elapsed()
        agrees = before is not None and abs(date - _later(before, now)) <= TOLERANCE
        self._heard = (date, now, before[2] + 1 if before and agrees else 1)

    @property
    def sure(self) -> bool:
        """Whether Telegram has said what time it is."""
        return self._heard is not None and self._heard[2] >= _AGREEING

    @property
    def skew(self) -> timedelta:
        """How far the machine's time is ahead of Telegram's; nothing until that is known."""
        return self._skew(self.machine.now())

    def now(self) -> datetime:
        """This moment in Asia/Tokyo."""
        now = self.machine.now()
        skew = self._skew(now)
        return now if abs(skew) <= TOLERANCE else now - skew

    def seconds(self) -> float:
        """Monotonic seconds."""
        return self.machine.seconds()

    def _skew(self, now: datetime) -> timedelta:
        heard = self._heard
        if heard is None or heard[2] < _AGREEING:
            return timedelta()
        return now - _later(heard, self.elapsed())


def _later(heard: tuple[datetime, float, int], now: float) -> datetime:
    date, at, _ = heard
    return date + timedelta(seconds=now - at)
