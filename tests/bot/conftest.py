"""The real Telegram application, around a fake assistant and a Bot API without a network."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlite_utils import Database

from bot.settings import Settings, load_settings
from bot.store.database import open_database
from bot.telegram import build_application, delivery, pace
from bot.telegram.app import App
from handlers.library import Library
from knowledge.replies import Replies
from tests.bot.fakes import (
    STAFF_ID,
    FakeAssistant,
    FakeBotApi,
    FakeClock,
    Talk,
    telegram_replies,
)
from tests.bot.publishing_made import House, house
from tests.bot_api import Person


@pytest.fixture
def settings() -> Settings:
    return load_settings(
        {
            "TELEGRAM_BOT_TOKEN": "42:TEST",
            "PSEUDONYM_KEY": "k" * 32,
            "TELEGRAM_STAFF_IDS": str(STAFF_ID),
            "RETENTION_DAYS": "77",
        },
        env_file=None,
    )


@pytest.fixture(scope="session")
def replies() -> Replies:
    return telegram_replies()


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again without a rest, and one person may be sent as much as can be."""
    monkeypatch.setattr(delivery, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(pace, "CHAT", (1000, 1.0))
    monkeypatch.setattr(pace, "GROUP", (1000, 1.0))


@pytest.fixture
async def app(
    settings: Settings,
    assistant: FakeAssistant,
    replies: Replies,
    clock: FakeClock,
    api: FakeBotApi,
) -> AsyncIterator[App]:
    app = build_application(
        settings, assistant, replies, clock, request=api, updates_request=FakeBotApi()
    )
    await app.initialize()
    yield app
    await app.shutdown()


@pytest.fixture
async def talk(app: App, api: FakeBotApi) -> AsyncIterator[Talk]:
    """Conversations with the bot. python-telegram-bot only logs what a callback raises, so the
    test would pass: the errors are recorded, and none may be left at the end."""
    talk = Talk(app, api)
    app.add_error_handler(talk.record)
    yield talk
    assert talk.errors == []


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    """What was logged, as data."""
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database would be; nobody has made it yet."""
    return tmp_path / "data" / "tsunagari.db"


@pytest.fixture
def named(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands run in an empty folder, with that database in their settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """That database, open."""
    db = open_database(path)
    yield db
    db.close()


@pytest.fixture
def here(tmp_path: Path, path: Path, library: Library) -> Iterator[House]:
    """All that a publication needs, around that database."""
    one = house(tmp_path, library, database=path)
    yield one
    one.publisher.close()


@pytest.fixture
def person(api: FakeBotApi) -> Person:
    return api.person()
