"""What this channel remembers for a while, in memory only: messages to delete, languages, ids."""

from collections import OrderedDict, deque
from typing import Final, Generic, TypeVar

from handlers.ports import Clock

Value = TypeVar("Value")

PEOPLE: Final = 5_000
"""Conversations remembered, some 50 MB at most; those silent for longest are forgotten."""
MESSAGES: Final = 100
"""Messages remembered of each: as many as Telegram deletes in one call."""
DELETABLE: Final = 48 * 60 * 60 - 60
"""Seconds in which Telegram lets a bot delete a message, a minute less."""


class Latest(Generic[Value]):
    """A value for each of the people heard of last."""

    def __init__(self, size: int = PEOPLE) -> None:
        """Forget the oldest when there are more than ``size``."""
        self._size = size
        self._values: OrderedDict[str, Value] = OrderedDict()

    def get(self, owner: str) -> Value | None:
        """The value, if it is still known."""
        return self._values.get(owner)

    def put(self, owner: str, value: Value) -> None:
        """Remember it as the newest."""
        self._values.pop(owner, None)
        self._values[owner] = value
        if len(self._values) > self._size:
            self._values.popitem(last=False)

    def take(self, owner: str) -> Value | None:
        """The value, which is forgotten."""
        return self._values.pop(owner, None)


class Messages:
    """The messages of each conversation that can still be deleted."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock."""
        self._clock = clock
        self._kept: Latest[deque[tuple[int, float]]] = Latest()

    def add(self, owner: str, message_id: int) -> None:
        """Remember a message."""
        kept = self._kept.get(owner) or deque(maxlen=MESSAGES)
        kept.append((message_id, self._clock.seconds()))
        self._kept.put(owner, kept)

    def take(self, owner: str) -> list[int]:
        """The messages young enough to be deleted, oldest first; all are forgotten."""
        now = self._clock.seconds()
        kept = self._kept.take(owner) or ()
        return [message_id for message_id, sent in kept if now - sent < DELETABLE]


class Recent:
    """Remembers the last keys it was given, so that one event told twice is answered once."""

    def __init__(self, size: int = 1000) -> None:
        """Forget the oldest when there are more than ``size``."""
        self._size = size
        self._keys: OrderedDict[object, None] = OrderedDict()

    def is_new(self, key: object) -> bool:
        """Tell whether ``key`` was not among the last ones, and remember it."""
        new = key not in self._keys
        self._keys[key] = None
        if len(self._keys) > self._size:
            self._keys.popitem(last=False)
        return new

    def forget(self, key: object) -> None:
        """Forget ``key``, if it is known."""
        self._keys.pop(key, None)
