"""Turns what Telegram brings into what the assistant takes."""

import re
from collections.abc import Set as AbstractSet

from telegram import Bot, CallbackQuery, Chat, Message, MessageEntity, Update, User

from bot.telegram.outside import Answers
from handlers.messages import Incoming, Role
from handlers.ports import Clock
from knowledge.replies import ABROAD, BASE, FRAME


class Reader:
    """Makes ``Incoming`` of messages and taps; knows who is staff and what time it is."""

    def __init__(self, clock: Clock, staff: AbstractSet[int]) -> None:
        """``staff``: Telegram ids of prefectural staff."""
        self._clock = clock
        self._staff = staff

    def read(self, message: Message, text: str) -> Incoming:
        """One message of a person; ``text`` is what of it is meant for the bot."""
        return self._incoming(message.chat, message.from_user, text, choice=None)

    def choose(self, message: Message, choice: str) -> Incoming:
        """A message that means what a button means."""
        return self._incoming(message.chat, message.from_user, "", choice)

    def read_tap(self, query: CallbackQuery, choice: str) -> Incoming:
        """One tap of a person on the button of ``choice``."""
        chat = query.message.chat if query.message else Chat(query.from_user.id, Chat.PRIVATE)
        return self._incoming(chat, query.from_user, "", choice)

    def _incoming(self, chat: Chat, user: User | None, text: str, choice: str | None) -> Incoming:
        user_id = user.id if user else chat.id
        return Incoming(
            text=text,
            conversation=conversation(chat, user_id),
            at=self._clock.now(),
            channel="telegram",
            role=Role.STAFF if user_id in self._staff else None,
            language=language(user),
            choice=choice,
            reachable=chat.type == Chat.PRIVATE,
        )


def conversation(chat: Chat, user_id: int) -> str:
    """Give the key of a conversation: in groups, each person has one of their own."""
    own = chat.type == Chat.PRIVATE
    return f"telegram:{chat.id}" if own else f"telegram:{chat.id}:{user_id}"


def language(user: User | None) -> str | None:
    """Give the ISO 639-1 code of a person's app, ``pt`` for ``pt-br``; None where unknown."""
    code = (user.language_code or "") if user else ""
    return code.split("-")[0].lower() or None


def bot_language(user: User | None) -> str:
    """Give the language of the bot's own words: the app's, else English where it is foreign."""
    known = language(user) or BASE
    return known if known in FRAME else ABROAD


def words(message: Message) -> str:
    """Give the text of a message, or the caption of its picture; empty if it has neither."""
    return message.text or message.caption or ""


def meant_for_bot(message: Message, bot: Bot) -> str | None:
    """Give the words meant for the bot, without its mention; None if it was not addressed.

    In a private chat all is meant for the bot; in a group a mention or a reply to the bot is.
    Other bots are never answered, lest two of them talk for ever.
    """
    if message.from_user and message.from_user.is_bot and not message.sender_chat:
        return None
    if message.chat.type == Chat.PRIVATE:
        return words(message).strip()
    answered = message.reply_to_message and message.reply_to_message.from_user
    if not _mentions(message, bot) and not (answered and answered.id == bot.id):
        return None
    return re.sub(
        rf"@{re.escape(bot.username)}\b", "", words(message), flags=re.IGNORECASE
    ).strip()


def after_command(message: Message, bot: Bot) -> str | None:
    """Give the words after a command, empty if there are none; None if it is another bot's.

    In a group a command is ours only when it names us: ``/ask@tsunagari_bot …``.
    """
    text, length = message.text or "", message.entities[0].length if message.entities else 0
    if not text.startswith("/"):
        length = 0  # marked as a command, and none: all of it is words
    command = next(iter(text[:length].split()), "")
    name = command.partition("@")[2].lower()
    ours = name == bot.username.lower() or (not name and message.chat.type == Chat.PRIVATE)
    return text[length:].strip() if ours else None


def is_urgent(assistant: Answers, reader: Reader, update: Update) -> bool:
    """Tell whether who wrote or tapped may be in danger."""
    if message := update.message or update.edited_message:
        return assistant.is_urgent(reader.read(message, words(message)))
    query = update.callback_query
    return query is not None and assistant.is_urgent(reader.read_tap(query, ""))


def _mentions(message: Message, bot: Bot) -> bool:
    name = f"@{bot.username.lower()}"
    units = words(message).encode("utf-16-le")  # Telegram counts in these
    for entity in message.entities if message.text else message.caption_entities:
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        marked = units[start:end].decode("utf-16-le", "replace")
        if entity.type == MessageEntity.MENTION and marked.lower() == name:
            return True
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot.id:
            return True
    return False
