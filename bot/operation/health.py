"""Whether the program can do its work now. Each check is a closed word and a yes or no."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bot.store.steady import staying

CONTACT_SECONDS: Final = 180.0
"""Telegram answers every question for updates within ten seconds or so, and a webhook is asked
about every minute; after so long something stands between."""
LEAST_FREE: Final = 100_000_000
"""Bytes of disk below which the log is about to fail."""
BUSY_SECONDS: Final = 0.2
"""How long the check waits for somebody who writes: that is no fault."""
_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})


@dataclass(frozen=True, slots=True)
class Health:
    """What is looked at."""

    knowledge: Callable[[], str]
    """Version of the knowledge in use; empty where there is none."""
    database: Path
    """File of the database; it need not exist yet."""
    contact: Callable[[], float | None]
    """Seconds since Telegram was last heard; None if never."""
    silent: Callable[[], bool]
    """Whether the canary got no window."""

    def checks(self) -> Mapping[str, bool]:
        """Every check: knowledge, database, contact, canary."""
        seconds = self.contact()
        return {
            "knowledge": bool(self.knowledge()),
            "database": writable(self.database),
            "contact": seconds is not None and seconds < CONTACT_SECONDS,
            "canary": not self.silent(),
        }


def writable(path: Path) -> bool:
    """Whether rows can be written, now or as soon as the database is made."""
    folder = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not os.access(folder, os.W_OK) or free(folder) < LEAST_FREE:
        return False
    return not path.exists() or _takes_rows(path)


def free(path: Path) -> int:
    """Bytes that are free on the disk of a file or folder."""
    return shutil.disk_usage(path).free


def _takes_rows(path: Path) -> bool:
    address = f"file:{quote(os.fspath(path.absolute()))}?mode=rw"
    try:
        with (
            staying(path),
            closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as db,
        ):
            db.execute("begin immediate")
            db.execute("rollback")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorname", "") in _BUSY
    return True
