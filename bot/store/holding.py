"""Says whose database it is: one process keeps its mail there, and may set it aside."""

import fcntl
import os
from pathlib import Path
from typing import Final

_MARK: Final = b"tsunagari\n"


class Hold:
    """The file ``.lock`` beside a database; held until it is let go or the process ends."""

    def __init__(self, path: Path) -> None:
        """``path``: the database. Nothing is taken yet."""
        self._path = path
        self._held: int | None = None

    def take(self) -> None:
        """Hold it; a second time does nothing. A second process would answer what is answered.

        Raises:
            OSError: another process holds it (EAGAIN), or the file cannot be made.
        """
        if self._held is not None:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(held)
            raise
        self._held = held

    @property
    def marked(self) -> bool:
        """Whether a database of this program was here before; only while it is held."""
        return self._held is not None and os.fstat(self._held).st_size > 0

    def mark(self) -> None:
        """Note that a database of this program is here.

        Raises:
            OSError: the disk does not take it.
        """
        if self._held is not None and not self.marked:
            os.pwrite(self._held, _MARK, 0)

    def let_go(self) -> None:
        """Let another process hold it; a second time does nothing."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
