"""What must be there is there, and what refers to something finds it."""

import pytest

from knowledge.checks.complete import ALL_PROGRAMS, CLAUSES, RECIPIENTS
from knowledge.load import DATA, load
from tests.knowledge.broken import Copy, codes

GUIDELINE = "guideline/r6.yaml"
PROGRAMS = "programs/r6.yaml"
PLATFORMS = "programs/platforms.yaml"
PREFECTURES = "prefectures.yaml"
NATIONAL = "windows/00-national.yaml"
AKITA = "windows/05-akita.yaml"
IWATE = "windows/03-iwate.yaml"
MISSING = "missing.yaml"


def test_there_are_27_clauses_and_20_programs_of_18_prefectures() -> None:
    knowledge = load(DATA)

    assert (len(CLAUSES), len(ALL_PROGRAMS), len(RECIPIENTS)) == (27, 20, 18)
    assert {clause.id for clause in knowledge.guideline.clauses} == CLAUSES
    assert {program.id for program in knowledge.programs.programs} == ALL_PROGRAMS


def test_a_clause_that_was_taken_out_is_missed(copy: Copy) -> None:
    line = copy.cut(GUIDELINE, "clauses:", "  - id: guideline/3-2-10", "  - id: guideline/4-1")

    found = copy.found()
    assert ("missing_entry", GUIDELINE, 18, "") in found
    assert [f for f in found if f[0] == "left_over" and f[3] == "guideline/3-2-9"]
    assert ("unknown_see", GUIDELINE) in {(code, name) for code, name, at, _ in found if at < line}


def test_the_last_sentence_of_a_clause_is_missed(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "- id: guideline/2-2", "text: |-", "text: |-")
    copy.cut(GUIDELINE, "- id: guideline/2-2", "      なお、宗教活動", "    plain:")

    assert copy.found() == [("left_over", GUIDELINE, line, "guideline/2-2")]


def test_the_last_sentence_of_the_document_is_missed(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "- id: guideline/supplement", "日から施行する。", "日")

    assert copy.found() == [("left_over", GUIDELINE, line, "guideline/supplement")]


def test_the_first_line_of_the_document_is_missed(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "- id: guideline/0", "text: |-", "text: |-")
    copy.cut(GUIDELINE, "- id: guideline/0", "      孤独・孤立", "      制定")

    assert copy.found() == [("left_over", GUIDELINE, line, "guideline/0")]


def test_a_wrong_heading_is_found_once(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "- id: guideline/1", "section: １ 目的", "section: １ 目標")

    assert copy.found() == [("label_differs", GUIDELINE, line - 1, "guideline/1")]


def test_after_a_differing_clause_the_next_ones_are_still_compared(copy: Copy) -> None:
    copy.replace(GUIDELINE, "- id: guideline/2-1", "は、都道府県とする", "は、県とする")
    copy.replace(GUIDELINE, "- id: guideline/2-3", "原則とし", "基本とし")

    assert [entry for _, _, _, entry in copy.found()] == ["guideline/2-1", "guideline/2-3"]


def test_a_last_clause_that_differs_leaves_nothing_over(copy: Copy) -> None:
    copy.replace(GUIDELINE, "- id: guideline/supplement", "から施行する。", "に施行する。")

    assert codes(copy.new()) == {"not_verbatim"}


def test_an_id_that_the_document_does_not_have_is_found(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "clauses:", "- id: guideline/5-2", "- id: guideline/5-9")

    found = copy.found()
    assert ("unexpected_entry", GUIDELINE, line, "") in found
    assert ("missing_entry", GUIDELINE, 18, "") in found


def test_a_program_of_another_prefecture_is_found(copy: Copy) -> None:
    line = copy.replace(PROGRAMS, "- id: program/shiga", "滋賀県\n", "佐賀県\n")

    entry = "program/shiga"
    found = copy.found()
    assert ("wrong_prefecture", PROGRAMS, line, entry) in found
    assert codes(copy.new()) == {"wrong_prefecture", "label_differs"}


def test_a_second_entry_with_the_same_id_is_found(copy: Copy) -> None:
    ids = [window.id for window in load(copy.data).windows if window.area == "岩手県"]
    first, second = (f"- id: {name}" for name in ids[:2])
    line = copy.replace(IWATE, "windows:", second, first)

    assert ("repeated_id", IWATE, line, ids[0]) in copy.found()


def test_an_id_in_capital_letters_is_found(copy: Copy) -> None:
    line = copy.replace(AKITA, "windows:", "window/akita-dv", "window/Akita_DV")

    assert ("wrong_id", AKITA, line, "window/Akita_DV") in copy.found()


def test_a_window_that_is_there_is_not_missing(copy: Copy) -> None:
    line = copy.replace(MISSING, "windows:", "window/khj", "window/akita-dv")

    assert copy.found() == [("missing_is_there", MISSING, line, "")]


def test_every_recipient_has_a_platform(copy: Copy) -> None:
    first = copy.replace(PLATFORMS, "", "platforms:", "platforms:")
    line = copy.replace(PLATFORMS, "platforms:", "prefecture: 山形県", "prefecture: 秋田県")
    twice = copy.replace(PLATFORMS, "platforms:", "prefecture: 福島県", "prefecture: 北海道")

    assert copy.found() == [
        ("missing_platform", PLATFORMS, first, ""),
        ("missing_platform", PLATFORMS, first, ""),
        ("unexpected_platform", PLATFORMS, line, ""),
        ("unexpected_platform", PLATFORMS, twice, ""),
    ]


