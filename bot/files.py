"""Files written whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

_NEW: Final = 0o644
"""What may be done with a file that was not there before."""


def write(path: Path, text: str) -> None:
    """Write a text as UTF-8 under another name first, so that nobody ever reads half of it.

    The file keeps its permissions; where it is a link, the file it points to is written.

    Raises:
        OSError: it cannot be written; the old file is as it was, nothing else is left behind.
    """
    path, content = path.resolve(), text.encode()
    mode = path.stat().st_mode & 0o7777 if path.exists() else _NEW
    beside = Path()
    try:
        with NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent, delete=False) as file:
            beside = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except OSError:
        if beside.name:
            beside.unlink(missing_ok=True)
        raise
