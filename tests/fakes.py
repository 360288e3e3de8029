"""Fakes that implement the ports; they remember what they were given."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.ports import Asked, Conversation, Outcome, Query

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY_MORNING = datetime(2026, 11, 20, 11, tzinfo=TOKYO)
FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=TOKYO)


@dataclass
class FakeClock:
    """Time that moves only when asked."""

    time: datetime = FRIDAY_MORNING
    elapsed: float = 0.0

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        self.elapsed += 0.001
        return self.elapsed

    def pass_by(self, time: timedelta) -> None:
        self.time += time


@dataclass
class FakeLog:
    """Keeps queries in a list."""

    queries: list[Query] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    wishes: list[tuple[object, ...]] = field(default_factory=list)
    keeps: bool = True

    def record(self, query: Query) -> None:
        self.queries.append(query)

    def outcome(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def permit(self, asked: Asked) -> None:
        self.wishes.append(("permit", asked))

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        self.wishes.append(("follow", asked, language, until))

    def unfollow(self, asked: Asked) -> None:
        self.wishes.append(("unfollow", asked))

    def hush(self, conversation: str) -> None:
        self.wishes.append(("hush", conversation))


@dataclass
class FakeConversations:
    """Remembers for ever."""

    kept: dict[str, Conversation] = field(default_factory=dict)

    def get(self, key: str) -> Conversation | None:
        return self.kept.get(key)

    def put(self, key: str, conversation: Conversation) -> None:
        self.kept[key] = conversation

    def forget(self, key: str) -> None:
        self.kept.pop(key, None)
