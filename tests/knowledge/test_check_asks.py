"""An ask belongs to one entry, and test questions are other ones."""

import pytest

from tests.knowledge.broken import Copy

GUIDELINE = "guideline/r6.yaml"
PROGRAMS = "programs/r6.yaml"
AKITA = "windows/05-akita.yaml"
SCOPE = "out_of_scope.yaml"
QUESTIONS = "answers/guideline.yaml"
DIALOGUES = "answers/dialogues.yaml"
DV = "- id: window/akita-dv"
FIRST = "秋田県の子ども・女性・障害者相談センター\n"
SECOND = "秋田で夜9時前まで夫の暴力を聞いてくれる人\n"


def test_two_asks_are_too_few(copy: Copy) -> None:
    line = copy.replace(AKITA, DV, "    asks:", "    asks:")
    copy.cut(AKITA, DV, f"      - {SECOND}", "      - あきたけん")

    assert copy.found() == [("few_asks", AKITA, line, "window/akita-dv")]


def test_an_entry_without_asks_is_found_at_its_beginning(copy: Copy) -> None:
    line = copy.replace(AKITA, "windows:", DV, DV)
    copy.cut(AKITA, DV, "    asks:", "    assured:")

    assert copy.found() == [("few_asks", AKITA, line, "window/akita-dv")]


@pytest.mark.parametrize(
    "again",
    [
        FIRST,
        "秋田県の子ども　女性　障害者相談センター！\n",
        "秋田県の子ども・女性・障害者相談せんたー\n",
        "秋田県の子ども・女性・障害者相談ｾﾝﾀｰ\n",
    ],
    ids=["the same", "other signs", "hiragana", "half width"],
)
def test_an_ask_that_stands_twice_is_found(copy: Copy, again: str) -> None:
    line = copy.replace(AKITA, DV, SECOND, again)

    assert copy.found() == [("repeated_ask", AKITA, line, "window/akita-dv")]


def test_an_ask_of_another_entry_is_found_with_both_places(copy: Copy) -> None:
    first = copy.replace(
        PROGRAMS, "- id: program/shiga", "      - ", "      - 二つの記録の言い方\n      - "
    )
    line = copy.replace(AKITA, DV, SECOND, "二つの記録の言い方\n")

    assert copy.found() == [("repeated_ask", AKITA, line, "window/akita-dv")]
    (finding,) = copy.new()
    assert finding.values["first"] == f"program/shiga r6.yaml:{first}"


def test_an_ask_of_a_subject_outside_the_documents_is_found(copy: Copy) -> None:
    copy.replace(SCOPE, "asks:", "      - ", f"      - {FIRST}      - ")

    assert [code for code, _, _, _ in copy.found()] == ["repeated_ask"]


def test_a_test_question_that_is_an_ask_is_found(copy: Copy) -> None:
    line = copy.replace(QUESTIONS, "questions:", "- q: ", f"- q: {FIRST}    # ")

    assert copy.found() == [("question_is_ask", QUESTIONS, line, "")]
    assert copy.new()[0].values["owner"] == "window/akita-dv"


def test_a_turn_of_a_dialogue_that_is_an_ask_is_found(copy: Copy) -> None:
    line = copy.replace(DIALOGUES, "- turns:", '      - "', f"      - {FIRST}      # ")

    assert copy.found() == [("question_is_ask", DIALOGUES, line, "")]


def test_an_expected_entry_that_does_not_exist_is_found(copy: Copy) -> None:
    line = copy.replace(QUESTIONS, "guideline/0]", "expect: [guideline/", "expect: [guideline/9-")

    assert ("unknown_expected", QUESTIONS, line, "") in copy.found()


def test_a_question_that_expects_nothing_is_found(copy: Copy) -> None:
    line = copy.replace(QUESTIONS, "questions:", "  - q:", "  - role: staff\n  - q:")

    assert copy.found() == [("wrong_question", QUESTIONS, line, "")]


def test_an_entry_with_one_question_is_found(copy: Copy) -> None:
    line = copy.replace(GUIDELINE, "clauses:", "- id: guideline/5-1", "- id: guideline/5-1")
    for path in sorted(copy.answers.glob("*.yaml")):
        told = path.read_text(encoding="utf-8")
        copy.write(
            f"answers/{path.name}",
            told.replace("expect: [guideline/5-1]", "expect: [guideline/1]"),
        )
    rest = copy.path(QUESTIONS).read_text(encoding="utf-8")
    copy.write(QUESTIONS, rest.replace("expect: [guideline/1]", "expect: [guideline/5-1]", 1))

    assert ("few_questions", GUIDELINE, line, "guideline/5-1") in copy.found()


def test_a_question_file_that_cannot_be_read_is_found(copy: Copy) -> None:
    copy.write("answers/windows.yaml", "questions:\n\t- q: x\n")

    assert ("yaml_tab", "answers/windows.yaml", 2, "") in copy.found()


def test_without_questions_nothing_is_said_of_them(copy: Copy) -> None:
    for path in copy.answers.iterdir():
        path.unlink()
    copy.answers.rmdir()

    assert copy.found() == []
    assert not [finding for finding in copy.check() if "question" in finding.code]
