"""Sends what waits: in order within each chat, again after what passes, never after that."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.handling import current
from bot.store.outbox import Outgoing
from bot.store.post import Post
from bot.store.writer import UnkeptError
from bot.telegram.calls import DELETE, SEND, is_final, perform, seconds_of
from bot.telegram.outside import Says
from bot.telegram.pace import Pace
from bot.telegram.remembering import Messages

log = structlog.get_logger()

FIRST_SECONDS: Final = 0.5
"""Rest after the first failure; twice as long after each one more, a little less by chance."""
LONGEST_SECONDS: Final = 30.0
"""The longest rest after a failure. After a 429 it is as long as Telegram says."""
DELETE_TRIES: Final = 3
"""Tries to delete messages; the neutral line behind them waits so long."""
LANES: Final = 16
"""Chats that are being written to at a time: beyond, ordinary updates wait to be answered. Their
messages would wait for Telegram's limit anyway, some 30 a second."""
RESTING: Final = 2_000
"""The same, with those that rest after a failure: as long as Telegram is away."""
WINDOW = "telegram.error"
"""Key of the words in place of a message that is refused: with a national window."""


class Lane:
    """What goes to one chat, in order."""

    def __init__(self, chat: int) -> None:
        """Begin with nothing."""
        self.chat = chat
        self.waiting: deque[Outgoing] = deque()
        self.hurry = asyncio.Event()
        """Set when there is reason to try before the rest is over."""
        self.sending = False
        """Whether the first of them is on its way."""
        self.task: asyncio.Task[None] | None = None

    @property
    def first(self) -> Outgoing:
        """What is sent next."""
        return self.waiting[0]

    def add(self, one: Outgoing) -> None:
        """Let a message wait: help in danger goes before all but the reply that is being sent."""
        if not one.danger:
            self.waiting.append(one)
            return
        place = 1 + self.first.following if self.sending else 0
        while place < len(self.waiting) and self.waiting[place].danger:
            place += 1
        self.waiting.insert(place, one)


