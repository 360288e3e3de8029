"""Fixtures for the handlers."""

import pytest

from handlers import route


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clause or program is near enough to be the answer, all are near enough to be offered."""
    monkeypatch.setattr(route, "ANSWER", 2.0)
    monkeypatch.setattr(route, "OFFER", 0.0)
