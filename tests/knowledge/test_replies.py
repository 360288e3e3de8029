"""What the assistant says is curated, complete in Japanese, and filled in without surprises."""

from pathlib import Path

import pytest

from knowledge.entries import Window
from knowledge.findings import KnowledgeError
from knowledge.replies import Replies, load_replies

REPLIES = Replies(
    {
        "greeting": {"ja": "こんにちは", "en": "Hello", "pt": "Olá"},
        "found": {"ja": "{count}件あります", "en": "{count} found"},
        "sorry": {"ja": "すみません"},
    }
)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("key", "language", "sentence"),
    [
        ("greeting", "ja", "こんにちは"),
        ("greeting", "pt", "Olá"),
        ("greeting", "vi", "Hello"),
        ("sorry", "ja", "すみません"),
        ("sorry", "vi", "すみません"),
        ("sorry", "en", "すみません"),
    ],
)
def test_people_are_answered_in_their_language_else_english_else_japanese(
    key: str, language: str, sentence: str
) -> None:
    assert REPLIES.say(key, language) == sentence


def test_japanese_is_spoken_when_nothing_is_said_of_the_language() -> None:
    assert REPLIES.say("greeting") == "こんにちは"


def test_values_are_filled_in() -> None:
    assert REPLIES.say("found", count="3") == "3件あります"
    assert REPLIES.say("found", "en", count="3", surplus="unused") == "3 found"


def test_a_value_is_never_read_as_a_placeholder() -> None:
    assert REPLIES.say("found", count="{key}") == "{key}件あります"


def window(slug: str, *contacts: tuple[str, str]) -> Window:
    return Window.model_validate(
        {
            "id": f"window/{slug}",
            "status": "published",
            "name": "窓口",
            "operator": "県",
            "topics": ["loneliness"],
            "area": "全国",
            "contacts": [{"kind": kind, "value": value} for kind, value in contacts],
            "assured": "2026-11-01",
            "assured_by": "県",
            "confidence": "high",
            "sources": [{"title": "県の窓口"}],
        }
    )


def test_the_number_of_a_window_stands_in_its_record_only() -> None:
    replies = Replies({"call": {"ja": "{night_line}に電話する。{count}件"}}).with_numbers_of(
        [
            window("night-line", ("line", "@night"), ("phone", "0570-064-556"), ("phone", "110")),
            window("letters", ("mail", "a@example.jp")),
        ]
    )

    assert replies.say("call", count="3") == "0570-064-556に電話する。3件"
    assert replies.numbers == {"night_line": "0570-064-556"}


@pytest.mark.parametrize(("key", "values"), [("unheard", {}), ("found", {})])
def test_a_missing_key_or_value_is_a_mistake_in_the_program(key: str, values: dict) -> None:
    with pytest.raises(KeyError):
        REPLIES.say(key, **values)


def test_all_files_of_replies_are_read_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, replies="a: {ja: 一}", replies_log="b: {ja: 二, en: two}", other="c: {ja: 三}")

    assert load_replies(tmp_path).texts == {"a": {"ja": "一"}, "b": {"ja": "二", "en": "two"}}


def test_a_file_of_one_language_adds_that_language(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    write(tmp_path, replies="a: {ja: 一}")
    write(tmp_path / "replies", ja="b: 二", pt="a: um\nb: dois")

    assert load_replies(tmp_path).texts == {
        "a": {"ja": "一", "pt": "um"},
        "b": {"ja": "二", "pt": "dois"},
    }


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ({"en": "a: one"}, [("reply_incomplete", "en.yaml", 1)]),
        ({"ja": "- 一"}, [("reply_incomplete", "ja.yaml", 1)]),
        ({"ja": "a: {ja: 一}"}, [("reply_incomplete", "ja.yaml", 1)]),
        ({"ja": "a: '{n}件'", "pt": "\na: '{m}'"}, [("reply_placeholders", "pt.yaml", 2)]),
        ({"ja": "a: 一", "../replies": "a: {ja: 一}"}, [("reply_incomplete", "ja.yaml", 1)]),
    ],
    ids=["no Japanese", "a list", "a language in a language", "a value lost", "twice"],
)
def test_what_is_wrong_in_one_language_is_found_in_its_file(
    tmp_path: Path, files: dict[str, str], findings: list[tuple[str, str, int]]
) -> None:
    (tmp_path / "replies").mkdir()
    write(tmp_path / "replies", **files)
    with pytest.raises(KnowledgeError) as caught:
        load_replies(tmp_path)

    assert [(f.code, f.path.name, f.line) for f in caught.value.findings] == findings


def test_easy_japanese_falls_back_to_japanese_and_never_to_english() -> None:
    assert REPLIES.say("greeting", "ja-easy") == "こんにちは"


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert load_replies(tmp_path).texts == {}


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ({"replies": "a: {en: one}"}, [("reply_incomplete", 1)]),
        ({"replies": "a: {ja: 一}\nb: 二"}, [("reply_incomplete", 2)]),
        ({"replies": "a: {ja: 一}", "replies_log": "\na: {ja: 二}"}, [("reply_incomplete", 2)]),
        ({"replies": "a: {ja: '{n}件', en: found}"}, [("reply_placeholders", 1)]),
        ({"replies": "a: {ja: 件, en: '{n} found'}"}, [("reply_placeholders", 1)]),
        ({"replies": "- 一\n- 二"}, [("reply_incomplete", 1)]),
        ({"replies": "a: {ja: [一, 二]}"}, [("reply_incomplete", 1)]),
        ({"replies": "a: {ja: '{n', en: '{n'}"}, [("reply_placeholders", 1)] * 2),
        ({"replies": "a: {ja: '{}'}"}, [("reply_placeholders", 1)]),
        (
            {"replies": "a: {en: one}\nb: {ja: '{n}', en: '{m}', pt: n}"},
            [("reply_incomplete", 1), ("reply_placeholders", 2), ("reply_placeholders", 2)],
        ),
    ],
    ids=[
        "no Japanese",
        "no languages",
        "twice",
        "value lost",
        "value added",
        "a list of sentences",
        "a list in a language",
        "braces not paired",
        "braces without a name",
        "all at once",
    ],
)
def test_what_is_wrong_is_found_with_its_line(
    tmp_path: Path, files: dict[str, str], findings: list[tuple[str, int]]
) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_replies(write(tmp_path, **files))

    assert [(finding.code, finding.line) for finding in caught.value.findings] == findings


def test_the_curated_replies_are_sound() -> None:
    replies = load_replies()

    assert replies.texts
    assert all(spoken["ja"] for spoken in replies.texts.values())
