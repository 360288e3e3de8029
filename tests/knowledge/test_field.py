"""Terms weighted by rarity, in flat arrays."""

import numpy as np
import pytest

from knowledge.field import Field, letters, sounds


@pytest.fixture
def field() -> Field:
    return Field.made([{"委託": 1, "団体": 1}, {"団体": 2}, {"報告": 1}])


def test_a_row_is_most_like_itself(field: Field) -> None:
    cosines = field.cosines({"委託": 1, "団体": 1})

    assert cosines.tolist() == pytest.approx([1.0, cosines[1], 0.0])
    assert 0 < cosines[1] < 1


def test_a_rare_term_weighs_more_and_one_nobody_says_as_much_as_the_rarest(field: Field) -> None:
    assert field.weight("委託") > field.weight("団体")
    assert field.weight("だれも言わない") == pytest.approx(field.weight("委託"))


def test_terms_nobody_has_are_like_nothing(field: Field) -> None:
    assert field.cosines({"雪": 1}).tolist() == [0.0, 0.0, 0.0]


def test_rows_are_compared_with_each_other(field: Field) -> None:
    among = field.among(np.array([1, 0]))

    assert among == pytest.approx(among.T)
    assert np.diag(among) == pytest.approx([1.0, 1.0])
    assert among[1, 0] == pytest.approx(field.cosines({"団体": 2})[0])


def test_a_field_is_the_same_after_it_was_kept(field: Field) -> None:
    again = Field(field.arrays("words"), "words")

    assert again.size == 3
    assert again.cosines({"団体": 1}).tolist() == field.cosines({"団体": 1}).tolist()


def test_a_field_of_nothing_is_like_nothing() -> None:
    empty = Field(Field.made([]).arrays("none"), "none")

    assert empty.cosines({"委託": 1}).tolist() == []
    assert empty.among(np.zeros(0, dtype=np.intp)).shape == (0, 0)


def test_a_reading_sounds_as_its_pairs_and_triples() -> None:
    assert sounds("いたくいた") == {
        "いた": 2,
        "たく": 1,
        "くい": 1,
        "いたく": 1,
        "たくい": 1,
        "くいた": 1,
    }
    assert sounds("い") == {}


def test_a_word_is_written_in_letters_and_pairs() -> None:
    assert letters("委託") == {"^": 1, "委": 1, "託": 1, "$": 1, "^委": 1, "委託": 1, "託$": 1}
