"""The whole assistant on the real knowledge, with a clock that stands still."""

import json
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.live import Live
from handlers.answer import Assistant
from handlers.library import Library
from handlers.ports import QueryLog
from tests.fakes import FakeClock, FakeConversations, FakeLog

Json = dict[str, Any]


def app_of(library: Library, log: QueryLog | None = None) -> App:
    """The assistant as ``bot.app.build`` joins it, at eleven on a Friday morning."""
    clock = FakeClock()
    return App(live_of(library, log), clock)


def live_of(library: Library, log: QueryLog | None = None, **ports: Any) -> Live:
    """An assistant around a library that stays."""
    clock = FakeClock()
    conversations, kept = FakeConversations(), log or FakeLog()
    return Live(
        lambda: library, lambda one: Assistant(one, kept, conversations, clock, **ports), clock
    )


def line(**fields: object) -> str:
    """A request as a line of JSON."""
    return json.dumps(fields, ensure_ascii=False)


def without(answer: Mapping[str, Any], *keys: str) -> Json:
    return {key: value for key, value in answer.items() if key not in keys}
