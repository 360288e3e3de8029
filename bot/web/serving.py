"""``tsunagari console``: everything real joined, and served."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import TelegramError

from bot.clock import SystemClock
from bot.listening import listening
from bot.publishing.publisher import publisher_of
from bot.publishing.source import LibrarySource
from bot.settings import Settings
from bot.shelf import FolderShelf
from bot.web.app import build_console
from bot.web.ports import SendCode

_PROXY: Final = "127.0.0.1"
"""Only a proxy on the same machine is believed when it names a client's address."""
_log = structlog.get_logger()


def console_of(settings: Settings) -> Starlette:
    """The console with everything real.

    Raises:
        KnowledgeError: the knowledge is unsound at the very start.
    """
    clock = SystemClock()
    source = LibrarySource(settings.data, clock, FolderShelf(settings.cache_folder))
    publisher = publisher_of(settings, source, clock)
    return build_console(settings, source, publisher, clock, code_sender(settings))


def code_sender(settings: Settings) -> SendCode | None:
    """Sends one-time codes by the bot; None where there is no bot."""
    if settings.telegram_bot_token is None:
        return None

    async def send(chat: int, sentence: str) -> None:
        try:
            async with Bot(settings.bot_token, base_url=settings.telegram_base_url) as bot:
                await bot.send_message(chat, sentence)
        except TelegramError as error:
            _log.warning("code not sent", error=type(error).__name__)

    return send


def serve(settings: Settings, told: Callable[[], None]) -> None:
    """Serve the console until it is stopped; ``told`` is called once it really listens.

    No line of a log tells what was asked for.

    Raises:
        KnowledgeError: the knowledge is unsound at the very start.
        SettingsError: the address cannot be listened on.
    """
    config = uvicorn.Config(
        console_of(settings),
        access_log=False,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=_PROXY,
    )
    with (
        listening("CONSOLE_PORT", settings.console_listen, settings.console_port) as taken,
        suppress(KeyboardInterrupt),  # Ctrl+C; the server has stopped by then
    ):
        _Server(config, told).run([taken])


class _Server(uvicorn.Server):
    """A server that tells when it has started."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self.told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self.told()
