"""How much may come in. Somebody in danger is never held back: whoever asks here is not."""

from collections import Counter, OrderedDict
from typing import Final

import structlog
from telegram import Update

from handlers.ports import Clock

log = structlog.get_logger()

MESSAGES: Final = 30
"""Updates of one person at once. What is more is answered with a request to wait, once."""
SECONDS: Final = 1.0
"""Then one more every so many seconds."""
PEOPLE: Final = 10_000
"""People whose updates are counted; those silent for longest are forgotten."""
WAITING: Final = 20_000
"""Updates that wait for their answer, in all. Telegram lets us answer some 30 a second."""
TELL_SECONDS: Final = 60.0
"""Between two log lines on what was left out."""


class Limits:
    """Counts what each person sends."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._levels: OrderedDict[tuple[int, int], tuple[float, float]] = OrderedDict()
        self._told: set[tuple[int, int]] = set()
        self.left_out: Counter[str] = Counter()
        """Updates that nobody answers, by the limit they met: ``person`` or ``all``."""
        self._logged: float | None = None

    def is_too_much(self, update: Update) -> bool:
        """Count an update; whether its person sends too much."""
        who = _who(update)
        if who is None:
            return False
        now = self._clock.seconds()
        level, at = self._levels.pop(who, (0.0, now))
        level = max(0.0, level - (now - at) / SECONDS)
        too_much = level + 1 > MESSAGES
        self._levels[who] = (level if too_much else level + 1, now)
        if len(self._levels) > PEOPLE:
            gone, _ = self._levels.popitem(last=False)
            self._told.discard(gone)
        if not too_much and level < MESSAGES / 2:
            self._told.discard(who)
        return too_much

    def is_told(self, update: Update) -> bool:
        """Whether the person was already asked to wait; from now on she was."""
        who = _who(update)
        told = who in self._told
        if who is not None:
            self._told.add(who)
        return told

    def leave_out(self, limit: str) -> None:
        """Count an update that nobody answers; a log line now and then says how many."""
        self.left_out[limit] += 1
        now = self._clock.seconds()
        if self._logged is None or now - self._logged > TELL_SECONDS:
            self._logged = now
            log.warning("updates left out", **self.left_out)


def _who(update: Update) -> tuple[int, int] | None:
    """Whose it is; None for what could not be read."""
    chat, user = update.effective_chat, update.effective_user
    return (chat.id, user.id if user else 0) if chat else None
