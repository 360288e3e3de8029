"""What takes seconds to make is kept; what is broken or cannot be kept is made."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.shelf import KEPT, FolderShelf
from knowledge.field import Arrays


class Maker:
    """Makes arrays and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return {"numbers": np.array([1.5, 2.5], dtype=np.float32)}


@pytest.fixture
def made() -> Maker:
    return Maker()


def test_the_same_contents_are_made_once(tmp_path: Path, made: Maker) -> None:
    for _ in range(3):
        arrays = FolderShelf(tmp_path / "kept").arrays("entries", ["委託"], made)

        assert arrays["numbers"].tolist() == [1.5, 2.5]
    assert made.times == 1


def test_other_contents_are_made_anew_and_the_oldest_go(tmp_path: Path, made: Maker) -> None:
    shelf = FolderShelf(tmp_path)
    for text in ("委託", "補助", "委", "託", "再委託"):
        shelf.arrays("entries", [text], made)
    shelf.arrays("entries", ["委", "託"], made)
    shelf.arrays("faq", ["委託"], made)

    assert made.times == 7
    kinds = [path.name.split("-")[0] for path in tmp_path.iterdir()]
    assert sorted(kinds) == ["entries"] * KEPT + ["faq"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(b"NUMPY") + 130] ^= 255
    path.write_bytes(content)


@pytest.mark.parametrize("broken", [_cut, _empty, _changed])
def test_a_broken_file_is_made_anew(
    tmp_path: Path, made: Maker, broken: Callable[[Path], None]
) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.arrays("entries", [], made)
    (file,) = tmp_path.iterdir()
    broken(file)

    assert shelf.arrays("entries", [], made)["numbers"].tolist() == [1.5, 2.5]
    assert made.times == 2


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path, made: Maker) -> None:
    (tmp_path / "file").write_text("")

    arrays = FolderShelf(tmp_path / "file" / "kept").arrays("entries", [], made)

    assert arrays["numbers"].tolist() == [1.5, 2.5]


def test_trials_do_not_push_out_what_is_in_use(tmp_path: Path, made: Maker) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.arrays("entries", ["in use"], made)
    for number in range(2 * KEPT):
        shelf.for_trials().arrays("entries", [str(number)], made)

    shelf.arrays("entries", ["in use"], made)

    assert made.times == 1 + 2 * KEPT
    assert len(list((tmp_path / "trials").iterdir())) == KEPT


def test_what_was_tried_need_not_be_made_again(tmp_path: Path, made: Maker) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.for_trials().arrays("entries", ["published at last"], made)
    for path in (tmp_path, tmp_path / "trials"):
        shelf.arrays("entries", ["published at last"], made)
        shelf.for_trials().arrays("entries", ["published at last"], made)
        (file,) = path.glob("*.npz")
        file.unlink()
    shelf.arrays("entries", ["published at last"], made)

    assert made.times == 1
