"""Copies of the curated data, to be broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import replies
from knowledge.checks import material
from knowledge.load import Document, read_yaml
from tests.knowledge.broken import Copy


@pytest.fixture(scope="session")
def read_once() -> Iterator[None]:
    """Reads a text that was read before from memory: nearly every file of a copy is untouched."""
    kept: dict[bytes, Document] = {}

    def read(path: Path) -> Document:
        if not path.is_file():
            return read_yaml(path)
        text = path.read_bytes()
        if text not in kept:
            kept[text] = read_yaml(path)
        return Document(path, kept[text].data, kept[text].lines)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "read_yaml", read)
        patch.setattr(replies, "read_yaml", read)
        yield


@pytest.fixture(scope="session")
def sound(read_once: None, tmp_path_factory: pytest.TempPathFactory) -> Copy:  # noqa: ARG001
    """The data as it is."""
    return Copy(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def copy(sound: Copy, tmp_path: Path) -> Copy:
    """The data, for breaking one thing."""
    return Copy(tmp_path / "copy", sound)
