"""Neighbours of words: themselves first, few, and of unknown words too."""

import numpy as np

from knowledge.field import Field
from knowledge.meaning import Meaning
from knowledge.related import MOST, Related, nearest
from tests.knowledge.meanings import FakeVectors

VOCABULARY = ("孤独", "寂しい", "学校", "nobody")


def test_a_word_is_near_itself_and_those_of_its_meaning() -> None:
    words, likeness = Related(Related.made(VOCABULARY, FakeVectors())).to(0)

    assert words.tolist() == [0, 1]
    assert np.allclose(likeness, 1, atol=1e-2)


def test_a_word_without_a_vector_is_near_itself_alone() -> None:
    words, _ = Related(Related.made(VOCABULARY, FakeVectors())).to(3)

    assert words.tolist() == [3]


def test_without_vectors_there_is_no_neighbour() -> None:
    related = Related(Related.made(VOCABULARY, FakeVectors()))

    assert list(related.to_vectors([])) == []


def test_a_word_outside_the_vocabulary_has_neighbours_in_it() -> None:
    related = Related(Related.made(VOCABULARY, FakeVectors()))
    vector = FakeVectors().of("授業")
    assert vector is not None

    ((words, likeness),) = related.to_vectors([vector])

    assert words.tolist() == [2]
    assert np.all(likeness > 0.5)


def test_of_many_neighbours_the_nearest_are_kept_in_order() -> None:
    cosines = np.linspace(0.6, 1.0, 2 * MOST, dtype=np.float32)

    words, likeness = nearest(cosines)

    assert words.tolist() == list(range(MOST, 2 * MOST))
    assert np.array_equal(likeness, cosines[MOST:])


def test_of_no_sentences_there_is_no_meaning() -> None:
    meaning = Meaning.made(FakeVectors(), Field.made([{"孤独": 1}]), [])

    assert not np.any(meaning._rows)
