"""The canary: synthetic cries for help go the whole way, and staff are told when no window comes.

From the update as Telegram would bring it to the message as Telegram would get it; only the
network is missing. Its assistant keeps no log and no conversations.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

import structlog
from pydantic import SecretStr
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.settings import Settings
from bot.telegram.app import App, build_application
from bot.telegram.calls import patiently
from bot.telegram.loopback import Loopback
from bot.telegram.outside import Answers, Says
from bot.telegram.processor import process
from handlers.ports import Clock

log = structlog.get_logger()

LATE: Final = 3.0
"""Seconds after which a reply counts as late; it takes some milliseconds."""
TOKEN: Final = SecretStr("1:canary")


@dataclass(frozen=True, slots=True)
class Cry:
    """One line of the rota."""

    text: str
    """What is said."""
    numbers: tuple[str, ...]
    """One of them must be in the reply."""


class Fault(StrEnum):
    """What can be wrong with a reply."""

    MISSING = "missing"
    LATE = "late"


class Canary:
    """Says its lines one after the other, each in a conversation of its own."""

    def __init__(
        self,
        settings: Settings,
        assistant: Answers,
        replies: Says,
        clock: Clock,
        cries: Sequence[Cry],
    ) -> None:
        """Build an application of its own, whose messages go nowhere."""
        self._clock = clock
        self._replies = replies
        self._staff = settings.telegram_staff_ids
        self.length = len(cries)
        self._cries = itertools.cycle(enumerate(cries, start=1))
        self._updates = itertools.count(1)
        self._request = Loopback()
        self._app: App = build_application(
            settings.model_copy(update={"telegram_bot_token": TOKEN}),
            assistant,
            replies,
            clock,
            request=self._request,
            updates_request=Loopback(),
        )
        self._silent = False

    @property
    def silent(self) -> bool:
        """Whether the last line got no window in time."""
        return self._silent

    async def sing(self) -> tuple[int, Fault | None]:
        """Say the next line; give its number, and what was wrong with the reply."""
        number, cry = next(self._cries)
        await self._app.initialize()  # does nothing after the first time
        started = self._clock.seconds()
        await process(self._app, Update.de_json(self._update(cry.text), self._app.bot))
        seconds = self._clock.seconds() - started
        said = self._request.take()
        if not any(window in said for window in cry.numbers):
            return number, Fault.MISSING
        return number, Fault.LATE if seconds > LATE else None

    async def watch(self, bot: Bot) -> None:
        """Sing once; tell staff when it fell silent, and when it sings again."""
        number, fault = await self.sing()
        if fault:
            log.error("canary failed", fault=fault.value, line=number)
        if bool(fault) == self._silent:
            return
        self._silent = bool(fault)
        key = f"canary.{fault}" if fault else "canary.back"
        await self._tell(bot, self._replies.say(key, line=str(number)))

    async def _tell(self, bot: Bot, text: str) -> None:
        for officer in sorted(self._staff):
            try:
                await patiently(partial(bot.send_message, officer, text))
            except TelegramError as error:
                log.warning("staff not told of the canary", error=type(error).__name__)

    def _update(self, text: str) -> dict[str, Any]:
        number = next(self._updates)
        person = {"id": number, "is_bot": False, "first_name": "canary", "language_code": "ja"}
        message = {
            "message_id": number,
            "date": int(self._clock.now().timestamp()),
            "chat": {"id": number, "type": "private", "first_name": "canary"},
            "from": person,
            "text": text,
        }
        return {"update_id": number, "message": message}
