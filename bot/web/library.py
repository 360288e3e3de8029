"""The knowledge of a data folder that may change while the console runs."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

from handlers.library import Library
from knowledge.findings import Finding, KnowledgeError

Traces: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, time and size of every file."""
UNREADABLE: Final = "unreadable"
"""Code of the finding for a folder that cannot be read."""


class FolderLibrary:
    """Implements ``bot.web.ports.LibrarySource``; a broken folder leaves the last sound one."""

    def __init__(
        self, data: Path, opened: Callable[[], Library], version: Callable[[Path], str]
    ) -> None:
        """Load the knowledge.

        Args:
            data: the folder.
            opened: loads its knowledge.
            version: names the state of the folder.

        Raises:
            KnowledgeError: it is unsound at the very start.
        """
        self._data, self._opened, self._version = data, opened, version
        self._loading = Lock()
        self._traces = self._look()
        self._library = opened()
        self._findings: tuple[Finding, ...] = ()

    @property
    def library(self) -> Library:
        """The last one that was sound."""
        return self._library

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why the data as they are now cannot be used; files as seen from their folder."""
        return self._findings

    def refresh(self) -> None:
        """Load the data if they changed; what is broken is told, and looked at when it changes.

        Loading takes seconds; whoever comes in the meantime goes on with the old one.
        """
        if self._loading.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._loading.release()

    def _refresh(self) -> None:
        try:
            traces = self._look()
            if traces == self._traces:
                return
            if self._findings or self._version(self._data) != self._library.version:
                self._library = self._opened()
            self._findings = ()
        except KnowledgeError as error:
            self._findings = tuple(f.seen_from(self._data) for f in error.findings)
        except OSError:
            self._findings = (Finding(UNREADABLE, Path(self._data.name), 1),)
            return  # it is looked at again, whatever the times of the files say
        self._traces = traces

    def _look(self) -> Traces:
        """The traces of every file; reading all their contents every time would be too much."""
        paths = sorted(path for path in self._data.rglob("*") if path.is_file())
        looks = ((path, path.stat()) for path in paths)
        return tuple((str(path), look.st_mtime_ns, look.st_size) for path, look in looks)
