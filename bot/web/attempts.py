"""Log-ins that failed lately: whoever guesses has to wait. In memory only."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from handlers.ports import Clock

MOST: Final = 5
"""Failures of one name from one address …"""
MOST_ADDRESS: Final = 25
"""… from one address, which an office may share …"""
MOST_NAME: Final = 50
"""… and of one name from everywhere: who knows a name is not to lock its owner out …"""
WITHIN: Final = timedelta(minutes=15)
"""… in so long a time."""


class Attempts:
    """Counts attempts by key: ``password:sato@192.0.2.1``, ``code:sato``."""

    def __init__(self, clock: Clock) -> None:
        """Nothing has happened yet."""
        self._clock = clock
        self._made: dict[str, list[datetime]] = {}
        self._lock = Lock()

    def take(self, most: Mapping[str, int]) -> bool:
        """Count an attempt before it is made; False if one of the keys has had too many.

        Counted before, so that a hundred at the same moment are no more than five.

        Args:
            most: how many are allowed, by key.
        """
        now = self._clock.now()
        with self._lock:
            lately = {key: [at for at in made if now - at < WITHIN] for key, made in self._items()}
            self._made = {key: made for key, made in lately.items() if made}
            if any(len(self._made.get(key, ())) >= limit for key, limit in most.items()):
                return False
            for key in most:
                self._made.setdefault(key, []).append(now)
        return True

    def forgive(self, keys: Iterable[str]) -> None:
        """The last attempt of these keys succeeded: it counts no more."""
        with self._lock:
            for key in keys:
                self._made[key] = self._made.get(key, [])[:-1]

    def forget(self, key: str) -> None:
        """Forget every attempt of a key."""
        with self._lock:
            self._made.pop(key, None)

    def _items(self) -> list[tuple[str, list[datetime]]]:
        return list(self._made.items())
