"""Who is logged in to the console. The database has only the hashes of the tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.store.accounts import Account, read_account
from bot.store.audit import note
from bot.store.database import writing
from bot.store.rows import stamp

LASTS: Final = timedelta(hours=8)
"""A session ends then, whatever happens."""
IDLE: Final = timedelta(minutes=60)
"""A session ends when it was not used for so long."""
_BITS: Final = 256
_MARKED: Final = timedelta(minutes=1)
"""A session that was used is marked so often; not at every request."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is logged in."""

    account: Account
    """Who."""
    csrf: str
    """What every form of theirs brings back."""


def begin_session(db: Database, name: str, at: datetime, how: str) -> str:
    """Begin a session of an account, and give its token; ``how``: password or code."""
    token = secrets.token_urlsafe(_BITS // 8)
    row = {
        "token": _hash(token), "account": name, "csrf": secrets.token_urlsafe(_BITS // 8),
        "until": stamp(at + LASTS), "seen": stamp(at),
    }  # fmt: skip
    with writing(db):
        ended = [stamp(at), stamp(at - IDLE)]
        db.execute("delete from sessions where until <= ? or seen <= ?", ended)
        db.table("sessions").insert(row)
        note(db, at, name, "session.begin", f"account/{name}", how=how)
    return token


def read_session(db: Database, token: str, at: datetime) -> Session | None:
    """The session of a token, which is used by this; None if there is none, or it has ended."""
    row = next(iter(db.table("sessions").rows_where("token = ?", [_hash(token)])), None)
    if row is None or row["until"] <= stamp(at) or row["seen"] <= stamp(at - IDLE):
        return None
    account = read_account(db, row["account"])
    if account is None:
        return None
    if row["seen"] <= stamp(at - _MARKED):
        with writing(db):
            db.execute("update sessions set seen = ? where token = ?", [stamp(at), row["token"]])
    return Session(account, row["csrf"])


def end_session(db: Database, token: str, at: datetime) -> None:
    """Log out; a token of no session does nothing."""
    with writing(db):
        for row in list(db.table("sessions").rows_where("token = ?", [_hash(token)])):
            db.table("sessions").delete(row["token"])
            note(db, at, row["account"], "session.end", f"account/{row['account']}")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
