"""Documents that are made from what the assistant says, and stay true."""

from pathlib import Path

import pytest

from handlers.library import Library
from knowledge.load import read_yaml
from tests import conversations

REMEDY = "it is out of date: run python -m tests.conversations, and read what has changed"


@pytest.mark.parametrize(
    ("document", "written"),
    [
        (conversations.CONVERSATIONS, conversations.conversations),
        (conversations.CARDS, conversations.cards),
    ],
    ids=["conversations", "cards"],
)
def test_a_generated_document_is_as_it_would_be_written_now(
    library: Library, document: Path, written: object
) -> None:
    assert document.read_text(encoding="utf-8") == written(library), REMEDY  # type: ignore[operator]


def test_there_are_ten_conversations_of_residents_at_least() -> None:
    scripts = read_yaml(conversations.SCRIPTS).data["conversations"]

    assert len([script for script in scripts if script.get("role") == "resident"]) >= 10
