"""The file, its settings, its shape, and how it comes from every earlier shape."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.database import (
    DatabaseUrlError,
    cause_of,
    database_path,
    open_database,
    read_database,
    writing,
)
from bot.store.migrations import migrations

M001 = {
    "id": int,
    "at": str,
    "pseudonym": str,
    "channel": str,
    "role": str,
    "status": str,
    "entries": str,
    "scores": str,
    "slots": str,
    "latency_ms": float,
    "text": str,
}
TODAY = M001 | dict.fromkeys(
    ["state", "resolution", "resolved_by_entry", "claimed_by", "changed_at"], str
)
TODAY |= dict.fromkeys(["knowledge", "cause", "about", "person"], str)
TODAY |= dict.fromkeys(["permitted", "group_id"], int)
ROW = {
    "at": "2026-11-20T11:00:00.000+09:00",
    "pseudonym": "a" * 32,
    "channel": "telegram",
    "status": "unanswered_no_match",
    "entries": "[]",
    "scores": "[]",
    "slots": "{}",
}


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/tsunagari.db", "data/tsunagari.db"),
        ("sqlite:////srv/つながり/x.db", "/srv/つながり/x.db"),
    ],
)
def test_url_names_a_file(url, path):
    assert database_path(url) == Path(path)


@pytest.mark.parametrize(
    "url", ["", "data/x.db", "postgresql://localhost/x", "sqlite://", "sqlite:///"]
)
def test_other_urls_are_refused_by_name(url):
    with pytest.raises(DatabaseUrlError, match="DATABASE_URL must be sqlite"):
        database_path(url)


def test_makes_the_folder_and_the_file_for_the_owner_alone(path):
    open_database(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_opens_with_the_settings_that_protect_it(path):
    db = open_database(path)
    pragmas = {
        name: db.execute(f"pragma {name}").fetchone()[0]
        for name in (
            "journal_mode",
            "foreign_keys",
            "secure_delete",
            "synchronous",
            "busy_timeout",
        )
    }
    db.close()

    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "synchronous": 1,
        "busy_timeout": 5000,
    }


def test_migrates_from_blank(path):
    db = open_database(path)

    assert db.table("queries").columns_dict == TODAY
    steps = [step.name for step in migrations.applied(db)]
    assert steps == [
        "m001_queries",
        "m002_states",
        "m003_outcomes",
        "m004_members",
        "m005_latches",
        "m006_staff_side",
        "m007_inbox",
        "m008_privacy",
    ]
    assert all(step.applied_at for step in migrations.applied(db))
    db.close()


def test_migrates_from_m001(path):
    path.parent.mkdir()
    old = Database(path)
    migrations.apply(old, stop_before="m002_states")
    assert old.table("queries").columns_dict == M001
    old.table("queries").insert_all([ROW, ROW | {"status": "answered"}])
    old.close()

    db = open_database(path)

    rows = list(db.table("queries").rows)
    assert db.table("queries").columns_dict == TODAY
    assert [row["state"] for row in rows] == ["open", None]
    assert rows[0].items() >= ROW.items()
    db.close()


def test_opening_again_changes_nothing(path):
    db = open_database(path)
    db.table("queries").insert(ROW)
    schema = db.schema
    db.close()

    db = open_database(path)

    assert db.schema == schema
    assert db.table("queries").count == 1
    db.close()


def test_a_migration_that_fails_leaves_the_earlier_shape(path, monkeypatch):
    path.parent.mkdir()
    old = Database(path)
    migrations.apply(old, stop_before="m002_states")
    old.close()

    def broken(db: Database) -> None:
        db.table("queries").add_column("half", str)
        db.execute("select * from nowhere")

    monkeypatch.setattr(migrations._migrations[1], "fn", broken)
    with pytest.raises(sqlite3.OperationalError):
        open_database(path)

    again = Database(path)
    assert again.table("queries").columns_dict == M001
    again.close()


def test_reading_makes_no_database(path):
    assert read_database(path) is None
    assert not path.exists()


def test_reading_cannot_write(path):
    open_database(path).close()
    db = read_database(path)
    assert db is not None

    with pytest.raises(sqlite3.OperationalError):
        db.table("queries").insert(ROW)
    db.close()


def test_reading_a_path_with_signs_of_an_address(tmp_path):
    path = tmp_path / "a?b#c%20d.db"
    open_database(path).close()

    db = read_database(path)

    assert db is not None
    assert db.table("queries").exists()
    db.close()


@pytest.mark.parametrize("open_it", [open_database, read_database])
def test_another_file_is_no_database(tmp_path, open_it):
    path = tmp_path / "note.txt"
    path.write_text("これはデータベースではありません。" * 50, encoding="utf-8")

    with pytest.raises(sqlite3.DatabaseError) as caught:
        open_it(path)

    assert cause_of(caught.value) == "SQLITE_NOTADB"


def test_nothing_of_a_failed_block_is_kept(path):
    db = open_database(path)

    with pytest.raises(sqlite3.IntegrityError), writing(db):
        db.table("queries").insert_all([ROW, ROW | {"status": None}])

    assert db.table("queries").count == 0
    db.close()


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (PermissionError(13, "Permission denied"), "EACCES"),
        (OSError(28, "No space left on device"), "ENOSPC"),
        (OSError("strange"), "OSError"),
        (sqlite3.OperationalError("strange"), "OperationalError"),
    ],
)
def test_cause_is_a_closed_name(error, cause):
    assert cause_of(error) == cause
