"""Begins as soon as Telegram can be reached: a machine may be up before its network is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.telegram.calls import seconds_of

log = structlog.get_logger()

FIRST_SECONDS: Final = 1.0
"""Rest after the first try; twice as long after each one more."""
LONGEST_SECONDS: Final = 30.0
"""The longest rest."""


async def until_reached(
    step: Callable[[], Awaitable[None]], tell: Callable[[], object] = lambda: None
) -> None:
    """Do a step of the start, again and again while Telegram cannot be reached.

    ``tell`` is called once, if the first try fails. Raises TelegramError for what does not pass:
    a refused token, a refused webhook.
    """
    tries = 0
    while True:
        try:
            await step()
        except TelegramError as error:
            if not passes(error):
                raise
            if not tries:
                log.warning("telegram not reached", error=type(error).__name__)
                tell()
            await asyncio.sleep(_rest(error, tries))
            tries += 1
        else:
            break
    if tries:
        log.warning("telegram reached", count=tries)


def passes(error: TelegramError) -> bool:
    """Whether it may be otherwise the next time."""
    return not isinstance(error, InvalidToken | Conflict | BadRequest | Forbidden)


def _rest(error: TelegramError, tries: int) -> float:
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(tries, 10))
