"""Everything that is shown has its words, and numbers stand only with their windows."""

import pytest

from knowledge.replies import FRAME
from tests.knowledge.broken import Copy, codes

REPLIES = "replies.yaml"
JAPANESE = "replies/ja.yaml"
ENGLISH = "replies/en.yaml"
TELEGRAM = "replies_telegram.yaml"
UNKNOWN = "reply_unknown"
CRISIS = "crisis.yaml"
SENTENCES = "crisis_sentences.yaml"
MISSING = "missing.yaml"


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (JAPANESE, "topic.hikikomori"),
        (JAPANESE, "need.free"),
        (REPLIES, "activity.council"),
        (JAPANESE, "card.fax"),
        (JAPANESE, "language.ja"),
        (JAPANESE, "weekdays"),
        (REPLIES, "year.R6"),
    ],
)
def test_a_name_that_can_be_shown_has_words(copy: Copy, file: str, key: str) -> None:
    copy.replace(file, "", f"\n{key}:", f"\n{key}-x:")

    assert key in {f.values["key"] for f in copy.new() if f.code in ("missing_reply", UNKNOWN)}


def test_a_language_that_windows_speak_has_words(copy: Copy) -> None:
    for language in FRAME:
        copy.replace(f"replies/{language}.yaml", "", "\nlanguage.ne:", "\nlanguage.np:")

    assert codes(copy.new()) == {"unknown_language"}


@pytest.mark.parametrize("language", FRAME)
def test_a_week_has_seven_days(copy: Copy, language: str) -> None:
    file = f"replies/{language}.yaml"
    line = copy.replace(file, "", "\nweekdays: ", "\nweekdays: x")
    copy.replace(file, "\nweekdays", " ", " x ")

    assert copy.found() == [("wrong_weekdays", file, line + 1, "")]


def test_a_sentence_needs_japanese(copy: Copy) -> None:
    line = copy.replace(REPLIES, "\nprograms.opening:", "ja: ", "jp: ")

    assert copy.found() == [("reply_incomplete", REPLIES, line - 1, "")]


@pytest.mark.parametrize("language", FRAME[1:])
def test_a_sentence_that_people_read_stands_in_every_language(copy: Copy, language: str) -> None:
    copy.replace(f"replies/{language}.yaml", "", "\ncare.opening: ", "\ncare.closing: ")

    found = {(f.code, f.values["key"], copy.name(f)) for f in copy.new()}
    assert found == {
        ("reply_untranslated", "care.opening", JAPANESE),
        ("reply_unknown", "care.closing", f"replies/{language}.yaml"),
        ("reply_incomplete", "care.closing", f"replies/{language}.yaml"),
    }
    assert copy.found()


def test_a_language_without_its_file_is_found(copy: Copy) -> None:
    copy.path("replies/pt.yaml").unlink()

    assert copy.found() == [("missing_file", "replies/pt.yaml", 1, "")]


def test_a_key_stands_in_one_file_only(copy: Copy) -> None:
    line = copy.replace(
        TELEGRAM, "", "\ntelegram.serve", "\nneed.free: {ja: 無料}\ntelegram.serve"
    )

    ((code, name, _, _),) = copy.found()
    assert (code, name) == ("reply_incomplete", JAPANESE)
    assert line


def test_a_translation_keeps_what_is_filled_in(copy: Copy) -> None:
    line = copy.replace(ENGLISH, "", '\ncard.for: "For: {value}"', '\ncard.for: "For: {name}"')

    assert copy.found() == [("reply_placeholders", ENGLISH, line + 1, "")]


def test_a_file_of_sentences_in_another_form_is_found(copy: Copy) -> None:
    copy.write(TELEGRAM, "- ja: こんにちは\n")

    assert copy.found() == [("not_a_mapping", TELEGRAM, 1, "")]


@pytest.mark.parametrize(
    ("file", "sentence", "other"),
    [
        (
            REPLIES,
            "\nyear.R6:\n  ja: 令和６年度",
            "\nyear.R6: 令和６年度\nyear.R7:\n  ja: 令和７年度",
        ),
        (JAPANESE, "\nneed.free: 無料", "\nneed.free: {ja: 無料}"),
    ],
)
def test_a_sentence_in_another_form_is_found(
    copy: Copy, file: str, sentence: str, other: str
) -> None:
    copy.replace(file, "", sentence, other)

    assert {finding.path.name for finding in copy.new()} == {file.rpartition("/")[2]}


@pytest.mark.parametrize(
    "number", ["0120-494-949", "０１２０－４９４－９４９", "#8008", "0570064556"]
)
def test_a_number_in_a_sentence_is_found(copy: Copy, number: str) -> None:
    line = copy.replace(JAPANESE, "\nneed.free:", " 無料", f' "無料 {number}"')

    assert copy.found() == [("number_outside_windows", JAPANESE, line, "")]


def test_numbers_everybody_knows_may_stand_in_sentences(copy: Copy) -> None:
    copy.replace(JAPANESE, "\nneed.free:", " 無料", ' "無料 110 119 118 189 188、2026-11-21"')

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


def test_sentences_changed_without_training_are_found(copy: Copy) -> None:
    text = copy.path(SENTENCES).read_text(encoding="utf-8")
    copy.write(SENTENCES, text + "    あたらしい文\n")

    assert copy.found() == [("crisis_model_stale", "crisis_model.npz", 1, "")]


def test_of_a_missing_model_the_start_complains(copy: Copy) -> None:
    copy.path("crisis_model.npz").unlink()

    assert copy.found() == []
