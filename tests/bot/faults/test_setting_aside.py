"""A corrupt database is set aside whole: no byte is deleted, nothing is written over."""

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog

from bot.store import aside as setting
from bot.store import steady
from bot.store.aside import corrupt, is_corrupt, kept_aside, set_aside
from bot.store.corruption import Corruption
from bot.store.database import open_database, writing
from bot.store.holding import Hold
from bot.store.steady import staying
from tests.bot.fakes import FakeClock
from tests.bot.faults.disk import asides, break_head, digest, wreck

AT = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with rows in it and in its journal, as a killed process leaves it."""
    path = tmp_path / "data" / "tsunagari.db"
    db = open_database(path)
    with writing(db):
        db.table("audit").insert_all(
            {"at": str(n), "who": "x" * 300, "what": "y", "target": "z", "detail": "{}"}
            for n in range(200)
        )
    kept = {end: path.with_name(path.name + end).read_bytes() for end in setting.ENDS}
    db.close()
    for end, content in kept.items():
        path.with_name(path.name + end).write_bytes(content)
    return path


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as logged:
        yield logged  # type: ignore[misc]


def contents(folder: Path) -> dict[str, str]:
    return {file.name: digest(file) for file in folder.iterdir() if not file.name.endswith("lock")}


def test_all_three_files_get_another_name_and_stay_as_they_were(path: Path) -> None:
    before = contents(path.parent)
    assert len(before) == 3

    aside = set_aside(path, AT)

    assert aside.name == "tsunagari.db.corrupt-20261120T180000"
    moved = {name.replace(path.name, aside.name): found for name, found in before.items()}
    assert contents(path.parent) == moved
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert kept_aside(path) == [aside]


def test_twice_in_the_same_second_makes_two_names(path: Path) -> None:
    first = set_aside(path, AT)
    before = digest(first)
    open_database(path).close()
    second = set_aside(path, AT)

    assert second.name == f"{first.name}-2"
    assert digest(first) == before
    assert kept_aside(path) == [first, second]


@pytest.mark.parametrize("end", setting.ENDS)
def test_a_name_of_which_any_part_is_taken_is_left_alone(path: Path, end: str) -> None:
    taken = path.with_name(f"{path.name}.corrupt-20261120T180000{end}")
    taken.write_text("somebody's")

    assert set_aside(path, AT).name.endswith("-2")
    assert taken.read_text() == "somebody's"


def test_a_name_that_is_taken_meanwhile_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = path.with_name(f"{path.name}.corrupt-20261120T180000-wal")
    link, looked = os.link, []

    def late(source: Path, target: Path) -> None:
        if not looked:
            looked.append(taken.write_text("somebody's"))
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    before = contents(path.parent)
    aside = set_aside(path, AT)

    assert aside.name.endswith("-2")
    moved = {name.replace(path.name, aside.name): found for name, found in before.items()}
    assert contents(path.parent) == moved | {taken.name: digest(taken)}
    assert taken.read_text() == "somebody's"


@pytest.mark.parametrize("number", range(3))
def test_on_a_full_disk_everything_stays_where_it_is(
    path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, done = os.link, []

    def full(source: Path, target: Path) -> None:
        if len(done) == number:
            raise OSError(errno.ENOSPC, "")
        done.append(link(source, target))  # type: ignore[func-returns-value]

    before = contents(path.parent)
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="28"):
        set_aside(path, AT)

    assert contents(path.parent) == before


class _PowerCut(BaseException):
    """The end, at any moment."""


@pytest.mark.parametrize("links", [True, False], ids=["links", "renames"])
@pytest.mark.parametrize("moment", range(10))
def test_whenever_it_ends_every_byte_has_a_name_and_the_next_start_goes_on(
    path: Path, moment: int, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    open_database(path).close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).write_bytes(end.encode() * 100)
    wreck(path)
    # The third file is an index into the second, which whoever reads makes again.
    before = {found for name, found in contents(path.parent).items() if name[-4:] != "-shm"}
    steps = iter(range(100))

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            if next(steps) == moment:
                raise _PowerCut
            if real is os.link and not links:
                raise OSError(errno.EPERM, "")
            return real(*given)

        return step

    with monkeypatch.context() as patched, suppress(_PowerCut):
        patched.setattr(os, "link", counted(os.link))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        patched.setattr(Path, "rename", counted(Path.rename))
        set_aside(path, AT)
    assert before <= set(contents(path.parent).values())
    start(path)
    assert asides(path)
    open_database(path).close()
    assert before <= set(contents(path.parent).values())


def test_where_a_file_has_one_name_only_it_is_renamed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "")

    before = contents(path.parent)
    monkeypatch.setattr(os, "link", forbidden)
    aside = set_aside(path, AT)

    moved = {name.replace(path.name, aside.name): found for name, found in before.items()}
    assert contents(path.parent) == moved


def test_where_the_old_name_cannot_be_taken_away_everything_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def busy(file: Path) -> None:
        if file == path:
            raise OSError(errno.EBUSY, "")
        unlink(file)

    before = contents(path.parent)
    monkeypatch.setattr(Path, "unlink", busy)
    with pytest.raises(OSError, match=str(errno.EBUSY)):
        set_aside(path, AT)

    assert contents(path.parent) == before


def test_what_is_not_there_is_not_set_aside(path: Path) -> None:
    before = contents(path.parent)
    with pytest.raises(FileNotFoundError):
        set_aside(path.with_name("other.db"), AT)
    assert contents(path.parent) == before


def test_while_somebody_works_on_it_it_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "PATIENCE", 0.05)
    before = contents(path.parent)
    with staying(path), pytest.raises(BlockingIOError):
        set_aside(path, AT)

    assert contents(path.parent) == before


def test_a_connection_that_is_open_yet_touches_nothing_of_the_new_database(path: Path) -> None:
    old = open_database(path)
    aside = set_aside(path, AT)
    new = open_database(path)
    with writing(old):
        old.execute("insert into keys (proof, since) values ('old', 's')")
    with writing(new):
        new.execute("insert into keys (proof, since) values ('p', 's')")
    old.close()
    open_database(path).close()
    new.close()

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select proof from keys").fetchall() == [("p",)]
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
    with closing(sqlite3.connect(aside)) as db:
        assert db.execute("select proof from keys").fetchall() == [("old",)]


def test_behind_a_link_the_file_itself_is_set_aside(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    aside = set_aside(link, AT)

    assert aside.parent == path.parent
    open_database(link).close()
    assert path.exists()


# what is corrupt


def test_a_whole_database_is_whole(path: Path) -> None:
    assert not corrupt(path)
    assert not corrupt(path, thorough=True)


@pytest.mark.parametrize("damage", [wreck, break_head])
def test_damage_is_seen(path: Path, damage: object) -> None:
    open_database(path).close()
    damage(path)  # type: ignore[operator]
    assert corrupt(path)


def test_an_index_that_differs_is_seen_when_looked_for(path: Path) -> None:
    with closing(open_database(path)) as db:
        db.execute("create index who on audit (who)")
        db.execute("pragma writable_schema = on")
        db.execute(
            "update sqlite_master set sql = replace(sql, '(who)', '(what)') where name = 'who'"
        )
        db.commit()

    assert not corrupt(path)
    assert corrupt(path, thorough=True)


def test_a_value_that_may_not_be_there_is_no_damage_to_the_file(path: Path) -> None:
    with closing(open_database(path)) as db:
        db.execute("pragma writable_schema = on")
        db.execute(
            "update sqlite_master set sql = replace(sql, 'TEXT', 'TEXT not null check (1 = 2)') "
            "where name = 'audit'"
        )
        db.commit()

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("pragma quick_check").fetchall() != [("ok",)]
    assert not corrupt(path)


def test_a_lock_and_a_missing_file_are_no_damage(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("pragma journal_mode = delete")
        other.execute("begin exclusive")
        with pytest.raises(sqlite3.OperationalError) as locked:
            corrupt(path)
    assert not is_corrupt(locked.value)
    with pytest.raises(sqlite3.OperationalError) as missing:
        corrupt(path.with_name("other.db"))
    assert not is_corrupt(missing.value)
    assert not is_corrupt(OSError(errno.EROFS, ""))


# at the start


def start(path: Path) -> Corruption:
    corruption = Corruption(path, FakeClock())
    corruption.start()
    corruption.hold.let_go()
    return corruption


def test_a_whole_database_stays_at_the_start(path: Path) -> None:
    before = contents(path.parent)
    assert start(path).take_unread() is None
    assert {name: before[name] for name in (path.name,)} == {path.name: digest(path)}
    assert asides(path) == []


def test_without_a_database_nothing_is_made_at_the_start(tmp_path: Path) -> None:
    start(tmp_path / "data" / "tsunagari.db")
    assert list(tmp_path.iterdir()) == []


def test_whoever_does_not_hold_the_lock_sets_nothing_aside(
    path: Path, lines: list[dict[str, object]]
) -> None:
    open_database(path).close()
    wreck(path)
    other = Hold(path)
    other.take()
    before = contents(path.parent)
    start(path)
    other.let_go()

    assert contents(path.parent) == before
    assert [(line["event"], line["error"]) for line in lines] == [
        ("database not checked", "EAGAIN")
    ]


def test_a_file_that_was_never_ours_is_left_alone(
    path: Path, lines: list[dict[str, object]]
) -> None:
    path.with_name(f"{path.name}-wal").unlink()
    path.with_name(f"{path.name}-shm").unlink()
    path.write_bytes(b"somebody's notes, not a database" * 100)
    corruption = Corruption(path, FakeClock())
    corruption.start()

    assert not corruption.examine()
    corruption.hold.let_go()
    assert path.read_bytes() == b"somebody's notes, not a database" * 100
    assert lines == [
        {"event": "file is no database", "error": "SQLITE_NOTADB", "log_level": "error"}
    ]


def test_a_database_of_ours_whose_head_is_gone_is_set_aside(
    path: Path, lines: list[dict[str, object]]
) -> None:
    open_database(path).close()
    hold = Hold(path)
    hold.take()
    hold.mark()
    hold.let_go()
    break_head(path)
    before = digest(path)
    told: list[Path] = []
    corruption = Corruption(path, FakeClock())
    corruption.tell = told.append
    corruption.start()
    corruption.hold.let_go()

    assert not path.exists()
    assert [digest(file) for file in asides(path)] == [before]
    assert told == asides(path)
    assert lines == [
        {"event": "database set aside", "file": asides(path)[0].name, "log_level": "error"}
    ]
