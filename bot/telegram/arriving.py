"""The queue between Telegram and the answers: what goes in is in the inbox first."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import structlog
from telegram import Bot, Update

from bot.store.inbox import Arrived
from bot.store.post import Post
from bot.store.writer import UnkeptError
from bot.telegram.limits import WAITING, Limits
from bot.telegram.malformed import payload_of, readable
from bot.telegram.remembering import Recent

log = structlog.get_logger()

KNOWN: Final = 10_000
"""Ids of updates known in memory; the inbox knows those of two days."""
HOLD_SECONDS: Final = 10.0
"""While the disk refuses, Telegram is told so much later that it brought an update, at most."""
TRIES: Final = 5
"""Starts after which an update is not handled again: it may be what ends the program."""
TOGETHER: Final = 4
"""Updates in hand at a time, besides those of people in danger: only as many are begun as can be
answered soon, so that who is in danger finds the way free."""


class Arriving(asyncio.Queue[object]):
    """What the application takes its updates from: people in danger before all others.

    An update is confirmed to Telegram once it is written: a webhook answers after ``put``, and
    polling must wait for ``settled`` before it asks for what comes next. While the disk refuses,
    both wait until it was answered instead, for a while.
    """

    def __init__(
        self,
        post: Post,
        limits: Limits,
        is_urgent: Callable[[Update], bool],
        *,
        waits: bool,
    ) -> None:
        """``waits``: whether ``put`` waits until it is written, as a webhook needs."""
        super().__init__()
        self._post = post
        self._limits = limits
        self._is_urgent = is_urgent
        self._waits = waits
        self._known = Recent(KNOWN)
        self._writing: dict[int, asyncio.Task[None]] = {}
        self._unkept: dict[int, asyncio.Event] = {}
        self._in_hand: set[int] = set()
        self._change = asyncio.Event()
        self.has_room: Callable[[], bool] = lambda: True
        """Whether what would be answered now could be sent soon."""
        self.urgent: set[int] = set()
        """Updates of people who may be in danger, until they were answered."""
        self.given_up: set[int] = set()
        """Updates that were tried too often."""
        self.too_much: set[int] = set()
        """Updates that are answered with a request to wait."""

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many updates nobody answered, by the limit they met."""
        return self._limits.left_out

    # --- into it ---

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
            self._writing[key] = asyncio.create_task(self._take(item))
            self._writing[key].add_done_callback(lambda _: self._writing.pop(key))
        if self._waits and key in self._writing:
            await asyncio.shield(self._writing[key])

    async def settled(self) -> None:
        """Wait until all that came may be confirmed."""
        if self._writing:
            await asyncio.wait(list(self._writing.values()))

    async def replay(self, bot: Bot, arrived: Sequence[Arrived]) -> None:
        """Take what an earlier run left unfinished; what was tried before comes a little later."""
        if arrived:
            log.warning("updates taken up again", count=len(arrived))
        updates: list[tuple[Update, int]] = []
        for one in arrived:
            self._known.is_new(one.update_id)
            if one.tries > TRIES:
                self.given_up.add(one.update_id)
            update = readable(one.payload, bot) or Update(one.update_id)
            await self._look(update)
            updates.append((update, one.tries))
        loop = asyncio.get_running_loop()
        for update, tries in updates:
            if tries > 1:
                loop.call_later(float(tries - 1) ** 2, self.put_nowait, update)
            else:
                self.put_nowait(update)

    async def _take(self, update: Update) -> None:
        await self._look(update)
        if self._is_left_out(update):
            return
        try:
            new = await self._post.arrive(update.update_id, payload_of(update))
        except UnkeptError:
            await self._hold(update)
        else:
            if new:
                self.put_nowait(update)
            else:  # answered by an earlier run
                self.handled(update)

    async def _look(self, update: Update) -> None:
        """See whether it is urgent; after a mistake of ours it is."""
        looking = asyncio.create_task(self._urgency(update))
        await asyncio.wait([looking])
        if error := looking.exception():
            log.error("urgency not known", error=type(error).__name__, update=update.update_id)
        if error or looking.result():
            self.urgent.add(update.update_id)

    async def _urgency(self, update: Update) -> bool:
        return self._is_urgent(update)

    def _is_left_out(self, update: Update) -> bool:
        """Whether nobody answers it: too many wait, or one person sent too many."""
        if update.update_id in self.urgent:
            return False
        if self.qsize() >= WAITING:
            self._limits.leave_out("all")
            return True
        if not self._limits.is_too_much(update):
            return False
        if self._limits.is_told(update):
            self._limits.leave_out("person")
            return True
        self.too_much.add(update.update_id)
        return False

    async def _hold(self, update: Update) -> None:
        """Handle from memory; Telegram keeps it meanwhile."""
        handled = self._unkept[update.update_id] = asyncio.Event()
        self.put_nowait(update)
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD_SECONDS):
                await handled.wait()
        del self._unkept[update.update_id]

    # --- out of it ---

    async def get(self) -> object:
        """The next one: of people in danger at once, of others when there is room."""
        while not self._is_ready():
            self._change.clear()
            await self._change.wait()
        return self.get_nowait()

    def handled(self, update: Update) -> None:
        """An update was answered, or never will be."""
        key = update.update_id
        for known in (self._in_hand, self.urgent, self.given_up, self.too_much):
            known.discard(key)
        if key in self._unkept:
            self._unkept[key].set()
        self.look_again()

    def look_again(self) -> None:
        """There may be room now."""
        self._change.set()

    def _is_ready(self) -> bool:
        if self._first:
            return True
        return bool(self._rest) and len(self._in_hand) < TOGETHER and self.has_room()

    # --- how the library's queue keeps things ---

    def _init(self, maxsize: int) -> None:
        del maxsize
        self._first: deque[object] = deque()
        self._rest: deque[object] = deque()

    def _put(self, item: object) -> None:
        if isinstance(item, Update):
            first = item.update_id in self.urgent
        else:  # to stop: what waits on disk is answered after the next start
            first = self._post.durable and not self._unkept
        (self._first if first else self._rest).append(item)
        self._change.set()

    def _get(self) -> object:
        if self._first:
            return self._first.popleft()
        item = self._rest.popleft()
        if isinstance(item, Update):
            self._in_hand.add(item.update_id)
        return item

    def qsize(self) -> int:
        """How many wait."""
        return len(self._first) + len(self._rest)

    def empty(self) -> bool:
        """Whether none waits."""
        return not self.qsize()
