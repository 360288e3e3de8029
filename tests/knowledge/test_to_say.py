"""What people can say to a window, and the words that are commands."""

import pytest

from knowledge.commands import Commands
from knowledge.replies import FRAME
from knowledge.text import fold
from knowledge.to_say import PhrasesToSay
from knowledge.vocabulary import Topic
from tests.knowledge.broken import Copy

PHRASES = PhrasesToSay()
COMMANDS = Commands()
FILE = "phrases_to_say.yaml"


@pytest.mark.parametrize("topic", Topic)
def test_every_trouble_has_its_own_words(topic: Topic) -> None:
    others = {said for other in Topic if other != topic for said in PHRASES.of(other, "ja")[:-1]}

    assert len(PHRASES.of(topic, "ja")) >= 3
    assert not others & set(PHRASES.of(topic, "ja")[:-1])


@pytest.mark.parametrize("language", FRAME[1:])
def test_people_from_abroad_can_ask_for_slow_and_easy_japanese(language: str) -> None:
    assert len(PHRASES.of(Topic.WORK, language)) == len(PHRASES.of(Topic.WORK, "ja")) + 1


def test_a_language_without_sentences_gets_english() -> None:
    assert PHRASES.of(Topic.WORK, "ko") == PHRASES.of(Topic.WORK, "en")


def test_a_trouble_nobody_knows_is_found(copy: Copy) -> None:
    copy.replace(FILE, "topics:", "\n  lgbtq:", "\n  lgbtq-x:")

    assert {finding.path.name for finding in copy.new()} == {FILE}


def test_a_trouble_that_is_missing_is_found(copy: Copy) -> None:
    copy.cut(FILE, "topics:", "  lgbtq:", "  work:")

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("phrase_missing", FILE)


def test_a_language_that_is_missing_is_found(copy: Copy) -> None:
    copy.cut(FILE, "  lgbtq:", "      vi:", "    - ja")

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("phrase_languages", FILE)


@pytest.mark.parametrize("place", ["anything:", "abroad:"])
def test_general_words_stand_in_every_language_too(copy: Copy, place: str) -> None:
    copy.replace(FILE, place, "    en:", "    fr:")

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("phrase_languages", FILE)


def test_a_number_in_them_is_found(copy: Copy) -> None:
    copy.replace(FILE, "anything:", "聞いてもらえますか。", "0120-000-000")

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("number_outside_windows", FILE)


@pytest.mark.parametrize(
    ("said", "command"),
    [("消す", "clear"), ("／消す！", "clear"), ("/PLACE", "place:show"), ("Português", "lang:pt")],
)
def test_a_command_is_known_by_its_words(said: str, command: str) -> None:
    assert COMMANDS.of(fold(said)) == command


@pytest.mark.parametrize(
    "said", ["", "消えたい", "予定を消すにはどうすればいいですか", "日本語を習いたい"]
)
def test_other_words_are_no_command(said: str) -> None:
    assert COMMANDS.of(fold(said)) is None
