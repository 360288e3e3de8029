"""``tsunagari log list | show | export | stats | copy | purge | rekey``: for staff."""

import contextlib
import sqlite3
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

    from bot.log_tables import LogSheets
    from bot.settings import Settings
    from bot.store.reading import Filter
    from bot.store.rows import StoredQuery
    from knowledge.replies import Replies

PIPED_WIDTH: Final = 160
"""Columns of a table that is not shown in a terminal."""
_SETTINGS_WRONG: Final = 2

app = typer.Typer(no_args_is_help=True)


class ExportFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"


Status = Annotated[str, typer.Option(help="How the status begins: unanswered, answered …")]
Since = Annotated[datetime | None, typer.Option(help="First day.", formats=["%Y-%m-%d"])]
Until = Annotated[datetime | None, typer.Option(help="Last day.", formats=["%Y-%m-%d"])]
Channel = Annotated[str | None, typer.Option(help="console, telegram or ask.")]


@app.command("list")
def list_queries(
    status: Status = "",
    since: Since = None,
    until: Until = None,
    channel: Channel = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
) -> None:
    """List queries, newest first. Texts are those of unanswered ones, redacted."""
    wanted = _filter(status, since, until, channel)
    with _reading() as desk:
        desk.sheets.queries(desk.queries(wanted, limit))


@app.command()
def show(number: Annotated[int, typer.Argument(metavar="ID", min=1, max=2**63 - 1)]) -> None:
    """Show everything that is kept of one query."""
    from bot.store.reading import read_query

    with _reading() as desk:
        if desk.db is None:
            desk.stop("log.no_database", file=str(desk.path))
        query = read_query(desk.db, number)
        if query is None:
            desk.stop("log.unknown_id", id=str(number))
        desk.sheets.query(query)


@app.command()
def export(  # noqa: PLR0913  one option each
    status: Status = "",
    since: Since = None,
    until: Until = None,
    channel: Channel = None,
    *,
    output_format: Annotated[ExportFormat, typer.Option("--format")] = ExportFormat.CSV,
    output: Annotated[
        Path | None, typer.Option(help="File to write; otherwise standard output.")
    ] = None,
) -> None:
    """Write queries, newest first, as CSV for a spreadsheet or as JSON for tools."""
    from bot.log_tables import to_csv, to_json
    from bot.store.database import cause_of

    wanted = _filter(status, since, until, channel)
    with _reading() as desk:
        queries = list(desk.queries(wanted))
        csv = output_format is ExportFormat.CSV
        content = to_csv(queries, desk.replies) if csv else to_json(queries)
        if output is None:
            typer.get_binary_stream("stdout").write(content)
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            desk.stop("log.unwritable", file=str(output), cause=cause_of(error))
        desk.say("log.exported", count=str(len(queries)), file=str(output))


