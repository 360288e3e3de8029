"""Log-ins that failed lately: whoever guesses has to wait. In memory only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from handlers.ports import Clock

MOST: Final = 5
"""So many failures …"""
WITHIN: Final = timedelta(minutes=15)
"""… in so long a time are allowed, of one name and from one address."""


class Attempts:
    """Counts attempts by key: ``name:sato``, ``address:192.0.2.1``."""

    def __init__(self, clock: Clock) -> None:
        """Nothing has happened yet."""
        self._clock = clock
        self._made: dict[str, list[datetime]] = {}
        self._lock = Lock()

    def take(self, keys: Iterable[str]) -> bool:
        """Count an attempt before it is made; False if one of the keys has had too many.

        Counted before, so that a hundred at the same moment are no more than five.
        """
        keys, now = tuple(keys), self._clock.now()
        with self._lock:
            lately = {key: [at for at in made if now - at < WITHIN] for key, made in self._items()}
            self._made = {key: made for key, made in lately.items() if made}
            if any(len(self._made.get(key, ())) >= MOST for key in keys):
                return False
            for key in keys:
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
