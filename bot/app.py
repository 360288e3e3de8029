"""The one place where objects are joined."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import GuidedClock, SystemClock
from bot.held_log import HeldLog
from bot.live import Live
from bot.publishing.source import LibrarySource
from bot.settings import Settings
from bot.shelf import FolderShelf
from bot.store.conversations import MemoryConversations
from bot.store.corruption import Corruption, ignore
from bot.store.latches import Latches, SqliteLatches
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.store.privacy import SqlitePrivacy
from bot.store.query_log import SqliteQueryLog, open_query_log
from bot.store.queue import SqliteQueue
from handlers.answer import Assistant
from handlers.library import Library, open_library
from handlers.ports import Asked, Clock, Outcome, Query, QueryLog
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

    def hush(self, conversation: str) -> None:
        """The same."""


@dataclass(frozen=True, slots=True)
class App:
    """The assistant with what it was made from."""

    assistant: Live
    """What answers."""
    clock: Clock
    """Time."""
    members: SqliteMembers | None = None
    """Member organizations; None where nothing is kept."""
    queue: SqliteQueue | None = None
    """Groups of unanswered questions; None where nothing is kept."""
    owners: SqliteOwners | None = None
    """Who answers for an entry; None where nothing is kept."""

    source: LibrarySource | None = None
    """Looks for newer knowledge; None where it stays as it is."""
    expire: Callable[[], object] = tuple
    """Deletes what is over by its time, in the background."""
    log: SqliteQueryLog | None = None
    """The query log; None where nothing is kept."""

    @property
    def library(self) -> Library:
        """Everything it reads; the newest."""
        return self.assistant.library


@dataclass(frozen=True, slots=True)
class Kept:
    """What lasts longer than a run of the program."""

    members: SqliteMembers
    """Member organizations."""
    queue: SqliteQueue
    """Groups of unanswered questions."""
    latches: Latches
    """Who was in danger."""
    owners: SqliteOwners
    """Who answers for an entry."""
    privacy: SqlitePrivacy
    """All that is tied to one person."""
    expire: Callable[[], object]
    """Deletes what is over by its time, in the background."""


def build(  # noqa: PLR0913  what it is joined from
    log: QueryLog,
    data: Path = DATA,
    shelf: Shelf = NO_SHELF,
    kept: Kept | None = None,
    source: Callable[[], Library] | None = None,
    *,
    clock: Clock | None = None,
) -> App:
    """Join the assistant; ``shelf`` keeps its index, ``source`` gives a library that may change.

    ``clock``: the machine's, unless another is given.

    Raises:
        KnowledgeError: the knowledge is unsound.
    """
    clock = clock or SystemClock()
    library = source() if source else open_library(data, shelf)
    conversations = MemoryConversations(clock, latches=kept.latches if kept else None)
    members, queue = (kept.members, kept.queue) if kept else (None, None)
    owners, privacy = (kept.owners, kept.privacy) if kept else (None, None)

    def make(newest: Library) -> Assistant:
        return Assistant(newest, log, conversations, clock, members, queue, owners, privacy)

    live = Live(source or (lambda: library), make, clock)
    expire = kept.expire if kept else tuple
    return App(live, clock, members, queue, owners, expire=expire)


@contextmanager
def logging_app(
    settings: Settings,
    pseudonym_key: str,
    count: Callable[[QueryLog], QueryLog] | None = None,
    *,
    guided: GuidedClock | None = None,
    corruption: Corruption | None = None,
) -> Iterator[App]:
    """The assistant with the query log, which is closed at the end; ``count`` may stand before.

    ``guided``: the clock that Telegram guides; ``corruption``: of the database, where it is met.
    """
    clock, path = guided or SystemClock(), settings.database_path
    met = corruption.met if corruption else ignore
    with ExitStack() as stack:
        log = stack.enter_context(
            closing(
                open_query_log(
                    settings.database_url,
                    pseudonym_key,
                    retention_days=settings.retention_days,
                    crisis_hours=settings.crisis_hours,
                    clock=clock,
                    met=met,
                    sure=lambda: guided is None or guided.sure,
                )
            )
        )
        members = stack.enter_context(
            closing(SqliteMembers(settings.database_url, pseudonym_key, met))
        )
        owners = stack.enter_context(
            closing(
                SqliteOwners(
                    settings.database_url, pseudonym_key, clock, settings.attest_days, met
                )
            )
        )
        source = LibrarySource(
            settings.data,
            clock,
            FolderShelf(settings.cache_folder),
            opened=lambda data, shelf: open_library(data, shelf, owners),
        )
        queue = stack.enter_context(
            closing(
                SqliteQueue(
                    path, pseudonym_key, clock, lambda: source.current, settings.data, met=met
                )
            )
        )
        calm = timedelta(hours=settings.crisis_hours)
        latches = stack.enter_context(
            closing(SqliteLatches(path, pseudonym_key, clock, keep=calm, met=met))
        )
        if corruption:
            corruption.again.append(latches.keep_again)
        kept = Kept(
            members,
            queue,
            latches,
            owners,
            SqlitePrivacy(log, path, pseudonym_key),
            log.expire,
        )
        held = HeldLog(log)
        counted = count(held) if count else held
        joined = build(counted, kept=kept, source=lambda: source.current, clock=clock)
        yield replace(joined, source=source, log=log)
