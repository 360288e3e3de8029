"""Asks the owners of entries, once a day, whether what they answer for is still right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from telegram import Bot
from telegram.ext import ContextTypes, JobQueue

from bot.telegram.sending import Place, Sender
from handlers.attesting import Question

JOB: Final = "questions to owners"


@dataclass(frozen=True, slots=True)
class OwnerSide:
    """What the channel needs for owners beyond the assistant."""

    questions: Callable[[], Iterable[Question]]
    """What to ask today."""
    settle: Callable[[Question], None]
    """Remembers that it was asked."""
    at: time
    """When, with its time zone."""


def schedule_questions(jobs: JobQueue[Any] | None, side: OwnerSide | None, sender: Sender) -> None:
    """Ask every day at the same time, where there is somebody to ask and a job queue."""
    if jobs is None or side is None:
        return

    async def ask(context: ContextTypes.DEFAULT_TYPE) -> None:
        await ask_owners(context.bot, side, sender)

    jobs.run_daily(ask, side.at, name=JOB)


async def ask_owners(bot: Bot, side: OwnerSide, sender: Sender) -> None:
    """Ask every chat that is to be asked; from here on the questions wait in the outbox."""
    for question in list(side.questions()):
        conversation = question.ownership.conversation
        place = Place(int(conversation.split(":")[1]), owner=conversation)
        await sender.show(bot, place, question.reply)
        # Who has blocked the bot is asked too: no answer will come, and staff see that.
        side.settle(question)
