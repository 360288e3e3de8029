"""``tsunagari knowledge due``: what should be confirmed, the most overdue first."""

import json
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.owners import Due
    from knowledge.load import Knowledge

PIPED_WIDTH: Final = 160
"""Columns of the table where it is not shown in a terminal."""

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Another folder of curated data.", exists=True, file_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def due_entries(data: Data = None, *, as_json: AsJson = False) -> None:
    """List what should be confirmed: by age, unanswered, or because an owner said so."""
    from bot.settings import load_settings
    from knowledge.load import load

    settings = load_settings()
    folder = (data or settings.data).resolve()
    found = _due(settings, load(folder))
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        _show(folder, found)


def _due(settings: "Settings", knowledge: "Knowledge") -> "list[Due]":
    from bot.clock import SystemClock
    from bot.store.aside import is_corrupt
    from bot.store.database import cause_of, read_database
    from bot.store.owners import due
    from knowledge.replies import load_replies

    today = SystemClock().now().date()
    path = settings.database_path
    try:
        db = read_database(path)
        try:
            return due(db, knowledge, today, settings.attest_days)
        finally:
            if db:
                db.close()
    except sqlite3.Error as error:
        if is_corrupt(error):
            values = {"file": str(path), "cause": cause_of(error)}
            typer.echo(load_replies(settings.data).say("database.corrupt", **values), err=True)
            raise typer.Exit(1) from None
        typer.echo(f"{path.name}: {cause_of(error)}", err=True)
        raise typer.Exit(1) from None


def _plain(found: "list[Due]") -> dict[str, Any]:
    from bot.store.owners import counts

    rows = [
        {
            "id": one.entry,
            "title": one.title,
            "area": one.area,
            "confirmed": one.confirmed and one.confirmed.isoformat(),
            "asked": one.asked and one.asked.isoformat(),
            "overdue": one.overdue,
            "since": one.since and one.since.isoformat(),
            "answer": one.answer,
            "owners": one.owners,
        }
        for one in found
    ]
    return {"counts": counts(found), "entries": rows}


def _show(data: Path, found: "list[Due]") -> None:
    from rich.console import Console

    from bot.knowledge_tables import Sheets
    from bot.store.owners import counts
    from knowledge.replies import load_replies

    # A file or a pipe has no width of its own.
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    sheets = Sheets(Console(highlight=False, markup=False, width=width), load_replies(data))
    sheets.due(found, counts(found))
