"""Word vectors: which words are used alike."""

import importlib.util
from pathlib import Path

import msgpack
import numpy as np
import pytest

from knowledge.vectors import Vectors, VectorsMissingError, load_vectors, murmur


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = {"委託": 0, "外注": 1, "寂しい": 2, "空": 3}
    keys = {murmur(word.encode()): row for word, row in words.items()}
    (tmp_path / "key2row").write_bytes(msgpack.packb(keys))
    rows = np.array([[1, 0], [3, 4], [0, -2], [0, 0]], dtype=np.float32)
    with (tmp_path / "vectors").open("wb") as file:
        np.save(file, rows)
    return tmp_path


def test_a_word_has_a_vector_of_length_one(folder: Path) -> None:
    vector = Vectors(folder).of("外注")

    assert vector is not None
    assert vector.tolist() == pytest.approx([0.6, 0.8])


def test_a_word_nobody_counted_has_none(folder: Path) -> None:
    vectors = Vectors(folder)

    assert vectors.of("ぴよぴよ") is None
    assert vectors.of("zzzzzzzz") is None


def test_a_word_without_any_use_stays_zero(folder: Path) -> None:
    vector = Vectors(folder).of("空")

    assert vector is not None
    assert not vector.any()


@pytest.mark.parametrize("length", range(18))
def test_every_length_of_word_has_its_own_name(length: int) -> None:
    word = b"x" * length

    assert murmur(word) == murmur(word)
    assert murmur(word) != murmur(word + b"x")


def test_outsourcing_is_nearer_to_entrusting_than_to_loneliness() -> None:
    vectors = load_vectors()
    entrusting, outsourcing = vectors.of("委託"), vectors.of("外注")
    lonely = vectors.of("寂しい")

    assert entrusting is not None
    assert outsourcing is not None
    assert lonely is not None
    assert float(entrusting @ outsourcing) > float(entrusting @ lonely) + 0.2


def test_missing_vectors_say_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(VectorsMissingError, match="make setup"):
        load_vectors.__wrapped__()
