"""Keeps to what Telegram allows: so many messages a second in all, fewer in each chat."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from aiolimiter import AsyncLimiter
from telegram.ext import BaseRateLimiter

JSON = dict[str, Any]

RESERVED: Final = 0.1
"""Share of the messages a second that only people in danger have, so that they need not wait."""
BURST_SECONDS: Final = 0.2
"""After a quiet time, what so many seconds allow goes out at once."""
CHAT: Final = (3, 3.0)
"""Messages in so many seconds that one person is sent: one a second, three at once."""
GROUP: Final = (20, 60.0)
"""The same for a group."""
CHATS: Final = 1024
"""Chats remembered; beyond, those that may be sent to anyway are forgotten."""
FIRST: Final = 0.999
"""What help in danger takes of a limit: of those that wait, the limiter serves the least first."""

_delivered: ContextVar[bool | None] = ContextVar("delivered", default=None)
"""Whether what is sent here is help in danger; None where nothing has waited for its chat yet."""


class Pace(BaseRateLimiter[None]):
    """Lets calls wait; implements the library's rate limiter. What has no chat never waits."""

    def __init__(self, rate: int) -> None:
        """``rate``: messages a second in all."""
        self._others = _limiter(rate * (1 - RESERVED))
        self._reserved = _limiter(rate * RESERVED)
        self._chats: dict[int | str, AsyncLimiter] = {}

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(  # noqa: PLR0913, PLR0917  the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSON | list[JSON]]],
        args: Any,  # noqa: ANN401
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: None,
    ) -> bool | JSON | list[JSON]:
        """Make a call when it is its turn. A 429 all the same is for the caller."""
        del endpoint, rate_limit_args
        if (chat := data.get("chat_id")) is not None:
            danger = _delivered.get()
            if danger is None:
                await self.chat(chat)
            await self._overall(danger=bool(danger))
        return await callback(*args, **kwargs)

    async def chat(self, chat: int | str) -> None:
        """Wait until a chat may be sent one more message."""
        await self._of(chat).acquire()

    @contextmanager
    def delivering(self, *, danger: bool) -> Iterator[None]:
        """Calls of this block have waited for their chat; ``danger``: they help somebody in it."""
        token = _delivered.set(danger)
        try:
            yield
        finally:
            _delivered.reset(token)

    async def _overall(self, *, danger: bool) -> None:
        if not danger:
            await self._others.acquire()
        elif self._reserved.has_capacity():
            await self._reserved.acquire(FIRST)
        else:
            await self._others.acquire(FIRST)

    def _of(self, chat: int | str) -> AsyncLimiter:
        if len(self._chats) > CHATS:
            self._chats = {
                key: limiter
                for key, limiter in self._chats.items()
                if not limiter.has_capacity(limiter.max_rate)
            }
        if chat not in self._chats:
            private = isinstance(chat, int) and chat > 0
            self._chats[chat] = AsyncLimiter(*(CHAT if private else GROUP))
        return self._chats[chat]


def _limiter(rate: float) -> AsyncLimiter:
    """So many a second, and after a quiet time a few at once."""
    burst = max(1.0, rate * BURST_SECONDS)
    return AsyncLimiter(burst, burst / rate)