@app.command()
def stats(
    status: Status = "",
    since: Since = None,
    until: Until = None,
    channel: Channel = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Count queries by group, status, day and entry; and what people told of windows."""
    from collections import Counter

    from bot.log_tables import figures_json
    from bot.store.reading import figures_of, outcomes_of

    wanted = _filter(status, since, until, channel)
    with _reading() as desk:
        figures = figures_of(desk.queries(wanted))
        outcomes = outcomes_of(desk.db, wanted) if desk.db else Counter[tuple[str, str]]()
        if as_json:
            typer.echo(figures_json(figures, outcomes))
        else:
            desk.sheets.figures(figures)
            desk.sheets.outcomes(outcomes)


@app.command()
def purge(
    older_than: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, max=36_500, help="Default: RETENTION_DAYS."),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete old queries for good, and whatever else is over by its time."""
    from bot.clock import SystemClock
    from bot.store.database import cause_of, open_database
    from bot.store.reading import count_older
    from bot.store.retention import expire

    with _reading() as desk:
        days = desk.settings.retention_days if older_than is None else older_than
        now = SystemClock().now()
        count = count_older(desk.db, now - timedelta(days=days)) if desk.db else 0
        if desk.db is None:
            desk.say("log.purge.nothing", days=str(days))
            return
        if count and not yes:
            question = desk.replies.say("log.purge.ask", days=str(days), count=str(count))
            typer.confirm(question, abort=True)
        try:
            with contextlib.closing(open_database(desk.path)) as db:
                latches = timedelta(hours=desk.settings.crisis_hours)
                count = expire(db, now, timedelta(days=days), latches)["queries"]
        except (sqlite3.Error, OSError) as error:
            desk.stop("log.unwritable", file=str(desk.path), cause=cause_of(error))
        if count:
            desk.say("log.purge.done", count=str(count))
        else:
            desk.say("log.purge.nothing", days=str(days))


@app.command()
def rekey() -> None:
    """Lay PSEUDONYM_KEY over what the keys in PSEUDONYM_KEYS_OLD made; stop serving first."""
    from bot.clock import SystemClock
    from bot.store.database import cause_of, open_database
    from bot.store.keys import is_of
    from bot.store.keys import rekey as lay_over

    with _reading() as desk:
        former, new = desk.settings.pseudonym_keys_old, desk.settings.pseudonym_key
        if former is None or new is None:
            desk.stop("log.rekey.missing")
        if desk.db is None:
            desk.stop("log.no_database", file=str(desk.path))
        old = "\n".join(former.get_secret_value().split())
        try:
            with contextlib.closing(open_database(desk.path)) as db:
                if is_of(db, desk.settings.key_chain or ""):
                    desk.say("log.rekey.already")
                    return
                if is_of(db, old) is False:
                    desk.stop("log.rekey.other")
                changed = lay_over(db, old, new.get_secret_value(), SystemClock().now())
        except (sqlite3.Error, OSError) as error:
            desk.stop("log.unwritable", file=str(desk.path), cause=cause_of(error))
        desk.say("log.rekey.done", count=str(changed.total()))


@app.command()
def copy(
    file: Annotated[Path, typer.Argument(help="Where to write it: data/look.db.")],
    *,
    replace_it: Annotated[
        bool, typer.Option("--replace", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Copy the database for looking into, without the wordings that nobody may read."""
    from bot.store.copying import SameFileError, copy_for_reading
    from bot.store.database import cause_of

    with _reading() as desk:
        if desk.db is None:
            desk.stop("log.no_database", file=str(desk.path))
        if file.exists() and not replace_it:
            desk.stop("log.copy.exists", file=str(file))
        try:
            hidden = copy_for_reading(desk.db, file)
        except SameFileError:
            desk.stop("log.copy.same", file=str(file))
        except OSError as error:
            desk.stop("log.unwritable", file=str(file), cause=cause_of(error))
        desk.say("log.copy.done", file=str(file), hidden=str(hidden))


@dataclass(frozen=True, slots=True)
class _Desk(Telling):
    """What a command works with."""

    path: Path
    """The file of the database."""
    db: "Database | None"
    """The database, for reading; None if nothing was logged yet."""
    settings: "Settings"
    """What the operator decided."""
    replies: "Replies"
    """Sentences and headings."""
    sheets: "LogSheets"
    """Writes tables."""

    def queries(self, wanted: "Filter", limit: int | None = None) -> "Iterable[StoredQuery]":
        """Queries, newest first."""
        from bot.store.reading import read_queries

        return read_queries(self.db, wanted, limit) if self.db else ()


@contextlib.contextmanager
def _reading() -> "Iterator[_Desk]":
    """The desk, with the database open; every trouble is told in one line."""
    from rich.console import Console

    from bot.log_tables import LogSheets
    from bot.settings import SettingsError, load_settings
    from bot.store.aside import is_corrupt
    from bot.store.database import cause_of, database_path, read_database
    from knowledge.replies import load_replies

    try:
        settings = load_settings()
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_SETTINGS_WRONG) from error
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    replies = load_replies()
    path = database_path(settings.database_url)
    sheets = LogSheets(console, replies)
    desk = _Desk(path, None, settings, replies, sheets)
    try:
        with contextlib.ExitStack() as stack:
            db = read_database(path)
            if db:
                stack.callback(db.close)
            yield replace(desk, db=db)
    except (sqlite3.Error, PermissionError) as error:
        if is_corrupt(error):
            desk.stop("database.corrupt", file=str(path), cause=cause_of(error))
        desk.stop("log.unreadable", file=str(path), cause=cause_of(error))


def _filter(
    status: str, since: datetime | None, until: datetime | None, channel: str | None
) -> "Filter":
    from bot.store.reading import Filter

    first, last = since and since.date(), until and until.date()
    return Filter(status=status, since=first, until=last, channel=channel)
