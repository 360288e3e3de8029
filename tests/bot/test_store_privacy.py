"""Forgetting leaves no byte: the database, its log, its index and its free pages are searched."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store import privacy
from bot.store.audit import note
from bot.store.database import open_database, writing
from bot.store.groups import read_groups
from bot.store.members import SqliteMembers
from bot.store.owning import owner_of
from bot.store.privacy import INTERNAL_TABLES, NOBODY, OTHERS, TIES, SqlitePrivacy, holds
from bot.store.pseudonym import pseudonym_of
from bot.store.query_log import SqliteQueryLog
from handlers.membership import Watch
from handlers.ports import Asked, Query
from knowledge.replies import load_replies
from tests.bot.fakes import SettledLatches
from tests.bot.queries import AT, KEY, query, unanswered
from tests.fakes import FakeClock

CHAT = "telegram:777000111"
OTHER = "telegram:777000222"
CANARY = "カナリアの言葉、だれにも読めないように"
WHO = pseudonym_of(CHAT, KEY)


def asked(text: str, conversation: str = CHAT, second: int = 0) -> Query:
    return replace(unanswered(text), conversation=conversation, at=AT + timedelta(seconds=second))


class House:
    """The real stores on one database."""

    def __init__(self, path: Path) -> None:
        self.path = path
        clock = FakeClock()
        self.log = SqliteQueryLog(path, KEY, clock=clock)
        self.members = SqliteMembers(f"sqlite:///{path}", KEY)
        self.latches = SettledLatches(path, KEY, clock)
        self.privacy = SqlitePrivacy(self.log, path, KEY)

    def fill(self, conversation: str, text: str, count: int = 1) -> None:
        for second in range(count):
            self.log.record(asked(f"{text}{second}", conversation, second))
        self.log.record(query(conversation=conversation))
        self.log.follow(Asked(conversation, AT), "ja", AT + timedelta(days=30))
        self.log.flush()
        self.latches.put(conversation, "suicide")
        self.members.redeem(
            self.members.issue(AT + timedelta(days=1)), conversation, AT, private=True
        )
        self.members.watch(
            conversation,
            Watch(conversation, "guideline/2-2", "R6", "abc", AT + timedelta(days=365)),
        )
        with closing(open_database(self.path)) as db, writing(db):
            values = {"entry": "window/x", "pseudonym": owner_of(conversation, KEY)}
            db.table("owners").insert({**values, "conversation": conversation, "since": "x"})
            db.table("attestations").insert({**values, "at": "2026-11-20", "answer": "yes"})
            note(db, AT, "system", "test.deed", "entry/x")

    def bytes(self) -> bytes:
        """Everything that lies on the disk: database, -wal, -shm and whatever else."""
        return b"".join(file.read_bytes() for file in sorted(self.path.parent.iterdir()))

    def rows(self, table: str) -> int:
        with closing(open_database(self.path)) as db:
            return int(db.table(table).count)

    def close(self) -> None:
        self.members.close()
        self.log.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "db" / "x.db")
    yield house
    house.close()


def test_nothing_of_a_person_is_left_in_any_file(house: House) -> None:
    house.fill(OTHER, "ほかの人の質問")
    house.fill(CHAT, CANARY)
    found = [text.encode() in house.bytes() for text in (CANARY, WHO, CHAT)]

    assert house.privacy.forget(CHAT)

    assert found == [True, True, True]
    assert [text.encode() in house.bytes() for text in (CANARY, WHO, CHAT)] == [False] * 3
    assert CANARY[:8].encode() not in house.bytes()


def test_what_belongs_to_others_and_to_nobody_stays(house: House) -> None:
    house.fill(OTHER, "ほかの人の質問")
    house.fill(CHAT, CANARY)
    house.privacy.forget(CHAT)

    assert {table: house.rows(table) for table in TIES} == {
        "askers": 1, "queries": 2, "latches": 1, "members": 1, "watches": 1, "owners": 1,
        "attestations": 2,
    }  # fmt: skip
    assert house.rows("audit") == 2
    assert house.members.is_member(OTHER)
    assert not house.members.is_member(CHAT)


@pytest.mark.parametrize("seed", range(4))
def test_free_and_overflow_pages_are_clean_after_a_life_of_changes(
    house: House, seed: int
) -> None:
    """Many people, texts longer than a page, rows deleted in between: pages split and merge."""
    chance = random.Random(seed)  # noqa: S311
    for second in range(1_200):
        person = f"telegram:{chance.randrange(40)}"
        text = f"鳥は{person}番：" + "あ" * chance.choice([3, 60, 400, 3_000])
        house.log.record(asked(text, person, second))
        if second % 100 == 99:
            house.log.flush()
            with closing(open_database(house.path)) as db, writing(db):
                doomed = "select id from queries order by random() limit 40"
                db.execute(f"delete from queries where id in ({doomed})")  # noqa: S608
    house.log.flush()
    marks = ["鳥はtelegram:7番", pseudonym_of("telegram:7", KEY)]
    assert all(mark.encode() in house.bytes() for mark in marks)

    house.privacy.forget("telegram:7")

    assert not any(mark.encode() in house.bytes() for mark in marks)


def test_a_copy_that_a_page_kept_is_found_and_the_file_is_written_anew(house: House) -> None:
    house.fill(CHAT, CANARY, count=50)
    with closing(sqlite3.connect(house.path)) as careless:  # without secure_delete
        careless.execute("pragma secure_delete = off")
        careless.execute("delete from queries where id % 2 = 0")
        careless.commit()
        careless.execute("pragma wal_checkpoint(truncate)")

    house.privacy.forget(CHAT)

    assert CANARY.encode() not in house.bytes()
    assert WHO.encode() not in house.bytes()


def test_a_text_across_two_pieces_of_a_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"x" * (privacy._CHUNK - 3) + b"needle" + b"x" * 10)

    assert holds(file, "needle")
    assert not holds(file, "needles")


def test_looking_through_the_file_leaves_the_locks_of_the_process(house: House) -> None:
    house.fill(CHAT, CANARY)
    house.fill(OTHER, "別の人")
    house.privacy.forget(CHAT)

    closes = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
        "db.execute('select 1 from queries'); db.close()"
    )
    subprocess.run([sys.executable, "-c", closes, str(house.path)], check=True)

    assert house.path.with_name(f"{house.path.name}-wal").exists()


def test_what_waits_for_the_disk_is_forgotten_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill(CHAT, CANARY)
    real = house.log._current._connect

    def broken(_: Path) -> Database:
        raise sqlite3.OperationalError

    monkeypatch.setattr(house.log._current, "_connect", broken)
    house.log._thread.submit(house.log._current.close).result()
    house.log.record(asked(CANARY, second=9))
    house.log.record(asked("別の人", OTHER, second=9))

    assert not house.privacy.forget(CHAT)
    assert house.privacy.stored(CHAT, 5) is None
    monkeypatch.setattr(house.log._current, "_connect", real)
    assert house.privacy.forget(CHAT)

    house.log.flush()
    assert CANARY.encode() not in house.bytes()
    assert house.rows("queries") == 1


def test_somebody_who_reads_on_delays_it_and_it_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill(CHAT, CANARY)
    reader = sqlite3.connect(house.path)
    reader.execute("begin")
    reader.execute("select count(*) from queries").fetchone()
    house.log.alone(lambda db: db.execute("pragma busy_timeout = 50"))

    assert not house.privacy.forget(CHAT)

    reader.close()
    assert house.privacy.forget(CHAT)
    assert CANARY.encode() not in house.bytes()
    monkeypatch.undo()


def test_a_group_loses_its_words_and_keeps_its_number(house: House) -> None:
    house.fill(CHAT, CANARY)
    with closing(open_database(house.path)) as db, writing(db):
        db.table("groups").insert({"id": 3, "made": "2026-11-20", "state": "open"})
        db.execute("update queries set group_id = 3, permitted = 1")
    house.privacy.forget(CHAT)

    with closing(open_database(house.path)) as db:
        assert read_groups(db, AT) == []  # it waits for nobody any more
        assert db.execute("select id from groups").fetchall() == [(3,)]


def test_without_a_database_nothing_is_made(house: House) -> None:
    assert house.privacy.forget(CHAT)
    stored = house.privacy.stored(CHAT, 5)
    assert stored is not None
    assert not stored.tables
    assert not house.path.exists()


def test_a_person_gets_everything_of_theirs_and_nothing_else(house: House) -> None:
    house.fill(OTHER, "ほかの人の質問")
    house.fill(CHAT, CANARY, count=3)

    stored = house.privacy.stored(CHAT, 3)

    assert stored is not None
    assert {table: len(rows) for table, rows in stored.tables.items()} == {
        "askers": 1, "queries": 3, "latches": 1, "members": 1, "watches": 1, "owners": 1,
        "attestations": 1,
    }  # fmt: skip
    assert stored.left_out == 1
    assert "ほかの人" not in str(stored)
    assert pseudonym_of(OTHER, KEY) not in str(stored)
    assert not {"claimed_by", "group_id"} & set(stored.tables["queries"][0])


def test_every_table_is_a_persons_or_is_said_not_to_be(house: House) -> None:
    """A new table fails here until somebody has decided."""
    house.fill(CHAT, CANARY)
    with closing(open_database(house.path)) as db:
        tables = set(db.table_names()) - INTERNAL_TABLES

    assert tables == TIES.keys() | OTHERS
    assert not TIES.keys() & OTHERS
    assert set(NOBODY) <= TIES.keys()


def test_every_field_that_is_given_is_explained(house: House) -> None:
    house.fill(CHAT, CANARY)
    texts = load_replies().texts
    with closing(open_database(house.path)) as db:
        wanted = {
            f"export.{table}.{column}"
            for table in TIES
            for column in db.table(table).columns_dict
            if column not in privacy.WITHHELD
        } | {f"export.{table}" for table in TIES}

    words = {"about", "done", "failed", "nothing", "private_only"}
    told = {k for k in texts if k.startswith("export.")} - {f"export.{word}" for word in words}
    assert told == wanted
    assert all({"ja", "en"} <= texts[key].keys() for key in wanted)
