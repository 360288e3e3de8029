"""From every shape that was ever released to today's, and not a row is lost on the way."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.database import open_database
from bot.store.migrations import migrations
from tests.bot.rows_of_every_table import OWN, fill

with closing(Database(memory=True)) as nothing:
    STEPS = [step.name for step in migrations.pending(nothing)]
RELEASED = {
    "m001_queries": "24e3d28240d8565b",
    "m002_states": "cf5cc2cdaf11a579",
    "m003_outcomes": "ffd340998d5d5815",
    "m004_members": "0b7c4d90bf51bb65",
    "m005_latches": "b85fd70a06a89529",
    "m006_staff_side": "58d332c7f98c0221",
}
"""The shape after each step: a step that was released is never edited."""


def at_step(path: Path, after: str) -> None:
    """A database as the program of that step left it, with rows in every table."""
    with closing(Database(path)) as db:
        following = STEPS[STEPS.index(after) + 1 :]
        migrations.apply(db, stop_before=following[:1] or None)
        db.enable_wal()
        fill(db)


def rows(db: Database) -> dict[str, list[dict[str, object]]]:
    return {
        table: list(db.table(table).rows_where(order_by="rowid", select="rowid as at_row, *"))
        for table in db.table_names()
        if table != OWN
    }


@pytest.mark.parametrize("step", STEPS)
def test_every_row_is_kept_from_every_shape(tmp_path: Path, step: str) -> None:
    path = tmp_path / "x.db"
    at_step(path, step)
    with closing(Database(path)) as db:
        before = rows(db)

    with closing(open_database(path)) as db:
        after = rows(db)
        assert not migrations.pending(db)

    for table, old in before.items():
        kept = [
            {name: new[name] for name in row} for new, row in zip(after[table], old, strict=True)
        ]
        assert kept == old
    assert all(before.values())


@pytest.mark.parametrize("step", STEPS)
def test_the_shape_is_the_same_wherever_it_came_from(tmp_path: Path, step: str) -> None:
    at_step(tmp_path / "old.db", step)

    with (
        closing(open_database(tmp_path / "old.db")) as old,
        closing(open_database(tmp_path / "new.db")) as new,
    ):
        assert old.schema == new.schema


@pytest.mark.parametrize("step", RELEASED)
def test_a_released_step_is_as_it_was(tmp_path: Path, step: str) -> None:
    at_step(tmp_path / "x.db", step)

    with closing(Database(tmp_path / "x.db")) as db:
        digest = hashlib.blake2b(db.schema.encode(), digest_size=8).hexdigest()
    assert digest == RELEASED[step]
