"""Around the handling of each update: what it comes to is kept, then sent."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from telegram import Bot, Update
from telegram.ext import Application, BaseUpdateProcessor

from bot.handling import Handling, current
from bot.store.post import Post
from bot.store.writer import UnkeptError
from bot.telegram.arriving import Arriving
from bot.telegram.delivery import Delivery

TOGETHER: Final = 256
"""Updates handled at a time; ``bot.telegram.arriving`` gives out fewer of the ordinary ones."""
TEND_SECONDS: Final = 60.0
"""Between two times of emptying what was deleted out of the database's log of writes."""
RESUME_SECONDS: Final = 5.0
"""Between two tries to read what an earlier run left, while the disk refuses."""


class GivenUpError(Exception):
    """An update was begun too often, and never finished."""


class Processor(BaseUpdateProcessor):
    """Handles updates, and keeps the mail going."""

    def __init__(self, post: Post, arriving: Arriving, delivery: Delivery) -> None:
        """``arriving``: where the updates come from; ``delivery``: where the answers go."""
        super().__init__(TOGETHER)
        self.delivery = delivery
        self.arriving = arriving
        self.apologize: Callable[[Update, Exception], Awaitable[None]] | None = None
        """Says to the person of an update that it failed."""
        self.ask_to_wait: Callable[[Update], Awaitable[None]] | None = None
        """Says to the person of an update that it was too much at once."""
        arriving.has_room = delivery.has_room
        delivery.eased = arriving.look_again
        self._post = post
        self._tending: asyncio.Task[None] | None = None

    async def initialize(self) -> None:
        """Nothing to do; see ``start``."""

    async def shutdown(self) -> None:
        """End what still goes on; see ``stop`` for what does it kindly."""
        if self._tending:
            self._tending.cancel()
            await asyncio.gather(self._tending, return_exceptions=True)
            self._tending = None
        await self.delivery.stop()

    async def start(self, bot: Bot) -> None:
        """Send and handle what an earlier run left, from now on."""
        resumed = await self._resume(bot)
        self._tending = asyncio.create_task(self._tend(bot, resumed=resumed))

    async def stop(self) -> None:
        """Wait until all is sent that can be sent now."""
        await self.delivery.idle()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update, keep what it comes to, and send it."""
        if not isinstance(update, Update):  # the library passes on what it is given
            await coroutine
            return
        handling = Handling(urgent=update.update_id in self.arriving.urgent)
        token = current.set(handling)
        try:
            try:
                await self._answer(update, coroutine)
            finally:
                current.reset(token)
            # What is typed after the bot's name was never kept.
            await self._keep(None if update.inline_query else update.update_id, handling)
        finally:  # whatever happened, others have its place now
            self.arriving.handled(update)
        await asyncio.gather(*handling.beside)

    async def _answer(self, update: Update, coroutine: Awaitable[Any]) -> None:
        key, instead = update.update_id, None
        if key in self.arriving.given_up and self.apologize:
            instead = self.apologize(update, GivenUpError())
        elif key in self.arriving.too_much and self.ask_to_wait:
            instead = self.ask_to_wait(update)
        if instead:
            _leave(coroutine)
            await instead
        else:
            await coroutine

    async def _keep(self, key: int | None, handling: Handling) -> None:
        outgoing = handling.outgoing
        kept = True
        if key is not None or outgoing:
            try:
                outgoing = list(await self._post.answer(key, outgoing))
            except UnkeptError:
                kept = False
        self.delivery.send(handling.bot, outgoing)
        for call in handling.after:
            call()
        if not kept:  # on disk it is unfinished until the person has the answer
            await self.delivery.finished(outgoing)
            if key is not None:
                await self._post.finish(key)

    async def _resume(self, bot: Bot) -> bool:
        """Take up what an earlier run left; False if the disk refuses."""
        try:
            waiting, unfinished = await self._post.waiting(), await self._post.unfinished()
        except UnkeptError:
            return False
        self.delivery.send(bot, waiting)
        await self.arriving.replay(bot, unfinished)
        return True

    async def _tend(self, bot: Bot, *, resumed: bool) -> None:
        while True:
            await asyncio.sleep(TEND_SECONDS if resumed else RESUME_SECONDS)
            resumed = resumed or await self._resume(bot)
            await self._post.tend()


def processor_of(application: Application[Any, Any, Any, Any, Any, Any]) -> Processor:
    """The processor ``build_application`` gave it."""
    processor = application.update_processor
    if not isinstance(processor, Processor):
        raise TypeError
    return processor


async def process(application: Application[Any, Any, Any, Any, Any, Any], update: Update) -> None:
    """Handle one update that came another way, until nothing of the answer can be sent now."""
    processor = processor_of(application)
    await processor.process_update(update, application.process_update(update))
    await processor.delivery.idle()


def _leave(coroutine: Awaitable[Any]) -> None:
    if isinstance(coroutine, Coroutine):
        coroutine.close()
