"""Checklists: ticks live in the buttons, and the end is a list of citations to paste."""

import pytest

from handlers.library import Library
from tests.conftest import Say


def test_the_menu_offers_every_list(say: Say, library: Library) -> None:
    offered = [choice.id for choice in say(choice="checklists").choices]

    assert offered == [checklist.id for checklist in library.checklists]
    assert "checklist/outsourcing" in offered


def test_a_tap_ticks_and_another_unticks(say: Say) -> None:
    start = say(choice="checklist/outsourcing")
    ticked = say(choice=start.choices[0].id)
    again = say(choice=ticked.choices[0].id)

    assert "（0／7）" in start.opening[0]
    assert "（1／7）" in ticked.opening[0]
    assert ticked.opening[0].count("☑") == 1
    assert again.opening[0] == start.opening[0]


def test_the_end_cites_every_clause_once(say: Say) -> None:
    reply = say(choice="end:checklist/outsourcing:1111111")
    citations = [line for line in reply.opening[1].splitlines() if line.startswith("＜")]

    assert reply.status == "answered"
    assert [line[-6:-1] for line in citations] == ["２（２）", "２（３）", "４（３）"] or len(
        citations
    ) == 3
    assert "（7／7）" in reply.opening[1]


def test_the_question_is_marked_as_ours(say: Say, library: Library) -> None:
    assert library.replies.say("checklist.ours") in say(choice="checklist/platform").opening


def test_a_clause_of_the_list_can_be_read(say: Say) -> None:
    offered = [choice.id for choice in say(choice="checklist/inspection").choices]

    assert {"guideline/5-1", "guideline/5-2"} <= set(offered)


def test_in_english_the_questions_are_english(say: Say) -> None:
    assert "Can a report be given" in say(choice="checklist/inspection", language="en").opening[0]


@pytest.mark.parametrize(
    "choice",
    [
        "checklist/none",
        "checklist/outsourcing:01",
        "checklist/outsourcing:000000x",
        "end:checklist/none:1",
    ],
)
def test_ticks_of_another_list_are_stale(say: Say, library: Library, choice: str) -> None:
    assert say(choice=choice).opening == (library.replies.say("fallback.stale"),)


def test_every_button_fits_telegram(say: Say, library: Library) -> None:
    replies = [say(choice=checklist.id) for checklist in library.checklists]

    assert max(len(c.id.encode()) for reply in replies for c in reply.choices) <= 64
