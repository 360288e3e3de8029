"""Counts over a period: every cell with queries and people, groups, windows; no text is read."""

from datetime import date, timedelta

import pytest
from sqlite_utils import Database

from bot.store.counting import ANSWERED_SINCE, NOT_YET, UNKNOWN, Period
from bot.store.figures import first_day, read_figures
from bot.store.rows import row_of, row_of_outcome
from handlers.messages import Role, Status
from handlers.ports import Outcome, OutcomeKind
from handlers.staff import GroupState, Resolution
from tests.bot.queries import AT, KEY, days, kept, query, unanswered

NOVEMBER = Period.month("2026-11")


def counted(db, table: str, period: Period = NOVEMBER) -> dict[str, tuple[int, int]]:
    """Queries and people of the cells that are not empty."""
    cells = read_figures(db, period).tables[table]
    return {name: (cell.queries, cell.people) for name, cell in cells.items() if cell.queries}


def group(db, number: int, **values: object) -> None:
    usual = {"id": number, "made": "2026-11-02T09:00:00.000+09:00", "state": "open"}
    db.table("groups").insert(usual | values)


def resolved(db, number: int, resolution: Resolution, **values: object) -> None:
    at = {"state": "resolved", "resolution": resolution.value, "changed": AT.isoformat()}
    group(db, number, **at | values)


def grouped(db, number: int, *queries) -> None:
    for one in queries:
        db.table("queries").insert({**row_of(one, KEY), "group_id": number})


def test_a_month_knows_its_days():
    assert (NOVEMBER.since, NOVEMBER.until) == (date(2026, 11, 1), date(2026, 11, 30))
    assert Period.month("2028-02").until == date(2028, 2, 29)
    assert Period.month("2026-12").until == date(2026, 12, 31)
    assert len(NOVEMBER.days) == 30


def test_a_period_that_is_no_month_is_named_by_its_days():
    assert NOVEMBER.name == "2026-11"
    assert Period(date(2026, 11, 1), date(2026, 11, 3)).name == "2026-11-01_2026-11-03"


@pytest.mark.parametrize("name", ["2026-13", "november", ""])
def test_what_is_no_month_is_refused(name: str):
    with pytest.raises(ValueError, match=r"remain|match"):
        Period.month(name)


def test_every_cell_tells_queries_and_people(db):
    kept(db, query(), query(), query(conversation="telegram:2"))

    assert counted(db, "status") == {"answered": (3, 2)}
    assert counted(db, "topic") == {"loneliness": (3, 2)}
    assert counted(db, "day") == {"2026-11-20": (3, 2)}
    assert counted(db, "hour") == {"11": (3, 2)}
    assert counted(db, "entry") == {"window/yorisoi": (3, 2), "window/inochi": (3, 2)}


def test_a_query_counts_in_each_topic_and_prefecture_it_names(db):
    slots = {"topics": ["work", "dv"], "prefectures": ["岐阜県"], "language": "en"}
    kept(db, query(slots=slots), query(slots={}, role=None, knowledge="abc"))

    assert counted(db, "topic") == {UNKNOWN: (1, 1), "dv": (1, 1), "work": (1, 1)}
    assert counted(db, "prefecture") == {UNKNOWN: (1, 1), "岐阜県": (1, 1)}
    assert counted(db, "language") == {"en": (1, 1), "ja": (1, 1)}
    assert counted(db, "role") == {"resident": (1, 1), UNKNOWN: (1, 1)}
    assert counted(db, "knowledge") == {UNKNOWN: (1, 1), "abc": (1, 1)}
    assert counted(db, "channel") == {"telegram": (2, 1)}


def test_only_the_days_of_the_period_count_the_last_one_whole(db):
    midnight = AT.replace(day=1, hour=0)
    kept(db, query(at=midnight), query(at=midnight - timedelta(milliseconds=1)))
    kept(db, query(at=AT.replace(day=30, hour=23, minute=59)), query(at=AT + days(11)))

    assert counted(db, "day") == {"2026-11-01": (1, 1), "2026-11-30": (1, 1)}


def test_cells_that_nobody_asked_for_are_there(db):
    figures = read_figures(db, NOVEMBER)

    assert set(figures.tables["status"]) == {status.value for status in Status}
    assert set(figures.tables["role"]) == {*(role.value for role in Role), UNKNOWN}
    assert len(figures.tables["hour"]) == 24
    assert list(figures.tables["day"]) == NOVEMBER.days
    assert figures.unanswered_share is None


