"""The closed vocabularies agree with each other and with the data."""

import re

import pytest

from knowledge.entries import Facets
from knowledge.load import load
from knowledge.vocabulary import (
    CLAUSE_OF_ACTIVITY,
    Activity,
    Channel,
    Cost,
    Kind,
    Need,
    Publication,
    Topic,
)

VOCABULARIES = [Kind, Topic, Activity, Channel, Need, Cost, Publication]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_ids_are_lower_case_slugs_named_as_in_the_code(vocabulary: type) -> None:
    for member in vocabulary:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", member.value)
        if vocabulary is not Kind:  # a clause's id begins with the document: guideline/4-3
            assert member.value == member.name.lower().replace("_", "-")


def test_there_are_28_topics_and_10_activities() -> None:
    assert len(Topic) == 28
    assert len(Activity) == 10


def test_activities_stand_in_the_guidelines_order() -> None:
    assert list(CLAUSE_OF_ACTIVITY) == list(Activity)
    assert CLAUSE_OF_ACTIVITY[Activity.PLATFORM] == "guideline/3-1"
    assert CLAUSE_OF_ACTIVITY[Activity.POLICY] == "guideline/3-2-1"
    assert CLAUSE_OF_ACTIVITY[Activity.MUNICIPAL_SUPPORT] == "guideline/3-2-9"


def test_every_activity_rests_on_a_clause_that_exists() -> None:
    entries = load().entries

    assert {clause for clause in CLAUSE_OF_ACTIVITY.values() if clause not in entries} == set()


def test_the_first_part_of_an_id_is_its_kind() -> None:
    for entry in load().entries.values():
        assert entry.id.startswith(f"{entry.kind}/")


def test_a_window_is_called_by_its_name() -> None:
    for window in load().windows:
        assert window.title == window.name


def test_facets_are_empty_until_they_are_curated() -> None:
    assert not any(dict(Facets()).values())
