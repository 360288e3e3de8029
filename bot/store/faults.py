"""What an error of the disk or the database means to whoever runs the program."""

import sqlite3
from enum import StrEnum
from typing import Final

from bot.store.database import cause_of


class Fault(StrEnum):
    """The usual ones; each has its sentence, with what to do."""

    MISSING = "missing"
    """A folder or a file is not there."""
    FORBIDDEN = "forbidden"
    """It may not be read or written."""
    FULL = "full"
    """The disk has no room, or the quota is used up."""
    LOCKED = "locked"
    """Another process holds the database."""
    DAMAGED = "damaged"
    """It is no sound database."""
    OTHER = "other"
    """Anything else."""


_FAULTS: Final = {
    "ENOENT": Fault.MISSING,
    "ENOTDIR": Fault.MISSING,
    "EACCES": Fault.FORBIDDEN,
    "EPERM": Fault.FORBIDDEN,
    "EROFS": Fault.FORBIDDEN,
    "SQLITE_PERM": Fault.FORBIDDEN,
    "SQLITE_READONLY": Fault.FORBIDDEN,
    "SQLITE_CANTOPEN": Fault.FORBIDDEN,
    "ENOSPC": Fault.FULL,
    "EDQUOT": Fault.FULL,
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_BUSY": Fault.LOCKED,
    "SQLITE_LOCKED": Fault.LOCKED,
    "SQLITE_CORRUPT": Fault.DAMAGED,
    "SQLITE_NOTADB": Fault.DAMAGED,
}


def fault_of(error: sqlite3.Error | OSError) -> Fault:
    """Which of them an error is; SQLITE_BUSY_RECOVERY and the like are SQLITE_BUSY."""
    cause = cause_of(error)
    return _FAULTS.get("_".join(cause.split("_")[:2]), Fault.OTHER)
