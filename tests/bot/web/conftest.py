"""A console with an account of each role."""

from pathlib import Path

import pytest

from handlers.library import Library
from tests.bot.web.made import Browser, Console, FakeSource, settings


@pytest.fixture
def console(tmp_path: Path, library: Library) -> Console:
    console = Console(settings(tmp_path), FakeSource(library))
    console.staff()
    return console


@pytest.fixture
def viewer(console: Console) -> Browser:
    return console.logged_in("mita")


@pytest.fixture
def editor(console: Console) -> Browser:
    return console.logged_in("kaku")


@pytest.fixture
def publisher(console: Console) -> Browser:
    return console.logged_in("dasu")
