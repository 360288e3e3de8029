"""The bot's own words: all there, all used, and no telephone number of their own."""

import re
from pathlib import Path

import pytest

from bot.telegram.app import COMMANDS
from handlers.library import Library
from knowledge.replies import FRAME
from tests.bot.fakes import telegram_replies

ROOM = Path(__file__).parents[2] / "bot" / "telegram"
TEXTS = {k: v for k, v in telegram_replies().texts.items() if k.startswith("telegram.")}
USED = set(
    re.findall(
        r'"(telegram\.[a-z_.]+)"',
        "".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py")),
    )
) | {f"telegram.command.{name}" for name in COMMANDS}


def test_every_word_that_is_said_is_written_and_every_written_one_is_said() -> None:
    assert TEXTS.keys() == USED


@pytest.mark.parametrize("key", TEXTS)
def test_words_are_in_every_language_of_the_frame(key: str) -> None:
    """What staff read when serving stops is in Japanese and English."""
    wanted = {"ja", "en"} if key.startswith("telegram.serve.") else set(FRAME)
    assert TEXTS[key].keys() == wanted


def test_every_number_comes_from_the_record_of_a_window(library: Library) -> None:
    """Sentences name a window's number by its slug; only 110 and 119 stand in words."""
    numbers = re.findall(r"(?<![\d-])(?:0\d+-\d+-\d+|1\d\d)(?![\d-])", str(TEXTS))
    assert set(numbers) == {"119", "110"}
    assert "0120-279-338" in library.replies.say("telegram.error")


def test_messages_of_the_bot_itself_are_short() -> None:
    assert max(len(text) for spoken in TEXTS.values() for text in spoken.values()) < 1300
