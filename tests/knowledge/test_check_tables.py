"""Checklists rest on clauses that exist; prefectures of the tables exist and name each other."""

from pathlib import Path

import pytest

from tests.knowledge.broken import Copy

CHECKLISTS = "checklists.yaml"
REGIONS = "regions.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("clause: guideline/2-2", "clause: guideline/9-9", "unknown_clause"),
        ("clause: guideline/2-2", "clause: window/110", "unknown_clause"),
        ("id: checklist/outsourcing", "id: checklist/Ａ", "wrong_checklist"),
        ("id: checklist/outsourcing", "id: checklist/subsidy", "repeated_checklist"),
    ],
)
def test_a_checklist_that_cannot_be_used_is_found(
    copy: Copy, old: str, new: str, code: str
) -> None:
    copy.replace(CHECKLISTS, "checklists:", old, new)

    assert [(finding[0], finding[1]) for finding in copy.found()] == [(code, CHECKLISTS)]


@pytest.mark.parametrize(
    ("after", "old", "new", "code"),
    [
        ("regions:", "[aomori, iwate", "[aomorri, iwate", "unknown_prefecture_id"),
        ("neighbours:", "saga: [fukuoka, nagasaki]", "saga: [fukuoka]", "lonely_neighbour"),
        ("neighbours:", "  okinawa: []\n", "", "no_neighbours"),
    ],
)
def test_a_table_of_places_that_is_not_sound_is_found(
    copy: Copy, after: str, old: str, new: str, code: str
) -> None:
    copy.replace(REGIONS, after, old, new)

    assert [(finding[0], finding[1]) for finding in copy.found()] == [(code, REGIONS)]


def test_broken_tables_are_found_once(copy: Copy) -> None:
    copy.write(CHECKLISTS, "checklists: x\n")
    copy.write(REGIONS, "regions: x\n")

    assert {finding[1] for finding in copy.found()} == {CHECKLISTS, REGIONS}


def test_without_the_table_of_prefectures_nothing_is_said_of_regions(copy: Copy) -> None:
    copy.write("prefectures.yaml", "prefectures: x\n")

    assert REGIONS not in {finding[1] for finding in copy.found()}


def test_without_the_guideline_nothing_is_said_of_checklists(copy: Copy) -> None:
    copy.write("guideline/r6.yaml", "a: [\n")

    assert CHECKLISTS not in {finding[1] for finding in copy.found()}
