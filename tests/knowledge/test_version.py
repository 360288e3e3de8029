"""The version names the state of the data, not the machine."""

from pathlib import Path

import pytest

from knowledge.version import version


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "windows").mkdir()
    (tmp_path / "windows" / "a.yaml").write_text("a", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("b", encoding="utf-8")
    return tmp_path


def test_it_is_twelve_digits_that_stay(data: Path) -> None:
    assert version(data) == version(data)
    assert len(version(data)) == 12
    int(version(data), 16)


@pytest.mark.parametrize("name", ["b.yaml", "windows/a.yaml", "windows/new.yaml"])
def test_any_change_gives_another(data: Path, name: str) -> None:
    before = version(data)
    (data / name).write_text("c", encoding="utf-8")

    assert version(data) != before


@pytest.mark.parametrize("name", ["_template.yaml", "windows/_x.yaml", ".b.yaml.tmp"])
def test_templates_and_half_written_files_do_not_count(data: Path, name: str) -> None:
    before = version(data)
    (data / name).write_text("c", encoding="utf-8")

    assert version(data) == before
