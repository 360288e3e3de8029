"""``tsunagari account add | password | role | remove | list``: who may use the console."""

import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.telling import Telling
from handlers.staff import StaffRole

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from knowledge.replies import Replies

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the account: letters, digits and . _ -")]


@app.command()
def add(
    name: Name,
    role: Annotated[StaffRole, typer.Option(help="What the account may do.")],
    telegram: Annotated[
        int | None, typer.Option(help="Id of the Telegram chat that gets one-time codes.")
    ] = None,
) -> None:
    """Make an account; its password is set by ``password``."""
    from bot.store.accounts import add_account, clean_name

    with _desk() as desk:
        kept = clean_name(name)
        if not kept:
            desk.stop("account.wrong_name")
        if not add_account(desk.db, desk.now, kept, role, telegram):
            desk.stop("account.taken", name=kept)
        desk.say("account.added" if telegram is None else "account.added_codes", name=kept)


@app.command()
def password(name: Name) -> None:
    """Set a password: typed twice without being shown, or one line of standard input."""
    from bot.passwords import LEAST, hashed
    from bot.store.accounts import read_account, set_password

    with _desk() as desk:
        kept = desk.name(name)
        if not read_account(desk.db, kept):
            desk.stop("account.unknown", name=kept)
        typed = _typed(desk)
        if len(typed) < LEAST:
            desk.stop("account.short", least=str(LEAST))
        set_password(desk.db, desk.now, kept, hashed(typed))
        desk.say("account.password_set", name=kept)


@app.command()
def role(name: Name, to: Annotated[StaffRole, typer.Argument(metavar="ROLE")]) -> None:
    """Give another role; it counts at once."""
    from bot.store.accounts import set_role

    with _desk() as desk:
        kept = desk.name(name)
        if not set_role(desk.db, desk.now, kept, to):
            desk.stop("account.unknown", name=kept)
        desk.say("account.role_set", name=kept, role=desk.replies.say(f"console.role.{to}"))


@app.command()
def remove(name: Name) -> None:
    """Remove an account, and end its sessions."""
    from bot.store.accounts import remove_account

    with _desk() as desk:
        kept = desk.name(name)
        if not remove_account(desk.db, desk.now, kept):
            desk.stop("account.unknown", name=kept)
        desk.say("account.removed", name=kept)


@app.command("list")
def list_accounts() -> None:
    """List the accounts: name, role, ways to log in."""
    from bot.store.accounts import read_accounts

    with _desk() as desk:
        accounts = read_accounts(desk.db)
        if not accounts:
            desk.say("account.none")
        for one in accounts:
            desk.say(
                "account.line",
                name=one.name,
                role=desk.replies.say(f"console.role.{one.role}"),
                password=desk.replies.say("account.yes" if one.password else "account.no"),
                telegram=str(one.telegram or desk.replies.say("account.no")),
            )


@dataclass(frozen=True, slots=True)
class _Desk(Telling):
    """What a command works with."""

    db: "Database"
    """The database."""
    replies: "Replies"
    """Sentences."""
    now: "datetime"
    """This moment."""

    def name(self, typed: str) -> str:
        """A name as it is kept."""
        from bot.store.accounts import clean_name

        return clean_name(typed) or self.stop("account.wrong_name")


@contextlib.contextmanager
def _desk() -> Iterator[_Desk]:
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.store.aside import is_corrupt
    from bot.store.database import cause_of, open_database
    from knowledge.replies import load_replies

    settings = load_settings()
    replies = load_replies(settings.data)
    try:
        with contextlib.closing(open_database(settings.database_path)) as db:
            yield _Desk(db, replies, SystemClock().now())
    except (sqlite3.Error, OSError) as error:
        values = {"file": str(settings.database_path), "cause": cause_of(error)}
        said = "database.corrupt" if is_corrupt(error) else "account.unwritable"
        typer.echo(replies.say(said, **values), err=True)
        raise typer.Exit(1) from None


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _typed(desk: _Desk) -> str:
    """The new password; never an argument, which other users of the machine could read."""
    if not _at_a_terminal():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(desk.replies.say("account.ask") + ": ")
    if getpass(desk.replies.say("account.ask_again") + ": ") != first:
        desk.stop("account.differs")
    return first
