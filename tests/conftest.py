"""Fixtures every test may use. The library is loaded once: it never changes."""

from collections.abc import Callable
from datetime import datetime

import pytest

from handlers.answer import Assistant
from handlers.library import Library, open_library
from handlers.messages import Incoming, Reply, Role
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog

Say = Callable[..., Reply]


@pytest.fixture(scope="session")
def library() -> Library:
    return open_library()


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def conversations() -> FakeConversations:
    return FakeConversations()


@pytest.fixture
def assistant(library: Library, log: FakeLog, conversations: FakeConversations) -> Assistant:
    return Assistant(library, log, conversations, FakeClock())


@pytest.fixture
def say(assistant: Assistant) -> Say:
    """Say something, or tap a choice, and get the reply."""

    def speak(
        text: str = "",
        role: str | None = None,
        *,
        choice: str | None = None,
        at: datetime = FRIDAY_MORNING,
        prefecture: str | None = None,
        language: str | None = None,
        conversation: str = "test:1",
    ) -> Reply:
        return assistant.answer(
            Incoming(
                text=text,
                conversation=conversation,
                at=at,
                channel="test",
                role=Role(role) if role else None,
                prefecture=prefecture,
                language=language,
                choice=choice,
            )
        )

    return speak
