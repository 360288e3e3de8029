"""Compares the machine's clock with Telegram's, and keeps what runs by it going."""

import asyncio
from email.utils import parsedate_to_datetime
from typing import Final

import structlog

from bot.clock import TOLERANCE, GuidedClock
from bot.telegram.app import App
from bot.telegram.notices import Notices
from bot.telegram.repeating import set_anew

log = structlog.get_logger()

LOOK_SECONDS: Final = 1.0
"""Between two looks at the clock."""
JUMP_SECONDS: Final = 5.0
"""By more than so much a clock does not move on its own."""


class Timekeeping:
    """Belongs to one event loop."""

    def __init__(self, clock: GuidedClock, notices: Notices) -> None:
        """``notices``: where staff are told that the clock is off, once each time."""
        self._clock = clock
        self._notices = notices
        self._off = False
        self._read = self._now()

    def dated(self, header: str) -> None:
        """Telegram said what time it is, as HTTP has it; or nothing."""
        try:
            date = parsedate_to_datetime(header)
        except ValueError:
            self._clock.not_told()
            return
        if date.tzinfo is None:
            self._clock.not_told()
        else:
            self._clock.heard(date)

    @property
    def skew(self) -> float | None:
        """Seconds the machine's clock is ahead; None until Telegram has said what time it is."""
        skew = self._clock.skew
        return None if skew is None else skew.total_seconds()

    async def run(self, application: App) -> None:
        """Look now and then, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(application)

    def look(self, application: App) -> None:
        """Tell when the clock went off or is right again; after a jump let jobs begin anew."""
        seconds = self.skew or 0.0
        off = abs(seconds) > TOLERANCE.total_seconds()
        if off != self._off:
            self._off = off
            log.warning("clock off" if off else "clock right again", seconds=round(seconds))
            if off:
                self._notices.add("operation.clock_off", seconds=f"{seconds:+.0f}")
        wall, even = self._now()
        jump = (wall - self._read[0]) - (even - self._read[1])
        self._read = (wall, even)
        if abs(jump) > JUMP_SECONDS:
            log.warning("clock was set", seconds=round(jump))
            if application.job_queue:
                set_anew(application.job_queue)

    def _now(self) -> tuple[float, float]:
        return self._clock.machine.now().timestamp(), self._clock.elapsed()
