"""Backups while somebody writes, restored and read back row by row."""

import errno
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from sqlite_utils import Database
from typer.testing import CliRunner

from bot.cli import app
from bot.store import backing_up, database
from bot.store.audit import note
from bot.store.backing_up import (
    RESTORED,
    Refusal,
    RefusedError,
    back_up,
    check_copy,
    restore,
    sound,
)
from bot.store.database import open_database, writing
from bot.store.faults import Fault, fault_of
from bot.store.migrations import migrations
from knowledge.replies import load_replies
from tests.bot.queries import AT, kept, unanswered
from tests.bot.rows_of_every_table import fill, rows

TEXT = "様式はどこにありますか"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with rows in every table."""
    path = tmp_path / "data" / "x.db"
    with closing(open_database(path)) as db:
        fill(db)
    return path


@pytest.fixture
def copy(tmp_path: Path, path: Path) -> Path:
    back_up(path, tmp_path / "copy.db")
    return tmp_path / "copy.db"


def refusal(work: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        work()
    return caught.value.why


def read(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        return rows(db)


@pytest.fixture
def writer(path: Path) -> Iterator[Callable[[], int]]:
    """Somebody who writes two rows at a time without a pause; gives how many pairs so far."""
    stop, count = threading.Event(), [0]

    def write() -> None:
        with closing(open_database(path)) as db:
            while not stop.is_set():
                with writing(db):
                    kept(db, unanswered(TEXT), unanswered(TEXT))
                    note(db, AT, "system", "test.pair", f"pair/{count[0]}")
                count[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    yield lambda: count[0]
    stop.set()
    thread.join()


# backup ────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_of_every_table_is_read_back(path: Path, copy: Path) -> None:
    found = read(copy)

    assert found == read(path)
    assert all(found.values()), "every table has rows, or the test tells nothing of it"


def test_a_copy_made_while_somebody_writes_is_one_moment(
    path: Path, tmp_path: Path, writer: Callable[[], int]
) -> None:
    for number in range(5):
        before = writer()
        while writer() == before:
            pass
        back_up(path, tmp_path / f"{number}.db")
    after = writer()
    while writer() < after + 2:  # it was not stopped
        pass

    copies = [read(tmp_path / f"{number}.db") for number in range(5)]
    pairs = [sum(row[3] == "test.pair" for row in copy["audit"]) for copy in copies]
    written = [sum(TEXT in row for row in copy["queries"]) for copy in copies]
    assert pairs == sorted(set(pairs))
    assert written == [2 * count for count in pairs]
    assert all(sound(tmp_path / f"{number}.db") for number in range(5))


def test_a_copy_is_one_file_for_the_owner_alone(path: Path, copy: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "data"]
    assert read(copy)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "data"]
    assert path.exists()


def test_a_copy_never_replaces_a_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    for name in ("note", "link", "data/x.db"):
        assert refusal(lambda name=name: back_up(path, tmp_path / name)) is Refusal.EXISTS
    assert (tmp_path / "note").read_text(encoding="utf-8") == "x"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_comes_meanwhile_stays(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"

    def meanwhile(_path: Path) -> bool:
        target.write_text("x", encoding="utf-8")
        return True

    monkeypatch.setattr(backing_up, "sound", meanwhile)
    assert refusal(lambda: back_up(path, target)) is Refusal.EXISTS
    assert target.read_text(encoding="utf-8") == "x"


def test_a_damaged_copy_is_not_kept(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "sound", lambda _path: False)
    assert refusal(lambda: back_up(path, tmp_path / "copy.db")) is Refusal.DAMAGED
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_without_a_database_there_is_no_copy(tmp_path: Path) -> None:
    assert refusal(lambda: back_up(tmp_path / "x.db", tmp_path / "y.db")) is Refusal.NO_DATABASE
    assert list(tmp_path.iterdir()) == []


# restore ───────────────────────────────────────────────────────────────────────────────────────


def without_the_deed(found: dict[str, list[tuple[object, ...]]]) -> object:
    return {**found, "audit": [row for row in found["audit"] if row[3] != RESTORED]}


def test_what_was_copied_is_read_back_after_it_is_restored(
    path: Path, copy: Path, tmp_path: Path
) -> None:
    before = read(copy)
    new = tmp_path / "elsewhere" / "y.db"

    assert restore(copy, new, AT, replace=False) is None
    found = read(new)
    assert without_the_deed(found) == before
    assert [row[2:5] for row in found["audit"]][-1] == ("command line", RESTORED, "database")
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert stat.S_IMODE(new.parent.stat().st_mode) == 0o700
    assert read(copy) == before
    assert path.exists()


def test_the_old_database_is_put_aside_whole(path: Path, copy: Path) -> None:
    with closing(open_database(path)) as db:
        kept(db, unanswered(TEXT))
    newer = read(path)

    aside = restore(copy, path, AT, replace=True)

    assert aside == path.with_name("x.db.before-20261120T110000")
    assert read(aside) == newer
    assert without_the_deed(read(path)) == read(copy)
    assert sorted(file.name for file in path.parent.iterdir()) == ["x.db", aside.name]


def test_a_database_that_is_there_stays_unless_it_is_to_be_replaced(
    path: Path, copy: Path
) -> None:
    before = read(path)
    assert refusal(lambda: restore(copy, path, AT, replace=False)) is Refusal.EXISTS
    assert refusal(lambda: restore(path, path, AT, replace=True)) is Refusal.SAME
    assert read(path) == before


@pytest.mark.parametrize("busy", ["open", "reads", "writes"])
def test_a_database_in_use_is_left_alone(path: Path, copy: Path, busy: str) -> None:
    before = read(path)
    with closing(open_database(path)) as db:
        if busy == "reads":
            db.conn.execute("begin")
            db.conn.execute("select * from queries").fetchone()
        if busy == "writes":
            db.conn.execute("begin immediate")
        assert refusal(lambda: restore(copy, path, AT, replace=True)) is Refusal.IN_USE
        db.conn.rollback()
    assert read(path) == before
    assert list(path.parent.glob("*before*")) == []


def test_a_second_restore_in_the_same_second_is_refused(path: Path, copy: Path) -> None:
    restore(copy, path, AT, replace=True)
    assert refusal(lambda: restore(copy, path, AT, replace=True)) is Refusal.IN_USE


def test_a_damaged_database_is_put_aside_too(path: Path, copy: Path) -> None:
    path.write_text("x" * 9000, encoding="utf-8")

    aside = restore(copy, path, AT, replace=True)

    assert aside is not None
    assert aside.read_text(encoding="utf-8") == "x" * 9000
    assert without_the_deed(read(path)) == read(copy)


def test_an_old_copy_is_brought_to_todays_shape(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(Database(old)) as db:
        migrations.apply(db, stop_before="m002_states")
        fill(db)
    before = read(old)

    restore(old, tmp_path / "new.db", AT, replace=False)

    with closing(Database(tmp_path / "new.db")) as db:
        assert not migrations.pending(db)
        (row,) = db.table("queries").rows
    assert set(before["queries"][0]) <= {*row.values(), None}


def test_what_is_no_copy_of_ours_is_refused(tmp_path: Path, copy: Path) -> None:
    note_file = tmp_path / "note.txt"
    note_file.write_text("x" * 9000, encoding="utf-8")
    strange = tmp_path / "strange.db"
    with closing(Database(strange)) as db:
        db.table("t").insert({"a": 1})
    newer = tmp_path / "newer.db"
    newer.write_bytes(copy.read_bytes())
    with closing(Database(newer)) as db:
        row = {"migration_set": "tsunagari", "name": "m999_future", "applied_at": "x"}
        db.table("_sqlite_migrations").insert(row)
    damaged = tmp_path / "damaged.db"
    content = bytearray(copy.read_bytes())
    content[3 * 4096 : -4096] = bytes(len(content) - 4 * 4096)
    damaged.write_bytes(content)

    found = {f.stem: refusal(lambda f=f: check_copy(f)) for f in (note_file, strange, newer)}
    assert found == {
        "note": Refusal.NOT_OURS,
        "strange": Refusal.NOT_OURS,
        "newer": Refusal.NEWER,
    }
    assert refusal(lambda: check_copy(damaged)) in {Refusal.DAMAGED, Refusal.NOT_OURS}
    with pytest.raises(FileNotFoundError):
        check_copy(tmp_path / "nothing.db")


# the commands ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(path.parents[1])
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def test_copying_and_restoring_from_the_command_line(
    run: Callable[..., tuple[int, str]], path: Path
) -> None:
    status, said = run("backup", "copy.db")
    assert (status, "copy.db に写しました" in said) == (0, True)
    before = read(path)
    status, said = run("restore", "copy.db", "--replace")
    assert (status, "に残しました" in said or "残しました" in said) == (0, True)
    assert without_the_deed(read(path)) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("backup", "data/x.db"), "もうファイルがあります"),
        (("backup", "nowhere/copy.db"), "フォルダーがありません（ENOENT）。先にフォルダーを作る"),
        (("restore", "data/x.db"), "そのものです"),
        (("restore", "nothing.db"), "nothing.db がありません（ENOENT）"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Callable[..., tuple[int, str]], arguments: tuple[str, ...], says: str
) -> None:
    status, said = run(*arguments)

    assert status == 1
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_database_that_is_not_there_is_named(
    run: Callable[..., tuple[int, str]], path: Path
) -> None:
    path.unlink()
    status, said = run("backup", "copy.db")

    assert status == 1
    assert str(path) in said
    assert "DATABASE_URL" in said


def test_a_damaged_database_is_told_with_what_to_do(
    run: Callable[..., tuple[int, str]], path: Path
) -> None:
    path.write_text("x" * 9000, encoding="utf-8")
    status, said = run("backup", "copy.db")

    assert status == 1
    assert "壊れていて" in said
    assert "（SQLITE_NOTADB）" in said
    assert "tsunagari restore" in said


def test_a_locked_database_is_told_with_what_to_do(
    run: Callable[..., tuple[int, str]], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(path)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin exclusive")
        status, said = run("backup", "copy.db")

    assert status == 1
    assert "少し待って" in said
    assert "（SQLITE_BUSY" in said


@pytest.mark.parametrize("arguments", [("backup", "new.db"), ("restore", "copy.db", "--replace")])
@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EACCES, "権限がありません（EACCES）"),
        (errno.EROFS, "権限がありません（EROFS）"),
        (errno.ENOSPC, "ディスクにあきがなく"),
        (errno.EIO, "tsunagari doctor"),
    ],
)
@pytest.mark.usefixtures("copy")
def test_what_the_disk_refuses_is_told_with_what_to_do(
    run: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    number: int,
    says: str,
) -> None:
    def fails(*_: object) -> NoReturn:
        raise OSError(number, "a text that nobody needs")

    monkeypatch.setattr(backing_up, "_copy", fails)
    status, said = run(*arguments)

    assert status == 1
    assert says in said
    assert f"（{errno.errorcode[number]}）" in said
    assert "nobody needs" not in said
    assert len(said.splitlines()) == 1


def failing(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("its own text")
    error.sqlite_errorname = name  # type: ignore[misc]
    return error


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("SQLITE_FULL", Fault.FULL),
        ("SQLITE_BUSY_RECOVERY", Fault.LOCKED),
        ("SQLITE_READONLY_DIRECTORY", Fault.FORBIDDEN),
        ("SQLITE_CANTOPEN_ISDIR", Fault.FORBIDDEN),
        ("SQLITE_CORRUPT_INDEX", Fault.DAMAGED),
        ("SQLITE_IOERR_READ", Fault.OTHER),
    ],
)
def test_every_name_of_sqlite_leads_to_its_fault(name: str, fault: Fault) -> None:
    assert fault_of(failing(name)) is fault
    assert fault_of(sqlite3.ProgrammingError("closed")) is Fault.OTHER


def test_every_refusal_and_fault_has_its_sentence_in_both_languages() -> None:
    said = {"file": "x.db", "database": "y.db", "cause": "EIO"}
    keys = [f"backup.{why}" for why in Refusal]
    keys += [f"{command}.failed.{fault}" for command in ("backup", "restore") for fault in Fault]
    for key in keys:
        sentences = {load_replies().say(key, language, **said) for language in ("ja", "en")}
        assert len(sentences) == 2, key
        assert all("x.db" in sentence for sentence in sentences), key
