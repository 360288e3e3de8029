"""The one place where objects are joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.settings import Settings
from bot.shelf import FolderShelf
from bot.store.conversations import MemoryConversations
from bot.store.latches import Latches, SqliteLatches
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.store.query_log import open_query_log
from handlers.answer import Assistant
from handlers.library import Library, open_library
from handlers.ports import NO_CONFIRMATIONS, Asked, Clock, Outcome, Query, QueryLog
from knowledge.load import DATA
from knowledge.shelf import NO_SHELF, Shelf


class NoLog:
    """Keeps nothing: for ``ask`` without ``--log``."""

    keeps = False
    """Nothing is kept."""

    def record(self, query: Query) -> None:
        """Forget the query."""

    def outcome(self, outcome: Outcome) -> None:
        """Forget it too."""

    def permit(self, asked: Asked) -> None:
        """Nobody can read what is not kept."""

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        """Nobody is told."""

    def unfollow(self, asked: Asked) -> None:
        """Nobody would be told."""


@dataclass(frozen=True, slots=True)
class App:
    """The assistant with what it was made from."""

    library: Library
    """Everything it reads."""
    assistant: Assistant
    """What answers."""
    clock: Clock
    """Time."""
    members: SqliteMembers | None = None
    """Member organizations; None where nothing is kept."""
    owners: SqliteOwners | None = None
    """Who answers for an entry; None where nothing is kept."""


def build(  # noqa: PLR0913  what it joins
    log: QueryLog,
    data: Path = DATA,
    shelf: Shelf = NO_SHELF,
    members: SqliteMembers | None = None,
    latches: Latches | None = None,
    *,
    owners: SqliteOwners | None = None,
) -> App:
    """Join the assistant; ``shelf`` keeps its index, ``latches`` who was in danger.

    ``owners`` tell how entries stand, beside the day in their file.

    Raises:
        KnowledgeError: the knowledge is unsound.
    """
    clock = SystemClock()
    library = open_library(data, shelf, owners or NO_CONFIRMATIONS)
    conversations = MemoryConversations(clock, latches=latches)
    assistant = Assistant(library, log, conversations, clock, members, owners=owners)
    return App(library, assistant, clock, members, owners)


@contextmanager
def logging_app(settings: Settings, pseudonym_key: str) -> Iterator[App]:
    """The assistant with the query log, which is closed at the end."""
    log = open_query_log(
        settings.database_url, pseudonym_key, retention_days=settings.retention_days
    )
    members = SqliteMembers(settings.database_url, pseudonym_key)
    owners = SqliteOwners(
        settings.database_url, pseudonym_key, SystemClock(), settings.attest_days
    )
    try:
        latches = SqliteLatches(
            settings.database_path,
            pseudonym_key,
            SystemClock(),
            keep=timedelta(hours=settings.crisis_hours),
        )
        shelf = FolderShelf(settings.cache_folder)
        yield build(log, settings.data, shelf, members, latches, owners=owners)
    finally:
        owners.close()
        members.close()
        log.close()
