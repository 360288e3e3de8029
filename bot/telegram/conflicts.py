"""Tells a second instance of the bot from a chance conflict."""

from collections import deque

from handlers.ports import Clock


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
