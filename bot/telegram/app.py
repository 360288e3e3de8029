"""Builds the Telegram application: every handler, in one list."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeAlias

import httpx
import structlog
from telegram import Bot, BotCommand, Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    JobQueue,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.settings import Settings
from bot.store.post import MemoryPost, Post
from bot.telegram.answering import Answering
from bot.telegram.arriving import Arriving
from bot.telegram.careful import (
    CarefulBot,
    CarefulRequest,
    CarefulUpdater,
    MalformedHandler,
)
from bot.telegram.delivery import Delivery
from bot.telegram.limits import Limits
from bot.telegram.members import MemberSide, member_handlers
from bot.telegram.outside import Answers, Says
from bot.telegram.pace import Pace
from bot.telegram.processor import Processor
from bot.telegram.reading import Reader, is_urgent
from bot.telegram.remembering import Messages
from bot.telegram.sending import Sender
from bot.telegram.updates import Promises, Updates
from handlers.ports import Clock

log = structlog.get_logger()

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Callback: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handler: TypeAlias = BaseHandler[Update, Context, None]

PREFERENCES = ("place", "lang", "clear", "forget", "export")
"""Commands that the assistant answers itself."""
COMMANDS = (
    *("start", "help", "place", "lang", "clear", "rules", "programs", "checklists"),
    *("privacy", "forget", "export"),
)
"""Commands with a line in Telegram's menu; the words are under ``telegram.command.<name>``."""
MENU_LANGUAGES = {"en": None, "ja": "ja", "zh": "zh", "pt": "pt", "vi": "vi"}
"""Our languages, and for whose apps their menu is: English is for all that have no menu."""
SECONDS = 10.0
"""Wait for Telegram's server. The library's 5 is short on a slow line, and its 1 for a free
connection loses replies when many people write at once."""

_NEW = filters.UpdateType.MESSAGE
_EDITED = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE
_WORDS = filters.TEXT | filters.CAPTION
_LOCATION = filters.LOCATION | filters.VENUE
_OTHERS = {
    "telegram.sticker": filters.Sticker.ALL,
    "telegram.voice": filters.VOICE | filters.VIDEO_NOTE | filters.AUDIO,
    # An animation is a document too, so pictures stand before documents.
    "telegram.picture": filters.PHOTO | filters.VIDEO | filters.ANIMATION | filters.PAID_MEDIA,
    "telegram.document": filters.Document.ALL,
    "telegram.contact": filters.CONTACT,
    "telegram.unreadable": filters.ALL,  # polls, dice, and what Telegram invents next
}


def build_application(  # noqa: PLR0913  the six things it joins
    settings: Settings,
    assistant: Answers,
    replies: Says,
    clock: Clock,
    *,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
    members: MemberSide | None = None,
    jobs: bool = False,
    post: Post | None = None,
) -> App:
    """Join the channel. ``request`` and ``updates_request`` replace the network (for tests).

    ``jobs``: whether anything is to be done on a schedule. ``post``: where updates and replies
    lie until they are done with; None: in memory.

    ``post_init`` of the result, which sets the commands' menu, is for the caller to await.
    Raises SettingsError without a token.
    """
    post, messages, pace = post or MemoryPost(), Messages(clock), Pace(settings.telegram_rate)
    reader, answering = Reader(clock, settings.telegram_staff_ids), Answering(assistant)
    arriving = Arriving(
        post,
        Limits(clock),
        partial(is_urgent, assistant, reader),
        waits=settings.telegram_webhook_url is not None,
    )
    processor = Processor(post, arriving, Delivery(post, replies, messages, pace))
    bot = CarefulBot(
        settings.bot_token,
        settings.telegram_base_url,
        request=request or web_request(),
        get_updates_request=updates_request or web_request(),
        rate_limiter=pace,
    )
    application: App = (
        ApplicationBuilder()
        .updater(CarefulUpdater(bot, arriving))
        .concurrent_updates(processor)
        .job_queue(JobQueue() if jobs else None)
        .post_init(lambda application: set_menu(application.bot, replies))
        .build()
    )
    sender = Sender(replies, processor.delivery, messages)
    promises = Promises(settings.retention_days, settings.crisis_hours, settings.privacy_contact)
    updates = Updates(answering, replies, reader, sender, promises)
    application.add_handler(MalformedHandler(sender))
    if members:
        application.add_handlers(member_handlers(updates, answering, replies, members))
    application.add_handlers(handlers(updates))
    application.add_error_handler(_on_error(updates))
    processor.apologize = lambda update, error: updates.error(update, application.bot, error)
    processor.ask_to_wait = lambda update: updates.ask_to_wait(update, application.bot)
    return application


