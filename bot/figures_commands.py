"""``tsunagari figures``: counts over a period, as they may leave."""

import contextlib
import sqlite3
import sys
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

if TYPE_CHECKING:
    from bot.figures_tables import Handout
    from bot.settings import Settings
    from bot.store.counting import Period
    from knowledge.replies import Replies

_WRONG: Final = 2


class FiguresFormat(StrEnum):
    """What figures are written as."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    DOCX = "docx"


class FiguresLanguage(StrEnum):
    """The language they are written in."""

    JA = "ja"
    EN = "en"


def figures(  # noqa: PLR0913  one option each
    month: Annotated[
        str | None, typer.Option(metavar="2026-11", help="A whole month; default: the last one.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(help="First day.", formats=["%Y-%m-%d"])
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="Last day.", formats=["%Y-%m-%d"])] = None,
    *,
    output_format: Annotated[FiguresFormat, typer.Option("--format")] = FiguresFormat.CSV,
    output: Annotated[
        Path | None, typer.Option(help="File to write; otherwise standard output.")
    ] = None,
    language: Annotated[FiguresLanguage, typer.Option()] = FiguresLanguage.JA,
) -> None:
    """Count a period: CSV or JSON, or a monthly report. Small cells are hidden."""
    from bot.clock import SystemClock
    from bot.settings import SettingsError, load_settings
    from knowledge.replies import load_replies

    now = SystemClock().now()
    period = _period(now.date(), month, since and since.date(), until and until.date())
    if output is None and output_format is FiguresFormat.DOCX and sys.stdout.isatty():
        _wrong("a Word file is not for the terminal: give --output FILE")
    try:
        settings = load_settings()
    except SettingsError as error:
        _wrong(str(error))
    replies = load_replies()
    given = _read(settings, period, now, replies, language)
    _write(given, output_format, output, replies)


def _period(today: date, month: str | None, since: date | None, until: date | None) -> "Period":
    from bot.store.counting import Period

    if month and (since or until):
        _wrong("give either --month or --since and --until")
    if until and not since:
        _wrong("--until needs --since")
    if since:
        if since > (until or today):
            _wrong("--since lies after --until")
        return Period(since, until or today)
    try:
        return Period.month(month or f"{today.replace(day=1) - timedelta(days=1):%Y-%m}")
    except ValueError:
        _wrong(f"--month: {month!r} is no month such as 2026-11")


def _wrong(message: str) -> NoReturn:
    typer.echo(f"tsunagari figures: {message}", err=True)
    raise typer.Exit(_WRONG)


def _read(
    settings: "Settings", period: "Period", now: datetime, replies: "Replies", language: str
) -> "Handout":
    from bot.figures_tables import handout
    from bot.store.aside import is_corrupt
    from bot.store.database import cause_of, database_path, read_database
    from knowledge.load import load

    path = database_path(settings.database_url)
    try:
        db = read_database(path)
        if db is None:
            _stop(replies, "figures.no_database", language, file=str(path))
        with contextlib.closing(db):
            return handout(db, period, load(settings.data), replies, now, language)
    except (sqlite3.Error, PermissionError) as error:
        if is_corrupt(error):
            values = {"file": str(path), "cause": cause_of(error)}
            _stop(replies, "database.corrupt", language, **values)
        _stop(replies, "figures.unreadable", language, file=str(path), cause=cause_of(error))


def _write(
    given: "Handout", wanted: FiguresFormat, output: Path | None, replies: "Replies"
) -> None:
    from bot.store.database import cause_of
    from bot.web.downloads import content_of

    content, language = content_of(wanted.value, given), given.words.language
    if output is None:
        typer.get_binary_stream("stdout").write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        _stop(replies, "figures.unwritable", language, file=str(output), cause=cause_of(error))
    typer.echo(replies.say("figures.written", language, file=str(output)))


def _stop(replies: "Replies", key: str, language: str, **values: str) -> NoReturn:
    typer.echo(replies.say(key, language, **values), err=True)
    raise typer.Exit(1)
