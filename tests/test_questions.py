"""Questions in people's words, each with the entry that must be found.

What is known to go wrong stands in ``answers/misses.yaml`` and must go on going wrong: a question
that is answered rightly at last is taken off that list.
"""

from collections.abc import Iterator

import pytest

from handlers.library import Library
from tests.quality.own import Question, ask, is_right, known_misses, questions

MISSES = known_misses()


def rows() -> Iterator:
    for question in questions():
        missed = question.name in MISSES
        marks = [pytest.mark.xfail(reason="a known miss")] if missed else []
        yield pytest.param(question, id=question.name[:90], marks=marks)


@pytest.mark.parametrize("question", list(rows()))
def test_question(question: Question, library: Library) -> None:
    assert is_right(question, ask(library, question))


def test_every_known_miss_is_a_question() -> None:
    assert {question.name for question in questions()} >= MISSES
