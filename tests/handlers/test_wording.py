"""What the wording of a question asks for, whatever it is about."""

import pytest

from handlers.wording import (
    asks_of_region,
    asks_permission,
    asks_which_clause,
    asks_which_prefectures,
)


@pytest.mark.parametrize("text", ["講演をする県は？", "Which prefectures run seminars?"])
def test_which_prefectures(text: str) -> None:
    assert asks_which_prefectures(text)


@pytest.mark.parametrize(
    "text", ["よその団体と会うのは何番", "この企画はどの項目に入る", "Which item is it?"]
)
def test_by_which_number_is_no_question_for_prefectures(text: str) -> None:
    assert asks_which_clause(text)
    assert not asks_which_prefectures(text)


def test_the_number_of_a_telephone_is_no_clause() -> None:
    assert not asks_which_clause("何番に電話すればいいですか")


def test_members_who_ask_for_permission_mean_the_rules() -> None:
    assert asks_permission("部会を借りるのは許されますか")
    assert not asks_permission("部会を借りたい")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("九州で交付を受けた県", True), ("Kyushu recipients?", True), ("九州に住んでいます", False)],
)
def test_a_region_is_asked_for_its_programs(text: str, is_one: bool) -> None:
    assert asks_of_region(text) is is_one
