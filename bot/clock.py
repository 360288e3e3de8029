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
_Heard = tuple[datetime, float]
"""What Telegram said, and when in even seconds."""


def _elapsed() -> float:
    """Seconds that go on evenly, also while the machine sleeps, if it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class GuidedClock:
    """The machine's time, or Telegram's where the two differ by more than two minutes.

    So nothing that waits is thought old because somebody sets the machine's clock, and a window
    is open when it is. Telegram's time goes on evenly between two answers; one that contradicts
    the others is believed once the next one says the same. Safe to use from several threads.
    """

    def __init__(
        self, machine: Clock | None = None, elapsed: Callable[[], float] = _elapsed
    ) -> None:
        """``machine``: whose time is guided; ``elapsed``: seconds that go on evenly."""
        self.machine = machine or SystemClock()
        self.elapsed = elapsed
        self._believed: _Heard | None = None  # swapped whole, as is the next
        self._doubted: _Heard | None = None
        self._silent = False

    def heard(self, date: datetime) -> None:
        """Telegram said what time it is; with a time zone."""
        now = self.elapsed()
        if _agree(self._believed, date, now) or _agree(self._doubted, date, now):
            self._believed, self._doubted = (date, now), None
        else:
            self._doubted = (date, now)

    def not_told(self) -> None:
        """Telegram answered, and did not say what time it is: a Bot API server need not."""
        self._silent = True

    @property
    def sure(self) -> bool:
        """Whether Telegram has said what time it is, or will not."""
        return self._believed is not None or self._silent

    @property
    def skew(self) -> timedelta | None:
        """How far the machine's time is ahead of Telegram's; None until that is known."""
        return self._skew(self.machine.now()) if self._believed else None

    def now(self) -> datetime:
        """This moment in Asia/Tokyo."""
        now = self.machine.now()
        skew = self._skew(now)
        return now if abs(skew) <= TOLERANCE else now - skew

    def seconds(self) -> float:
        """Monotonic seconds."""
        return self.machine.seconds()

    def _skew(self, now: datetime) -> timedelta:
        believed = self._believed
        return now - _later(believed, self.elapsed()) if believed else timedelta()


def _agree(heard: _Heard | None, date: datetime, now: float) -> bool:
    return heard is not None and abs(date - _later(heard, now)) <= TOLERANCE


def _later(heard: _Heard, now: float) -> datetime:
    date, at = heard
    return date + timedelta(seconds=now - at)
