"""What is gathered while one update is handled, and done once its answer is kept."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.store.outbox import Outgoing


@dataclass(slots=True)
class Handling:
    """One update that is being handled."""

    urgent: bool = False
    """Whether the person may be in danger."""
    bot: Any = None
    """The channel's bot that is to send; None until there is something to send."""
    outgoing: list[Outgoing] = field(default_factory=list)
    """Messages to send, in order."""
    after: list[Callable[[], object]] = field(default_factory=list)
    """Called once the answer is kept: what may happen only once, even if the program dies."""
    beside: list[Awaitable[object]] = field(default_factory=list)
    """Goes on meanwhile, and is waited for at the end."""


current: ContextVar[Handling | None] = ContextVar("handling", default=None)
"""The update that is being handled here; None elsewhere."""


async def beside(action: Awaitable[object]) -> None:
    """Let something go on while the answer is kept and sent; wait for it here if nobody else."""
    handling = current.get()
    if handling is None:
        await action
    else:
        handling.beside.append(action)
