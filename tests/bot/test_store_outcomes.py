"""What people told of windows: kept with window and time alone, counted, deleted in time."""

import contextlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.store.database import open_database
from bot.store.migrations import migrations
from bot.store.query_log import open_query_log
from bot.store.reading import Filter, outcomes_of
from handlers.ports import Outcome, OutcomeKind
from tests.bot.queries import AT, KEY, purge, query, run

YORISOI = "window/yorisoi"
TOLD = [
    Outcome(AT, YORISOI, OutcomeKind.FAILED),
    Outcome(AT, YORISOI, OutcomeKind.FAILED),
    Outcome(AT - timedelta(days=3), "window/110", OutcomeKind.REACHED),
    Outcome(AT, "window/7119", OutcomeKind.WRONG),
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "log.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{place}")
    return place


@pytest.fixture
def told(path: Path) -> Path:
    log = open_query_log(f"sqlite:///{path}", KEY)
    log.record(query())
    for outcome in TOLD:
        log.outcome(outcome)
    log.close()
    return path


def rows(path: Path) -> list[dict[str, object]]:
    with contextlib.closing(open_database(path)) as db:
        return list(db.table("outcomes").rows)


def test_only_the_window_what_happened_and_the_time_are_kept(told: Path) -> None:
    assert rows(told)[0] == {
        "id": 1,
        "at": AT.isoformat(timespec="milliseconds"),
        "window": YORISOI,
        "kind": "failed",
    }
    assert len(rows(told)) == len(TOLD)


def test_they_are_counted_by_window_and_kind(told: Path) -> None:
    with contextlib.closing(open_database(told)) as db:
        assert outcomes_of(db) == {
            (YORISOI, "failed"): 2,
            ("window/110", "reached"): 1,
            ("window/7119", "wrong"): 1,
        }
        assert sum(outcomes_of(db, Filter(since=AT.date())).values()) == 3
        assert outcomes_of(db, Filter(until=date(2000, 1, 1))) == {}


@pytest.mark.usefixtures("told")
def test_staff_see_wrong_numbers_first() -> None:
    shown = run("stats").output.partition("窓口につながったか")[2]

    assert "番号が違う" in shown
    assert shown.index("window/7119") < shown.index(YORISOI) < shown.index("window/110")
    assert json.loads(run("stats", "--json").output)["outcomes"] == {
        "window/7119": {"reached": 0, "failed": 0, "wrong": 1},
        YORISOI: {"reached": 0, "failed": 2, "wrong": 0},
        "window/110": {"reached": 1, "failed": 0, "wrong": 0},
    }


def test_they_are_deleted_with_the_queries(told: Path) -> None:
    log = open_query_log(f"sqlite:///{told}", KEY)
    purge(log, AT - timedelta(days=1))
    log.close()

    assert "window/110" not in {row["window"] for row in rows(told)}
    assert len(rows(told)) == len(TOLD) - 1


def test_a_database_of_before_has_none(path: Path) -> None:
    with contextlib.closing(open_database(path)) as db:
        db.table("outcomes").drop()
        assert outcomes_of(db) == {}


def test_migrates_from_m002(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with contextlib.closing(open_database(path)) as db:
        assert "m003_outcomes" in [step.name for step in migrations.applied(db)]
        assert db.table("outcomes").columns_dict == {
            "id": int,
            "at": str,
            "window": str,
            "kind": str,
        }


def test_an_outcome_outside_every_calendar_is_lost_and_told(path: Path) -> None:
    lost: list[str] = []
    log = open_query_log(f"sqlite:///{path}", KEY, report=lost.append)
    log.outcome(Outcome(AT.replace(year=1), YORISOI, OutcomeKind.FAILED))
    log.outcome(Outcome(AT.min.replace(tzinfo=AT.tzinfo), YORISOI, OutcomeKind.FAILED))
    log.close()

    assert all("window" not in line for line in lost)
