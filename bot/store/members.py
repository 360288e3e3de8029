"""Keeps invitations, members and watches: pseudonyms and hashes, deleted when they end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from bot.store.corruption import Met, ignore
from bot.store.database import database_path, writing
from bot.store.invitations import hash_of, keep_code, owns_of, refused
from bot.store.own_thread import OwnThread
from bot.store.owning import begin, owned, owner_of
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp
from handlers.membership import Redeemed, Watch

_OF_A_PERSON: Final = ("members", "watches", "owners")
"""Tables in which something is kept of a person."""


class SqliteMembers:
    """Implements ``handlers.membership.Members``; one thread of its own owns the connection."""

    def __init__(self, database_url: str, pseudonym_key: str, met: Met = ignore) -> None:
        """Prepare; the database is opened by the first question.

        Raises:
            DatabaseUrlError: the URL names no SQLite file.
        """
        self._thread = OwnThread(database_path(database_url), "members", met)
        self._key = pseudonym_key

    def issue(self, until: datetime) -> str:
        """A new code that can be used once; empty where it could not be kept."""

        def keep(db: Database) -> str:
            with writing(db):
                return keep_code(db, until, self._key)

        return self._thread.do(keep, "")

    def redeem(self, code: str, person: str, at: datetime, *, private: bool) -> Redeemed:
        """Use a code for a person; the hash of a used one stays, so that it is known as used.

        A member uses up only a code that makes them the owner of something they do not own yet.
        """

        def use(db: Database) -> Redeemed:
            with writing(db):
                return self._use(db, code, person, at, private=private)

        return self._thread.do(use, Redeemed.UNKNOWN)

    def _use(
        self, db: Database, code: str, person: str, at: datetime, *, private: bool
    ) -> Redeemed:
        pseudonym, hashed = self._pseudonym(person), hash_of(code, self._key)
        member = _row(db, "members", "pseudonym", pseudonym)
        invitation = _row(db, "invitations", "code", hashed)
        owner = owner_of(person, self._key)
        mine = owned(db, owner)
        new = [entry for entry in owns_of(invitation) if entry not in mine]
        if member and not new:
            return Redeemed.ALREADY
        why = refused(invitation, at)
        if why or (new and not private):
            return why or Redeemed.PRIVATE
        db.table("invitations").update(hashed, {"used": stamp(at)})
        if not member:
            db.table("members").insert({"pseudonym": pseudonym, "since": stamp(at)})
        begin(db, new, owner, person, at)  # in private, a person and their chat have one key
        return Redeemed.OWNER if new else Redeemed.JOINED

    def is_member(self, person: str) -> bool:
        """Whether a person has joined; nobody has where there is no database yet."""
        if not self._thread.path.exists():
            return False
        who = self._pseudonym(person)
        return self._thread.do(lambda db: _row(db, "members", "pseudonym", who) is not None, False)  # noqa: FBT003

    def leave(self, person: str) -> bool:
        """Forget a person and what they watch."""

        def forget(db: Database) -> bool:
            who, owner = self._pseudonym(person), owner_of(person, self._key)
            with writing(db):
                known = any(
                    db.table(table).count_where("pseudonym in (?, ?)", [who, owner])
                    for table in _OF_A_PERSON
                )
                for table in _OF_A_PERSON:
                    db.table(table).delete_where("pseudonym in (?, ?)", [who, owner])
            return known

        return self._thread.do(forget, False)  # noqa: FBT003

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

        self._thread.do(keep, None)

    def unwatch(self, person: str, clause: str) -> None:
        """Forget that a chat wants to be told."""

        def forget(db: Database) -> None:
            values = [self._pseudonym(person), clause]
            with writing(db):
                db.table("watches").delete_where("pseudonym = ? and clause = ?", values)

        self._thread.do(forget, None)

    def watched(self, person: str, at: datetime) -> tuple[Watch, ...]:
        """What a person watches at a moment."""
        values = [self._pseudonym(person), stamp(at)]
        return self._thread.do(lambda db: _watches(db, "pseudonym = ? and until > ?", values), ())

    def expire(self, at: datetime) -> None:
        """Delete the watches and the invitations whose time is over."""

        def forget(db: Database) -> None:
            with writing(db):
                for table in ("watches", "invitations"):
                    db.table(table).delete_where("until <= ?", [stamp(at)])

        self._thread.do(forget, None)

    def outdated(self, digests: Mapping[str, str], at: datetime) -> tuple[Watch, ...]:
        """The watches whose clause has another text now, or none; ended ones left out."""

        def find(db: Database) -> tuple[Watch, ...]:
            every = _watches(db, "until > ?", [stamp(at)])
            return tuple(w for w in every if digests.get(w.clause) != w.digest)

        return self._thread.do(find, ()) if self._thread.path.exists() else ()

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._thread.close()

    def _pseudonym(self, person: str) -> str:
        return pseudonym_of(person, self._key)


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
