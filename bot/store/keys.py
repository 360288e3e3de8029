"""The key of the pseudonyms: which one a database was written with, and a new one over it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.store.database import writing
from bot.store.privacy import settle
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import stamp

KEYED: Final[Mapping[str, tuple[str, ...]]] = {
    "queries": ("pseudonym", "person"),
    "latches": ("pseudonym",),
    "members": ("pseudonym",),
    "watches": ("pseudonym",),
    "owners": ("pseudonym",),
    "attestations": ("pseudonym",),
    "invitations": ("code",),
}
"""By table, the columns that hold what a key made.

What is sealed with it, in inbox and outbox, is not laid over: the next start drops it."""
_PROOF: Final = "key:proof"
"""No conversation is called so; what a key makes of it tells the key from others."""


def proof_of(key: str) -> str:
    """What is kept of a key, so that another one is noticed. It does not give the key."""
    return pseudonym_of(_PROOF, key)


def is_of(db: Database, key: str) -> bool | None:
    """Whether a database was written with a key; None where that was never noted."""
    row = db.execute("select proof from keys").fetchone()
    return None if row is None else bool(row[0] == proof_of(key))


def note_key(db: Database, key: str, now: datetime) -> None:
    """Note which key a database is written with from now on."""
    with writing(db):
        _note(db, key, now)


def rekey(db: Database, old: str, new: str, now: datetime) -> Counter[str]:
    """Lay a new key over what the old ones made; give how many rows of each table.

    Nothing is lost: a member stays one. Afterwards the chain ``old``, ``new`` is the key, and
    nothing that the old ones made is left in the file.

    Raises:
        sqlite3.Error: the database cannot be written; nothing was changed.
    """
    changed = Counter[str]()
    db.conn.create_function(
        "laid_over", 1, lambda made: pseudonym_of(made, new), deterministic=True
    )
    with writing(db):
        for table, columns in KEYED.items():
            for column in columns:
                sql = f"update {table} set {column} = laid_over({column}) where {column} != ''"  # noqa: S608
                changed[table] = db.execute(sql).rowcount
        _note(db, f"{old}\n{new}", now)
    db.execute("pragma temp_store = memory")
    db.execute("vacuum")
    settle(db)
    return changed


def _note(db: Database, key: str, now: datetime) -> None:
    db.execute("delete from keys")
    db.table("keys").insert({"proof": proof_of(key), "since": stamp(now)})
