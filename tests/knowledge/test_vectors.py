"""Word vectors: which words mean nearly the same."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.directions import unit
from knowledge.text import words
from knowledge.vectors import Vectors, load_vectors, name

WORDS = {"委託": [1, 0, 0], "外注": [100, 127, 0], "寂しい": [0, 0, -2]}


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    order = sorted(WORDS, key=name)
    np.save(tmp_path / "keys.npy", np.array([name(word) for word in order], dtype=np.uint64))
    np.save(tmp_path / "rows.npy", np.array([WORDS[word] for word in order], dtype=np.int8))
    np.save(tmp_path / "scales.npy", np.array([0.5] * len(order), dtype=np.float32))
    return Vectors(tmp_path)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_its_row_times_its_scale(vectors: Vectors, word: str) -> None:
    vector = vectors.of(word)

    assert vector is not None
    assert vector.tolist() == [number / 2 for number in WORDS[word]]
    assert vectors.dimensions == 3


@pytest.mark.parametrize("word", ["", "ぴよぴよ", "zzzzzzzz", "委", "委託先"])
def test_a_word_that_is_not_in_the_table_has_none(vectors: Vectors, word: str) -> None:
    assert vectors.of(word) is None


def test_two_tables_are_not_taken_for_each_other(vectors: Vectors) -> None:
    assert repr(vectors) != repr(load_vectors())


def like(one: str, other: str) -> float:
    vectors = load_vectors()
    pair = [vectors.of(*words(text).forms) for text in (one, other)]

    assert all(vector is not None for vector in pair)
    first, second = unit(np.array(pair, dtype=np.float32))
    return float(first @ second)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("委託", "外注", "寂しい"),
        ("引っ越し", "転居", "注射"),
        ("借金", "ローン", "学校"),
        ("loneliness", "孤独", "予算"),
        ("survey", "調査", "暴力"),
        ("budget", "予算", "孤独"),
    ],
)
def test_a_word_is_nearer_to_one_that_means_the_same(word: str, near: str, far: str) -> None:
    assert like(word, near) > like(word, far) + 0.1
