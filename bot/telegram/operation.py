"""What runs beside the bot for those who run it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    closing,
    nullcontext,
    suppress,
)
from http import HTTPStatus
from typing import Any, Final

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import TypeHandler
from telegram.request import BaseRequest

from bot.operation.counted import CountedRequest
from bot.operation.health import Health
from bot.operation.local import local_app, served
from bot.operation.metrics import MALFORMED, OTHER, UPDATES, Metrics, State
from bot.settings import Settings
from bot.store.database import read_database
from bot.telegram.app import App, web_request
from bot.telegram.arriving import Arriving
from bot.telegram.malformed import is_malformed
from bot.telegram.notices import Notices
from bot.telegram.timekeeping import Timekeeping
from handlers.ports import Clock

ASK_SECONDS: Final = 60.0
"""Between two questions to Telegram about the webhook: nothing else is heard at quiet times."""
FIRST_SECONDS: Final = 1.0
"""Until Telegram was heard, it is asked so often."""
TELL_SECONDS: Final = 1.0
"""Between two looks for something to tell staff."""
_FIRST: Final = -1
"""A group of handlers that runs before the one that answers, and stops nothing."""
TABLES: Final = ("inbox", "outbox")
"""Tables whose rows wait; a database need not have them."""


class Beside:
    """Nothing runs beside the bot: for tests, and what is not served."""

    def heard(self, status: int) -> None:
        """Telegram answered a question for updates with an HTTP status."""

    def dated(self, header: str) -> None:
        """Telegram said what time it is, as HTTP has it; or nothing."""

    def request(self) -> BaseRequest | None:
        """The way to Telegram; None for the usual one."""
        return None

    def running(self, application: App) -> AbstractAsyncContextManager[None]:
        """Run until the block ends."""
        del application
        return nullcontext()


NOTHING: Final = Beside()


class Operation(Beside):
    """Counts, listens on the local port, asks Telegram about the webhook, and tells staff."""

    def __init__(  # noqa: PLR0913  what it joins
        self,
        settings: Settings,
        clock: Clock,
        metrics: Metrics,
        state: Callable[[], State],
        *,
        notices: Notices | None = None,
        timekeeping: Timekeeping | None = None,
    ) -> None:
        """``state``: what the assistant knows; contact and queues are added here."""
        self._notices = notices
        self._timekeeping = timekeeping
        self._settings = settings
        self._clock = clock
        self._metrics = metrics
        self._state = state
        self._heard: float | None = None
        self._application: App | None = None
        self._webhook: int | None = None
        metrics.state = self.state

    def heard(self, status: int) -> None:
        """Telegram answered a question for updates with an HTTP status."""
        if status == HTTPStatus.OK:
            self._heard = self._clock.seconds()

    def dated(self, header: str) -> None:
        """Telegram said what time it is, as HTTP has it; or nothing."""
        if self._timekeeping:
            self._timekeeping.dated(header)

    def request(self) -> BaseRequest:
        """The way to Telegram, counted."""
        return CountedRequest(web_request(dated=self.dated), self._metrics)

    @property
    def contact(self) -> float | None:
        """Seconds since Telegram was heard; None if never."""
        return None if self._heard is None else self._clock.seconds() - self._heard

    def state(self) -> State:
        """How things stand."""
        known = self._state()
        return State(
            waiting={**known.waiting, **self._waiting()},
            left_out=self._left_out(),
            lost=known.lost,
            knowledge=known.knowledge,
            refused=known.refused,
            sings=known.sings,
            contact=self.contact,
            skew=self._timekeeping.skew if self._timekeeping else None,
        )

    def checks(self) -> Mapping[str, bool]:
        """Whether the bot can do its work."""
        known = self._state()
        health = Health(
            knowledge=lambda: known.knowledge,
            database=self._settings.database_path,
            contact=lambda: self.contact,
            silent=lambda: known.sings is False,
        )
        return health.checks()

    @asynccontextmanager
    async def running(self, application: App) -> AsyncIterator[None]:
        """Count updates, listen, and look after the webhook, until the block ends."""
        self._application = application
        application.add_handler(TypeHandler(Update, self._count), group=_FIRST)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._port())
            if self._settings.telegram_webhook_url:
                await stack.enter_async_context(_beside(self._watch(application)))
            if self._notices:
                await stack.enter_async_context(_beside(self._tell(application, self._notices)))
            if self._timekeeping:
                await stack.enter_async_context(_beside(self._timekeeping.run(application)))
            yield

    async def _count(self, update: Update, _context: object) -> None:
        kinds = (kind for kind in UPDATES if getattr(update, kind, None) is not None)
        self._metrics.update(MALFORMED if is_malformed(update) else next(kinds, OTHER))

    def _port(self) -> AbstractAsyncContextManager[None]:
        settings = self._settings
        if not settings.health_port:
            return nullcontext()
        app = local_app(self.checks, self._metrics.text)
        return served(app, settings.health_listen, settings.health_port)

    async def _tell(self, application: App, notices: Notices) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            if application.running:
                await notices.send(application.bot)

    async def _watch(self, application: App) -> None:
        while True:
            await asyncio.sleep(ASK_SECONDS if self._heard is not None else FIRST_SECONDS)
            with suppress(TelegramError):  # what is not heard grows old, and is seen by that
                info = await application.bot.get_webhook_info()
                self._webhook = info.pending_update_count
                self.heard(HTTPStatus.OK)

    def _left_out(self) -> Mapping[str, int]:
        queue = self._application.update_queue if self._application else None
        return queue.left_out if isinstance(queue, Arriving) else {}

    def _waiting(self) -> dict[str, int]:
        waiting = waiting_rows(self._settings)
        if self._application:
            waiting["updates"] = self._application.update_queue.qsize()
        if self._webhook is not None:
            waiting["webhook"] = self._webhook
        return waiting


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Work that goes on until the block ends."""
    working = asyncio.create_task(work)
    try:
        yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


def waiting_rows(settings: Settings) -> dict[str, int]:
    """How many rows wait in the database; nothing of tables that are not there."""
    try:
        db = read_database(settings.database_path)
        if db is None:
            return {}
        with closing(db):
            there = set(db.table_names()) & set(TABLES)
            return {table: db.table(table).count for table in sorted(there)}
    except sqlite3.Error:
        return {}
