"""The whole assistant on the real knowledge, with a clock that stands still."""

import json
from collections.abc import Mapping
from typing import Any

from bot.app import App
from handlers.answer import Assistant
from handlers.library import Library
from handlers.ports import QueryLog
from tests.fakes import FakeClock, FakeConversations, FakeLog

Json = dict[str, Any]


def app_of(library: Library, log: QueryLog | None = None) -> App:
    """The assistant as ``bot.app.build`` joins it, at eleven on a Friday morning."""
    clock = FakeClock()
    return App(library, Assistant(library, log or FakeLog(), FakeConversations(), clock), clock)


def line(**fields: object) -> str:
    """A request as a line of JSON."""
    return json.dumps(fields, ensure_ascii=False)


def without(answer: Mapping[str, Any], *keys: str) -> Json:
    return {key: value for key, value in answer.items() if key not in keys}
