"""Asks the assistant on a thread of its own, so that a slow answer holds up nobody for long."""

import asyncio
import contextvars
import heapq
import itertools
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

import structlog

from bot.handling import current
from bot.telegram.outside import Answers
from handlers.messages import Card, Incoming, Reply

log = structlog.get_logger()

Made = TypeVar("Made")

SLOW_SECONDS: Final = 8.0
"""An answer takes some milliseconds, and as long as the database where a command reads it: that
gives up after five seconds. After so long there will be none."""


class SlowError(Exception):
    """There was no answer in time."""


class Answering:
    """Asks one thing after the other, for people in danger first. Belongs to one event loop."""

    def __init__(self, assistant: Answers) -> None:
        """The thread begins with the first question."""
        self._assistant = assistant
        self._pool = _pool()
        self._busy = False
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def answer(self, incoming: Incoming) -> Reply:
        """See ``Answers``. Raises SlowError."""
        return await self._do(partial(self._assistant.answer, incoming))

    async def offer(self, text: str) -> tuple[Card, ...]:
        """See ``Answers``. Raises SlowError."""
        return await self._do(partial(self._assistant.offer, text))

    async def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        """See ``Answers``. Raises SlowError."""
        return await self._do(partial(self._assistant.reminders, conversation, language))

    async def _do(self, work: Callable[[], Made]) -> Made:
        """Do it, and give what it made.

        Raises:
            SlowError: it took longer than SLOW_SECONDS. It is left to itself, on its thread.
        """
        handling = current.get()
        async with self._turn(urgent=handling is not None and handling.urgent):
            context = contextvars.copy_context()
            doing = asyncio.get_running_loop().run_in_executor(
                self._pool, partial(context.run, work)
            )
            done, _ = await asyncio.wait([doing], timeout=SLOW_SECONDS)
            if done:
                return doing.result()
            log.error("answer too slow", seconds=SLOW_SECONDS)
            doing.add_done_callback(_leave)
            self._pool.shutdown(wait=False)
            self._pool = _pool()
            raise SlowError

    @asynccontextmanager
    async def _turn(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait until nothing else is done, nor waits that goes before."""
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (not urgent, next(self._numbers), turn))
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # it had just been our turn
                    self._pass_on()
                raise
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        self._busy = False
        while self._waiting and not self._busy:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():  # whoever waited may have been cancelled
                self._busy = True
                turn.set_result(None)


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="assistant")


def _leave(doing: asyncio.Future[Made]) -> None:
    """Take note of what comes too late, which the library would report otherwise."""
    if not doing.cancelled() and (error := doing.exception()):
        log.warning("late answer failed", error=type(error).__name__)
