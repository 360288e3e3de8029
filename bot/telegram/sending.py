"""Makes messages of replies, and gives them to the delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Chat, Message, Update, User

from bot.store.outbox import Outgoing
from bot.telegram.calls import DELETE, DOCUMENT, SEND, document
from bot.telegram.delivery import Delivery
from bot.telegram.outside import Says
from bot.telegram.reading import bot_language, conversation
from bot.telegram.remembering import Messages
from bot.telegram.rendering import Part, render
from handlers.messages import Attachment, Choice, Reply, Status

log = structlog.get_logger()

NO_VALUES: Mapping[str, str] = MappingProxyType({})
"""For words without anything to fill in."""


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
    """Gives replies to the delivery."""

    def __init__(self, replies: Says, delivery: Delivery, messages: Messages) -> None:
        """Take the bot's own words from ``replies``; ``messages``: what /clear deletes."""
        self._replies = replies
        self._delivery = delivery
        self._messages = messages

    async def show(self, bot: Bot, place: Place, reply: Reply) -> None:
        """Send a reply; in place of an empty one, the words for an error and their window."""
        parts = render(reply, self._replies, reply.language or place.language)
        if not parts:
            log.error("empty reply", status=reply.status.value)
            await self.say(bot, place, "telegram.error")
        given = messages(place, parts, danger=reply.crisis, file=reply.attachment)
        await self._delivery.give(bot, given)

    async def document(self, bot: Bot, place: Place, name: str, content: bytes) -> None:
        """Send a file."""
        given = document(name, content, place.thread_id)
        await self._delivery.give(bot, [outgoing(place, DOCUMENT, given)])

    def remember(self, place: Place, message_id: int) -> None:
        """Remember a message for ``clear``."""
        self._messages.add(place.owner, message_id)

    def forget(self, place: Place) -> None:
        """Forget the messages of a conversation; they stay where they are."""
        self._messages.take(place.owner)

    async def clear(self, bot: Bot, place: Place) -> None:
        """Delete what was said in a conversation, as far as Telegram allows."""
        if ids := self._messages.take(place.owner):
            await self._delivery.give(bot, [outgoing(place, DELETE, {"ids": ids})])

    async def say(
        self,
        bot: Bot,
        place: Place,
        *keys: str,
        choices: Sequence[Choice] = (),
        values: Mapping[str, str] = NO_VALUES,
        closing: tuple[str, ...] = (),
    ) -> None:
        """Send the bot's own words, a paragraph for each key."""
        paragraphs = tuple(self._replies.say(key, place.language, **values) for key in keys)
        reply = Reply(
            Status.SMALLTALK, opening=paragraphs, closing=closing, choices=tuple(choices)
        )
        await self.show(bot, place, reply)


def messages(
    place: Place, parts: Sequence[Part], *, danger: bool = False, file: Attachment | None = None
) -> list[Outgoing]:
    """The parts of a reply, then its file, as messages that wait to be sent."""
    calls = [outgoing(place, SEND, _parameters(place, part)) for part in parts]
    if file:
        given = document(file.name, file.text.encode(), place.thread_id)
        calls.append(outgoing(place, DOCUMENT, given))
    return [
        replace(call, following=following, danger=danger)
        for following, call in zip(range(len(calls) - 1, -1, -1), calls, strict=True)
    ]


def outgoing(place: Place, method: str, parameters: Mapping[str, Any]) -> Outgoing:
    """One call that waits to be made."""
    return Outgoing(place.chat_id, method, parameters, place.owner, place.language)


def _parameters(place: Place, part: Part) -> dict[str, Any]:
    return {
        "html": part.html,
        "plain": part.plain,
        "keyboard": part.keyboard.to_dict() if part.keyboard else None,
        "answers": place.message_id,
        "thread": place.thread_id,
    }