class Delivery:
    """Takes messages, and sends them while the event loop runs."""

    def __init__(self, post: Post, replies: Says, messages: Messages, pace: Pace) -> None:
        """``messages`` remembers what was sent, for /clear."""
        self._post = post
        self._replies = replies
        self._pace = pace
        self.messages = messages
        """What can be deleted by /clear."""
        self._lanes: dict[int, Lane] = {}
        self._busy = 0  # lanes that do not rest
        self._paced = 0  # of these, lanes that wait for what their own chat allows
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.eased: Callable[[], None] = lambda: None
        """Called when a lane has ended, or rests."""

    def has_room(self) -> bool:
        """Whether what is given now can be sent soon."""
        return self._busy - self._paced < LANES and len(self._lanes) < RESTING

    async def give(self, bot: Bot, outgoing: Sequence[Outgoing]) -> None:
        """Send messages once they are kept: with the update that is being handled, or now."""
        handling = current.get()
        if handling is not None:
            handling.bot = bot
            handling.outgoing += outgoing
            return
        with suppress(UnkeptError):  # then they are sent from memory
            outgoing = await self._post.answer(None, outgoing)
        self.send(bot, outgoing)

    def send(self, bot: Bot, outgoing: Sequence[Outgoing]) -> None:
        """Send messages that are kept, behind what waits for the same chat."""
        for one in outgoing:
            lane = self._lanes.get(one.chat)
            if lane is None:
                lane = self._lanes[one.chat] = Lane(one.chat)
                self._wake()
                lane.task = asyncio.create_task(self._run(bot, lane))
                lane.task.add_done_callback(partial(self._ended, bot, lane))
            lane.add(one)
            lane.hurry.set()  # who writes to us can be written to

    async def finished(self, outgoing: Sequence[Outgoing]) -> None:
        """Wait until these were sent, or never will be."""
        lanes = [self._lanes.get(chat) for chat in {one.chat for one in outgoing}]
        tasks = [lane.task for lane in lanes if lane and lane.task]
        if tasks:
            await asyncio.wait(tasks)

    async def idle(self) -> None:
        """Wait until nothing is being sent; what rests after a failure is not waited for."""
        await self._quiet.wait()

    async def stop(self) -> None:
        """End what rests; it is sent after the next start, if it was kept."""
        lanes = list(self._lanes.values())
        rest = [one for lane in lanes for one in lane.waiting]
        tasks = [lane.task for lane in lanes if lane.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if kept := sum(one.id is not None for one in rest):
            log.warning("replies wait for the next start", count=kept)
        if len(rest) > kept:
            log.error("replies lost", count=len(rest) - kept)

    # --- one lane ---

    async def _run(self, bot: Bot, lane: Lane) -> None:
        try:
            while lane.waiting:
                await self._rest(lane, hurried=False)  # as long as it shall after a start
                await self._send_first(bot, lane)
        finally:
            del self._lanes[lane.chat]
            self._sleep()

    def _ended(self, bot: Bot, lane: Lane, task: asyncio.Task[None]) -> None:
        """After a mistake of ours: it stays on disk, and the chat's other messages are sent."""
        if not task.cancelled() and (error := task.exception()):
            log.error("message failed", error=type(error).__name__)
            lane.waiting.popleft()
            self.send(bot, list(lane.waiting))

    async def _send_first(self, bot: Bot, lane: Lane) -> None:
        await self._wait_for_chat(lane)
        lane.sending = True
        try:
            await self._send(bot, lane)
        finally:
            lane.sending = False

    async def _send(self, bot: Bot, lane: Lane) -> None:
        if lane.first.method == DELETE:
            self._take_ids(lane)
        one = lane.first
        try:
            with self._pace.delivering(danger=one.danger):
                sent = await perform(bot, one)
        except TelegramError as error:
            await self._failed(lane, error)
            return
        if sent is not None and one.owner:
            self.messages.add(one.owner, sent)
        await self._done(lane, [one])

    async def _wait_for_chat(self, lane: Lane) -> None:
        """Keep to what one chat may be sent; meanwhile others have the room."""
        self._paced += 1
        self.eased()
        try:
            await self._pace.chat(lane.chat)
        finally:
            self._paced -= 1

    async def _failed(self, lane: Lane, error: TelegramError) -> None:
        one = lane.first
        match error:
            case RetryAfter():
                await self._later(lane, error, seconds_of(error), hurried=False)
            case ChatMigrated():  # a group became a supergroup, with another id
                lane.waiting = deque(replace(o, chat=error.new_chat_id) for o in lane.waiting)
            case Forbidden():  # blocked, or put out of the group: final
                await self._drop(lane, error)
            case BadRequest() if is_final(error):
                await self._drop(lane, error)
            case BadRequest():
                await self._refused(lane, error)
            case _ if one.method == DELETE and one.tries + 1 >= DELETE_TRIES:
                await self._refused(lane, error)
            case _:
                await self._later(lane, error, _pause(one.tries), hurried=True)

    async def _later(
        self, lane: Lane, error: TelegramError, seconds: float, *, hurried: bool
    ) -> None:
        one = replace(lane.first, tries=lane.first.tries + 1, rest=seconds)
        log.warning("reply waits", error=type(error).__name__, seconds=round(seconds, 1))
        lane.hurry.clear()
        lane.waiting[0] = one
        await self._post.postpone(one)
        await self._rest(lane, hurried=hurried)

    async def _rest(self, lane: Lane, *, hurried: bool) -> None:
        """Rest as long as the first message shall; ``hurried``: or until there is a next one."""
        seconds = lane.first.rest
        if seconds <= 0:
            return
        lane.waiting[0] = replace(lane.first, rest=0.0)
        self._sleep()
        try:
            if hurried:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await lane.hurry.wait()
            else:
                await asyncio.sleep(seconds)
        finally:
            self._wake()

    async def _refused(self, lane: Lane, error: TelegramError) -> None:
        """Say the words for an error in place of what Telegram will never take."""
        one = lane.first
        if one.method == DELETE:  # too old, mostly; the neutral line comes all the same
            count = len(one.parameters["ids"])
            log.warning("messages not deleted", error=type(error).__name__, count=count)
            await self._done(lane, [one])
        elif one.parameters.get("window"):
            log.warning("window not shown", error=type(error).__name__)
            await self._done(lane, [one])
        else:
            log.error("reply refused", error=type(error).__name__)
            first, *others = [lane.waiting.popleft() for _ in range(1 + one.following)]
            window = replace(first, method=SEND, parameters=self._window(one), following=0)
            lane.waiting.appendleft(window)
            await self._post.remove(others)

    def _window(self, one: Outgoing) -> dict[str, Any]:
        given = one.parameters
        said = self._replies.say(WINDOW, one.language)
        return {
            "html": None,
            "plain": said,
            "keyboard": None,
            "answers": given.get("answers"),
            "thread": given["thread"],
            "window": True,
        }

    async def _drop(self, lane: Lane, error: TelegramError) -> None:
        log.info("nobody to write to", error=type(error).__name__, count=len(lane.waiting))
        await self._done(lane, list(lane.waiting))

    async def _done(self, lane: Lane, done: Sequence[Outgoing]) -> None:
        """Forget messages. Only then the next is sent: at most one is sent twice."""
        await self._post.remove(done)
        for one in done:
            lane.waiting.remove(one)

    def _take_ids(self, lane: Lane) -> None:
        """Delete too what was sent while the deletion waited."""
        one = lane.first
        ids = [*one.parameters["ids"], *self.messages.take(one.owner)]
        lane.waiting[0] = replace(one, parameters={"ids": ids})

    def _wake(self) -> None:
        self._busy += 1
        self._quiet.clear()

    def _sleep(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._quiet.set()
        self.eased()


def _pause(tries: int) -> float:
    """Seconds to rest after so many failures."""
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(tries, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  so that not all come at once
