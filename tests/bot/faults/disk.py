"""What can be done to a database from outside, and what lies in its folder afterwards."""

import hashlib
import subprocess
import sys
from pathlib import Path

_WRECK = """
import os, sys
for name in sys.argv[1:]:
    if os.path.exists(name):
        file, size = os.open(name, os.O_WRONLY), os.path.getsize(name)
        os.pwrite(file, b"\\xa5" * (size - 100), 100)
"""
_BREAK_HEAD = """
import os, sys
os.pwrite(os.open(sys.argv[1], os.O_WRONLY), b"somebody's notes", 0)
"""


def wreck(path: Path) -> None:
    """Damage every page and leave the head, as a dying disk may; from another process.

    Closing a file that SQLite has open gives up its locks, so this process must not do it.
    """
    journal = path.with_name(f"{path.name}-wal")
    subprocess.run([sys.executable, "-c", _WRECK, str(path), str(journal)], check=True)


def break_head(path: Path) -> None:
    """Write over the first bytes: it is no database any more."""
    subprocess.run([sys.executable, "-c", _BREAK_HEAD, str(path)], check=True)


def asides(path: Path) -> list[Path]:
    """Databases that were set aside."""
    found = path.parent.glob(f"{path.name}.corrupt-*")
    return sorted(file for file in found if not file.name.endswith(("-wal", "-shm")))


def digest(path: Path) -> str:
    """What is in a file that no process has open."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
