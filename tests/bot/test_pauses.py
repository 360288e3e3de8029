"""What holds up all answers for a moment is done once, at the start."""

import gc
import sys

import pytest

from bot.pauses import SWITCH_SECONDS, without_pauses


def test_threads_take_short_turns_and_the_knowledge_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gc, "collect", lambda: calls.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: calls.append("unfreeze"))
    calls: list[str] = []
    before = sys.getswitchinterval()
    try:
        without_pauses()
        assert abs(sys.getswitchinterval() - SWITCH_SECONDS) < 1e-6
    finally:
        sys.setswitchinterval(before)
    assert calls == ["unfreeze", "collect", "freeze"]
