"""Faults at random, the same for the same seed: each method's n-th call has the same fate."""

import random
from collections.abc import Mapping, Sequence
from typing import Final

from tests.bot_api.server import Fault

Fate = tuple[float, Fault]
"""How likely a call has this fault."""

LATE_SECONDS: Final = 2.5
"""Longer than the process waits for an answer, see ``tests.killed.nursery``."""

DELAY: Final = Fault(200, seconds=0.08)
LATE: Final = Fault(200, seconds=LATE_SECONDS)
FLOOD: Final = Fault(429, "Too Many Requests: retry after 1", retry_after=1)
BROKEN: Final = Fault(500, "Internal Server Error")
BAD_GATEWAY: Final = Fault(502, "Bad Gateway")
CLOSED_BEFORE: Final = Fault(drop=True)
CLOSED_AFTER: Final = Fault(drop=True, lost=True)

ALL: Final[Mapping[str, Sequence[Fate]]] = {
    "sendMessage": (
        (0.06, DELAY),
        (0.02, FLOOD),
        (0.03, BROKEN),
        (0.03, BAD_GATEWAY),
        (0.03, CLOSED_BEFORE),
        (0.02, CLOSED_AFTER),
        (0.01, LATE),
    ),
    "answerCallbackQuery": ((0.05, BROKEN), (0.05, CLOSED_BEFORE), (0.02, LATE)),
    "getUpdates": ((0.1, DELAY), (0.02, CLOSED_AFTER)),
}
"""What happens on a bad day."""


class Seeded:
    """A plan."""

    def __init__(self, seed: int, fates: Mapping[str, Sequence[Fate]] = ALL) -> None:
        """``fates``: by method; their likelihoods add up to less than 1."""
        self._fates = fates
        self._dice = {method: random.Random(f"{seed} {method}") for method in fates}  # noqa: S311

    def next(self, method: str) -> Fault | None:
        """The fault of the next call of a method."""
        if method not in self._fates:
            return None
        thrown = self._dice[method].random()
        for likelihood, fault in self._fates[method]:
            thrown -= likelihood
            if thrown < 0:
                return fault
        return None
