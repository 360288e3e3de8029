"""Codes of invitations: how they are made, written and kept."""

import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp
from handlers.membership import Redeemed

_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which people mix up when they read a code aloud."""
_LENGTH: Final = 12
"""Letters of a code: 60 bits, which nobody guesses."""
_GROUP: Final = 4


def keep_code(db: Database, until: datetime, key: str, owns: Sequence[str] = ()) -> str:
    """Keep a new code, within a transaction of the caller's; give it as people write it.

    ``owns``: the entries whose owner it makes; none for a member's code.
    """
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    db.table("invitations").insert(
        {
            "code": hash_of(code, key),
            "until": stamp(until),
            "used": None,
            "owns": json.dumps(owns) if owns else None,
        }
    )
    return "-".join(code[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))


def hash_of(code: str, key: str) -> str:
    """A code as it is kept; however it is written, in full width or without hyphens."""
    plain = unicodedata.normalize("NFKC", code).upper()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return pseudonym_of(f"invitation:{letters}", key)


def refused(invitation: Mapping[str, Any] | None, at: datetime) -> Redeemed | None:
    """Why an invitation cannot be used; None if it can."""
    if invitation is None:
        return Redeemed.UNKNOWN
    if invitation["used"]:
        return Redeemed.USED
    return Redeemed.EXPIRED if invitation["until"] <= stamp(at) else None


def owns_of(invitation: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The entries whose owner an invitation makes."""
    return tuple(json.loads(invitation["owns"] or "[]")) if invitation else ()
