"""A data folder on trial: a copy with changes in it, to be checked before anything is written."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from knowledge.load import DATA

_READ: Final = frozenset({".yaml", ".csv", ".txt", ".npy", ".npz"})
"""What the product reads; the rest are notes to people."""
_LARGE: Final = frozenset({".npy", ".npz"})
"""Megabytes that no officer edits."""


def trial(data: Path, changes: Mapping[Path, str], folder: Path) -> Path:
    """Copy a data folder, with changes; large arrays are only pointed to.

    Args:
        data: the data folder; it is not touched.
        changes: the new texts of files within ``data``, which need not exist yet.
        folder: an empty folder that the caller removes.

    Returns:
        The new data folder within ``folder``.

    Raises:
        ValueError: a changed file is not within ``data``.
        OSError: something cannot be read or written.
    """
    inside = data.resolve()
    names = {path.resolve().relative_to(inside): text for path, text in changes.items()}
    copied = Path(shutil.copytree(data, folder / data.name, copy_function=_copy))
    for name, text in names.items():
        target = copied / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return copied


def _copy(source: str, target: str) -> None:
    if Path(source).suffix in _LARGE:
        Path(target).symlink_to(Path(source).resolve())
    else:
        shutil.copyfile(source, target)


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
