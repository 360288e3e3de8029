"""Runs the Telegram bot as a process, until a signal or a reason that cannot mend itself."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import Updater

from bot.settings import Settings, SettingsError, check_to_serve
from bot.store.post import Post
from bot.telegram.alive import watched
from bot.telegram.app import App, build_application, web_request
from bot.telegram.attesting import OwnerSide
from bot.telegram.canary import Canary
from bot.telegram.conflicts import Conflicts
from bot.telegram.jobs import Jobs, schedule_all
from bot.telegram.members import MemberSide, tell_changes
from bot.telegram.operation import NOTHING, Beside
from bot.telegram.outside import Answers, Says
from bot.telegram.processor import processor_of
from bot.telegram.reaching import until_reached
from bot.telegram.secret import SteadySecret
from bot.telegram.staff import StaffSide
from handlers.ports import Clock

log = structlog.get_logger()

STOPPED, FAILED, MISSET = 0, 1, 2
"""Exit statuses: by a signal, by a failure, by a setting."""

KINDS = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
]
"""The only updates Telegram is asked for."""
STOP_SECONDS = 30.0
"""Replies under way have this long to finish after a signal."""
End = Callable[[str | None], None]
"""Ends the process: with the key of the line that says why, or None if it was asked to stop."""


def serve(  # noqa: PLR0913  the things it joins
    settings: Settings,
    assistant: Answers,
    replies: Says,
    clock: Clock,
    *,
    canary: Canary | None = None,
    closing: Callable[[], object] = lambda: None,
    members: MemberSide | None = None,
    staff: StaffSide | None = None,
    owners: OwnerSide | None = None,
    expire: Callable[[], object] | None = None,
    post: Post | None = None,
    operation: Beside = NOTHING,
) -> int:
    """Answer on Telegram until SIGTERM or SIGINT; give the exit status 0, 1 or 2.

    What keeps it from serving is one line on standard error. Replies under way are finished first;
    ``closing`` is called last, however it ends. A second signal ends the process at once.
    """
    try:
        check_to_serve(settings)
        reason = asyncio.run(
            _run(
                settings,
                assistant,
                replies,
                clock,
                members=members,
                jobs=Jobs(canary, staff, owners, expire),
                post=post,
                operation=operation,
            )
        )
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return MISSET
    finally:
        closing()
    if reason is None:
        return STOPPED
    sys.stderr.write(f"{_line(reason, settings, replies)}\n")
    return FAILED


def _tell_unreached(settings: Settings, replies: Says) -> None:
    sys.stderr.write(f"{_line('telegram.serve.unreachable', settings, replies)}\n")


def _line(reason: str, settings: Settings, replies: Says) -> str:
    values: dict[str, dict[str, str]] = {
        "telegram.serve.unreachable": {"url": settings.telegram_base_url.removesuffix("/bot")},
        "telegram.serve.port_taken": {
            "listen": settings.telegram_webhook_listen,
            "port": str(settings.telegram_webhook_port),
        },
    }
    return " ".join(replies.say(reason, **values.get(reason, {})).split())


async def _run(  # noqa: PLR0913  the same
    settings: Settings,
    assistant: Answers,
    replies: Says,
    clock: Clock,
    *,
    members: MemberSide | None,
    jobs: Jobs,
    post: Post | None,
    operation: Beside,
) -> str | None:
    """Run until ended; give the key of the line that says why, None after a signal."""
    ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    unreached = partial(_tell_unreached, settings, replies)

    def end(reason: str | None) -> None:
        if not ended.done():
            ended.set_result(reason)

    def look(status: int) -> None:
        operation.heard(status)
        # The library ends its polling on these, and tells no one.
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            end("telegram.serve.token_refused")

    _end_on_signals(end)

    # Asking for what comes next tells Telegram that it need not bring the former again.
    request = web_request(
        look,
        lambda: processor_of(application).arriving.settled(),  # noqa: PLW0108  made below
        operation.dated,
    )
    application = build_application(
        settings,
        assistant,
        replies,
        clock,
        request=operation.request(),
        updates_request=request,
        members=members,
        jobs=jobs.exist,
        post=post,
    )
    if jobs.exist and application.job_queue:  # the library warns when asked for one in vain
        delivery = processor_of(application).delivery
        schedule_all(application.job_queue, jobs, settings, replies, delivery)
    try:
        async with operation.running(application), watched():
            starting = asyncio.create_task(_start(application, settings, clock, end, unreached))
            if await _has_started(starting, ended) and members:
                delivery = processor_of(application).delivery
                await tell_changes(application.bot, members, replies, delivery)
            reason = await ended
    except (TelegramError, OSError) as error:
        return _reason(error, settings)
    else:
        if reason == "telegram.serve.conflict":
            # The library asks for updates once more when it stops, which would end the other
            # instance's request, and might stop that one as well.
            await request.shutdown()
        return reason
    finally:
        await _stop(application)


def _end_on_signals(end: End) -> None:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def on_signal() -> None:
        for number in signals:
            loop.remove_signal_handler(number)  # so that a second signal ends it at once
        end(None)

    for number in signals:
        loop.add_signal_handler(number, on_signal)


async def _has_started(starting: asyncio.Task[None], ended: asyncio.Future[str | None]) -> bool:
    """Wait until it has started; False if it is to end before. Raises what the start does."""
    first: set[asyncio.Future[Any]] = {starting, ended}
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        await starting
        return True
    starting.cancel()
    await asyncio.wait({starting})
    return False


async def _start(
    application: App, settings: Settings, clock: Clock, end: End, tell: Callable[[], object]
) -> None:
    # Asks Telegram who we are, which proves token and network.
    await until_reached(application.initialize, tell)
    if application.post_init:
        await application.post_init(application)
    await application.start()
    await processor_of(application).start(application.bot)
    url = settings.telegram_webhook_url
    if url:
        await until_reached(lambda: _listen(application, settings, url))
    else:
        await until_reached(lambda: _poll(application, clock, end))
    log.info("started", method="webhook" if settings.telegram_webhook_url else "polling")


async def _poll(application: App, clock: Clock, end: End) -> None:
    conflicts = Conflicts(clock)

    def on_error(error: TelegramError) -> None:
        if not isinstance(error, Conflict):
            log.warning("polling failed", error=type(error).__name__)
        elif conflicts.are_too_many():
            end("telegram.serve.conflict")

    await _updater(application).start_polling(
        allowed_updates=KINDS, drop_pending_updates=False, error_callback=on_error
    )


async def _listen(application: App, settings: Settings, url: str) -> None:
    secret = settings.telegram_webhook_secret
    await _updater(application).start_webhook(
        listen=settings.telegram_webhook_listen,
        port=settings.telegram_webhook_port,
        url_path=urlsplit(url).path,
        webhook_url=url,
        secret_token=SteadySecret(secret.get_secret_value()) if secret else None,
        allowed_updates=KINDS,
        drop_pending_updates=False,
    )


def _reason(error: TelegramError | OSError, settings: Settings) -> str:
    match error:
        case OSError():
            return "telegram.serve.port_taken"
        case InvalidToken():
            return "telegram.serve.token_refused"
        case Conflict():
            return "telegram.serve.conflict"
        case BadRequest() if settings.telegram_webhook_url:
            return "telegram.serve.webhook_refused"
        case _:
            return "telegram.serve.unreachable"


async def _stop(application: App) -> None:
    updater = _updater(application)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            if updater.running:
                with suppress(TelegramError):  # of the polling, which was already acted upon
                    await updater.stop()
            if application.running:
                await application.stop()  # waits for what is being handled
                await processor_of(application).stop()  # waits for the replies under way
                log.info("stopped")
    except TimeoutError:
        log.warning("replies cut off", seconds=STOP_SECONDS)
    await application.shutdown()
    await application.bot.shutdown()  # the former does nothing after a start that failed


def _updater(application: App) -> Updater:
    if application.updater is None:  # only tests build without one
        raise TypeError
    return application.updater
