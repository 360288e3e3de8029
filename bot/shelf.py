"""Keeps on disk what takes seconds to make: the same contents are not indexed twice."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import numpy as np

import knowledge
from knowledge.field import Arrays

_CODE: Final = tuple(
    Path(knowledge.__file__).parent / f"{name}.py"
    for name in (
        "directions",
        "faq_index",
        "field",
        "learned",
        "meaning",
        "related",
        "search",
        "text",
    )
)
"""What was made by other code is made anew."""
KEPT: Final = 4
"""Files of one kind; older ones go."""
_DICTIONARIES: Final = ("sudachipy", "sudachidict-core")


_TRIALS: Final = "trials"
"""The folder within it for what is only tried: many drafts do not push out what is in use."""


class FolderShelf:
    """A folder of arrays, named after what they were made from."""

    def __init__(self, folder: Path, instead: Path | None = None) -> None:
        """Keep in a folder; what another one has (as a rule: that of trials) is taken from it."""
        self._folder = folder
        self._instead = instead or folder / _TRIALS

    def for_trials(self) -> "FolderShelf":
        """The shelf for what may never be used; what is used after all is taken from it."""
        return FolderShelf(self._folder / _TRIALS, self._folder)

    def arrays(self, kind: str, contents: Iterable[str], made: Callable[[], Arrays]) -> Arrays:
        """The arrays of these contents, read from the folder, or made and kept there.

        A file that cannot be read is made anew; a folder that cannot be written is done without.
        """
        name = f"{kind}-{_name(contents)}.npz"
        found = _read(self._folder / name)
        if found is None:
            found = _read(self._instead / name)
            found = made() if found is None else found
            _write(self._folder / name, found, kind)
        return found


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _name(contents: Iterable[str]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    code = (path.read_bytes() for path in _CODE)
    dictionaries = (version(name).encode() for name in _DICTIONARIES)
    texts = (text.encode("utf-8", "surrogatepass") for text in contents)
    for part in (*code, *dictionaries, *texts):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _write(path: Path, arrays: Arrays, kind: str) -> None:
    """Under another name first, so that nobody ever reads half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(file.name).replace(path)
        others = sorted(path.parent.glob(f"{kind}-*.npz"), key=lambda file: file.stat().st_mtime)
        for old in others[:-KEPT]:
            old.unlink()
    except OSError:
        return
