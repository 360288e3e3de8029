"""Questions that share their rare words stand together, and it can be told why."""

import pytest

from knowledge.grouping import Grouping
from knowledge.search import Document, Index

INDEX = Index([Document("guideline/1", ("委託はできますか",))], {"運賃": "交通費"})
FARE = "交通費は出ますか"


@pytest.fixture
def grouping() -> Grouping:
    return Grouping(INDEX, {3: [FARE], 8: ["名簿の様式をください"]})


@pytest.mark.parametrize("text", ["交通費の助成は出ますか", "運賃は出ますか", FARE])
def test_a_question_joins_the_group_it_is_like(grouping: Grouping, text: str) -> None:
    assert grouping.group_of(text) == 3


@pytest.mark.parametrize("text", ["講師の謝金", "", "？？？"])
def test_a_question_like_no_other_begins_a_group(grouping: Grouping, text: str) -> None:
    assert grouping.group_of(text) is None
    assert grouping.nearest(text) is None


def test_the_words_shared_tell_why(grouping: Grouping) -> None:
    joined = grouping.nearest("名簿の提出先")

    assert joined is not None
    assert (joined.group, joined.shared) == (8, ("名簿",))
    assert 0 < joined.likeness < 0.5


def test_a_group_is_about_its_heaviest_words(grouping: Grouping) -> None:
    grouping.add(3, "交通費の上限")

    assert grouping.words(3)[0] == "交通"
    assert grouping.words(99) == ()


def test_of_equals_the_older_group_is_joined() -> None:
    grouping = Grouping(INDEX, {2: [FARE], 1: [FARE]})

    assert grouping.group_of(FARE) == 1


def test_a_group_without_words_is_joined_by_nobody() -> None:
    assert Grouping(INDEX, {1: ["？"]}).group_of(FARE) is None
