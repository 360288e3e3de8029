"""Whether an entry is confirmed: every border, in days."""

from datetime import date, timedelta

import pytest

from handlers.library import Library
from knowledge.attesting import (
    UNATTESTED,
    Answer,
    Attested,
    Overdue,
    Standing,
    fingerprint,
    is_due,
    may_ask,
    standing,
)

TODAY = date(2028, 3, 1)
ATTEST_DAYS = 150


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def stands(confirmed: int | None, attested: Attested = UNATTESTED) -> Standing:
    """How an entry stands today whose file was confirmed so many days ago."""
    assured = None if confirmed is None else ago(confirmed)
    return standing(assured, attested, TODAY, ATTEST_DAYS)


@pytest.mark.parametrize(("days", "overdue"), [(-1, None), (365, None), (366, Overdue.AGE)])
def test_a_confirmation_lasts_365_days(days: int, overdue: Overdue | None) -> None:
    assert stands(days).overdue is overdue


def test_the_newer_of_file_and_owner_counts() -> None:
    assert stands(400, Attested(yes=ago(3))) == Standing(ago(3))
    assert stands(2, Attested(yes=ago(3))) == Standing(ago(2))
    assert stands(None, Attested(yes=ago(3))) == Standing(ago(3))


def test_what_was_never_confirmed_is_overdue_since_ever() -> None:
    assert stands(None) == Standing(None, Overdue.AGE, None)


@pytest.mark.parametrize(
    ("confirmed", "waits", "overdue"),
    [
        (151, 13, None),
        (151, 14, Overdue.UNANSWERED),
        (150, 14, None),
        (200, None, None),
        (200, 200, None),
        (200, 199, Overdue.UNANSWERED),
        (366, 14, Overdue.AGE),
    ],
)
def test_silence_counts_after_14_days_and_only_where_a_confirmation_was_due(
    confirmed: int, waits: int | None, overdue: Overdue | None
) -> None:
    attested = Attested(owners=1, waits=None if waits is None else ago(waits))

    assert stands(confirmed, attested).overdue is overdue


def change(days: int, *, mended: bool = False) -> Attested:
    return Attested(answer=Answer.CHANGE, answered=ago(days), mended=mended)


@pytest.mark.parametrize(
    ("confirmed", "attested", "overdue"),
    [
        (200, change(0), Overdue.CHANGE),
        (10, change(10), Overdue.CHANGE),
        (9, change(10), None),
        (200, change(10, mended=True), None),
        (None, change(10), Overdue.AGE),
        (200, Attested(yes=ago(1), answer=Answer.YES, answered=ago(1)), None),
        (400, change(3), Overdue.CHANGE),
    ],
)
def test_a_change_waits_until_it_is_published(
    confirmed: int | None, attested: Attested, overdue: Overdue | None
) -> None:
    assert stands(confirmed, attested).overdue is overdue


def test_a_program_without_a_date_of_its_own_waits_for_its_change_too() -> None:
    attested = Attested(yes=ago(20), answer=Answer.CHANGE, answered=ago(10))

    assert stands(None, attested) == Standing(ago(20), Overdue.CHANGE, ago(10))


@pytest.mark.parametrize(
    ("confirmed", "attested", "since"),
    [
        (370, UNATTESTED, ago(4)),
        (200, Attested(waits=ago(20)), ago(6)),
        (152, Attested(waits=ago(20)), ago(1)),
        (370, change(7), ago(7)),
        (370, change(2), ago(4)),
        (100, UNATTESTED, None),
    ],
)
def test_it_is_overdue_since_the_first_reason(
    confirmed: int, attested: Attested, since: date | None
) -> None:
    assert stands(confirmed, attested).since == since


@pytest.mark.parametrize(("days", "due"), [(150, False), (151, True), (None, True)])
def test_an_entry_is_due_after_the_days_that_are_set(days: int | None, due: bool) -> None:
    confirmed = None if days is None else ago(days)

    assert is_due(Standing(confirmed), TODAY, ATTEST_DAYS) is due


@pytest.mark.parametrize(
    ("confirmed", "asked", "overdue", "may"),
    [
        (151, None, None, True),
        (150, None, None, False),
        (151, 7, None, True),
        (151, 6, None, False),
        (400, 8, Overdue.AGE, True),
        (200, 20, Overdue.UNANSWERED, True),
        (200, 20, Overdue.CHANGE, False),
    ],
)
def test_an_owner_is_asked_once_a_week_and_not_while_staff_have_to_act(
    confirmed: int, asked: int | None, overdue: Overdue | None, may: bool
) -> None:
    now = Standing(ago(confirmed), overdue)
    last = None if asked is None else ago(asked)

    assert may_ask(now, last, TODAY, ATTEST_DAYS) is may


def test_a_fingerprint_tells_other_facts_and_nothing_else(library: Library) -> None:
    window = library.knowledge.windows[0]
    same = window.model_copy(update={"asks": ("x",), "assured": TODAY, "assured_by": "x"})
    other = window.model_copy(update={"hours": "9-12"})
    program = library.knowledge.programs.programs[1]

    assert fingerprint(window) == fingerprint(same) != fingerprint(other)
    assert len(fingerprint(program)) == 8