def test_all_prefectures_are_listed(copy: Copy) -> None:
    line = copy.replace(PREFECTURES, "", "prefectures:", "prefectures:")
    copy.cut(PREFECTURES, "prefectures:", '  - {code: "05"', '  - {code: "06"')

    found = [f for f in copy.found() if f[1] != "regions.yaml"]  # its rows miss it as well
    assert found == [
        ("missing_prefecture", PREFECTURES, line, ""),
        ("unexpected_window_file", AKITA, 1, ""),
    ]


def test_every_prefecture_has_its_file(copy: Copy) -> None:
    copy.path(AKITA).rename(copy.path("windows/05-akitaken.yaml"))

    assert copy.found() == [
        ("missing_window_file", AKITA, 1, ""),
        ("unexpected_window_file", "windows/05-akitaken.yaml", 1, ""),
    ]


def test_a_file_has_its_own_area(copy: Copy) -> None:
    line = copy.replace(AKITA, "", "area: 秋田県\n\nwindows", "area: 岩手県\n\nwindows")

    found = copy.found()
    assert ("area_of_file", AKITA, line, "") in found
    assert codes(copy.new()) == {"area_of_file", "wrong_area"}


def test_every_topic_has_a_national_window(copy: Copy) -> None:
    copy.replace(NATIONAL, "", "topics: [pregnancy", "topics: [women")

    ((code, name, _, entry),) = copy.found()
    assert (code, name, entry) == ("topic_without_window", NATIONAL, "")


def test_a_window_of_a_few_prefectures_serves_not_the_whole_country(copy: Copy) -> None:
    copy.replace(NATIONAL, "topics: [pregnancy", "area: 全国", "area: 全国\n    only_in: [秋田県]")

    assert [code for code, _, _, _ in copy.found()] == ["topic_without_window"]


@pytest.mark.parametrize("hours", ["Mo-Su 00:00-23:59", "immer"])
def test_somebody_answers_people_in_danger_day_and_night(copy: Copy, hours: str) -> None:
    text = copy.path(NATIONAL).read_text(encoding="utf-8")
    copy.write(NATIONAL, text.replace('opening_hours: "24/7"', f'opening_hours: "{hours}"'))

    found = [(code, name) for code, name, _, _ in copy.found() if code != "hours_syntax"]
    assert found == [("no_day_and_night", NATIONAL)]


def test_what_is_broken_does_not_hide_the_rest(copy: Copy) -> None:
    """A list of mistakes in all kinds of files at once: all are found, and nothing but they."""
    copy.replace(GUIDELINE, "- id: guideline/2-1", "    place:", "    plaice:")
    copy.replace(GUIDELINE, "- id: guideline/2-3", "原則とし", "基本とし")
    copy.replace(NATIONAL, "- id: window/118", "cost: free", "cost: cheap")
    copy.replace(NATIONAL, "- id: window/119", 'value: "119"', 'value: "1l9"')
    copy.replace(PLATFORMS, "platforms:", "status: confirmed", "status: sure")
    copy.replace(AKITA, "", "windows:", "windows")
    copy.replace(PREFECTURES, "", "prefectures:", "provinces:")
    copy.path("municipalities.csv").unlink()
    copy.path("sources/programs_r6.txt").unlink()

    assert [(code, name) for code, name, _, _ in copy.found()] == [
        ("missing_key", GUIDELINE),
        ("unknown_key", GUIDELINE),
        ("not_verbatim", GUIDELINE),
        ("missing_file", "municipalities.csv"),
        ("missing_key", PREFECTURES),
        ("unknown_key", PREFECTURES),
        ("not_in_list", PLATFORMS),
        ("missing_file", "sources/programs_r6.txt"),
        ("wrong_phone", NATIONAL),
        ("not_in_list", NATIONAL),
        ("yaml_no_colon", AKITA),
    ]


def test_an_entry_that_is_none_hides_no_other(copy: Copy) -> None:
    copy.replace(AKITA, "windows:", "  - id:", "  - 窓口\n  - id:")
    copy.replace(AKITA, "- id: window/akita-dv", '"018-835-9052"', '"018-835-905"')

    assert [(code, entry) for code, _, _, entry in copy.found()] == [
        ("not_a_mapping", ""),
        ("wrong_phone", "window/akita-dv"),
    ]


def test_without_a_source_there_is_nothing_to_compare_with(copy: Copy) -> None:
    copy.path("sources/guideline_r6.txt").unlink()

    assert copy.found() == [("missing_file", "sources/guideline_r6.txt", 1, "")]


def test_with_an_emptied_source_no_clause_is_verbatim(copy: Copy) -> None:
    copy.write("sources/guideline_r6.txt", "")

    assert codes(copy.new()) == {"not_verbatim_at_first"}
    assert {entry for _, _, _, entry in copy.found()} == CLAUSES


def test_without_the_documents_only_that_is_said(copy: Copy) -> None:
    copy.path(GUIDELINE).unlink()
    copy.write(PROGRAMS, "programs: [x")

    assert [(code, name) for code, name, _, _ in copy.found()] == [
        ("missing_file", GUIDELINE),
        ("yaml_bracket", PROGRAMS),
    ]
