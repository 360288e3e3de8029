"""Deletes what is over by its time, also while nobody writes."""

from collections.abc import Callable
from typing import Any, Final

from telegram.ext import ContextTypes, JobQueue

from bot.telegram.repeating import repeat

SECONDS: Final = 3600.0
"""Between two times of deleting."""
FIRST: Final = 1.0
"""Seconds from the start to the first time."""


def schedule_expiry(jobs: JobQueue[Any], expire: Callable[[], object] | None) -> None:
    """Call ``expire`` every hour; it works in the background, and must not raise."""
    if expire is None:
        return

    async def work(context: ContextTypes.DEFAULT_TYPE) -> None:
        del context
        expire()

    repeat(jobs, work, SECONDS, FIRST, name="expiry")
