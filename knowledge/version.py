"""Names a state of the curated data, so that every answer can tell what it was made from."""

import hashlib
from pathlib import Path
from typing import Final

from knowledge.load import DATA

_READ: Final = frozenset({".yaml", ".csv", ".txt", ".npy", ".npz"})
"""What the product reads; the rest are notes to people."""


def version(data: Path = DATA) -> str:
    """Twelve hexadecimal digits of all that the product reads, the same on every machine.

    Raises:
        OSError: a file cannot be read.
    """
    names = {path.relative_to(data).as_posix(): path for path in data.rglob("*")}
    digest = hashlib.blake2b(digest_size=6)
    for name in sorted(names):
        path = names[name]
        if path.suffix in _READ and path.name[0] not in "._" and path.is_file():
            for part in (name.encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "little"))
                digest.update(part)
    return digest.hexdigest()
