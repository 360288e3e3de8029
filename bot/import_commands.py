"""``tsunagari knowledge import FILE.csv``: a municipality's FAQ becomes drafts for officers."""

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.import_tables import ImportSheets
    from knowledge.alike import Watch
    from knowledge.drafting import Import, Step
    from knowledge.drafts import DraftFile
    from knowledge.faq import Faq

NOTHING: Final = 1
"""Exit status when no row was sound, or the drafts could not be written."""
WRONG: Final = 2
"""Exit status when the file to write is there already."""
PIPED_WIDTH: Final = 120
"""Columns of a table that is not shown in a terminal."""


def import_faq(  # noqa: PLR0913 - an option is an argument
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="A FAQ: id, question, answer, category.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="File to write; else knowledge/data/drafts/<name>.yaml.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Another folder of curated data.", exists=True, file_okay=False
        ),
    ] = None,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over the drafts of an earlier import.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report only; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Turn a municipality's FAQ into drafts, which nobody is shown; report what is odd in it."""
    # One question at a time gains nothing from threads, and on a busy machine loses tenfold.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.import_tables import Report
    from knowledge.drafts import FOLDER
    from knowledge.faq import read_faq
    from knowledge.load import DATA

    folder = (data or DATA).resolve()
    target = out or folder / FOLDER / f"{file.stem}.yaml"
    sheets = _sheets(folder)
    if not dry_run:
        _refuse(target, sheets, replace=replace)
    faq = read_faq(file)
    report = Report(file, faq, _made(file, faq, folder, sheets))
    ready = bool(faq.questions) and not dry_run
    if ready:
        _write(target, report.made.file, sheets, inside=folder)
    if as_json:
        told = {**report.plain(), "out": str(target), "written": ready}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        sheets.report(report)
        end = "written" if ready else "dry_run"
        sheets.tell(end if faq.questions else "none", out=str(target))
    raise typer.Exit(0 if faq.questions else NOTHING)


def _refuse(target: Path, sheets: "ImportSheets", *, replace: bool) -> None:
    """Only drafts are ever written over, and only where that was asked for."""
    from knowledge.drafts import DraftFile
    from knowledge.findings import KnowledgeError
    from knowledge.load import read_yaml, shape

    if not target.exists():
        return
    if not replace:
        _stop(sheets, "exists", WRONG, out=str(target))
    try:
        shape(read_yaml(target), DraftFile)
    except KnowledgeError:
        _stop(sheets, "not_drafts", WRONG, out=str(target))


def _made(file: Path, faq: "Faq", folder: Path, sheets: "ImportSheets") -> "Import":
    from bot.clock import SystemClock
    from bot.settings import load_settings
    from bot.shelf import FolderShelf
    from handlers.library import open_library
    from knowledge.drafting import make_drafts

    shelf = FolderShelf(load_settings().cache_folder)
    index = open_library(folder, shelf).index
    return make_drafts(file, faq, SystemClock().now().date(), index, _Bars(sheets))


def _write(target: Path, drafts: "DraftFile", sheets: "ImportSheets", inside: Path) -> None:
    """Under another name first, so that an interruption leaves no half file."""
    from bot.store.database import cause_of
    from knowledge.reading import LARGEST_FILE
    from knowledge.write import dump

    text = dump(drafts, sheets.say("heading"))
    if len(text.encode()) > LARGEST_FILE:  # it could not be read again
        _stop(sheets, "too_large", NOTHING, limit=str(LARGEST_FILE // 1_000_000))
    beside = target.with_name(f".{target.name}.part")
    try:
        if target.parent.parent == inside:  # the folder of drafts, before the first import
            target.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        _stop(sheets, "unwritable", NOTHING, out=str(target), cause=cause_of(error))


def _stop(sheets: "ImportSheets", key: str, status: int, **values: str) -> NoReturn:
    typer.echo(sheets.say(key, **values), err=True)
    raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class _Bars:
    """A bar for each step on a terminal, none in a pipe."""

    sheets: "ImportSheets"
    """Names of the steps."""

    def watch(self, step: "Step") -> "Watch":
        """Go through the sequence of a step."""
        from rich.console import Console
        from rich.progress import track

        def go(items: "Sequence[Any]") -> "Iterable[Any]":
            return track(
                items,
                self.sheets.say(f"step.{step}"),
                console=Console(stderr=True),
                transient=True,
                disable=not (sys.stdout.isatty() and sys.stderr.isatty()),
            )

        return go


def _sheets(data: Path) -> "ImportSheets":
    from rich.console import Console

    from bot.import_tables import ImportSheets
    from knowledge.replies import load_replies

    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return ImportSheets(Console(highlight=False, markup=False, width=width), load_replies(data))
