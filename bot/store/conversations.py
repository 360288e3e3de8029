"""Remembers conversations in memory: for a while, so many, and a person in danger for longer."""

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

from bot.store.latches import Latches, MemoryLatches
from handlers.ports import Clock, Conversation

Value = TypeVar("Value")

_KEEP: Final = timedelta(minutes=60)
_LIMIT: Final = 10_000
"""Conversations; some 10 MB."""


class MemoryConversations:
    """Implements ``handlers.ports.Conversations``; safe to use from several threads."""

    def __init__(
        self,
        clock: Clock,
        *,
        latches: Latches | None = None,
        keep: timedelta = _KEEP,
        limit: int = _LIMIT,
    ) -> None:
        """Begin with none.

        ``keep`` runs from a conversation's last message; of more than ``limit`` the ones silent
        for longest are forgotten. ``latches`` remember danger, for longer than that.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._conversations = _Recent[Conversation](keep.total_seconds(), limit)
        # Apart, so that a flood of other conversations cannot push out that someone is in danger.
        self._latches = latches or MemoryLatches(clock, limit=limit)

    def get(self, key: str) -> Conversation | None:
        """The conversation, or None if there is none or it was long ago."""
        with self._lock:
            now = self._clock.seconds()
            conversation = self._conversations.get(key, now)
        if self._latches.holds(key):
            return replace(conversation or Conversation(), crisis=True)
        return conversation

    def put(self, key: str, conversation: Conversation) -> None:
        """Remember it; that danger was noticed stays, whatever this one says."""
        with self._lock:
            now = self._clock.seconds()
            self._conversations.put(key, replace(conversation, crisis=False), now)
        if conversation.crisis:
            self._latches.put(key, conversation.danger or "unknown")

    def forget(self, key: str) -> None:
        """Forget it, and that danger was noticed too."""
        with self._lock:
            self._conversations.take(key)
        self._latches.forget(key)


class _Recent(Generic[Value]):
    """Values by key, in the order they were put; the oldest go first."""

    def __init__(self, keep: float, limit: int) -> None:
        self._keep = keep
        self._limit = limit
        self._values: OrderedDict[str, tuple[Value, float]] = OrderedDict()

    def get(self, key: str, now: float) -> Value | None:
        """The value, unless it is older than ``keep`` seconds."""
        self.forget_old(now)
        value, _ = self._values.get(key, (None, now))
        return value

    def put(self, key: str, value: Value, now: float) -> None:
        """Remember it as the newest."""
        self._values.pop(key, None)
        self._values[key] = (value, now)
        self.forget_old(now)
        if len(self._values) > self._limit:
            self._values.popitem(last=False)

    def take(self, key: str) -> None:
        """Forget the value, if there is one."""
        self._values.pop(key, None)

    def forget_old(self, now: float) -> None:
        """Forget what is too old, asked for or not: it holds what people wrote."""
        while self._values and now - next(iter(self._values.values()))[1] > self._keep:
            self._values.popitem(last=False)
