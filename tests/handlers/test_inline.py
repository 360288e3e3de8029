"""Cards for any chat: at most ten, never a mistake, whatever is typed."""

import pytest

from handlers.answer import Assistant
from tests.fakes import FakeLog


def ids(assistant: Assistant, text: str) -> list[str]:
    return [card.id for card in assistant.offer(text)]


def test_before_anything_is_typed_the_usual_clauses_are_offered(assistant: Assistant) -> None:
    assert "guideline/2-2" in ids(assistant, "")
    assert len(ids(assistant, "  ")) == 10


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("委託", "guideline/2-2"), ("４（３）", "guideline/4-3"), ("⑦", "guideline/3-2-7"),
        ("岐阜", "program/gifu"), ("outsourcing", "guideline/2-2"),
    ],
)  # fmt: skip
def test_the_card_that_is_meant_comes_first(assistant: Assistant, typed: str, first: str) -> None:
    assert first in ids(assistant, typed)[:3]


@pytest.mark.parametrize(
    "typed",
    ["😀", "あ" * 256, "😀" * 128, "<b>&", "\u0000", "9(2)", "東京", "2(2) " * 50, "x", "\ud800"],
    ids=ascii,
)
def test_odd_words_give_few_cards_or_none_and_no_mistake(assistant: Assistant, typed: str) -> None:
    found = ids(assistant, typed)

    assert len(found) <= 10
    assert len(set(found)) == len(found)
    assert "program/none" not in found


def test_what_is_typed_in_other_chats_is_not_logged(assistant: Assistant, log: FakeLog) -> None:
    assistant.offer("山田花子です")

    assert log.queries == []


def test_a_cry_for_help_gets_windows_and_nothing_else(assistant: Assistant) -> None:
    found = ids(assistant, "もう死にたい")

    assert found
    assert all(entry.startswith("window/") for entry in found)
