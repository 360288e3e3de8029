"""The own answers do not get worse than docs/quality.md says."""

import pytest

from handlers.library import Library
from tests.quality import own, report
from tests.quality.measure import Measure

LAST = report.figures()


@pytest.fixture(scope="module")
def measures(library: Library) -> dict[str, Measure]:
    measured, _ = own.measured(library)
    return {measure.name.partition(": ")[2]: measure for measure in measured}


def test_every_kind_of_question_has_a_figure() -> None:
    assert set(LAST) == set(own.KINDS)


@pytest.mark.parametrize("kind", own.KINDS)
def test_own_answers_are_as_good_as_they_were(measures: dict[str, Measure], kind: str) -> None:
    assert round(measures[kind].value, 3) >= LAST[kind], "worse: make eval shows the misses"
