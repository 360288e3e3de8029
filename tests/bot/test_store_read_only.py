"""Where nothing may be written: told once, and people get their answers."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.store.database import open_database
from bot.store.query_log import open_query_log
from tests.bot.queries import KEY, unanswered


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write everywhere, and in containers the tests run as root."""
    user = os.geteuid()
    if not user:
        os.seteuid(65534)
    yield
    if not user:
        os.seteuid(user)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Where others may go: pytest's own folders are for the owner alone."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def record_three(path: Path) -> list[str]:
    """Record three queries as somebody without rights; give what was reported."""
    told: list[str] = []
    with unprivileged():
        log = open_query_log(f"sqlite:///{path}", KEY, report=told.append)
        for _ in range(3):
            log.record(unanswered())
            log.flush()
        log.close()
    assert all(line.startswith(f"query log {path}: ") for line in told)
    return [line.removeprefix(f"query log {path}: ") for line in told]


def test_a_read_only_folder_is_told_once(public_folder):
    public_folder.chmod(0o555)

    told = record_three(public_folder / "tsunagari.db")

    assert told == ["not kept: EACCES", "3 queries were lost"]


def test_a_read_only_database_is_told_once_and_left_as_it_was(public_folder):
    path = public_folder / "tsunagari.db"
    open_database(path).close()
    path.chmod(0o444)
    before = path.read_bytes()

    told = record_three(path)

    assert told[0] in {"not kept: EACCES", "not kept: SQLITE_READONLY"}
    assert told[1:] == ["3 queries were lost"]
    assert path.read_bytes() == before
