"""Sends messages: in order within a chat, and as plain text where the markup is refused."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from weakref import WeakValueDictionary

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.telegram.outside import Says
from bot.telegram.reading import bot_language, conversation
from bot.telegram.remembering import Messages
from bot.telegram.rendering import Part, render
from handlers.messages import Attachment, Choice, Reply, Status
from handlers.ports import Clock

log = structlog.get_logger()

NO_VALUES: Mapping[str, str] = MappingProxyType({})
"""For words without anything to fill in."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview shows a stranger's picture under an answer, and asks the page for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes."""

    chat_id: int
    """Chat."""
    language: str = "ja"
    """Language of the bot's own words there, one of the frame."""
    thread_id: int | None = None
    """Topic of a forum; None elsewhere."""
    message_id: int | None = None
    """The message it visibly answers, in groups; None in a private chat."""
    owner: str = ""
    """Key of the conversation; whose messages are deleted together."""


def place_of(message: Message) -> Place:
    """Give the place of the answer to a message."""
    return _place(message, message.from_user)


def place_of_tap(query: CallbackQuery) -> Place:
    """Give the place of the answer to a tap; the button's message may be gone."""
    user = query.from_user
    if isinstance(query.message, Message):
        return _place(query.message, user)
    chat = query.message.chat if query.message else Chat(user.id, Chat.PRIVATE)
    return Place(chat.id, bot_language(user), owner=conversation(chat, user.id))


def place_of_update(update: Update) -> Place | None:
    """Give the place where a person awaits an answer to an update; None if no one does."""
    if update.callback_query:
        return place_of_tap(update.callback_query)
    message = update.message or update.edited_message
    return place_of(message) if message else None


def _place(message: Message, user: User | None) -> Place:
    chat = message.chat
    return Place(
        chat.id,
        bot_language(user),
        message.message_thread_id if message.is_topic_message else None,
        None if chat.type == Chat.PRIVATE else message.message_id,
        conversation(chat, user.id if user else chat.id),
    )


class Sender:
    """Sends replies, one at a time in each chat."""

    def __init__(self, replies: Says, clock: Clock) -> None:
        """Take the bot's own words from ``replies``."""
        self._replies = replies
        self._messages = Messages(clock)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def show(self, bot: Bot, place: Place, reply: Reply) -> None:
        """Send a reply; in place of an empty one, the words for an error and their window.

        Raises TelegramError if Telegram does not take a message.
        """
        parts = render(reply, self._replies, reply.language or place.language)
        if not parts:
            log.error("empty reply", status=reply.status.value)
            await self.say(bot, place, "telegram.error")
        # Updates are processed concurrently; the lock keeps two long replies from interleaving.
        async with self._locks.setdefault(place.chat_id, asyncio.Lock()):
            for part in parts:
                self.remember(place, await _send_part(bot, place, part))
            if reply.attachment:
                self.remember(place, await _send_file(bot, place, reply.attachment))

    def remember(self, place: Place, message_id: int) -> None:
        """Remember a message for ``clear``."""
        self._messages.add(place.owner, message_id)

    def forget(self, place: Place) -> None:
        """Forget the messages of a conversation; they stay where they are."""
        self._messages.take(place.owner)

    async def clear(self, bot: Bot, place: Place) -> None:
        """Delete what was said in a conversation, as far as Telegram allows."""
        ids = self._messages.take(place.owner)
        if not ids:
            return
        try:
            await bot.delete_messages(place.chat_id, ids)
        except TelegramError as error:  # the neutral line must come all the same
            log.warning("messages not deleted", error=type(error).__name__, count=len(ids))

    async def say(
        self,
        bot: Bot,
        place: Place,
        *keys: str,
        choices: Sequence[Choice] = (),
        values: Mapping[str, str] = NO_VALUES,
        closing: tuple[str, ...] = (),
    ) -> None:
        """Send the bot's own words, a paragraph for each key. Raises like ``show``."""
        paragraphs = tuple(self._replies.say(key, place.language, **values) for key in keys)
        reply = Reply(
            Status.SMALLTALK, opening=paragraphs, closing=closing, choices=tuple(choices)
        )
        await self.show(bot, place, reply)


async def _send_file(bot: Bot, place: Place, attachment: Attachment) -> int:
    message = await bot.send_document(
        place.chat_id, attachment.text.encode(), filename=attachment.name
    )
    return message.message_id


async def _send_part(bot: Bot, place: Place, part: Part) -> int:
    try:
        return await _send(bot, place, part, part.html, ParseMode.HTML)
    except BadRequest:
        log.warning("markup refused", error="BadRequest")
        return await _send(bot, place, part, part.plain, parse_mode=None)


async def _send(bot: Bot, place: Place, part: Part, text: str, parse_mode: str | None) -> int:
    """Send one message; give its id."""
    answered = (
        ReplyParameters(place.message_id, allow_sending_without_reply=True)
        if place.message_id
        else None
    )
    message = await bot.send_message(
        place.chat_id,
        text,
        parse_mode=parse_mode,
        reply_markup=part.keyboard,
        reply_parameters=answered,
        message_thread_id=place.thread_id,
        link_preview_options=NO_PREVIEW,
    )
    return message.message_id
