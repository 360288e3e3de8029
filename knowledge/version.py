"""Names a state of the curated data, so that every answer can tell what it was made from."""

import hashlib
from pathlib import Path
from typing import Final

from knowledge.load import DATA

_DIGITS: Final = 12


def version(data: Path = DATA) -> str:
    """12 hexadecimal digits of all files of a data folder; the same on every machine.

    Templates, whose names begin with _, are no data; hidden and half-written files neither.
    """
    digest = hashlib.blake2b(digest_size=_DIGITS // 2)
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if path.is_file() and not any(part.startswith(("_", ".")) for part in name.split("/")):
            for part in (name.encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "little"))
                digest.update(part)
    return digest.hexdigest()
