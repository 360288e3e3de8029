"""The clock tells Japan's time wherever the server stands."""

import time

import pytest
import time_machine

from bot.clock import SystemClock


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_now_is_in_japan_whatever_the_server_s_zone(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    with time_machine.travel("2026-11-20T23:30:00+00:00", tick=False):
        now = SystemClock().now()
    monkeypatch.undo()
    time.tzset()

    assert now.isoformat() == "2026-11-21T08:30:00+09:00"
    assert now.tzname() == "JST"


def test_seconds_only_go_on():
    clock = SystemClock()
    first = clock.seconds()

    assert clock.seconds() >= first
