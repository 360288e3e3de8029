"""Repeats a job evenly, whatever somebody does to the machine's clock."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final

from apscheduler.triggers.base import BaseTrigger
from telegram.ext import ContextTypes, JobQueue

_ONE_AT_A_TIME: Final[dict[str, Any]] = {
    "max_instances": 1,
    "coalesce": True,
    "misfire_grace_time": None,
}
Work = Callable[[ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
"""What is repeated."""


class Evenly(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """So many seconds from now.

    The scheduler's own counts every time that would have been since the last one: after a clock
    that was set a month ahead, more than a million of them, and nobody is answered meanwhile.
    """

    def __init__(self, seconds: float, first: float) -> None:
        """``first``: seconds until the first time."""
        self._between = timedelta(seconds=seconds)
        self._first = timedelta(seconds=first)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """See ``apscheduler``."""
        return now + (self._first if previous_fire_time is None else self._between)


def repeat(
    jobs: JobQueue[Any], work: Work, seconds: float, first: float, name: str | None = None
) -> None:
    """Do work again and again, one after the other; what was missed is done once."""
    jobs.run_custom(
        work, job_kwargs={"trigger": Evenly(seconds, first), **_ONE_AT_A_TIME}, name=name
    )


def set_anew(jobs: JobQueue[Any]) -> None:
    """After the clock was set: every job's next time, counted from now."""
    for job in jobs.scheduler.get_jobs():
        now = datetime.now(jobs.scheduler.timezone)
        job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
