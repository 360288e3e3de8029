"""Asks the assistant on threads of its own, so that a slow answer holds up nobody for long."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    """Asks one thing after the other; for people in danger besides. Belongs to one event loop."""

    def __init__(self, assistant: Answers) -> None:
        """The threads begin with their first question."""
        self._assistant = assistant
        self._others, self._in_danger = _Thread(), _Thread()

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
        handling = current.get()
        urgent = handling is not None and handling.urgent
        return await (self._in_danger if urgent else self._others).do(work)


class _Thread:
    """Does one piece of work after the other."""

    def __init__(self) -> None:
        self._pool = _pool()
        self._turn = asyncio.Lock()

    async def do(self, work: Callable[[], Made]) -> Made:
        """Do it, and give what it made.

        Raises:
            SlowError: it took longer than SLOW_SECONDS. It is left to itself, on its thread.
        """
        async with self._turn:
            loop, context = asyncio.get_running_loop(), contextvars.copy_context()
            doing = loop.run_in_executor(self._pool, partial(context.run, work))
            done, _ = await asyncio.wait([doing], timeout=SLOW_SECONDS)
            if done:
                return doing.result()
            log.error("answer too slow", seconds=SLOW_SECONDS)
            doing.add_done_callback(_leave)
            self._pool.shutdown(wait=False)
            self._pool = _pool()
            raise SlowError


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="assistant")


def _leave(doing: asyncio.Future[Made]) -> None:
    """Take note of what comes too late, which the library would report otherwise."""
    if not doing.cancelled() and (error := doing.exception()):
        log.warning("late answer failed", error=type(error).__name__)
