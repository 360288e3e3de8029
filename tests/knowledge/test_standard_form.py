"""Loading a curated file and writing it gives the same bytes, and no comment is lost by it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given

from knowledge.entries import Clause, Contact, Program, Shape, Source, Window, WindowFile
from knowledge.findings import KnowledgeError
from knowledge.load import DATA, read_yaml
from knowledge.rewriting import rewritten, standard_files, taken_apart
from knowledge.standard_form import entry_text, file_text, heading_of
from knowledge.typed import AnyEntry, read_entry
from tests.knowledge.entry_strategies import ENTRIES

FILE = Path("file.yaml")
FILES = standard_files()
TEMPLATES = {
    "_template_clause.yaml": ("clauses", Clause),
    "_template_program.yaml": ("programs", Program),
    "windows/_template.yaml": ("windows", Window),
}


class Note(Shape):
    """Anything with texts."""

    title: str
    lines: tuple[str, ...] = ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_a_curated_file_is_in_standard_form(path: Path) -> None:
    now = path.read_text(encoding="utf-8")

    assert now == rewritten(path, FILES[path]), "run tsunagari knowledge format"


def test_every_file_of_entries_is_kept_in_standard_form() -> None:
    names = {path.relative_to(DATA).as_posix() for path in FILES}

    assert {"guideline/r6.yaml", "programs/r6.yaml", "programs/platforms.yaml"} <= names
    assert len([name for name in names if name.startswith("windows/")]) == 48
    assert not [name for name in names if "_template" in name]


@given(ENTRIES)
def test_every_entry_survives_and_is_written_the_same_again(entry: AnyEntry) -> None:
    text = entry_text(entry)
    read = read_entry(text, FILE)

    assert read == entry
    assert entry_text(read) == text


@given(ENTRIES)
def test_every_reader_of_yaml_sees_the_same_texts(entry: AnyEntry) -> None:
    """What another program takes for a number or a date is in quotes."""
    values = yaml.safe_load(entry_text(entry))

    assert values == yaml.load(entry_text(entry), Loader=yaml.BaseLoader)
    assert values["id"] == entry.id


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_without_its_notes_is_in_standard_form(name: str) -> None:
    key, model = TEMPLATES[name]
    (value,) = read_yaml(DATA / name).data[key]
    _, _, below = (DATA / name).read_text(encoding="utf-8").partition(f"\n{key}:\n")
    shown = (line[4:].partition(" #")[0].rstrip() for line in below.splitlines())
    kept = [line for line in shown if line and not line.endswith(": []")]

    assert kept == entry_text(model.model_validate(value)).splitlines()


@pytest.mark.parametrize(
    "text",
    ["受付は平日です", "NPOに委託", "１", "３（１）", "「地方版」って", "(URL未記録)", "𠮷野📞"],
)
def test_ordinary_words_stand_as_they_are(text: str) -> None:
    note = Note(title=text, lines=(text,))

    assert file_text("", note) == f"title: {text}\nlines: [{text}]\n"


@pytest.mark.parametrize(
    "text",
    [
        *("0570", "9:00", "2026-11-21", "24時間", "#8008", "@line", "*", "-", "?", "~", "1e3"),
        *("no", "Yes", "on", "null", "true", "y", "", "a: b", "a:b", "a #b", " a", "a ", "　a"),
        *("'a'", "=", "!", "%", ".inf", "_", "～: "),
    ],
)
def test_what_looks_like_something_else_is_quoted(text: str) -> None:
    assert file_text("", Note(title=text)) == f'title: "{text}"\n'


@pytest.mark.parametrize("text", ["約4,000人", "a?b", "a[b", "a}"])
def test_signs_that_end_a_value_are_quoted_within_brackets_only(text: str) -> None:
    note = Note(title=text, lines=(text,))

    assert file_text("", note) == f'title: {text}\nlines: ["{text}"]\n'


def test_signs_that_cannot_be_seen_are_spelled_out() -> None:
    text = 'a"\\\t\x85\u2028\ufeff\x7f'

    written = file_text("", Note(title=text))

    assert written == 'title: "a\\"\\\\\\t\\u0085\\u2028\\ufeff\\u007f"\n'
    assert yaml.safe_load(written) == {"title": text}


def test_lines_stand_as_people_wrote_them() -> None:
    note = Note(title="一行目\n\n  「三行目」: 0570\n# 終わり")

    assert file_text("", note) == "title: |-\n  一行目\n\n    「三行目」: 0570\n  # 終わり\n"


@pytest.mark.parametrize("text", [" a\nb", "a\nb\n", "a\u2028\nb", "a \nb", "a\tb\nc", "\na"])
def test_lines_that_a_block_would_change_are_quoted(text: str) -> None:
    written = file_text("", Note(title=text))

    assert written.startswith('title: "')
    assert yaml.safe_load(written) == {"title": text}


def test_a_long_list_stands_one_value_a_line() -> None:
    short, long = ("ab",) * 20, ("a?",) * 40

    assert file_text("", Note(title="x", lines=short)).count("\n") == 2
    assert file_text("", Note(title="x", lines=long)).endswith("lines:\n" + "  - a?\n" * 40)


WINDOW = Window.model_validate(
    {
        "id": "window/x",
        "asks": ["a", "b?"],
        "status": "draft",
        "name": "窓口",
        "operator": "県",
        "for": "人",
        "topics": ["dv", "women"],
        "area": "山梨県",
        "contacts": [Contact.model_validate({"kind": "phone", "value": "110"})],
        "assured": "2026-11-21",
        "assured_by": "甲",
        "confidence": "high",
        "sources": [Source(title="頁, 表", url="https://www.example.jp/")],
    }
)
ENTRY = """\
id: window/x
status: draft
name: 窓口
operator: 県
for: 人
topics: [dv, women]
area: 山梨県
contacts:
  - {kind: phone, value: "110"}
