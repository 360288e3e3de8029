"""``tsunagari backup FILE`` and ``tsunagari restore FILE``: the whole database, while serving."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it: backup/2026-11-20.db.")],
) -> None:
    """Copy the whole database while it is in use; never over a file that is there.

    The copy holds what the database holds: pseudonyms, and wordings that staff may not read.
    """
    from bot.settings import load_settings
    from bot.store.backing_up import back_up

    settings = load_settings()
    with _telling("backup", settings, file):
        size = back_up(settings.database_path, file)
        _say(settings.data, "backup.done", file=str(file), size=f"{size:,}")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` made.", dir_okay=False)],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the database that is there aside.")
    ] = False,
) -> None:
    """Put a copy in the place of the database; stop serving first. Nothing is deleted."""
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.store.backing_up import restore as put_back

    settings = load_settings()
    path = settings.database_path
    with _telling("restore", settings, file):
        aside = put_back(file, path, SystemClock().now(), replace=replace)
        if aside:
            _say(settings.data, "restore.aside", file=str(aside))
        _say(settings.data, "restore.done", file=str(path))


@contextmanager
def _telling(command: str, settings: "Settings", file: Path) -> Iterator[None]:
    """Whatever stops it is one line that says what to do, and exit status 1."""
    from bot.store.backing_up import RefusedError
    from bot.store.database import cause_of
    from bot.store.faults import fault_of

    told = {"file": str(file), "database": str(settings.database_path)}
    try:
        yield
    except RefusedError as error:
        _stop(settings.data, f"backup.{error.why}", **told)
    except (sqlite3.Error, OSError) as error:
        key = f"{command}.failed.{fault_of(error)}"
        _stop(settings.data, key, **told, cause=cause_of(error))


def _say(data: Path, key: str, **values: str) -> None:
    from knowledge.replies import load_replies

    typer.echo(load_replies(data).say(key, **values))


def _stop(data: Path, key: str, **values: str) -> NoReturn:
    from knowledge.replies import load_replies

    typer.echo(load_replies(data).say(key, **values), err=True)
    raise typer.Exit(1)
