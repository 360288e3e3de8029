"""Passwords of the console: argon2, and the same effort whether or not there is one."""

from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST: Final = 12
"""Characters a password has at least."""
_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = BoundedSemaphore(2)
"""Each takes 64 MiB: many log-ins at once wait instead of filling the memory."""


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password.encode())


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; as slow where none was kept."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _nobodys(), password.encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash(b"the password of an account that does not exist")
