"""Any municipality's FAQ is read; what is broken is listed by line."""

from pathlib import Path

import pytest

from knowledge.faq import read_faq
from knowledge.findings import KnowledgeError

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
        ("faq_empty", 5),
    ]
    assert all(finding.message for finding in faq.findings)


def test_a_row_over_two_lines_is_named_by_its_first(tmp_path: Path) -> None:
    text = HEAD + '1,質問,"答え\nの続き",\n2,,答え,\n'

    (finding,) = read_faq(written(tmp_path, text)).findings

    assert finding.line == 4


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="answer"):
        read_faq(written(tmp_path, "id,question\n1,質問\n"))


def test_an_empty_file_lacks_every_column(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="id, question, answer"):
        read_faq(written(tmp_path, ""))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"faq\.csv"):
        read_faq(tmp_path / "faq.csv")


def test_an_unknown_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(HEAD.encode() + b"1,\x82,\xff\xff\n")

    with pytest.raises(KnowledgeError, match="UTF-8"):
        read_faq(path)