def web_request(
    look: Callable[[int], None] | None = None,
    before: Callable[[], Awaitable[None]] | None = None,
    dated: Callable[[str], None] | None = None,
) -> HTTPXRequest:
    """Give the way to Telegram's server over HTTP.

    ``look`` sees the status of each response, ``dated`` what time it is, as HTTP has it, if it is
    a good one; ``before`` is waited for before each request.
    """

    async def wait(_request: httpx.Request) -> None:
        if before:
            await before()

    async def hook(response: httpx.Response) -> None:
        if dated and response.is_success:
            dated(response.headers.get("date", ""))
        if look:
            look(response.status_code)

    return CarefulRequest(
        connect_timeout=SECONDS,
        read_timeout=SECONDS,
        write_timeout=SECONDS,
        pool_timeout=SECONDS,
        httpx_kwargs={"event_hooks": {"request": [wait], "response": [hook]}},
    )


def handlers(updates: Updates) -> list[Handler]:
    """Every handler. Order matters: the first that fits an update has it, and no other.

    What fits none is left alone: service messages, edits in groups, a moving location.
    """
    return [
        CommandHandler("start", _on_message(updates, updates.start), _NEW),
        CommandHandler("help", _on_message(updates, updates.help), _NEW),
        CommandHandler("privacy", _on_message(updates, updates.privacy), _NEW),
        *(CommandHandler(name, _on_preference(updates, name), _NEW) for name in PREFERENCES),
        MessageHandler(_NEW & filters.COMMAND, _on_message(updates, updates.command)),
        MessageHandler(_NEW & _WORDS, _on_message(updates, updates.question)),
        MessageHandler(
            _EDITED & _WORDS & ~filters.COMMAND, _on_message(updates, updates.question)
        ),
        CallbackQueryHandler(_on_tap(updates)),
        MessageHandler(
            _NEW & filters.StatusUpdate.NEW_CHAT_MEMBERS, _on_message(updates, updates.joined)
        ),
        ChatMemberHandler(_on_membership(updates), ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(_NEW & _LOCATION, _on_location(updates)),
        *(
            MessageHandler(_NEW & kind & ~filters.StatusUpdate.ALL, _on_other(updates, key))
            for key, kind in _OTHERS.items()
        ),
    ]


async def set_menu(bot: Bot, replies: Says) -> None:
    """Set the commands' menu in our languages. Without it the bot answers as well."""
    for language, language_code in MENU_LANGUAGES.items():
        menu = [
            BotCommand(name, replies.say(f"telegram.command.{name}", language))
            for name in COMMANDS
        ]
        try:
            await bot.set_my_commands(menu, language_code=language_code)
        except TelegramError as error:
            log.warning("menu not set", error=type(error).__name__)


def _on_message(updates: Updates, answer: Callable[[Message, Bot], Awaitable[None]]) -> Callback:
    async def callback(update: Update, context: Context) -> None:
        if message := update.effective_message:
            updates.seen(message)
            await answer(message, context.bot)

    return callback


def _on_preference(updates: Updates, name: str) -> Callback:
    return _on_message(updates, lambda message, bot: updates.preference(message, bot, f"/{name}"))


def _on_location(updates: Updates) -> Callback:
    return _on_message(
        updates, lambda message, bot: updates.location(message, bot, "telegram.location")
    )


def _on_other(updates: Updates, key: str) -> Callback:
    return _on_message(updates, lambda message, bot: updates.other(message, bot, key))


def _on_tap(updates: Updates) -> Callback:
    async def callback(update: Update, context: Context) -> None:
        if query := update.callback_query:
            await updates.tap(query, context.bot)

    return callback


def _on_membership(updates: Updates) -> Callback:
    async def callback(update: Update, context: Context) -> None:
        if change := update.my_chat_member:
            await updates.membership(change, context.bot)

    return callback


def _on_error(updates: Updates) -> Callable[[object, Context], Coroutine[Any, Any, None]]:
    async def callback(update: object, context: Context) -> None:
        await updates.error(update, context.bot, context.error)

    return callback
