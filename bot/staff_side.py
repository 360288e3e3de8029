"""Joins what the Telegram channel needs for staff: new knowledge, who waits, the digest."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

import structlog
from sqlite_utils import Database

from bot.app import App
from bot.store.askers import Asker, askers_to_tell, expire, forget
from bot.store.database import cause_of, open_database
from bot.store.digest import Digest, digest_of
from bot.telegram.staff import StaffSide
from handlers.library import Library
from handlers.messages import Reply

STALE: Final = timedelta(days=180)
"""So long after it was last confirmed an entry is past its date."""

Value = TypeVar("Value")

_log = structlog.get_logger()


def staff_side(
    app: App, path: Path, refresh: Callable[[], str], is_silent: Callable[[], bool]
) -> StaffSide:
    """``path``: the database; ``refresh``: see ``StaffSide``; ``is_silent``: of the canary."""

    def do(work: Callable[[Database], Value], otherwise: Value) -> Value:
        try:
            with closing(open_database(path)) as db:
                return work(db)
        except (sqlite3.Error, OSError) as error:
            _log.error("staff side not read", error=cause_of(error))
            return otherwise

    def askers(db: Database) -> Sequence[Asker]:
        expire(db, app.clock.now())
        return askers_to_tell(db, app.assistant.loaded)

    def answer(asker: Asker) -> Reply | None:
        return app.assistant.told(asker.entry, asker.conversation, asker.language)

    def digest(db: Database) -> str:
        now = app.clock.now()
        found = digest_of(db, now, stale(app.library, now.date()))
        return digest_text(app, found, silent=is_silent())

    queue = app.queue
    return StaffSide(
        refresh=refresh,
        regroup=queue.regroup if queue else lambda: 0,
        askers=lambda: do(askers, ()),
        answer=answer,
        told=lambda asker: do(lambda db: forget(db, asker), None),
        digest=lambda: do(digest, ""),
    )


def stale(library: Library, today: date) -> Mapping[str, date]:
    """Windows past their date, the oldest first, with the day they were last confirmed."""
    windows = sorted(library.knowledge.windows, key=lambda window: (window.assured, window.id))
    return {w.id: w.assured for w in windows if today - w.assured > STALE}


def digest_text(app: App, found: Digest, *, silent: bool) -> str:
    """The digest in words; empty when there is nothing to do."""
    if found.nothing and not silent:
        return ""
    say, oldest = app.assistant.say, next(iter(found.stale.values()), None)
    windows = "、".join(found.windows)
    lines = [
        say("digest.canary") if silent else "",
        say("digest.groups", new=str(found.new), open=str(found.open)) if found.new else "",
        say("digest.windows", windows=windows) if windows else "",
        say("digest.edits", count=str(found.edits)) if found.edits else "",
        say("digest.stale", count=str(len(found.stale)), oldest=str(oldest)) if oldest else "",
    ]
    return "\n".join([say("digest.opening"), *filter(None, lines)])
