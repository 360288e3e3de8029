"""What the doctor asks Telegram: who we are, what time it is, and how the webhook does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from bot.operation.doctor import Line, bad, notice, ok
from bot.settings import Settings

SECONDS: Final = 10.0
"""How long an answer is waited for."""
SKEW: Final = timedelta(seconds=30)
"""A clock that is further off lets codes and promises end at the wrong time."""
RECENT: Final = timedelta(hours=1)
"""A fault of the webhook that is older has mended itself."""
PENDING: Final = 100
"""Updates that wait at Telegram; so many do not wait in a moment only."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a call; never the address, which holds the token."""

    status: int
    """HTTP status; 0 for no answer."""
    result: Mapping[str, Any]
    """What was asked for; empty if it was refused."""
    date: datetime | None
    """Telegram's time."""
    cause: str = ""
    """Why there is no answer: the name of an error's type."""


Ask = Callable[[str], Answer]
"""Calls a method of the Bot API that takes no parameters."""


def asks(settings: Settings) -> Ask:
    """Asks over the network."""

    def ask(method: str) -> Answer:
        address = f"{settings.telegram_base_url}{settings.bot_token}/{method}"
        try:
            response = httpx.post(address, timeout=SECONDS)
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            return Answer(0, {}, None, type(error).__name__)
        result = body.get("result") if isinstance(body, dict) else None
        known = result if isinstance(result, dict) else {}
        return Answer(response.status_code, known, _date(response.headers.get("date", "")))

    return ask


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


def telegram(
    settings: Settings, now: Callable[[], datetime], ask: Ask | None = None
) -> Iterator[Line]:
    """Token, clock and webhook; a notice where there is no token."""
    if settings.telegram_bot_token is None:
        yield notice("token", "none")
        return
    ask = ask or asks(settings)
    answer = ask("getMe")
    if answer.status == 0:
        yield bad("token", "unreachable", cause=answer.cause)
        return
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        yield bad("token", "refused")
    elif answer.status != HTTPStatus.OK:
        yield bad("token", "failed", status=str(answer.status))
    else:
        yield ok("token", name=str(answer.result.get("username", "")))
    yield _clock(answer, now())
    if answer.status == HTTPStatus.OK:
        yield _webhook(settings, ask("getWebhookInfo"), now())


def _clock(answer: Answer, now: datetime) -> Line:
    if answer.date is None or answer.date.tzinfo is None:
        return notice("clock", "unknown")
    skew = now - answer.date
    seconds = f"{skew.total_seconds():+.0f}"
    return (
        ok("clock", seconds=seconds) if abs(skew) < SKEW else bad("clock", "off", seconds=seconds)
    )


def _webhook(settings: Settings, answer: Answer, now: datetime) -> Line:
    if answer.status != HTTPStatus.OK:
        return notice("webhook", "unknown")
    url, waiting = (
        str(answer.result.get("url", "")),
        int(answer.result.get("pending_update_count", 0)),
    )
    wanted = settings.telegram_webhook_url or ""
    if url != wanted:
        return notice("webhook", "other" if wanted else "left")
    failed = datetime.fromtimestamp(int(answer.result.get("last_error_date", 0)), now.tzinfo)
    if url and now - failed < RECENT:
        return bad("webhook", "failing", at=f"{failed:%Y-%m-%d %H:%M}", waiting=str(waiting))
    if waiting > PENDING:
        return notice("webhook", "waiting", waiting=str(waiting))
    return ok("webhook", "ok" if url else "polling", waiting=str(waiting))
