"""Runs the Telegram bot as a process, until a signal or a reason that cannot mend itself."""

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import ContextTypes, JobQueue, Updater

from bot.settings import Settings, SettingsError, check_to_serve
from bot.telegram.app import App, build_application, web_request
from bot.telegram.attesting import OwnerSide, schedule_questions
from bot.telegram.canary import Canary
from bot.telegram.members import MemberSide, tell_changes
from bot.telegram.operation import NOTHING, Beside
from bot.telegram.outside import Answers, Says
from bot.telegram.secret import SteadySecret
from bot.telegram.sending import Sender
from bot.telegram.staff import StaffJobs, StaffSide, schedule_staff
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
FIRST_SECONDS = 1.0
"""The canary sings for the first time so long after the start."""
STOP_SECONDS = 30.0
"""Replies under way have this long to finish after a signal."""
End = Callable[[str | None], None]
"""Ends the process: with the key of the line that says why, or None if it was asked to stop."""


class Conflicts:
    """Tells a second instance from a chance conflict (409).

    One alone is ordinary: after a restart, Telegram may still hold the former process's request
    for a few seconds. Two instances interrupt each other without end.
    """

    LIMIT = 3
    """Conflicts that mean a second instance. A process that has served for longer than SECONDS
    bears twice as many, so that the newcomer is the one to yield."""
    SECONDS = 60.0
    """Conflicts longer ago are forgotten."""

    def __init__(self, clock: Clock) -> None:
        """Begin to serve."""
        self._clock = clock
        self._started = clock.seconds()
        self._moments: deque[float] = deque()

    def are_too_many(self) -> bool:
        """Note one more conflict, and tell whether there is a second instance."""
        now = self._clock.seconds()
        self._moments.append(now)
        while now - self._moments[0] > self.SECONDS:
            self._moments.popleft()
        established = now - self._started > self.SECONDS
        return len(self._moments) >= self.LIMIT * (2 if established else 1)


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
    operation: Beside = NOTHING,
) -> int:
    """Answer on Telegram until SIGTERM or SIGINT; give the exit status 0, 1 or 2.

    A refused token, an unreachable server, a second instance, a taken port or a missing setting is
    one line on standard error. Replies under way are finished first; ``closing`` is called last,
    however it ends. A second signal ends the process at once.
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
                canary=canary,
                staff=staff,
                owners=owners,
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
    canary: Canary | None,
    staff: StaffSide | None,
    owners: OwnerSide | None,
    operation: Beside,
) -> str | None:
    """Run until ended; give the key of the line that says why, None after a signal."""
    ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def end(reason: str | None) -> None:
        if not ended.done():
            ended.set_result(reason)

    def look(status: int) -> None:
        operation.heard(status)
        # The library ends its polling on these, and tells no one.
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            end("telegram.serve.token_refused")

    _end_on_signals(end)
    request = web_request(look)
    jobs = any(side is not None for side in (canary, staff, owners))
    application = build_application(
        settings,
        assistant,
        replies,
        clock,
        request=operation.request(),
        updates_request=request,
        members=members,
        jobs=jobs,
    )
    if jobs and application.job_queue:  # the library warns who asks for one where there is none
        _schedule_all(application.job_queue, settings, replies, canary, staff)
        schedule_questions(application.job_queue, owners, Sender(replies, clock))
    try:
        async with operation.running(application):
            await _start(application, settings, clock, end)
            if members:
                await tell_changes(application.bot, members, replies)
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


def _schedule_all(
    jobs: JobQueue[Any],
    settings: Settings,
    replies: Says,
    canary: Canary | None,
    staff: StaffSide | None,
) -> None:
    if canary and settings.canary_minutes:
        schedule(jobs, canary, settings.canary_minutes * 60)
    if staff:
        work = StaffJobs(staff, replies, settings.telegram_staff_ids)
        schedule_staff(jobs, work, settings.digest_time)


def schedule(jobs: JobQueue[Any], canary: Canary, seconds: float) -> None:
    """Let the canary sing at once after the start, then every so many seconds."""

    async def sing(context: ContextTypes.DEFAULT_TYPE) -> None:
        await canary.watch(context.bot)

    jobs.run_repeating(sing, interval=seconds, first=FIRST_SECONDS, name="canary")


def _end_on_signals(end: End) -> None:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def on_signal() -> None:
        for number in signals:
            loop.remove_signal_handler(number)  # so that a second signal ends it at once
        end(None)

    for number in signals:
        loop.add_signal_handler(number, on_signal)


async def _start(application: App, settings: Settings, clock: Clock, end: End) -> None:
    await application.initialize()  # asks Telegram who we are, which proves token and network
    if application.post_init:
        await application.post_init(application)
    await application.start()
    if settings.telegram_webhook_url:
        await _listen(application, settings, settings.telegram_webhook_url)
    else:
        await _poll(application, clock, end)
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
                await application.stop()  # waits for the replies under way
                log.info("stopped")
    except TimeoutError:
        log.warning("replies cut off", seconds=STOP_SECONDS)
    await application.shutdown()
    await application.bot.shutdown()  # the former does nothing after a start that failed


def _updater(application: App) -> Updater:
    if application.updater is None:  # only tests build without one
        raise TypeError
    return application.updater
