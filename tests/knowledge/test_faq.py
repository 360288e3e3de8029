"""Any municipality's FAQ is read; what is broken is listed by line."""

from pathlib import Path

import pytest

from knowledge.faq import read_faq
from knowledge.findings import KnowledgeError
from tests.knowledge.broken import speaks_to_officers

HEAD = "id,question,answer,category\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "faq.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_faq_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, HEAD + "7,ごみの日はいつ,火曜です。,くらし\n", encoding)

    (question,) = read_faq(path).questions

    assert (question.id, question.question, question.category) == ("7", "ごみの日はいつ", "くらし")


def test_an_answer_may_run_over_several_lines(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,question,answer\n1,水道,"電話です。\n平日だけです。"\n')

    (question,) = read_faq(path).questions

    assert question.answer == "電話です。\n平日だけです。"
    assert question.category == ""


def test_broken_rows_are_listed_by_line_and_skipped(tmp_path: Path) -> None:
    text = HEAD + "1,質問,答え,\n2,,答え,\n1,また,同じ番号,\n3,短い\n"

    faq = read_faq(written(tmp_path, text))

    assert [question.id for question in faq.questions] == ["1"]
    assert [(finding.code, finding.line) for finding in faq.findings] == [
        ("faq_empty", 3),
        ("faq_repeated_id", 4),
        ("faq_few", 5),
    ]
    assert all(map(speaks_to_officers, faq.findings))
    assert faq.skipped == faq.findings
    assert faq.rows == 4


def test_a_row_over_two_lines_is_named_by_its_first(tmp_path: Path) -> None:
    text = HEAD + '1,質問,"答え\nの続き",\n2,,答え,\n'

    (finding,) = read_faq(written(tmp_path, text)).findings

    assert finding.line == 4


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="answer"):
        read_faq(written(tmp_path, "id,question\n1,質問\n"))


def codes(path: Path) -> list[tuple[str, int]]:
    """What a file is refused for."""
    with pytest.raises(KnowledgeError) as refused:
        read_faq(path)
    assert all(map(speaks_to_officers, refused.value.findings))
    return [(finding.code, finding.line) for finding in refused.value.findings]


@pytest.mark.parametrize("nothing", ["", "\ufeff", " \n\t\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, nothing: str) -> None:
    assert codes(written(tmp_path, nothing)) == [("faq_nothing", 1)]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert codes(tmp_path / "faq.csv") == [("faq_missing", 1)]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert codes(tmp_path) == [("faq_folder", 1)]


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)

    assert codes(path / "inside") == [("unreadable", 1)]


def test_a_file_larger_than_any_faq_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.faq_file.LARGEST_FILE", 100)

    assert read_faq(written(tmp_path, HEAD + "1,a,b,\n" * 10)).questions
    assert codes(written(tmp_path, HEAD + "1,a,b,\n" * 11)) == [("faq_large", 1)]


@pytest.mark.parametrize(
    "content",
    [
        HEAD.encode() + b"1,\x82,\xff\xff\n",
        (HEAD + "1,質問,答え,\n").encode("utf-16"),
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)),
    ],
    ids=["neither", "utf-16", "workbook"],
)
def test_what_is_neither_utf_8_nor_cp932_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(content)

    assert codes(path) == [("faq_encoding", 1)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_broken_letter_spoils_its_row_and_not_the_file(tmp_path: Path, encoding: str) -> None:
    sound = "".join(f"{n},ごみの日はいつですか,火曜日と金曜日です。,\n" for n in range(9))
    path = written(tmp_path, HEAD + sound, encoding)
    path.write_bytes(path.read_bytes() + "9,こわれた".encode(encoding) + b"\xff,x,\n")

    faq = read_faq(path)

    assert faq.encoding.lower() == encoding
    assert [question.question for question in faq.questions] == ["ごみの日はいつですか"] * 9
    assert [(f.code, f.line) for f in faq.findings] == [("faq_character", 11)]


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("ID,問い合わせ文,応答文,カテゴリ", ""),
        ("ｉｄ,質 問,回　答,分類", ""),
        ('"No.","お問い合わせ\n文",回答,大分類', ""),
        ("番号,質問,回答,よみ", ""),
        ("更新日,Ｑ,Ａ,番号", ""),
        ("番号,題,回答,分類", "question"),
    ],
)
def test_columns_are_known_by_their_usual_names(tmp_path: Path, header: str, missing: str) -> None:
    path = written(tmp_path, f"{header}\na,b,c,d\n")

    if missing:
        with pytest.raises(KnowledgeError, match=f"{missing} の列.*問い合わせ文"):
            read_faq(path)
    else:
        assert len(read_faq(path).questions) == 1


def test_the_preferred_name_wins_and_other_columns_are_left(tmp_path: Path) -> None:
    text = "No.,担当,ID,質問,問い合わせ文,回答\n1,市民課,a-1,略,転入は？,届け出を。\n"

    (question,) = read_faq(written(tmp_path, text)).questions

    assert (question.id, question.question, question.answer) == ("a-1", "転入は？", "届け出を。")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "\nid,質問,回答,回 答\n1,a,b,c\n")

    assert codes(path) == [("faq_column_twice", 2)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_known_by_the_header(tmp_path: Path, separator: str) -> None:
    rows = [["id", "question", "answer", ""], ["1", "a, b; c", "d"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)

    (question,) = read_faq(written(tmp_path, text)).questions

    assert (question.question, question.answer) == ("a, b; c", "d")


def test_a_header_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert codes(written(tmp_path, 'id,"question,answer\n1,a,b\n')) == [("faq_quote", 1)]


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\x85", "\ufffd", "\uffff"])
def test_a_control_character_is_found_and_named(tmp_path: Path, character: str) -> None:
    path = written(tmp_path, HEAD + f"1,質問,答{character}え,\n2,質問,答え\tです,\n")

    faq = read_faq(path)

    assert [question.id for question in faq.questions] == ["2"]
    assert [(f.code, f.line, f.values["code"]) for f in faq.findings] == [
        ("faq_character", 2, f"U+{ord(character):04X}")
    ]
    assert "answer" in faq.findings[0].message


def test_empty_columns_are_named_as_in_the_file(tmp_path: Path) -> None:
    (finding,) = read_faq(written(tmp_path, "番号,質問,回答\n1, ,　\n")).findings

    assert "質問 / 回答" in finding.message


def test_spaces_of_web_pages_and_old_katakana_are_text(tmp_path: Path) -> None:
    text = HEAD + "1,ﾌﾟﾗｽﾁｯｸ\xa0ごみ,月曜\u3000です\u200b。,\n"

    assert len(read_faq(written(tmp_path, text)).questions) == 1


def test_tags_are_kept_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "1,質問,<b>月曜</b><改>a<b@c.jp>,\n2,q,1<2 & a > b,\n")

    faq = read_faq(path)

    assert [question.answer[:3] for question in faq.questions] == ["<b>", "1<2"]
    assert [(f.code, f.line, f.values["tag"]) for f in faq.findings] == [("faq_markup", 2, "<b>")]
    assert faq.skipped == ()
    assert faq.rows == 2


def test_white_space_around_a_field_is_layout(tmp_path: Path) -> None:
    (question,) = read_faq(written(tmp_path, HEAD + '" a\n 1 "," q ", "x\r\ny",\n')).questions

    assert (question.id, question.question, question.answer) == ("a 1", "q", "x\ny")
    assert question.line == 2
