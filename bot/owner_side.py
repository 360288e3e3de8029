"""Joins what the Telegram channel needs for owners: whom to ask, what, and when."""

from collections.abc import Iterable
from datetime import time
from typing import Final

from bot.app import App
from bot.clock import TOKYO
from bot.settings import Settings
from bot.store.owners import SqliteOwners
from bot.telegram import OwnerSide
from handlers.attesting import AttestingDesk, Ownable, Question

NEVER: Final = "off"
"""The setting of who wants no digest."""
USUAL: Final = time(10, 0)
"""When owners are asked then."""


def owner_side(app: App, owners: SqliteOwners, settings: Settings) -> OwnerSide:
    """Owners are asked at the hour of the digest: the answers of yesterday are in it."""

    def questions() -> Iterable[Question]:
        library = app.library  # as it is today
        ownable = Ownable(library.knowledge, library.programs, library.windows)
        desk = AttestingDesk(owners, ownable, library.replies)
        return desk.questions(owners, app.clock.now(), settings.attest_days)

    def settle(question: Question) -> None:
        owners.asked(question.ownership, question.confirmed, app.clock.now())

    return OwnerSide(questions, settle, hour(settings.digest_time))


def hour(digest_time: str) -> time:
    """When to ask: at ``08:30`` if that is set, at ten if it is ``off``."""
    set_to = USUAL if digest_time == NEVER else time.fromisoformat(digest_time)
    return set_to.replace(tzinfo=TOKYO)
