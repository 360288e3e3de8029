"""Makes one call of the Bot API out of a message that waits to be sent."""

import asyncio
import os
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter

from bot.store.outbox import Outgoing

# Without it the library warns of its future at every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = structlog.get_logger()

SEND, DOCUMENT, DELETE = "sendMessage", "sendDocument", "deleteMessages"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview shows a stranger's picture under an answer, and asks the page for it."""
FLOOD_RETRIES: Final = 3
"""Times a call to staff is made again after a 429, each time when Telegram says."""
AT_ONCE: Final = 100
"""Messages Telegram deletes in one call."""


def document(name: str, content: bytes, thread_id: int | None) -> dict[str, Any]:
    """The parameters of a file."""
    return {"name": name, "content": b64encode(content).decode(), "thread": thread_id}


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


async def perform(bot: Bot, one: Outgoing) -> int | None:
    """Make the call; give the id of the message that was sent, if it was one.

    Raises TelegramError if Telegram does not take it.
    """
    if one.method == DELETE:
        ids = one.parameters["ids"]
        for start in range(0, len(ids), AT_ONCE):
            await bot.delete_messages(one.chat, ids[start : start + AT_ONCE])
        return None
    if one.method == DOCUMENT:
        content = b64decode(one.parameters["content"])
        message = await bot.send_document(
            one.chat,
            content,
            filename=one.parameters["name"],
            message_thread_id=one.parameters["thread"],
        )
        return message.message_id
    if one.parameters["html"] is None:
        return await _send(bot, one, one.parameters["plain"], parse_mode=None)
    try:
        return await _send(bot, one, one.parameters["html"], ParseMode.HTML)
    except BadRequest as error:
        if is_final(error):
            raise
        log.warning("markup refused", error="BadRequest")
        return await _send(bot, one, one.parameters["plain"], parse_mode=None)


async def patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call that is not kept, such as one to staff, again after Telegram says to wait."""
    for _ in range(FLOOD_RETRIES):
        try:
            await call()
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        else:
            return
    await call()


def is_final(error: BadRequest) -> bool:
    """Whether there is nobody to write to."""
    return "chat not found" in error.message.lower()


async def _send(bot: Bot, one: Outgoing, text: str, parse_mode: str | None) -> int:
    """Send one message; give its id."""
    given = one.parameters
    message = await bot.send_message(
        one.chat,
        text,
        parse_mode=parse_mode,
        reply_markup=InlineKeyboardMarkup.de_json(given["keyboard"], bot)
        if given["keyboard"]
        else None,
        reply_parameters=ReplyParameters(given["answers"], allow_sending_without_reply=True)
        if given["answers"]
        else None,
        message_thread_id=given["thread"],
        link_preview_options=NO_PREVIEW,
    )
    return message.message_id
