"""A file is written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from bot.files import write


def test_a_new_file_can_be_read_by_everybody(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "あ\r\n")

    assert (tmp_path / "a.yaml").read_bytes() == "あ\r\n".encode()
    assert stat.S_IMODE((tmp_path / "a.yaml").stat().st_mode) == 0o644


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o444])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.yaml"
    path.touch()
    path.chmod(mode)

    write(path, "new")

    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    link.symlink_to(path)

    write(link, "new")

    assert link.is_symlink()
    assert path.read_text() == "new"


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_disk_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)

    with pytest.raises(OSError):  # noqa: PT011 - any will do
        write(path, "new")

    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]
    assert path.read_text() == "old"


def test_a_folder_that_is_not_there_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "no" / "a.yaml", "new")
