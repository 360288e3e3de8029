"""Names a state of the curated data, so that every answer can tell what it was made from."""

import hashlib
from pathlib import Path
from typing import Final

from knowledge.load import DATA

_READ: Final = frozenset({".yaml", ".csv", ".txt", ".npy", ".npz"})
"""What the product reads; the rest are notes to people."""
_PIECE: Final = 1_000_000
"""Bytes read at a time: a file that is put there by mistake may be of any size."""


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
            digest.update(len(name.encode()).to_bytes(8, "little"))
            digest.update(name.encode())
            with path.open("rb") as file:
                digest.update(path.stat().st_size.to_bytes(8, "little"))
                while piece := file.read(_PIECE):
                    digest.update(piece)
    return digest.hexdigest()
