"""A query log that is told of a query once its answer is kept, so that none is logged twice."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.handling import current
from handlers.ports import Asked, Outcome, Query, QueryLog


class HeldLog:
    """Implements ``handlers.ports.QueryLog`` before another one.

    An update that is handled again after the program died would be logged again. Outside the
    handling of an update all is passed on at once.
    """

    def __init__(self, log: QueryLog) -> None:
        """``log``: what keeps them."""
        self._log = log
        self.keeps = log.keeps

    def record(self, query: Query) -> None:
        """Keep one query."""
        _hold(partial(self._log.record, query))

    def outcome(self, outcome: Outcome) -> None:
        """Keep what came of trying a window."""
        _hold(partial(self._log.outcome, outcome))

    def permit(self, asked: Asked) -> None:
        """Let staff read the wording of a question."""
        _hold(partial(self._log.permit, asked))

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        """Remember whom to tell once a question can be answered."""
        _hold(partial(self._log.follow, asked, language, until))

    def unfollow(self, asked: Asked) -> None:
        """Forget whom to tell."""
        _hold(partial(self._log.unfollow, asked))

    def hush(self, conversation: str) -> None:
        """Forget to tell a conversation anything."""
        _hold(partial(self._log.hush, conversation))


def _hold(call: Callable[[], object]) -> None:
    handling = current.get()
    if handling is None:
        call()
    else:
        handling.after.append(call)
