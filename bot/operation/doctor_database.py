"""What the doctor looks at in the database: whole, of today's shape, in use, with staff."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from bot.operation.doctor import Line, bad, notice, ok
from bot.settings import Settings
from bot.store.accounts import read_accounts
from bot.store.aside import is_corrupt, kept_aside
from bot.store.database import cause_of, read_database
from bot.store.migrations import migrations
from bot.telegram.operation import waiting_rows
from handlers.staff import StaffRole

MANY: Final = 100
"""Rows that wait; so many do not wait in a moment only."""
QUIET: Final = timedelta(days=7)
"""Nobody wrote for so long: either nobody knows the bot, or nothing arrives."""
_MIGRATED: Final = "_sqlite_migrations"


def database(settings: Settings, now: datetime) -> Iterator[Line]:
    """Everything about the database; one line where it cannot be read."""
    path = settings.database_path
    yield from _aside(path)
    try:
        db = read_database(path)
        if db is None:
            yield notice("database", "none", file=str(path))
            return
        with closing(db):
            yield from _whole(db)
            shape = _shape(db)
            yield shape
            yield from _rows(db, now)
    except (sqlite3.Error, OSError) as error:
        if is_corrupt(error):
            yield bad("database", "damaged")
        else:
            yield bad("database", "unreadable", file=str(path), cause=cause_of(error))
        return
    yield from _waiting(settings)


def _aside(path: Path) -> Iterator[Line]:
    """Databases that were set aside because they were corrupt, and lie there yet."""
    if found := kept_aside(path):
        yield notice("aside", "kept", files=", ".join(file.name for file in found))


def _whole(db: Database) -> Iterator[Line]:
    found = db.execute("pragma quick_check(1)").fetchall()
    yield ok("database") if found == [("ok",)] else bad("database", "damaged")


def _shape(db: Database) -> Line:
    with closing(Database(memory=True)) as new:
        known = [step.name for step in migrations.pending(new)]
    done = (
        {name for (name,) in db.execute(f"select name from {_MIGRATED}").fetchall()}  # noqa: S608
        if db.table(_MIGRATED).exists()
        else set()
    )
    if done - set(known):
        return bad("shape", "newer")
    if set(known) - done:
        return notice("shape", "older", count=str(len(set(known) - done)))
    return ok("shape", step=known[-1].partition("_")[0])


def _rows(db: Database, now: datetime) -> Iterator[Line]:
    """What rows tell, each where its table is there already."""
    tables = set(db.table_names())
    looks: dict[str, Callable[[], Line]] = {
        "queries": lambda: _last(db, now),
        "accounts": lambda: _accounts(db),
    }
    for table, look in looks.items():
        if table in tables:
            yield look()


def _last(db: Database, now: datetime) -> Line:
    (at,) = db.execute("select max(at) from queries").fetchone()
    if at is None:
        return notice("last", "none")
    last = datetime.fromisoformat(at)
    told = f"{last:%Y-%m-%d %H:%M}"
    return ok("last", at=told) if now - last < QUIET else notice("last", "quiet", at=told)


def _accounts(db: Database) -> Line:
    accounts = read_accounts(db)
    if not accounts:
        return notice("accounts", "none")
    if not any(account.role is StaffRole.PUBLISHER for account in accounts):
        return notice("accounts", "no_publisher", count=str(len(accounts)))
    return ok("accounts", count=str(len(accounts)))


def _waiting(settings: Settings) -> Iterator[Line]:
    """Updates and replies that wait; nothing where they are not kept."""
    counts = waiting_rows(settings)
    if not counts:
        return
    told = {"inbox": "0", "outbox": "0"} | {name: str(count) for name, count in counts.items()}
    many = max(counts.values()) > MANY
    yield notice("waiting", "many", **told) if many else ok("waiting", **told)
