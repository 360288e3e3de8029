"""A copy of the database for staff to look into: nothing in it that they may not read.

The copy is cleaned in memory and written afterwards, so that what is hidden never touches the
disk beside it: neither as deleted rows in free pages, nor in a journal.
"""

import contextlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlite_utils import Database

from bot.store.reading import readable
from bot.store.rows import TABLE

_KEPT: Final = frozenset(
    {TABLE, "outcomes", "groups", "edits", "audit", "attestations", "_sqlite_migrations"}
)
"""Tables whose rows are copied; of every other one, also those to come, only the shape is.

What waits in inbox and outbox is sealed, but is never copied: a copy would outlast it."""


class SameFileError(ValueError):
    """The copy would be written over the database itself."""


def copy_for_reading(db: Database, path: Path) -> int:
    """Copy a database while others write to it; give how many wordings were left out.

    Raises:
        SameFileError: ``path`` is the database, or one of the files that belong to it.
        sqlite3.Error: it cannot be read, or is none.
        OSError: the copy cannot be written; a file that was there before is as it was.
    """
    (own,) = (row[2] for row in db.execute("pragma database_list").fetchall() if row[1] == "main")
    if path.resolve() in {Path(f"{own}{end}").resolve() for end in ("", "-wal", "-shm")}:
        raise SameFileError
    with contextlib.closing(Database(memory=True)) as copy:
        db.conn.backup(copy.conn)
        hidden = _clean(copy)
        _write(copy, path)
    return hidden


def _clean(copy: Database) -> int:
    may_be_read = readable(copy)
    rows = copy.execute("select id from queries where text is not null").fetchall()
    hidden = [(number,) for (number,) in rows if number not in may_be_read]
    copy.conn.executemany("update queries set text = null where id = ?", hidden)
    copy.execute("update queries set person = null")  # it would join chats of one person
    copy.execute("update attestations set pseudonym = ''")
    for table in set(copy.table_names()) - _KEPT:
        copy.execute(f"delete from [{table}]")  # noqa: S608  a name of our own database
    copy.conn.commit()
    return len(hidden)


def _write(copy: Database, path: Path) -> None:
    """Whole or not at all, for the owner alone; without the free pages of what was deleted."""
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        beside = Path(folder) / path.name
        copy.execute("vacuum into ?", [os.fspath(beside)])
        beside.chmod(0o600)
        beside.replace(path)
