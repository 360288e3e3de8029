"""The key of the pseudonyms at the start: one that did not write the database is refused."""

import sqlite3
from contextlib import closing

import structlog

from bot.clock import SystemClock
from bot.settings import Settings, SettingsError
from bot.store.database import cause_of, open_database
from bot.store.keys import is_of, note_key

REMEDY = (
    "the database was written with another key; take that one back, or lay this one over it "
    "with: tsunagari log rekey"
)

_log = structlog.get_logger()


def check_key(settings: Settings) -> None:
    """Note the key in a database that knows none yet.

    A disk that fails is logged: people must be answered all the same. Raises SettingsError for
    a key that would make strangers of everybody.
    """
    key = settings.key_chain
    if key is None:
        return
    try:
        with closing(open_database(settings.database_path)) as db:
            known = is_of(db, key)
            if known is None:
                note_key(db, key, SystemClock().now())
    except (sqlite3.Error, OSError) as error:
        _log.error("key not checked", error=cause_of(error))
        return
    if known is False:
        name = "PSEUDONYM_KEY"
        raise SettingsError(name, REMEDY)
