"""Everything that is shown has its words, and numbers stand only with their windows."""

import pytest

from tests.knowledge.broken import Copy, codes

REPLIES = "replies.yaml"
TELEGRAM = "replies_telegram.yaml"
CRISIS = "crisis.yaml"
MISSING = "missing.yaml"


@pytest.mark.parametrize(
    "key",
    [
        "topic.hikikomori",
        "need.free",
        "activity.council",
        "card.fax",
        "language.ja",
        "weekdays",
        "year.R6",
    ],
)
def test_a_name_that_can_be_shown_has_words(copy: Copy, key: str) -> None:
    line = copy.replace(REPLIES, "", "chat.welcome:", "chat.welcome:")
    copy.replace(REPLIES, "", f"\n{key}:", f"\n{key}-x:")

    assert ("missing_reply", REPLIES, line, "") in copy.found()
    assert copy.new()[0].values["key"] == key


def test_a_language_that_windows_speak_has_words(copy: Copy) -> None:
    copy.replace(REPLIES, "", "\nlanguage.ne:", "\nlanguage.np:")

    assert codes(copy.new()) == {"unknown_language"}


def test_a_week_has_seven_days(copy: Copy) -> None:
    line = copy.replace(REPLIES, "\nweekdays:", "Sa Su", "Sa")

    assert copy.found() == [("wrong_weekdays", REPLIES, line, "")]


def test_a_sentence_needs_japanese(copy: Copy) -> None:
    line = copy.replace(REPLIES, "\nneed.free:", "ja: ", "jp: ")

    assert copy.found() == [("reply_incomplete", REPLIES, line, "")]


def test_a_key_stands_in_one_file_only(copy: Copy) -> None:
    line = copy.replace(
        TELEGRAM, "", "\ntelegram.voice:", "\nneed.free: {ja: 無料}\ntelegram.voice:"
    )

    assert copy.found() == [("reply_incomplete", TELEGRAM, line + 1, "")]


def test_a_translation_keeps_what_is_filled_in(copy: Copy) -> None:
    copy.replace(REPLIES, "\ncard.for:", 'en: "For: {value}"', 'en: "For: {name}"')

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("reply_placeholders", REPLIES)


def test_a_file_of_sentences_in_another_form_is_found(copy: Copy) -> None:
    copy.write(TELEGRAM, "- ja: こんにちは\n")

    assert copy.found() == [("not_a_mapping", TELEGRAM, 1, "")]


def test_a_sentence_in_another_form_is_found(copy: Copy) -> None:
    line = copy.replace(REPLIES, "", "\nneed.free: {ja: 無料, en: free}", "\nneed.free: 無料")

    assert copy.found() == [("not_a_mapping", REPLIES, line + 1, "")]


@pytest.mark.parametrize(
    "number", ["0120-494-949", "０１２０－４９４－９４９", "#8008", "0570064556"]
)
def test_a_number_in_a_sentence_is_found(copy: Copy, number: str) -> None:
    line = copy.replace(REPLIES, "\nneed.free:", "ja: 無料", f'ja: "無料 {number}"')

    assert copy.found() == [("number_outside_windows", REPLIES, line, "")]


def test_numbers_everybody_knows_may_stand_in_sentences(copy: Copy) -> None:
    copy.replace(REPLIES, "\nneed.free:", "ja: 無料", 'ja: "無料 110 119 118 189 188、2026-11-21"')

    assert copy.found() == []


def test_a_number_in_the_report_of_what_is_missing_is_found(copy: Copy) -> None:
    line = copy.replace(MISSING, "windows:", "why: ", "why: 0120-494-949 ")

    assert copy.found() == [("number_outside_windows", MISSING, line, "")]


def test_people_in_danger_are_shown_windows_that_exist(copy: Copy) -> None:
    line = copy.replace(CRISIS, "\nwindows:", "[window/119", "[window/911")

    assert copy.found() == [("crisis_window", CRISIS, line, "")]


def test_people_in_danger_are_shown_windows_that_are_published(copy: Copy) -> None:
    copy.replace(
        "windows/00-national.yaml", "- id: window/7119", "status: published", "status: draft"
    )

    assert codes(copy.new()) == {"crisis_window"}


def test_a_number_in_the_words_of_danger_is_found(copy: Copy) -> None:
    copy.replace(CRISIS, "\nwindows:", "[window/119", '["0120-494-949", window/119')

    assert codes(copy.new()) == {"number_outside_windows"}


def test_without_the_words_of_danger_only_that_is_said(copy: Copy) -> None:
    copy.path(CRISIS).unlink()

    assert copy.found() == [("missing_file", CRISIS, 1, "")]
