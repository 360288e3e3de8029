"""The queue between Telegram and the answers: what goes in is in the inbox first."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import structlog
from telegram import Bot, Update

from bot.store.inbox import Arrived
from bot.store.post import Post
from bot.store.writer import UnkeptError
from bot.telegram.malformed import payload_of, readable
from bot.telegram.remembering import Recent

log = structlog.get_logger()

KNOWN: Final = 10_000
"""Ids of updates known in memory; the inbox knows those of two days."""
HOLD_SECONDS: Final = 10.0
"""While the disk refuses, Telegram is told so much later that it brought an update, at most."""
TRIES: Final = 5
"""Starts after which an update is not handled again: it may be what ends the program."""


class Arriving(asyncio.Queue[object]):
    """What the application takes its updates from.

    An update is confirmed to Telegram once it is written: a webhook answers after ``put``, and
    polling must wait for ``settled`` before it asks for what comes next. While the disk refuses,
    both wait until it was answered instead, for a while.
    """

    def __init__(self, post: Post, *, waits: bool) -> None:
        """``waits``: whether ``put`` waits until it is written, as a webhook needs."""
        super().__init__()
        self._post = post
        self._waits = waits
        self._known = Recent(KNOWN)
        self._writing: dict[int, asyncio.Task[None]] = {}
        self._unkept: dict[int, asyncio.Event] = {}
        self.given_up: set[int] = set()
        """Updates that were tried too often."""

    async def put(self, item: object) -> None:
        """Take an update that Telegram brought; one it brought before is left out."""
        if not isinstance(item, Update):  # the library's sign to stop
            await self.settled()
            await super().put(item)
            return
        key = item.update_id
        if self._known.is_new(key):
            if item.inline_query:  # of no use a second later, so it is not kept
                await super().put(item)
                return
            self._writing[key] = asyncio.create_task(self._write(item))
            self._writing[key].add_done_callback(lambda _: self._writing.pop(key))
        if self._waits and key in self._writing:
            await asyncio.shield(self._writing[key])

    async def settled(self) -> None:
        """Wait until all that came may be confirmed."""
        if self._writing:
            await asyncio.wait(list(self._writing.values()))

    def replay(self, bot: Bot, arrived: Sequence[Arrived]) -> None:
        """Take what an earlier run left unfinished; what was tried before comes a little later."""
        if arrived:
            log.warning("updates taken up again", count=len(arrived))
        loop = asyncio.get_running_loop()
        for one in arrived:
            self._known.is_new(one.update_id)
            if one.tries > TRIES:
                self.given_up.add(one.update_id)
            update = readable(one.payload, bot) or Update(one.update_id)
            if one.tries > 1:
                loop.call_later(float(one.tries - 1) ** 2, self.put_nowait, update)
            else:
                self.put_nowait(update)

    def handled(self, update_id: int) -> None:
        """An update was answered, and is not given up any more."""
        self.given_up.discard(update_id)
        if update_id in self._unkept:
            self._unkept[update_id].set()

    async def _write(self, update: Update) -> None:
        try:
            new = await self._post.arrive(update.update_id, payload_of(update))
        except UnkeptError:
            await self._hold(update)
        else:
            if new:
                self.put_nowait(update)

    async def _hold(self, update: Update) -> None:
        """Handle from memory; Telegram keeps it meanwhile."""
        handled = self._unkept[update.update_id] = asyncio.Event()
        self.put_nowait(update)
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD_SECONDS):
                await handled.wait()
        del self._unkept[update.update_id]
