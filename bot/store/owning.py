"""How an ownership begins and ends, within a transaction of the caller's; each is in the audit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.store.audit import note
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp

DIGITS: Final = 8
"""Digits of a pseudonym that tell two owners apart; nobody is found by them."""


def owner_of(person: str, key: str) -> str:
    """The pseudonym of an owner: another one than of the person who asks questions."""
    return pseudonym_of(f"owner:{person}", key)


def short(pseudonym: str) -> str:
    """The first digits of a pseudonym."""
    return pseudonym[:DIGITS]


def who(pseudonym: str) -> str:
    """An owner as the audit names them."""
    return f"owner:{short(pseudonym)}"


def owned(db: Database, pseudonym: str) -> tuple[str, ...]:
    """Ids of the entries somebody owns, in their order."""
    rows = db.execute("select entry from owners where pseudonym = ? order by entry", [pseudonym])
    return tuple(entry for (entry,) in rows.fetchall())


def begin(
    db: Database, entries: Iterable[str], pseudonym: str, conversation: str, at: datetime
) -> None:
    """Make somebody the owner of entries."""
    for entry in entries:
        db.table("owners").insert(
            {
                "entry": entry,
                "pseudonym": pseudonym,
                "conversation": conversation,
                "since": stamp(at),
            }
        )
        note(db, at, who(pseudonym), "owner.begin", entry)


def end_all(db: Database, pseudonym: str, at: datetime) -> bool:
    """End everything somebody owns, and forget who gave their answers.

    The answers stay: on them rests that an entry is confirmed.
    """
    entries = owned(db, pseudonym)
    db.table("owners").delete_where("pseudonym = ?", [pseudonym])
    said = db.execute(
        "update attestations set pseudonym = '' where pseudonym = ?", [pseudonym]
    ).rowcount
    for entry in entries:
        note(db, at, who(pseudonym), "owner.leave", entry)
    return bool(entries or said)
