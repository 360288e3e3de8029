"""Staff of the console: names, roles, what is kept of passwords, chats for codes."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from bot.store.audit import note
from bot.store.database import writing
from bot.store.resolving import release_all_within
from bot.store.rows import stamp
from handlers.staff import StaffRole

COMMAND_LINE: Final = "command line"
"""Who did it in the audit, where an account was changed by a command; no account is called so."""
LONGEST: Final = 40
"""Characters of a name."""
_SIGNS: Final = frozenset("._-")
_NOT_PEOPLE: Final = frozenset({"system"})
"""Names that stand for the program in the audit."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may use the console."""

    name: str
    """What they log in with."""
    role: StaffRole
    """What they may do."""
    password: str | None
    """What is kept of the password; None: codes only."""
    telegram: int | None
    """Id of the chat that gets codes; None: password only."""
    since: datetime
    """When it was made."""


def clean_name(typed: str) -> str:
    """A name as it is kept: full and half width, capitals and small letters are the same.

    Empty if it can be none: letters, digits and . _ - only, at most 40.
    """
    name = unicodedata.normalize("NFKC", typed).strip().casefold()
    sound = all(sign.isalnum() or sign in _SIGNS for sign in name)
    return name if sound and len(name) <= LONGEST and name not in _NOT_PEOPLE else ""


def add_account(
    db: Database, at: datetime, name: str, role: StaffRole, telegram: int | None = None
) -> bool:
    """Make an account without a password; False if the name is taken."""
    with writing(db):
        if read_account(db, name):
            return False
        row = {"name": name, "role": role.value, "telegram": telegram, "since": stamp(at)}
        db.table("accounts").insert(row)
        detail = {"role": role.value, "codes": telegram is not None}
        note(db, at, COMMAND_LINE, "account.add", f"account/{name}", **detail)
    return True


def set_password(db: Database, at: datetime, name: str, password: str) -> bool:
    """Keep another password (hashed), and end the account's sessions; False if there is none."""
    return _change(db, at, name, "account.password", {"password": password})


def set_role(db: Database, at: datetime, name: str, role: StaffRole) -> bool:
    """Give another role, at once also to who is logged in; False if there is no such account."""
    return _change(db, at, name, "account.role", {"role": role.value})


def remove_account(db: Database, at: datetime, name: str) -> bool:
    """Remove an account, end its sessions, give its groups back; False if there is none."""
    with writing(db):
        done = db.execute("delete from accounts where name = ?", [name]).rowcount
        if done:
            db.execute("delete from sessions where account = ?", [name])
            note(db, at, COMMAND_LINE, "account.remove", f"account/{name}")
            release_all_within(db, name, COMMAND_LINE, at)
    return bool(done)


def read_account(db: Database, name: str) -> Account | None:
    """The account of that name; None if there is none."""
    return next(
        (_account(row) for row in db.table("accounts").rows_where("name = ?", [name])), None
    )


def read_accounts(db: Database) -> list[Account]:
    """Every account, by name."""
    return [_account(row) for row in db.table("accounts").rows_where(order_by="name")]


def _change(db: Database, at: datetime, name: str, what: str, values: dict[str, str]) -> bool:
    with writing(db):
        if not read_account(db, name):
            return False
        db.table("accounts").update(name, values)
        if "password" in values:
            db.execute("delete from sessions where account = ?", [name])
        detail = {key: value for key, value in values.items() if key != "password"}
        note(db, at, COMMAND_LINE, what, f"account/{name}", **detail)
    return True


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        name=row["name"],
        role=StaffRole(row["role"]),
        password=row["password"],
        telegram=row["telegram"],
        since=datetime.fromisoformat(row["since"]),
    )
