"""What runs beside the answers for staff: new knowledge, groups, who waits, the digest."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import ContextTypes, JobQueue

from bot.clock import TOKYO
from bot.store.askers import Asker
from bot.telegram.calls import NO_PREVIEW, patiently
from bot.telegram.delivery import Delivery
from bot.telegram.outside import Says
from bot.telegram.rendering import render
from bot.telegram.repeating import repeat
from bot.telegram.sending import Place, messages
from handlers.messages import Reply

log = structlog.get_logger()

LOOK_SECONDS: Final = 2.0
"""Between two looks for new knowledge, and for people whose question can be answered."""
GROUP_SECONDS: Final = 60.0
"""Between two times of putting new questions into groups."""


@dataclass(frozen=True, slots=True)
class StaffSide:
    """What the channel needs for staff. All but ``answer`` may take a while, none raises."""

    refresh: Callable[[], str]
    """Takes over new knowledge; what staff are to be told of it, empty if nothing changed."""
    regroup: Callable[[], int]
    """Puts new questions into groups."""
    askers: Callable[[], Sequence[Asker]]
    """Who can be told an answer now."""
    answer: Callable[[Asker], Reply | None]
    """What they are told; None where the entry is gone."""
    told: Callable[[Asker], object]
    """Forgets whom to tell."""
    digest: Callable[[], str]
    """What there is to do this morning; empty if there is nothing."""


class StaffJobs:
    """The jobs; each can be run by hand in tests."""

    def __init__(
        self, side: StaffSide, replies: Says, staff: Collection[int], delivery: Delivery
    ) -> None:
        """``staff``: Telegram ids of prefectural staff; ``delivery``: what tells who waited."""
        self._side = side
        self._replies = replies
        self._staff = sorted(staff)
        self._delivery = delivery
        self._told: set[Asker] = set()

    async def look(self, bot: Bot) -> None:
        """Take over new knowledge, then tell whom it answers."""
        news = await asyncio.to_thread(self._side.refresh)
        if news:
            await self.tell_staff(bot, news)
        for asker in await asyncio.to_thread(self._side.askers):
            await self._tell(bot, asker)

    async def group(self, bot: Bot) -> None:
        """Put new questions into groups, so that the queue opens at once."""
        del bot
        await asyncio.to_thread(self._side.regroup)

    async def digest(self, bot: Bot) -> None:
        """Tell staff what there is to do; silent when there is nothing."""
        if text := await asyncio.to_thread(self._side.digest):
            await self.tell_staff(bot, text)

    async def tell_staff(self, bot: Bot, text: str) -> None:
        """Send a text to every member of staff; one who cannot be reached stops nobody."""
        for officer in self._staff:
            try:
                await patiently(
                    partial(bot.send_message, officer, text, link_preview_options=NO_PREVIEW)
                )
            except TelegramError as error:
                log.warning("staff not told", error=type(error).__name__)

    async def _tell(self, bot: Bot, asker: Asker) -> None:
        """Tell somebody once; from here on the notice waits in the outbox."""
        reply = self._side.answer(asker)
        if reply is None:  # not to be seen yet, or gone: they go on waiting until their time ends
            return
        if asker not in self._told:  # a disk that does not forget must not repeat it
            chat = int(asker.conversation.split(":")[1])
            parts = render(reply, self._replies, asker.language)
            await self._delivery.give(bot, messages(Place(chat, asker.language), parts))
            self._told.add(asker)
        await asyncio.to_thread(self._side.told, asker)


def schedule_staff(jobs: JobQueue[Any], work: StaffJobs, digest_time: str) -> None:
    """Run the jobs; the digest at a time of day in Japan, or never if that is ``off``."""

    async def look(context: ContextTypes.DEFAULT_TYPE) -> None:
        await work.look(context.bot)

    async def group(context: ContextTypes.DEFAULT_TYPE) -> None:
        await work.group(context.bot)

    async def digest(context: ContextTypes.DEFAULT_TYPE) -> None:
        await work.digest(context.bot)

    repeat(jobs, look, LOOK_SECONDS, LOOK_SECONDS)
    repeat(jobs, group, GROUP_SECONDS, GROUP_SECONDS)
    if digest_time != "off":
        jobs.run_daily(digest, time.fromisoformat(digest_time).replace(tzinfo=TOKYO))
