"""What ``tsunagari serve`` does about the machine: a corrupt database, a wrong clock."""

import sqlite3
from dataclasses import dataclass

from bot.clock import GuidedClock
from bot.key_side import check_key
from bot.settings import Settings
from bot.store.aside import corrupt
from bot.store.corruption import Corruption
from bot.telegram.notices import Notices
from knowledge.replies import load_replies


@dataclass(frozen=True, slots=True)
class MachineSide:
    """What the rest is joined with."""

    clock: GuidedClock
    """The machine's time, guided by Telegram."""
    notices: Notices
    """What staff are told of the machine."""
    corruption: Corruption
    """Who meets a corrupt database says so here."""


def machine_side(settings: Settings) -> MachineSide:
    """Look at the database before anything opens it, then at the key it was written with.

    Raises:
        SettingsError: the key would make strangers of everybody.
        KnowledgeError: the sentences are unsound.
    """
    clock = GuidedClock()
    notices = Notices(settings.telegram_staff_ids, load_replies(settings.data))
    corruption = Corruption(settings.database_path, clock)
    corruption.tell = lambda aside: notices.add("operation.set_aside", file=aside.name)
    corruption.start()
    check_key(settings)
    corruption.again.append(lambda: check_key(settings))
    return MachineSide(clock, notices, corruption)


def corrupt_line(settings: Settings) -> str | None:
    """What somebody at a terminal is told of a corrupt database.

    None where it is whole, or cannot be looked at now.
    """
    path = settings.database_path
    try:
        if not path.exists() or not corrupt(path):
            return None
    except sqlite3.Error:
        return None
    return load_replies(settings.data).say("database.corrupt", file=str(path), cause="quick_check")
