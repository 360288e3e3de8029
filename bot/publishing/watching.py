"""Whether a data folder has changed: looked at often, so read only when a file's date is new."""

import os
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from knowledge.version import version

_Dates: TypeAlias = tuple[tuple[str, int, int, int, int], ...]


class DataWatch:
    """Knows the version of a data folder; safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        """Watch a folder; nothing is read yet."""
        self._data = data
        self._lock = Lock()
        self._dates: _Dates = ()
        self._version = ""

    def version(self) -> str:
        """The version of what is in the folder: a millisecond, and thirty after a change.

        Raises:
            OSError: a file cannot be read.
        """
        with self._lock:
            dates = _dates(self._data)
            if dates != self._dates or not self._version:
                # Read after its dates: what changes meanwhile is found again the next time.
                self._version = version(self._data)
                self._dates = dates
            return self._version


def _dates(folder: Path) -> _Dates:
    """Name, dates, size and number of every file."""
    found = []
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(place, name)  # noqa: PTH118  Path takes as long as all the rest
            try:
                of = os.stat(path)  # noqa: PTH116  the same
            except FileNotFoundError:  # written under another name first, and gone by now
                continue
            found.append((path, of.st_mtime_ns, of.st_ctime_ns, of.st_size, of.st_ino))
    return tuple(sorted(found))