holidays: unknown
cost: unknown
languages: [ja]
asks:
  - a
  - b?
assured: "2026-11-21"
assured_by: 甲
confidence: high
sources:
  - {title: "頁, 表", url: "https://www.example.jp/"}
"""


def test_an_entry_alone_stands_in_the_first_column() -> None:
    assert entry_text(WINDOW) == ENTRY


def test_an_empty_line_stands_before_every_entry_of_a_file() -> None:
    shape = WindowFile(area="山梨県", windows=(WINDOW, WINDOW))
    first, *rest = ENTRY.splitlines(keepends=True)
    item = "".join([f"  - {first}", *(f"    {line}" for line in rest)])

    assert file_text("# 山梨\n", shape) == f"# 山梨\narea: 山梨県\n\nwindows:\n{item}\n{item}"


def test_a_file_without_entries_has_only_its_area() -> None:
    assert file_text("", WindowFile(area="山梨県")) == "area: 山梨県\n"


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# a\n# b\nkey: x\n# c\n", "# a\n# b\n"),
        ("# a\n\n\nkey: x\n", "# a\n\n\n"),
        ("\ufeff# a\r\nkey: x\r\n", "# a\n"),
        ("key: x\n", ""),
        ("# only\n", "# only\n"),
        ("", ""),
    ],
)
def test_the_heading_is_kept_as_it_is(text: str, heading: str) -> None:
    assert heading_of(text) == heading


@pytest.mark.parametrize(
    ("below", "lines"),
    [
        ("title: a\n", []),
        ("title: a # b\n", [3]),
        ("title: |- # b\n  a # c\n  d\n  # e\n", [3]),
        ("title: |- # b", [3]),
        ("title: a#b\nlines: [\"#c\", '#d']\n", []),
        ("title: a\n\n  # b ## c\n# d\nlines: [e] # f\n# g\n", [5, 6, 7, 8]),
        ("title: |-\n  a\n\n# b\n", [6]),
        ("title: a\nlines:\n  # b\n  - c\n  -  # d\n    e\n", [5, 7]),
        ('title: "a\n  # b"\n', []),
        ("title: a # ", [3]),
    ],
)
def test_comments_below_the_heading_are_refused(below: str, lines: list[int]) -> None:
    text = f"# heading\n\n{below}"
    found: list[int] = []

    try:
        taken_apart(text, FILE, Note)
    except KnowledgeError as error:
        found = [finding.line for finding in error.findings if finding.code == "comment"]

    assert found == lines


def test_a_mark_of_windows_moves_no_comment() -> None:
    assert taken_apart("\ufeff# a\r\ntitle: b#\r\n", FILE, Note).shape == Note(title="b#")
    with pytest.raises(KnowledgeError):
        taken_apart("\ufefftitle: b #", FILE, Note)
