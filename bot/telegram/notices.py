"""What staff are told once of the machine: from memory, directly, until everybody has it.

It does not go through the outbox: that lies in the database such news may be about.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.telegram.calls import NO_PREVIEW, is_final, patiently
from bot.telegram.outside import Says

log = structlog.get_logger()


@dataclass(slots=True)
class _Notice:
    """One thing to tell."""

    key: str
    """Its words."""
    values: dict[str, str]
    """What they name."""
    to: set[int] = field(default_factory=set)
    """Who does not have it yet."""


class Notices:
    """Waits to be told; anybody may add, from any thread."""

    def __init__(self, staff: Collection[int], says: Says) -> None:
        """``staff``: Telegram ids of prefectural staff."""
        self._staff = frozenset(staff)
        self._says = says
        self._lock = threading.Lock()
        self._waiting: list[_Notice] = []

    def add(self, key: str, **values: str) -> None:
        """Have staff told the words under a key."""
        with self._lock:
            if self._staff:
                self._waiting.append(_Notice(key, values, set(self._staff)))

    async def send(self, bot: Bot) -> None:
        """Tell all that waits, in order; who cannot be reached now is told the next time."""
        with self._lock:
            waiting = list(self._waiting)
        for notice in waiting:
            await self._send(bot, notice)
        with self._lock:
            self._waiting = [notice for notice in self._waiting if notice.to]

    async def _send(self, bot: Bot, notice: _Notice) -> None:
        text = self._says.say(notice.key, **notice.values)
        for officer in sorted(notice.to):
            try:
                await patiently(
                    partial(bot.send_message, officer, text, link_preview_options=NO_PREVIEW)
                )
            except TelegramError as error:
                log.warning("staff not told", error=type(error).__name__)
                gone = isinstance(error, BadRequest) and is_final(error)
                if not gone and not isinstance(error, Forbidden):
                    continue
            notice.to.discard(officer)
