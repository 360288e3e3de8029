"""Keeps one part of the program from holding up all others."""

import gc
import sys
from typing import Final

SWITCH_SECONDS: Final = 0.001
"""So long one thread holds the interpreter while others want it; Python's own is five times that.
An answer for somebody in danger passes it on a dozen times."""


def without_pauses() -> None:
    """Let threads take turns quickly, and the garbage collector leave alone what is there now.

    That is the knowledge above all: looking through its hundred thousand objects holds up every
    answer for a tenth of a second. To be called again when other knowledge is there: what was
    given up is collected then.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
