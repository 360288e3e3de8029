"""What is counted on its way: queries to the log, calls to Telegram."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.operation.metrics import Metrics, Sent
from handlers.ports import Asked, Outcome, Query, QueryLog


class CountedLog:
    """A query log that counts what it is given; implements ``handlers.ports.QueryLog``."""

    def __init__(self, log: QueryLog, metrics: Metrics) -> None:
        """Count, then hand on."""
        self.keeps = log.keeps
        self._log = log
        self._metrics = metrics

    def record(self, query: Query) -> None:
        """Keep one query."""
        self._metrics.answered(query)
        self._log.record(query)

    def outcome(self, outcome: Outcome) -> None:
        """Keep what came of trying a window."""
        self._log.outcome(outcome)

    def permit(self, asked: Asked) -> None:
        """Let staff read the wording of a question."""
        self._log.permit(asked)

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        """Remember whom to tell."""
        self._log.follow(asked, language, until)

    def unfollow(self, asked: Asked) -> None:
        """Forget whom to tell."""
        self._log.unfollow(asked)

    def hush(self, conversation: str) -> None:
        """Forget to tell a conversation anything."""
        self._log.hush(conversation)


class CountedRequest(BaseRequest):
    """A way to Telegram that counts what became of each call."""

    def __init__(self, request: BaseRequest, metrics: Metrics) -> None:
        """Hand on, then count."""
        self._request = request
        self._metrics = metrics

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Open the connections."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Close them."""
        await self._request.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """Make one call; whatever it is, only what became of it is counted."""
        try:
            status, answer = await self._request.do_request(*args, **kwargs)
        except TelegramError:
            self._metrics.sent(Sent.UNREACHABLE)
            raise
        self._metrics.sent(sent(status))
        return status, answer


def sent(status: int) -> Sent:
    """What an HTTP status says of a call."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Sent.FAILED
    match status:
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Sent.LIMITED
        case HTTPStatus.FORBIDDEN:
            return Sent.BLOCKED
    return Sent.REFUSED if status >= HTTPStatus.BAD_REQUEST else Sent.OK
