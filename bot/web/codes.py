"""One-time codes that are sent to a member of staff's chat. In memory only, and hashed."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from handlers.ports import Clock

DIGITS: Final = 8
MINUTES: Final = 5
"""Minutes a code is valid."""
TRIES: Final = 5
"""So often a code can be typed wrongly."""


@dataclass(slots=True)
class _Issued:
    hashed: bytes
    """What is kept of the code."""
    until: datetime
    """It is valid until then."""
    tries: int = 0
    """How often it was typed wrongly."""


class Codes:
    """At most one code for each account."""

    def __init__(self, clock: Clock) -> None:
        """There is no code yet."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._issued: dict[str, _Issued] = {}
        self._lock = Lock()

    def issue(self, name: str) -> str:
        """A new code for an account; an older one is no longer valid."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        until = self._clock.now() + timedelta(minutes=MINUTES)
        with self._lock:
            self._issued[name] = _Issued(self._hash(name, code), until)
        return code

    def redeem(self, name: str, code: str) -> bool:
        """Whether that is the account's code; once only, and not after too many wrong ones."""
        typed = self._hash(name, code)
        with self._lock:
            issued = self._issued.get(name)
            if issued is None:
                return False
            right = hmac.compare_digest(issued.hashed, typed) and self._clock.now() < issued.until
            issued.tries += 1
            if right or issued.tries >= TRIES:
                del self._issued[name]
            return right

    def _hash(self, name: str, code: str) -> bytes:
        text = f"{name}\0{code}".encode("utf-8", "replace")
        return hmac.digest(self._key, text, hashlib.sha256)
