"""Ends the process when it no longer goes round: what starts it again is better than silence."""

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

BEAT_SECONDS: Final = 5.0
"""Between two signs of life."""
STUCK_SECONDS: Final = 60.0
"""Without a sign for so long the process ends with status 1, whatever it is doing."""


@asynccontextmanager
async def watched(beat: float = BEAT_SECONDS, stuck: float = STUCK_SECONDS) -> AsyncIterator[None]:
    """Watch the event loop of this block.

    A pattern that never ends holds the interpreter, and no thread of Python could notice. So it
    is ``faulthandler`` that does, outside of it: it writes to standard error which lines were
    running, and no values. What was being answered is begun again after the start, a few times.
    """
    beating = asyncio.create_task(_beat(beat, stuck))
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        faulthandler.cancel_dump_traceback_later()


async def _beat(beat: float, stuck: float) -> None:
    while True:
        faulthandler.dump_traceback_later(stuck, exit=True)
        await asyncio.sleep(beat)
