"""Keeps invitations, members and watches: pseudonyms and hashes, deleted when they end."""

import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from sqlite_utils import Database

from bot.store.database import cause_of, database_path, open_database, writing
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp
from handlers.membership import Redeemed, Watch

_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which people mix up when they read a code aloud."""
_LENGTH: Final = 12
"""Letters of a code: 60 bits, which nobody guesses."""
_GROUP: Final = 4

Value = TypeVar("Value")

_log = structlog.get_logger()


class SqliteMembers:
    """Implements ``handlers.membership.Members``; one thread of its own owns the connection."""

    def __init__(self, database_url: str, pseudonym_key: str) -> None:
        """Prepare; the database is opened by the first question.

        Raises:
            DatabaseUrlError: the URL names no SQLite file.
        """
        self._path: Path = database_path(database_url)
        self._key = pseudonym_key
        self._db: Database | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="members")

    def issue(self, until: datetime) -> str:
        """A new code that can be used once; empty where it could not be kept."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))

        def keep(db: Database) -> str:
            row = {"code": self._hash(code), "until": stamp(until), "used": None}
            with writing(db):
                db.table("invitations").insert(row)
            return "-".join(code[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))

        return self._do(keep, "")

    def redeem(self, code: str, person: str, at: datetime) -> Redeemed:
        """Use a code for a person; the hash of a used one stays, so that it is known as used."""

        def use(db: Database) -> Redeemed:
            with writing(db):
                who, hashed = self._pseudonym(person), self._hash(code)
                if _row(db, "members", "pseudonym", who):
                    return Redeemed.ALREADY
                invitation = _row(db, "invitations", "code", hashed)
                refused = _refused(invitation, stamp(at))
                if refused:
                    return refused
                db.table("invitations").update(hashed, {"used": stamp(at)})
                db.table("members").insert({"pseudonym": who, "since": stamp(at)})
            return Redeemed.JOINED

        return self._do(use, Redeemed.UNKNOWN)

    def is_member(self, person: str) -> bool:
        """Whether a person has joined; nobody has where there is no database yet."""
        if not self._path.exists():
            return False
        who = self._pseudonym(person)
        return self._do(lambda db: _row(db, "members", "pseudonym", who) is not None, False)  # noqa: FBT003

    def leave(self, person: str) -> bool:
        """Forget a person and what they watch."""

        def forget(db: Database) -> bool:
            who = self._pseudonym(person)
            with writing(db):
                known = any(
                    db.table(table).count_where("pseudonym = ?", [who])
                    for table in ("members", "watches")
                )
                for table in ("members", "watches"):
                    db.table(table).delete_where("pseudonym = ?", [who])
            return known

        return self._do(forget, False)  # noqa: FBT003

    def watch(self, person: str, watch: Watch) -> None:
        """Remember that a chat wants to be told; asking again begins a new year."""

        def keep(db: Database) -> None:
            row = {
                "pseudonym": self._pseudonym(person),
                "clause": watch.clause,
                "conversation": watch.conversation,
                "edition": watch.edition,
                "digest": watch.digest,
                "until": stamp(watch.until),
            }
            with writing(db):
                db.table("watches").upsert(row, pk=("pseudonym", "clause"))

        self._do(keep, None)

    def unwatch(self, person: str, clause: str) -> None:
        """Forget that a chat wants to be told."""

        def forget(db: Database) -> None:
            values = [self._pseudonym(person), clause]
            with writing(db):
                db.table("watches").delete_where("pseudonym = ? and clause = ?", values)

        self._do(forget, None)

    def watched(self, person: str, at: datetime) -> tuple[Watch, ...]:
        """What a person watches at a moment."""
        values = [self._pseudonym(person), stamp(at)]
        return self._do(lambda db: _watches(db, "pseudonym = ? and until > ?", values), ())

    def expire(self, at: datetime) -> None:
        """Delete the watches and the invitations whose time is over."""

        def forget(db: Database) -> None:
            with writing(db):
                for table in ("watches", "invitations"):
                    db.table(table).delete_where("until <= ?", [stamp(at)])

        self._do(forget, None)

    def outdated(self, digests: Mapping[str, str], at: datetime) -> tuple[Watch, ...]:
        """The watches whose clause has another text now, or none; ended ones left out."""

        def find(db: Database) -> tuple[Watch, ...]:
            every = _watches(db, "until > ?", [stamp(at)])
            return tuple(w for w in every if digests.get(w.clause) != w.digest)

        return self._do(find, ()) if self._path.exists() else ()

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        db, self._db = self._db, None
        if db is not None:
            self._thread.submit(db.close).result()
        self._thread.shutdown()

    def _do(self, work: Callable[[Database], Value], otherwise: Value) -> Value:
        """Work on the thread that owns the connection; what the disk does stops no answer."""

        def run() -> Value:
            if self._db is None:
                self._db = open_database(self._path)
            return work(self._db)

        try:
            return self._thread.submit(run).result()
        except (sqlite3.Error, OSError) as error:
            _log.error("members not kept", error=cause_of(error))
            return otherwise

    def _pseudonym(self, person: str) -> str:
        return pseudonym_of(person, self._key)

    def _hash(self, code: str) -> str:
        """A code as it is kept; however it is written, in full width or without hyphens."""
        plain = unicodedata.normalize("NFKC", code).upper()
        letters = "".join(letter for letter in plain if letter.isalnum())
        return pseudonym_of(f"invitation:{letters}", self._key)


def _refused(invitation: Mapping[str, Any] | None, at: str) -> Redeemed | None:
    if invitation is None:
        return Redeemed.UNKNOWN
    if invitation["used"]:
        return Redeemed.USED
    return Redeemed.EXPIRED if invitation["until"] <= at else None


def _row(db: Database, table: str, column: str, value: str) -> Mapping[str, Any] | None:
    return next(iter(db.table(table).rows_where(f"{column} = ?", [value])), None)


def _watches(db: Database, where: str, values: list[str]) -> tuple[Watch, ...]:
    rows = db.table("watches").rows_where(where, values, order_by="clause, pseudonym")
    return tuple(
        Watch(
            row["conversation"],
            row["clause"],
            row["edition"],
            row["digest"],
            datetime.fromisoformat(row["until"]),
        )
        for row in rows
    )
