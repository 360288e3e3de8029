"""What happens on each kind of update. Words come from the assistant or from ``Says``."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from telegram import Bot, CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.error import Forbidden, TelegramError

from bot.handling import beside
from bot.telegram.answering import Answering
from bot.telegram.outside import Says
from bot.telegram.reading import Reader, after_command, bot_language, meant_for_bot
from bot.telegram.remembering import Latest, Recent
from bot.telegram.sending import NO_VALUES, Place, Sender, place_of, place_of_tap, place_of_update
from handlers.choices import PLACE, PROGRAMS, RULES, WINDOWS
from handlers.messages import Choice, Incoming, Reply

log = structlog.get_logger()

START_CHOICES = {
    WINDOWS: "choice.windows",
    RULES: "choice.rules",
    PROGRAMS: "choice.programs",
}
"""The three buttons of /start, and the keys of their labels."""

_GROUPS = frozenset({Chat.GROUP, Chat.SUPERGROUP})
_ABSENT = frozenset({ChatMember.LEFT, ChatMember.BANNED})
_START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Promises:
    """What /privacy tells of how this service is run."""

    days: int
    """Days until records are deleted."""
    hours: int
    """Hours for which it is remembered that somebody was in danger."""
    contact: str = ""
    """Who to ask; empty where nobody is named."""


class Updates:
    """The callbacks of the application; each answers one kind of update."""

    def __init__(
        self,
        assistant: Answering,
        replies: Says,
        reader: Reader,
        sender: Sender,
        promises: Promises,
    ) -> None:
        """``promises``: what /privacy tells."""
        self._assistant = assistant
        self._replies = replies
        self._reader = reader
        self._sender = sender
        self._promises = promises
        self._languages: Latest[str] = Latest()
        self._albums = Recent()
        self._greeted = Recent()

    async def start(self, message: Message, bot: Bot) -> None:
        """Show what the bot can do. Nothing is reset: a conversation in danger stays one."""
        rest = after_command(message, bot)
        if rest and not _START_PAYLOAD.fullmatch(rest):
            await self._answer(message, bot, rest)
            return
        place = self._place(message)
        choices = [
            Choice(choice, self._replies.say(key, place.language))
            for choice, key in START_CHOICES.items()
        ]
        await self._say(bot, place, "telegram.start", "telegram.start.privacy", choices=choices)

    async def help(self, message: Message, bot: Bot) -> None:
        """Say how to use the bot, or answer the words after the command."""
        await self._answer_or_say(message, bot, "telegram.help")

    async def privacy(self, message: Message, bot: Bot) -> None:
        """Say what is kept, or answer the words after the command."""
        told = self._promises
        contact = "telegram.privacy.contact" if told.contact else "telegram.privacy.no_contact"
        await self._answer_or_say(
            message,
            bot,
            *("telegram.privacy", "telegram.privacy.rights", contact),
            values={"days": str(told.days), "hours": str(told.hours), "contact": told.contact},
        )

    async def command(self, message: Message, bot: Bot) -> None:
        """Any other command: answer the words after it, or help. Another bot's is left alone."""
        if after_command(message, bot) is not None:
            await self._answer_or_say(message, bot, "telegram.help")

    async def choose(self, message: Message, bot: Bot, choice: str | None, text: str) -> None:
        """A command that stands for a choice, with the words after it."""
        place = self._place(message)
        incoming = replace(self._reader.read(message, text), choice=choice)
        await self._show(bot, place, await self._ask(incoming, place))

    async def question(self, message: Message, bot: Bot) -> None:
        """Answer a text, an edited text, or the caption of a picture."""
        text = meant_for_bot(message, bot)
        if text is None:
            return
        if message.media_group_id:
            self._albums.is_new(message.media_group_id)  # its other pictures need no answer
        if text:
            await self._answer(message, bot, text)
        else:  # a bare mention
            await self._say(bot, self._place(message), "telegram.help")

    async def preference(self, message: Message, bot: Bot, command: str) -> None:
        """/place, /forget and the like: the assistant's own, or the words after the command."""
        rest = after_command(message, bot)
        if rest is not None:
            await self._answer(message, bot, rest or command)

    async def location(self, message: Message, bot: Bot, key: str) -> None:
        """A position is not used; the prefecture is asked for with buttons instead."""
        if meant_for_bot(message, bot) is None:
            return
        place = self._place(message)
        reply = await self._ask(self._reader.choose(message, PLACE), place)
        said = self._replies.say(key, reply.language or place.language)
        await self._sender.show(bot, place, replace(reply, opening=(said,)))

    def seen(self, message: Message) -> None:
        """Remember a person's message in a private chat: /clear deletes it too."""
        if message.chat.type == Chat.PRIVATE:
            self._sender.remember(place_of(message), message.message_id)

    async def other(self, message: Message, bot: Bot, key: str) -> None:
        """Say kindly what cannot be read; an album of many pictures is answered once."""
        if meant_for_bot(message, bot) is None:
            return
        if message.media_group_id and not self._albums.is_new(message.media_group_id):
            return
        await self._say(bot, self._place(message), key)

    async def joined(self, message: Message, bot: Bot) -> None:
        """Greet a group that took the bot in; greeting other newcomers is not its business."""
        if any(member.id == bot.id for member in message.new_chat_members):
            await self._greet(message.chat, bot, message.from_user)

    async def membership(self, change: ChatMemberUpdated, bot: Bot) -> None:
        """Greet a group that took the bot in; Telegram tells it here, in ``joined``, or both."""
        if change.chat.type not in _GROUPS:
            return
        if change.new_chat_member.status in _ABSENT:
            self._greeted.forget(change.chat.id)
        elif change.old_chat_member.status in _ABSENT:
            await self._greet(change.chat, bot, change.from_user)

    async def tap(self, query: CallbackQuery, bot: Bot) -> None:
        """Answer a button. The assistant also has the word for one that is stale or unknown."""
        if query.data is None:  # the button of a game, which this bot never sends
            await _acknowledge(query)
            return
        place = place_of_tap(query)
        reply = await self._ask(self._reader.read_tap(query, query.data), place)
        # Together: the button shows a clock until it is acknowledged, and the reply cannot wait.
        acknowledged = asyncio.ensure_future(_acknowledge(query))
        await self._show(bot, place, reply)
        await beside(acknowledged)

    async def document(self, query: CallbackQuery, bot: Bot, name: str, content: bytes) -> None:
        """Send a file behind the answer to a tap."""
        await self._sender.document(bot, place_of_tap(query), name, content)

    async def error(self, update: object, bot: Bot, error: Exception | None) -> None:
        """Log the kind of failure only, then still show the person a national window."""
        known = update if isinstance(update, Update) else None
        update_id = known.update_id if known else None
        log.error("update failed", error=type(error).__name__, update=update_id)
        place = place_of_update(known) if known else None
        if place is None or isinstance(error, Forbidden):  # blocked: there is no one to tell
            return
        try:
            await self._sender.say(bot, place, "telegram.error")
        except TelegramError as failed:
            log.warning("window not shown", error=type(failed).__name__, update=update_id)

    async def ask_to_wait(self, update: Update, bot: Bot) -> None:
        """Say once that it was too much at a time; a window for who cannot wait stands there."""
        if place := place_of_update(update):
            await self._sender.say(bot, place, "telegram.too_much")

    async def _greet(self, chat: Chat, bot: Bot, user: User | None) -> None:
        if self._greeted.is_new(chat.id):
            place = Place(chat.id, bot_language(user))
            await self._sender.say(bot, place, "telegram.group", values={"username": bot.username})

    async def _answer_or_say(
        self, message: Message, bot: Bot, *keys: str, values: Mapping[str, str] = NO_VALUES
    ) -> None:
        # A cry for help may stand after a command; it must not be lost to a canned text.
        if rest := after_command(message, bot):
            await self._answer(message, bot, rest)
        else:
            await self._say(bot, self._place(message), *keys, values=values)

    async def _answer(self, message: Message, bot: Bot, text: str) -> None:
        place = place_of(message)
        await self._show(bot, place, await self._ask(self._reader.read(message, text), place))

    async def _show(self, bot: Bot, place: Place, reply: Reply) -> None:
        if reply.clears:
            await self._sender.clear(bot, place)
        if reply.forgets:
            self._sender.forget(place)
            self._languages.take(place.owner)
            place = replace(place, owner="")  # the reply is sent later, and remembered nowhere
        await self._sender.show(bot, place, reply)

    async def _say(
        self,
        bot: Bot,
        place: Place,
        *keys: str,
        choices: Sequence[Choice] = (),
        values: Mapping[str, str] = NO_VALUES,
    ) -> None:
        """Say the bot's own words; after a cry for help the contact stays under them too."""
        closing = await self._assistant.reminders(place.owner, place.language)
        await self._sender.say(bot, place, *keys, choices=choices, values=values, closing=closing)

    def _place(self, message: Message) -> Place:
        """Where the bot's own words go, in the language that was spoken last."""
        place = place_of(message)
        return replace(place, language=self._languages.get(place.owner) or place.language)

    async def _ask(self, incoming: Incoming, place: Place) -> Reply:
        reply = await self._assistant.answer(incoming)
        if reply.language:
            self._languages.put(place.owner, reply.language)
        log.info("answered", status=reply.status.value, entries=[card.id for card in reply.cards])
        return reply


async def _acknowledge(query: CallbackQuery) -> None:
    try:
        await query.answer()
    except TelegramError as error:  # too old, mostly; the person still gets the reply
        log.info("tap not acknowledged", error=type(error).__name__)
