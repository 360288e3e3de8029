"""Keeps owners and their answers: pseudonyms, and the chat to ask while it owns something."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from sqlite_utils import Database

from bot.store.attested import read_attested
from bot.store.audit import note
from bot.store.corruption import Met, ignore
from bot.store.database import database_path, writing
from bot.store.due import Due, counts, due
from bot.store.invitations import keep_code
from bot.store.own_thread import OwnThread
from bot.store.owning import DIGITS, end_all, owned, owner_of, short, who
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp
from handlers.owners import Ownership
from handlers.ports import Clock
from knowledge.attesting import UNATTESTED, Answer, Attested, Standing, standing

__all__ = ["Due", "SqliteOwners", "counts", "due"]

Value = TypeVar("Value")

_FRESH: Final = 60.0
"""Seconds for which what was read is good enough."""


class SqliteOwners:
    """Implements ``handlers.owners.Owners`` and ``handlers.ports.Confirmations``."""

    def __init__(
        self,
        database_url: str,
        pseudonym_key: str,
        clock: Clock,
        attest_days: int,
        met: Met = ignore,
    ) -> None:
        """Prepare; the database is opened by the first question.

        ``attest_days``: days after which an owner is asked.

        Raises:
            DatabaseUrlError: the URL names no SQLite file.
        """
        self._thread = OwnThread(database_path(database_url), "owners", met)
        self._key = pseudonym_key
        self._clock = clock
        self._attest_days = attest_days
        self._attested: dict[str, Attested] = {}
        self._read: float | None = None

    def standing(self, entry: str, assured: date | None, today: date | None = None) -> Standing:
        """How an entry stands on a day in Japan; None: today."""
        day = today or self._clock.now().date()
        return standing(assured, self.attested(entry), day, self._attest_days)

    def attested(self, entry: str) -> Attested:
        """What the owners of an entry said, at most a minute ago."""
        now = self._clock.seconds()
        if self._read is None or now - self._read > _FRESH:
            self._read = now  # also where it fails: the disk is not asked for every card
            if self._thread.path.exists():
                self._attested = self._thread.do(read_attested, self._attested)
        return self._attested.get(entry, UNATTESTED)

    def invite(self, entries: Sequence[str], officer: str, at: datetime, until: datetime) -> str:
        """A new code that makes its user an owner of entries; empty where it is not kept."""

        def keep(db: Database) -> str:
            with writing(db):
                code = keep_code(db, until, self._key, entries)
                for entry in entries:
                    note(db, at, self._officer(db, officer), "owner.invite", entry)
            return code

        return self._thread.do(keep, "")

    def owned(self, person: str) -> tuple[str, ...]:
        """Ids of the entries a person owns; none where there is no database yet."""
        if not self._thread.path.exists():
            return ()
        return self._thread.do(lambda db: owned(db, self._pseudonym(person)), ())

    def held(self) -> tuple[Ownership, ...]:
        """Every ownership, by entry, the oldest first."""
        return self._thread.do(_held, ()) if self._thread.path.exists() else ()

    def asked(self, ownership: Ownership, confirmed: date | None, at: datetime) -> None:
        """Note that a chat was asked; what it did not answer before still waits.

        Unless the entry was confirmed since: then a new question begins.
        """
        values = {
            "at": stamp(at),
            "confirmed": (confirmed or date.min).isoformat(),
            "entry": ownership.entry,
            "conversation": ownership.conversation,
        }

        def keep(db: Database) -> None:
            with writing(db):
                db.execute(
                    "update owners set asked = :at, waits = "
                    "case when substr(waits, 1, 10) > :confirmed then waits else :at end "
                    "where entry = :entry and conversation = :conversation",
                    values,
                )

        self._change(keep, None)

    def answer(self, person: str, entry: str, answer: Answer, at: datetime) -> bool:
        """Keep an owner's answer: nobody else's is awaited then."""
        pseudonym = self._pseudonym(person)

        def keep(db: Database) -> bool:
            with writing(db):
                if entry not in owned(db, pseudonym):
                    return False
                row = {
                    "entry": entry, "at": stamp(at), "pseudonym": pseudonym,
                    "answer": answer.value,
                }  # fmt: skip
                db.table("attestations").insert(row)
                db.execute("update owners set waits = null where entry = ?", [entry])
                note(db, at, who(pseudonym), f"owner.{answer}", entry)
            return True

        return self._change(keep, False)  # noqa: FBT003

    def end(self, entry: str, owner: str, officer: str, at: datetime) -> bool:
        """Take an entry away from an owner."""

        def forget(db: Database) -> bool:
            values = [entry, DIGITS, owner]
            with writing(db):
                ended = db.execute(
                    "delete from owners where entry = ? and substr(pseudonym, 1, ?) = ?", values
                ).rowcount
                if ended:
                    note(db, at, self._officer(db, officer), "owner.end", entry, owner=owner)
            _leave_no_trace(db)
            return bool(ended)

        return self._change(forget, False)  # noqa: FBT003

    def leave(self, person: str, at: datetime) -> bool:
        """Forget everything a person owns, and that their answers were theirs."""

        def forget(db: Database) -> bool:
            with writing(db):
                ended = end_all(db, self._pseudonym(person), at)
            _leave_no_trace(db)
            return ended

        return self._thread.path.exists() and self._change(forget, False)  # noqa: FBT003

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._thread.close()

    def _change(self, work: Callable[[Database], Value], otherwise: Value) -> Value:
        """Work that changes what was read."""
        self._read = None
        return self._thread.do(work, otherwise)

    def _pseudonym(self, person: str) -> str:
        return owner_of(person, self._key)

    def _officer(self, db: Database, person: str) -> str:
        """Staff as the audit names them: by their account, if they have one."""
        channel, _, chat = person.partition(":")
        row = db.execute(
            "select name from accounts where telegram = ? and ? = 'telegram'", [chat, channel]
        ).fetchone()
        return row[0] if row else f"chat:{short(pseudonym_of(f'staff:{person}', self._key))}"


def _held(db: Database) -> tuple[Ownership, ...]:
    rows = db.table("owners").rows_where(order_by="entry, since, pseudonym")
    return tuple(
        Ownership(
            row["entry"],
            short(row["pseudonym"]),
            row["conversation"],
            datetime.fromisoformat(row["since"]).date(),
            datetime.fromisoformat(row["asked"]).date() if row["asked"] else None,
        )
        for row in rows
    )


def _leave_no_trace(db: Database) -> None:
    """Deleted rows are overwritten in the database, but not in the write-ahead log."""
    db.execute("pragma wal_checkpoint(truncate)").fetchall()
