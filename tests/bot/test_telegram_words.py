"""The bot's own words: all there, all used, and no telephone number of their own."""

import re
from pathlib import Path

import pytest

from bot.telegram.app import COMMANDS
from handlers.library import Library
from knowledge.load import DATA
from tests.bot.fakes import START_LABELS, telegram_replies

ROOM = Path(__file__).parents[2] / "bot" / "telegram"
TEXTS = telegram_replies().texts
USED = set(
    re.findall(
        r'"((?:telegram|choice)\.[a-z_.]+)"',
        "".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py")),
    )
) | {f"telegram.command.{name}" for name in COMMANDS}


def test_every_word_that_is_said_is_written_and_every_written_one_is_said() -> None:
    assert TEXTS.keys() == USED


@pytest.mark.parametrize("key", TEXTS)
def test_words_are_in_japanese_and_english(key: str) -> None:
    assert TEXTS[key].keys() == {"ja", "en"}


def test_labels_of_the_three_buttons_are_those_of_the_assistant() -> None:
    # As text: the file belongs to another room, and this test is not the one to judge its form.
    shared = (DATA / "replies.yaml").read_text(encoding="utf-8")
    for key, spoken in START_LABELS.items():
        assert f"{key}:\n  ja: {spoken['ja']}\n  en: {spoken['en']}\n" in shared


def test_every_number_comes_from_the_record_of_a_window(library: Library) -> None:
    """Sentences name a window's number by its slug; only 110 and 119 stand in words."""
    numbers = re.findall(r"(?<![\d-])(?:0\d+-\d+-\d+|1\d\d)(?![\d-])", str(TEXTS))
    assert set(numbers) == {"119", "110"}
    assert "0120-279-338" in library.replies.say("telegram.error")


def test_messages_of_the_bot_itself_are_short() -> None:
    assert max(len(text) for spoken in TEXTS.values() for text in spoken.values()) < 1000
