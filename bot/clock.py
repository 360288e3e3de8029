"""The one real clock."""

import time
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

TOKYO: Final = ZoneInfo("Asia/Tokyo")
"""Everything is said, kept and counted in this zone, whatever the server's."""


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """This moment in Asia/Tokyo."""
        return datetime.now(TOKYO)

    def seconds(self) -> float:
        """Monotonic seconds; they go on evenly when the machine's time is set."""
        return time.monotonic()
