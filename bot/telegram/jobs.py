"""What runs beside the answers, on a schedule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from telegram.ext import ContextTypes, JobQueue

from bot.settings import Settings
from bot.telegram.attesting import OwnerSide, schedule_questions
from bot.telegram.canary import Canary
from bot.telegram.delivery import Delivery
from bot.telegram.expiry import schedule_expiry
from bot.telegram.outside import Says
from bot.telegram.repeating import repeat
from bot.telegram.sending import Sender
from bot.telegram.staff import StaffJobs, StaffSide, schedule_staff

FIRST_SECONDS: Final = 1.0
"""The canary sings for the first time so long after the start."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Everything that can run beside the answers."""

    canary: Canary | None = None
    """Sings now and then."""
    staff: StaffSide | None = None
    """What the channel needs for staff."""
    owners: OwnerSide | None = None
    """Who is asked whether an entry is still right."""
    expire: Callable[[], object] | None = None
    """Deletes what is over by its time."""

    @property
    def exist(self) -> bool:
        """Whether there is anything to schedule: the library warns of a queue in vain."""
        return any(
            side is not None for side in (self.canary, self.staff, self.owners, self.expire)
        )


def schedule_all(
    queue: JobQueue[Any], jobs: Jobs, settings: Settings, replies: Says, delivery: Delivery
) -> None:
    """Schedule all there is."""
    if jobs.canary and settings.canary_minutes:
        schedule(queue, jobs.canary, settings.canary_minutes * 60)
    if jobs.staff:
        work = StaffJobs(jobs.staff, replies, settings.telegram_staff_ids, delivery)
        schedule_staff(queue, work, settings.digest_time)
    schedule_questions(queue, jobs.owners, Sender(replies, delivery, delivery.messages))
    schedule_expiry(queue, jobs.expire)


def schedule(queue: JobQueue[Any], canary: Canary, seconds: float) -> None:
    """Let the canary sing at once after the start, then every so many seconds."""

    async def sing(context: ContextTypes.DEFAULT_TYPE) -> None:
        await canary.watch(context.bot)

    repeat(queue, sing, seconds, FIRST_SECONDS, name="canary")
