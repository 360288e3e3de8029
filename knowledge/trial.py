"""A data folder on trial: a copy with changes in it, to be checked before anything is written."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

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
