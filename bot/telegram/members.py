"""What members use on Telegram: commands, files, cards in any chat, notices of changes."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    filters,
)

from bot.telegram.answering import Answering
from bot.telegram.calls import NO_PREVIEW
from bot.telegram.delivery import Delivery
from bot.telegram.outside import Says
from bot.telegram.reading import after_command, bot_language
from bot.telegram.rendering import render
from bot.telegram.sending import Place, messages
from bot.telegram.updates import Updates
from handlers.commands import COMMANDS, WITH_WORDS
from handlers.membership import Watch
from handlers.messages import Card, Reply, Status
from handlers.rules import FILE

log = structlog.get_logger()

Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Callback: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handler: TypeAlias = BaseHandler[Update, Context, None]

CACHE_SECONDS: Final = 300
"""Telegram may give the same cards for the same words for so long; they are the same for all."""
DESCRIPTION: Final = 120
"""Letters of a card's quote in the list."""
START_PARAMETER: Final = "inline"

MakeFile: TypeAlias = Callable[[str], tuple[str, bytes]]
"""Gives a file's name and content by its kind."""


@dataclass(frozen=True, slots=True)
class MemberSide:
    """What the channel needs for members beyond the assistant."""

    make_file: MakeFile
    """Gives the guideline as a file, by its kind."""
    kinds: tuple[str, ...]
    """The kinds of file."""
    outdated: Callable[[], Iterable[Watch]] = tuple
    """Who is to be told now that a clause changed."""
    told: Callable[[Watch], Reply | None] = lambda _watch: None
    """What to tell; None where the old text is not kept."""
    settle: Callable[[Watch], None] = lambda _watch: None
    """Remembers that it was told."""


class MemberUpdates:
    """The callbacks for members; words and decisions are the assistant's."""

    def __init__(
        self, updates: Updates, assistant: Answering, replies: Says, make_file: MakeFile
    ) -> None:
        """``updates``: what answers a choice; ``make_file``: the guideline as a file."""
        self._updates = updates
        self._assistant = assistant
        self._replies = replies
        self._make_file = make_file

    async def command(self, update: Update, context: Context) -> None:
        """A command that is a choice; words after most of them are a question."""
        message = update.effective_message
        rest = after_command(message, context.bot) if message else None
        if message is None or rest is None:
            return
        name = (message.text or "")[1:].split()[0].partition("@")[0].lower()
        choice = COMMANDS[name]
        if rest and choice not in WITH_WORDS:
            await self._updates.choose(message, context.bot, None, rest)
        else:
            await self._updates.choose(message, context.bot, choice, rest)

    async def file(self, update: Update, context: Context) -> None:
        """Say what the file is, then send it."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        await self._updates.tap(query, context.bot)
        kind = query.data.removeprefix(FILE)
        name, content = self._make_file(kind)
        await self._updates.document(query, context.bot, name, content)

    async def inline(self, update: Update, context: Context) -> None:
        """Offer cards for what is typed after the bot's name in any chat."""
        del context
        if query := update.inline_query:
            await self._offer(query)

    async def _offer(self, query: InlineQuery) -> None:
        language = bot_language(query.from_user)
        offered = await self._assistant.offer(query.query)
        results = [self._article(card, language) for card in offered]
        button = InlineQueryResultsButton(
            self._replies.say("inline.open", language), start_parameter=START_PARAMETER
        )
        try:
            await query.answer(
                results,
                cache_time=CACHE_SECONDS,
                is_personal=False,
                button=None if results else button,
            )
        except TelegramError as error:  # too old, mostly; the person has typed on
            log.info("cards not offered", error=type(error).__name__)

    def _article(self, card: Card, language: str) -> InlineQueryResultArticle:
        part = render(Reply(Status.ANSWERED, cards=(card,)), self._replies, language)[0]
        return InlineQueryResultArticle(
            card.id,
            card.title,
            InputTextMessageContent(
                part.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            ),
            description=(card.quote or " ".join(card.lines))[:DESCRIPTION],
        )


def member_handlers(
    updates: Updates, assistant: Answering, replies: Says, side: MemberSide
) -> list[Handler]:
    """The handlers, to stand before the general ones."""
    members = MemberUpdates(updates, assistant, replies, side.make_file)
    files = "|".join(side.kinds)
    return [
        CommandHandler(list(COMMANDS), members.command, filters.UpdateType.MESSAGE),
        CallbackQueryHandler(members.file, pattern=rf"^{FILE}({files})$"),
        InlineQueryHandler(members.inline),
    ]


async def tell_changes(bot: Bot, side: MemberSide, replies: Says, delivery: Delivery) -> None:
    """Tell every chat whose clause changed, once: the notices wait in the outbox."""
    for watch in side.outdated():
        reply = side.told(watch)
        if reply is None:  # its old text is not kept here: staff must look why
            log.warning("change cannot be shown", edition=watch.edition, clause=watch.clause)
            continue
        chat = int(watch.conversation.split(":")[1])
        await delivery.give(bot, messages(Place(chat), render(reply, replies)))
        side.settle(watch)
