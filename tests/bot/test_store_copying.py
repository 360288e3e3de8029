"""A copy of the database: what staff may not read is nowhere in the file."""

import re
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.copying import SameFileError, copy_for_reading
from bot.store.database import open_database, read_database
from bot.store.rows import row_of
from tests.bot.queries import AT, KEY, kept, query, run, unanswered

HIDDEN = "ないしょのしつもん"
CHAT = "telegram:4242"
PEOPLE = (
    "askers",
    "owners",
    "sessions",
    "accounts",
    "invitations",
    "watches",
    "members",
    "latches",
)


pytestmark = pytest.mark.usefixtures("named")


@pytest.fixture
def db(path):
    db = open_database(path)
    kept(db, query(), unanswered("よんでよい"))
    kept(db, unanswered(HIDDEN), permitted=False)
    now = AT.isoformat()
    rows = {
        "askers": {"query": 3, "conversation": CHAT, "language": "ja", "until": now},
        "owners": {"entry": "window/119", "pseudonym": "p", "conversation": CHAT, "since": now},
        "sessions": {"token": "hash", "account": "sato", "csrf": "c", "until": now, "seen": now},
        "accounts": {"name": "sato", "role": "viewer", "password": "$argon2", "since": now},
        "invitations": {"code": "hash", "until": now},
        "watches": {"pseudonym": "p", "clause": "guideline/1", "conversation": CHAT,
                    "edition": "R6", "digest": "d", "until": now},
        "members": {"pseudonym": "p", "since": now},
        "latches": {"pseudonym": "p", "kind": "suicide", "at": now},
        "groups": {"id": 1, "made": now, "state": "open"},
        "audit": {"at": now, "who": "sato", "what": "group.claim", "target": "group/1"},
    }  # fmt: skip
    for table, row in rows.items():
        db.table(table).insert(row)
    yield db
    db.close()


@pytest.fixture
def copy(db, path, tmp_path):  # noqa: ARG001  reads what that wrote
    """The copy, opened."""
    reading = read_database(path)
    assert copy_for_reading(reading, tmp_path / "look.db") == 1
    reading.close()
    copy = Database(sqlite3.connect(f"file:{tmp_path / 'look.db'}?immutable=1", uri=True))
    yield copy
    copy.close()


def test_only_wordings_are_there_that_staff_may_read(copy):
    assert copy.execute("select text from queries").fetchall() == [
        (None,),
        ("よんでよい",),
        (None,),
    ]


@pytest.mark.usefixtures("copy")
def test_what_is_hidden_does_not_occur_in_the_bytes_of_the_file(tmp_path, path, db):
    content = (tmp_path / "look.db").read_bytes()
    db.execute("pragma wal_checkpoint(truncate)").fetchall()

    for secret in (HIDDEN, CHAT, "$argon2"):
        assert secret.encode() in path.read_bytes()
        assert secret.encode() not in content
    assert "よんでよい".encode() in content


def test_a_wording_that_was_deleted_before_is_not_in_the_file_either(db, path, tmp_path):
    db.execute("pragma secure_delete = off").fetchall()
    for number in range(50):
        db.table("queries").insert(
            {**row_of(unanswered(f"{HIDDEN}{number}"), KEY), "permitted": 1}
        )
    db.execute("delete from queries where permitted = 1")
    db.conn.commit()
    reading = read_database(path)

    copy_for_reading(reading, tmp_path / "look.db")
    assert HIDDEN.encode() not in (tmp_path / "look.db").read_bytes()
    reading.close()


HANDBOOK = (Path(__file__).parents[2] / "docs/handbook.ja.md").read_text("utf-8")


@pytest.mark.parametrize("sql", re.findall(r"```sql\n(.*?)```", HANDBOOK, re.DOTALL))
def test_what_the_handbook_asks_of_the_copy_can_be_asked(copy, sql: str):
    assert copy.execute(sql).description


@pytest.mark.parametrize("table", PEOPLE)
def test_whoever_can_be_written_to_or_logs_in_is_not_copied(copy, table: str):
    assert copy.table(table).count == 0


def test_what_staff_work_with_is_copied(copy):
    assert [copy.table(table).count for table in ("queries", "groups", "audit")] == [3, 1, 1]


def test_a_table_that_will_be_added_later_is_not_copied_unasked(db, path, tmp_path):
    db.table("later").insert({"name": "secret"})
    reading = read_database(path)
    copy_for_reading(reading, tmp_path / "look.db")
    reading.close()

    assert b"secret" not in (tmp_path / "look.db").read_bytes()


@pytest.mark.usefixtures("copy")
def test_the_copy_is_for_its_owner_alone_and_nothing_lies_beside_it(tmp_path):
    assert stat.S_IMODE((tmp_path / "look.db").stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "look.db"]


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_the_database_itself_is_never_written_over(db, path, ending: str):
    with pytest.raises(SameFileError):
        copy_for_reading(db, Path(f"{path}{ending}"))
    assert db.table("queries").count == 3


def test_a_link_to_the_database_is_the_database(db, path, tmp_path):
    (tmp_path / "link.db").symlink_to(path)

    with pytest.raises(SameFileError):
        copy_for_reading(db, tmp_path / "link.db")


@pytest.mark.usefixtures("db")
def test_others_write_while_it_is_copied(path, tmp_path):
    done = threading.Event()

    def write() -> None:
        own = open_database(path)
        while not done.is_set():
            kept(own, query())
        own.close()

    writer = threading.Thread(target=write)
    writer.start()
    reading = read_database(path)
    copy_for_reading(reading, tmp_path / "look.db")
    done.set()
    writer.join()
    reading.close()

    copied = Database(tmp_path / "look.db")
    assert copied.execute("pragma integrity_check").fetchone() == ("ok",)
    copied.close()


@pytest.mark.usefixtures("db")
def test_the_command_says_what_was_left_out():
    result = run("copy", "look.db")

    assert result.output == "look.db に写しました。まだ読めない文面 1 件は入っていません。\n"


@pytest.mark.usefixtures("db")
def test_a_file_that_is_there_is_written_over_only_when_told(tmp_path):
    (tmp_path / "look.db").write_text("mine")

    assert run("copy", "look.db").exit_code == 1
    assert (tmp_path / "look.db").read_text() == "mine"
    assert run("copy", "look.db", "--replace").exit_code == 0


@pytest.mark.usefixtures("db")
def test_the_command_refuses_the_database_and_folders_that_are_not_there(path):
    assert "記録そのもの" in run("copy", str(path), "--replace").output
    assert "ENOENT" in run("copy", "nowhere/look.db").output


def test_where_nothing_was_logged_there_is_nothing_to_copy(path):
    assert "まだありません" in run("copy", "look.db").output
    assert not path.exists()