def test_the_share_of_unanswered_ones(db):
    kept(db, query(), query(), query(), unanswered(at=AT + days(1)))

    figures = read_figures(db, NOVEMBER)
    assert figures.unanswered_share == pytest.approx(0.25)
    assert figures.unanswered_days == {"2026-11-21": 1}


def test_questions_to_which_an_answer_was_published_since(db):
    resolved(db, 1, Resolution.COVERED_BY, entry="guideline/2-2", published="abc")
    resolved(db, 2, Resolution.COVERED_BY, entry="guideline/2-2")
    group(db, 3)
    for number in (1, 2, 3):
        grouped(db, number, unanswered())
    kept(db, unanswered())

    assert counted(db, "afterwards") == {ANSWERED_SINCE: (1, 1), NOT_YET: (3, 1)}
    assert [gap.answered for gap in read_figures(db, NOVEMBER).gaps] == [True, False, False]
    assert read_figures(db, NOVEMBER).ungrouped.queries == 1


def test_the_gaps_of_most_people_first_with_what_was_done(db):
    group(db, 1)
    resolved(db, 2, Resolution.OUT_OF_SCOPE)
    grouped(db, 1, unanswered(slots={}), unanswered(slots={}))
    people = (unanswered(conversation=f"telegram:{n}") for n in range(3))
    grouped(db, 2, unanswered(at=AT - days(40)), *people)

    first, second = read_figures(db, NOVEMBER).gaps
    assert (first.id, first.cell.queries, first.cell.people) == (2, 3, 3)
    assert (first.state, first.resolution) == (GroupState.RESOLVED, Resolution.OUT_OF_SCOPE)
    assert first.days == pytest.approx(40)
    assert list(first.topics) == ["loneliness"]
    assert (second.id, second.days, list(second.topics)) == (1, None, [UNKNOWN])


def test_groups_that_were_made_and_resolved_in_the_period(db):
    group(db, 1, made="2026-10-31T09:00:00.000+09:00")
    resolved(db, 2, Resolution.OUT_OF_SCOPE)
    resolved(db, 3, Resolution.NEEDS_ENTRY)
    resolved(db, 4, Resolution.NEEDS_ENTRY, changed="2026-12-01T09:00:00.000+09:00")
    resolved(db, 5, Resolution.NEEDS_ENTRY)  # its questions are deleted already
    resolved(db, 6, Resolution.NEEDS_ENTRY, window="window/119")
    grouped(db, 2, unanswered(at=AT - days(2)))
    grouped(db, 3, unanswered(at=AT - days(4)))

    figures = read_figures(db, NOVEMBER)
    assert (figures.opened, figures.resolved) == (4, 3)
    assert figures.median_days == pytest.approx(3)
    assert figures.looked_at == {"window/119": (GroupState.RESOLVED, Resolution.NEEDS_ENTRY)}


def test_windows_that_people_told_something_of_wrong_numbers_first(db):
    told = [("window/a", "reached"), ("window/b", "failed"), ("window/c", "wrong")]
    for window, kind in told:
        row = row_of_outcome(Outcome(AT, window, OutcomeKind(kind)))
        db.table("outcomes").insert(row)
    db.table("outcomes").insert(
        row_of_outcome(Outcome(AT + days(30), "window/d", OutcomeKind.WRONG))
    )

    windows = read_figures(db, NOVEMBER).windows
    assert list(windows) == ["window/c", "window/b", "window/a"]
    assert windows["window/b"] == {"failed": 1}


def test_the_first_day_that_is_kept(db):
    assert first_day(db) is None
    kept(db, query(), query(at=AT - days(3)))
    assert first_day(db) == date(2026, 11, 17)


def test_an_older_database_has_no_groups_and_no_versions():
    db = Database(memory=True)
    new = {"knowledge", "cause", "about"}
    db.table("queries").insert({k: v for k, v in row_of(query(), KEY).items() if k not in new})

    figures = read_figures(db, NOVEMBER)
    assert (figures.total.queries, figures.opened, dict(figures.windows)) == (1, 0, {})
    assert counted(db, "knowledge") == {UNKNOWN: (1, 1)}


def test_no_text_is_read(db):
    kept(db, unanswered("ないしょのしつもん"))
    read: list[str] = []
    db.conn.set_trace_callback(read.append)

    read_figures(db, NOVEMBER)
    assert read
    assert not [sql for sql in read if "text" in sql or "*" in sql]
