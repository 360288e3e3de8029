"""What leaves hides few people, and nothing hidden can be computed from what is shown."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.figures_tables import Handout, to_json
from bot.store.concerned import Concerned, read_concerned
from bot.store.counting import ANSWERED_SINCE, NOT_YET, Cell, Period
from bot.store.figures import PeriodFigures, read_figures
from bot.store.migrations import migrations
from bot.store.rows import row_of, row_of_outcome
from bot.suppression import hide, released
from handlers.messages import Role, Status
from handlers.ports import Outcome, OutcomeKind
from handlers.staff import SMALL
from tests.bot.queries import AT, KEY, query

NOVEMBER = Period.month("2026-11")
PARTS = ("day", "hour", "role", "channel", "language", "knowledge")
NAMED = ("topic", "prefecture")
GROUPS = 4
ENOUGH = Concerned(SMALL, SMALL)
"""Enough people stand behind the numbers of groups."""
STATUSES = (
    Status.ANSWERED,
    Status.ANSWERED_NOT_LISTED,
    Status.UNANSWERED_NO_MATCH,
    Status.UNANSWERED_OUT_OF_SCOPE,
    Status.SMALLTALK,
)


@st.composite
def asked(draw):
    """Some people ask the same: numbers of people around the limit, so that it matters."""
    first, count = draw(st.integers(0, 9)), draw(st.sampled_from([1, 1, 2, 3, 4, 5, 6, 8]))
    status, group = draw(st.sampled_from(STATUSES)), draw(st.integers(0, GROUPS))
    usual = st.sampled_from([0, 0, 0, 1, 2, 3])
    kinds = tuple(draw(usual) for _ in range(6))
    return [(first + n, status, kinds, group) for n in range(count)]


QUESTIONS = st.lists(asked(), max_size=9).map(
    lambda blocks: [q for block in blocks for q in block]
)


def rows(questions):
    for person, status, (topic, prefecture, day, role, channel, version), group in questions:
        slots = {
            "topics": [[], ["work"], ["dv"], ["work", "men"]][topic],
            "prefectures": [["岐阜県"], [], ["山梨県"], ["奈良県"]][prefecture],
            "language": ["", "en", "zh", "pt"][topic],
        }
        one = query(
            conversation=f"telegram:{person}",
            at=AT.replace(day=1 + day, hour=8 + day),
            status=status,
            slots=slots,
            role=[Role.RESIDENT, Role.MEMBER, Role.STAFF, None][role],
            channel=["telegram", "console", "ask", "line"][channel],
            knowledge=["a", "b", "c", "d"][version],
        )
        waits = status.group == "unanswered"
        yield {**row_of(one, KEY), "group_id": group or None if waits else None}


def figures_of(questions) -> PeriodFigures:
    db = Database(memory=True)
    migrations.apply(db)
    done = {"resolution": "covered_by", "changed": AT.isoformat(), "published": "b"}
    for number in range(1, GROUPS + 1):
        row = {"id": number, "made": AT.isoformat()}
        state = {"state": "resolved", **done} if number % 2 else {"state": "open"}
        db.table("groups").insert(row | state)
    db.table("queries").insert_all(rows(questions))
    return read_figures(db, NOVEMBER)


class Attacker:
    """Who has the file, and knows how it was made: every sum that holds is an equation."""

    def __init__(self, figures: PeriodFigures) -> None:
        self.told = json.loads(to_json(Handout(released(figures, ENOUGH), None, AT)))
        self.sums: list[tuple[object, list[object]]] = []
        self.values: dict[object, int] = {}
        truth = figures.tables
        for table in PARTS:
            self.add("total", [(table, name) for name in truth[table]])
        below: dict[str, list[object]] = {}
        for status in truth["status"]:
            below.setdefault(status.partition("_")[0], []).append(("status", status))
        self.add("total", [("status_group", name) for name in truth["status_group"]])
        for word, parts in below.items():
            self.add(("status_group", word), parts)
        sides = [("afterwards", side) for side in (ANSWERED_SINCE, NOT_YET)]
        self.add(("status_group", "unanswered"), sides)
        gaps = {side: [("gap", g.id) for g in figures.gaps if g.answered == answered]
                for side, answered in zip(sides, (True, False), strict=True)}  # fmt: skip
        self.add(sides[0], gaps[sides[0]])
        self.add(sides[1], [*gaps[sides[1]], "ungrouped"])
        self.read()

    def add(self, whole: object, parts: list[object]) -> None:
        self.sums.append((whole, parts))

    def read(self) -> None:
        """What the file tells; an empty cell of an unlisted thing is no unknown."""
        if self.told["total"]:
            self.values["total"] = self.told["total"]["queries"]
        for table, cells in self.told["tables"].items():
            told = {name: cell["queries"] for name, cell in cells.items() if cell}
            self.values |= {(table, name): count for name, count in told.items()}
        self.values |= {("gap", gap["group"]): gap["queries"] for gap in self.told["gaps"]}

    def derived(self) -> list[object]:
        """The hidden cells that the equations determine."""
        unknown = sorted(
            {x for whole, parts in self.sums for x in (whole, *parts) if x not in self.values},
            key=str,
        )
        if not unknown:
            return []
        matrix = np.zeros((len(self.sums), len(unknown)))
        for line, (whole, parts) in enumerate(self.sums):
            for sign, names in ((1, [whole]), (-1, parts)):
                for name in names:
                    if name not in self.values:
                        matrix[line, unknown.index(name)] += sign
        rank = np.linalg.matrix_rank(matrix)
        return [
            name
            for number, name in enumerate(unknown)
            if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(unknown))[number]])) == rank
        ]


def small_ones(figures: PeriodFigures) -> set[object]:
    found = {
        (table, name)
        for table, cells in figures.tables.items()
        for name, cell in cells.items()
        if 0 < cell.people < SMALL
    }
    found |= {"ungrouped"} if 0 < figures.ungrouped.people < SMALL else set()
    return found | {("gap", gap.id) for gap in figures.gaps if gap.cell.people < SMALL}


LONELY = [(n, Status.ANSWERED, (0,) * 6, 0) for n in range(1, 8)]
ONE_MEMBER = [*LONELY, (9, Status.ANSWERED, (0, 0, 0, 1, 0, 0), 0)]


@given(QUESTIONS)
@example(ONE_MEMBER)
@settings(max_examples=150, deadline=None)
def test_no_hidden_cell_can_be_computed(questions):
    figures = figures_of(questions)
    attacker = Attacker(figures)
    few = small_ones(figures)

    assert few.isdisjoint(attacker.values)
    assert few.isdisjoint(attacker.derived())


@given(QUESTIONS)
@settings(max_examples=150, deadline=None)
def test_a_hidden_cell_may_be_anything_from_one_to_five(questions):
    figures = figures_of(questions)
    outside = released(figures, ENOUGH)
    for table in (*PARTS, *NAMED, "status_group"):
        cells = outside.tables[table]
        hidden = [figures.tables[table][name] for name, cell in cells.items() if cell is None]
        rest = sum(cell.queries for cell in hidden)
        people = set().union(*(cell.who for cell in hidden))

        assert all(cell.queries for cell in hidden)
        assert not hidden or len(hidden) > 1
        assert not hidden or rest - (len(hidden) - 1) >= SMALL  # of one, if the others are 1
        assert not hidden or len(people) >= SMALL


@given(QUESTIONS)
@settings(max_examples=150, deadline=None)
def test_so_may_what_a_hidden_cell_consists_of(questions):
    figures = figures_of(questions)
    groups = released(figures, ENOUGH).tables["status_group"]
    hidden = {word for word, cell in groups.items() if cell is None}
    parts = [
        cell.queries
        for status, cell in figures.tables["status"].items()
        if status.partition("_")[0] in hidden and cell.queries
    ]

    assert not parts or sum(parts) - (len(parts) - 1) >= SMALL


@given(QUESTIONS)
@settings(max_examples=50, deadline=None)
def test_everything_that_is_shown_is_true(questions):
    figures = figures_of(questions)
    outside = released(figures, ENOUGH)
    for table, cells in outside.tables.items():
        for name, cell in cells.items():
            assert cell is None or cell is figures.tables[table][name]
    assert outside.unanswered_share in {None, figures.unanswered_share}


def cell(queries: int, *who: int) -> Cell:
    return Cell(queries, set(who))


MANY = cell(40, *range(100, 140))


def test_what_many_asked_is_shown():
    assert hide({"a": MANY, "b": cell(5, 1, 2, 3, 4, 5), "c": cell(0)}) == set()


def test_a_second_cell_is_hidden_the_smallest_of_the_others():
    cells = {"a": MANY, "b": cell(9, *range(9)), "c": cell(6, *range(6)), "d": cell(2, 1, 2)}

    assert hide(cells) == {"c", "d"}


def test_two_hidden_cells_of_one_person_are_not_enough():
    cells = {"a": MANY, "b": cell(9, *range(9)), "c": cell(4, 1), "d": cell(4, 1)}

    assert hide(cells) == {"b", "c", "d"}


def test_cells_of_one_query_each_would_be_known_to_be_that():
    ones = {name: cell(1, number) for number, name in enumerate("bcdefg")}

    assert hide({"a": MANY, **ones}) == {"a", *ones}
    assert hide(ones) is None


def test_nothing_is_told_when_fewer_than_five_people_asked():
    outside = released(figures_of(LONELY[:4]), ENOUGH)

    assert outside.total is None
    assert outside.unanswered_share is None
    assert not any(outside.tables.values())


def test_nothing_was_asked_is_told():
    outside = released(figures_of([]), ENOUGH)

    assert outside.total == Cell()
    assert outside.unanswered_share is None
    assert {c.queries for c in outside.tables["day"].values() if c} == {0}


def test_a_table_of_which_nothing_can_be_told_is_left_out():
    versions = [(n, Status.ANSWERED, (0, 0, 0, 0, 0, n // 3), 0) for n in range(1, 6)]
    outside = released(figures_of(versions), ENOUGH)

    assert outside.total is not None
    assert outside.tables["knowledge"] == {}
    assert outside.tables["status"]["answered"] is not None


def test_below_a_hidden_cell_everything_is_hidden():
    people = [(n, Status.ANSWERED, (0,) * 6, 0) for n in range(1, 13)]
    waiting = [(n, Status.UNANSWERED_NO_MATCH, (0,) * 6, 1) for n in range(1, 3)]
    outside = released(figures_of([*people, *waiting]), ENOUGH)

    assert outside.tables["afterwards"] == {}
    assert outside.gaps == ()
    assert outside.unanswered_share is None


def test_hidden_cells_stand_last_and_by_name():
    topics = [(n, Status.ANSWERED, (0,) * 6, 0) for n in range(1, 13)]
    work = [(n, Status.ANSWERED, (1, *(0,) * 5), 0) for n in range(1, 7)]
    violence = [(n, Status.ANSWERED, (2, *(0,) * 5), 0) for n in range(1, 3)]
    outside = released(figures_of([*topics, *work, *violence]), ENOUGH)

    assert list(outside.tables["topic"]) == ["unknown", "dv", "work"]


def test_of_a_gap_only_topics_are_told_that_enough_people_named():
    common = [(n, Status.UNANSWERED_NO_MATCH, (1, *(0,) * 5), 1) for n in range(1, 9)]
    rare = [(n, Status.UNANSWERED_NO_MATCH, (2, *(0,) * 5), 1) for n in range(1, 3)]
    (gap,) = released(figures_of([*common, *rare]), ENOUGH).gaps

    assert gap.cell.queries == 10
    assert list(gap.topics) == ["work"]


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_few_tellings_of_a_window_are_hidden(count: int, told: int | None):
    db = Database(memory=True)
    migrations.apply(db)
    for kind, times in ((OutcomeKind.WRONG, count), (OutcomeKind.REACHED, 7)):
        for _ in range(times):
            db.table("outcomes").insert(row_of_outcome(Outcome(AT, "window/a", kind)))

    windows = released(read_figures(db, NOVEMBER), ENOUGH).windows
    assert windows["window/a"] == {"reached": 7, "failed": 0, "wrong": told}


def test_the_order_of_windows_tells_nothing_of_hidden_counts():
    told = {
        "window/a": Counter(wrong=1),
        "window/b": Counter(wrong=4),
        "window/c": Counter(failed=9),
    }
    db = Database(memory=True)
    migrations.apply(db)
    for window, counts in told.items():
        for kind, count in counts.items():
            for _ in range(count):
                row = row_of_outcome(Outcome(AT, window, OutcomeKind(kind)))
                db.table("outcomes").insert(row)

    assert list(released(read_figures(db, NOVEMBER), ENOUGH).windows) == [
        "window/a",
        "window/b",
        "window/c",
    ]


def some_groups(people: int, groups: int) -> tuple[Database, PeriodFigures, Concerned]:
    """Each person asks once; the groups take turns, and all are resolved."""
    db = Database(memory=True)
    migrations.apply(db)
    done = {"made": AT.isoformat(), "state": "resolved", "changed": AT.isoformat()}
    window = {"id": 99, "window": "window/a", **done}
    db.table("groups").insert_all([window, *({"id": n + 1, **done} for n in range(groups))])
    for person in range(people):
        asked = query(conversation=f"telegram:{person}", status=Status.UNANSWERED_NO_MATCH, at=AT)
        row = {**row_of(asked, KEY), "group_id": person % groups + 1}
        db.table("queries").insert(row)
    return db, read_figures(db, NOVEMBER), read_concerned(db, NOVEMBER)


@pytest.mark.parametrize(
    ("people", "groups", "told"),
    [(4, 4, (None, None, None)), (5, 4, (4, 4, None)), (5, 5, (5, 5, 0.0))],
)
def test_groups_are_counted_only_where_enough_people_asked_them(people, groups, told):
    _, figures, concerned = some_groups(people, groups)

    assert concerned == Concerned(people, people)
    outside = released(figures, concerned)
    assert (outside.opened, outside.resolved, outside.median_days) == told


def test_that_no_group_was_opened_tells_of_nobody():
    assert released(figures_of([]), Concerned(0, 0)).median_days is None
    before = Period.month("2026-10")
    db, _, _ = some_groups(5, 1)
    assert read_concerned(db, before) == Concerned(0, 0)
    assert released(read_figures(db, before), Concerned(0, 0)).opened == 0


def test_an_older_database_has_no_groups():
    assert read_concerned(Database(memory=True), NOVEMBER) == Concerned(0, 0)
