"""What is written reads as the same texts, and writing it again gives the same bytes."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Contact, Shape
from knowledge.load import read_yaml
from knowledge.write import dump


class Note(Shape):
    """Anything with texts."""

    title: str = ""
    lines: tuple[str, ...] = ()
    count: int | None = None
    contact: Contact | None = None
    notes: tuple["Note", ...] = ()


def again(folder: Path, note: Note) -> Note:
    path = folder / "note.yaml"
    path.write_text(dump(note), encoding="utf-8", newline="")
    return Note.model_validate(read_yaml(path).data)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.builds(Note, title=TEXTS, lines=st.lists(TEXTS).map(tuple)))
def test_every_text_survives(tmp_path_factory: pytest.TempPathFactory, note: Note) -> None:
    read = again(tmp_path_factory.getbasetemp(), note)

    assert read == note
    assert dump(read) == dump(note)


@pytest.mark.parametrize(
    "text",
    [
        *("0570064556", "0895123456", "9:00", "110", "1.5", "2026-11-21", "#8008", "-", "～"),
        *("no", "Yes", "on", "null", "true", "y", "0x1F", "0o17", "1e3", ".inf", "_", "１２"),
    ],
)
def test_what_looks_like_something_else_is_quoted(text: str) -> None:
    assert dump(Note(title=text)) == f'title: "{text}"\n'


@pytest.mark.parametrize("text", ["受付は平日です", "NPOに委託", "abc 110", "café", "𠮷野さん📞"])
def test_ordinary_words_stand_as_they_are(text: str) -> None:
    assert dump(Note(title=text)) == f"title: {text}\n"


@pytest.mark.parametrize("text", ["a: b", "a #b", "a:"])
def test_signs_of_yaml_within_a_text_are_quoted(text: str) -> None:
    assert yaml.safe_load(dump(Note(title=text))) == {"title": text}


def test_rare_kanji_are_not_spelled_out_even_in_quotes() -> None:
    assert dump(Note(title="「𠮷」📞")) == "title: '「𠮷」📞'\n"


def test_lines_stand_as_people_wrote_them() -> None:
    note = Note(title="一行目\n\n  「三行目」: 0570\n# 終わり")

    assert dump(note) == "title: |-\n  一行目\n\n    「三行目」: 0570\n  # 終わり\n"


@pytest.mark.parametrize("text", [" a\nb", "a\nb\n", "a\u2028\nb", "a \nb", "a\tb\nc"])
def test_lines_that_a_block_would_change_are_quoted(text: str) -> None:
    written = dump(Note(title=text))

    assert written.startswith('title: "')
    assert yaml.safe_load(written) == {"title": text}


def test_what_is_empty_is_left_out_and_lists_stand_deeper() -> None:
    contact = Contact.model_validate({"kind": "phone", "value": "110"})
    note = Note(lines=("a", "b"), count=3, notes=(Note(title="c", contact=contact),))

    assert dump(note, "読んでください\n二行目") == (
        "# 読んでください\n# 二行目\n"
        "lines:\n  - a\n  - b\n"
        'count: "3"\n'
        "notes:\n  - title: c\n    contact:\n      kind: phone\n"
        '      value: "110"\n'
    )


def test_a_long_text_stays_on_its_line() -> None:
    assert dump(Note(title="長い " * 200)).count("\n") == 1
