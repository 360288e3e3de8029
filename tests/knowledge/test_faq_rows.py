"""A broken row spoils itself and no other, however its quotes stand."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.faq import Faq, read_faq
from knowledge.faq_rows import LARGEST_FIELD

HEAD = "id,question,answer\n"


def read(folder: Path, rows: str) -> Faq:
    path = folder / "faq.csv"
    path.write_bytes((HEAD + rows).encode())
    return read_faq(path)


def ids(faq: Faq) -> list[str]:
    return [question.id for question in faq.questions]


def codes(faq: Faq) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in faq.findings]


def test_a_quote_open_to_the_end_swallows_no_row(tmp_path: Path) -> None:
    faq = read(tmp_path, '1,a,b\n2,a,"b\n3,a,b\n4,a,b\n')

    assert ids(faq) == ["1", "3", "4"]
    assert codes(faq) == [("faq_quote", 3)]


def test_a_quote_open_to_the_next_quoted_field_swallows_no_row(tmp_path: Path) -> None:
    faq = read(tmp_path, '1,a,"b\n2,a,"b"\n3,a,b\n')

    assert ids(faq) == ["2", "3"]
    assert codes(faq) == [("faq_quote", 2)]


def test_a_quote_closed_only_by_a_later_row_is_noticed(tmp_path: Path) -> None:
    """CSV sees one sound row here; only its second line tells."""
    faq = read(tmp_path, 'Q-1,a,"b\nQ-2,a,b\nQ-3,a,b"\nQ-4,a,b\n')

    assert ids(faq) == ["Q-4"]
    assert codes(faq) == [("faq_swallowed", 2)]
    assert "4 行まで" in faq.findings[0].message


def test_it_is_noticed_wherever_the_id_stands(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text('質問,回答,番号\na,b,1\na,"b,2\na,b,3\n",4\n', encoding="utf-8")

    assert codes(read_faq(path)) == [("faq_swallowed", 3)]


@pytest.mark.parametrize(
    "answer",
    [
        "料金\n1,000円（子ども500円）,2,000円",
        "持ち物\n印鑑,通帳,写真",
        "1,印鑑\n2,通帳",
    ],
)
def test_a_long_answer_is_not_taken_for_other_rows(tmp_path: Path, answer: str) -> None:
    faq = read(tmp_path, f'7,a,"{answer}"\n8,a,b\n')

    assert ids(faq) == ["7", "8"]
    assert faq.questions[0].answer == answer
    assert codes(faq) == []


def test_text_after_a_quote_spoils_its_row(tmp_path: Path) -> None:
    faq = read(tmp_path, '1,a,"彼は"はい"と言った"\n2,a,"彼は""はい""と言った"\n')

    assert [question.answer for question in faq.questions] == ['彼は"はい"と言った']
    assert codes(faq) == [("faq_quote", 2)]


def test_too_few_and_too_many_fields_are_counted(tmp_path: Path) -> None:
    faq = read(tmp_path, "1\n2,a\n3,a,b,c\n4,a,b,,\n")

    assert ids(faq) == ["4"]
    assert codes(faq) == [("faq_few", 2), ("faq_few", 3), ("faq_many", 4)]
    assert [finding.values["found"] for finding in faq.findings] == ["1", "2", "4"]


def test_rows_without_any_text_say_nothing(tmp_path: Path) -> None:
    faq = read(tmp_path, "1,a,b\n\n,,\n , ,　\n2,a,b\n\n")

    assert (ids(faq), codes(faq), faq.rows) == (["1", "2"], [], 2)


def test_a_row_without_its_id_column_is_too_short(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("質問,回答,番号\n問\n", encoding="utf-8")

    assert codes(read_faq(path)) == [("faq_few", 2)]


def test_a_field_up_to_the_limit_is_read(tmp_path: Path) -> None:
    faq = read(tmp_path, f"1,a,{'b' * LARGEST_FIELD}\n2,a,b\n")

    assert ids(faq) == ["1", "2"]


@pytest.mark.parametrize("letters", ["b" * (LARGEST_FIELD + 1), "あ" * (LARGEST_FIELD // 3 + 1)])
def test_a_field_over_the_limit_is_refused_with_its_line(tmp_path: Path, letters: str) -> None:
    faq = read(tmp_path, f"1,a,b\n2,a,{letters}\n3,a,b\n")

    assert ids(faq) == ["1", "3"]
    assert codes(faq) == [("faq_long", 3)]
    assert "1 MB" in faq.findings[0].message


def test_the_limit_of_others_stays_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()

    read(tmp_path, "1,a,b\n")

    assert csv.field_size_limit() == before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_computer(tmp_path: Path, end: str) -> None:
    faq = read(tmp_path, f'1,a,"b{end}c"{end}2,a{end}3,a,b{end}')

    assert [question.answer for question in faq.questions] == ["b\nc", "b"]
    assert codes(faq) == [("faq_few", 4)]


@given(st.text(alphabet='1,"\na', max_size=60))
def test_whatever_stands_in_a_file_no_line_is_lost_silently(
    tmp_path_factory: pytest.TempPathFactory, rows: str
) -> None:
    """Every line with text is in a question, in a finding, or within such a row."""
    faq = read(tmp_path_factory.getbasetemp(), rows)

    begun = {question.line for question in faq.questions} | {f.line for f in faq.findings}
    first = next((n for n, line in enumerate(rows.split("\n"), 2) if line.strip(' ,"')), None)
    assert first is None or begun
    assert len(begun) == faq.rows
