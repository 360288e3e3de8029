"""``tsunagari knowledge check | stats | show | format | …``: for those who keep it."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bot.due_commands import due_entries
from bot.format_commands import format_files
from bot.import_commands import import_faq

if TYPE_CHECKING:
    from datetime import date

    from bot.knowledge_tables import Sheets
    from knowledge.drafts import Draft
    from knowledge.editions import Change
    from knowledge.entries import Entry
    from knowledge.findings import Finding

NEAREST: Final = 5
"""Ids that are offered for one that does not exist."""

PIPED_WIDTH: Final = 120
"""Columns of a table that is not shown in a terminal."""

app = typer.Typer(no_args_is_help=True)
app.command("import")(import_faq)
app.command("format")(format_files)
app.command("due")(due_entries)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Another folder of curated data.", exists=True, file_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.command()
def check(data: Data = None, *, as_json: AsJson = False) -> None:
    """Check the curated data: every finding with file, line and remedy; status 1 on an error."""
    from knowledge.check import summary
    from knowledge.findings import Severity, sentences

    findings = [finding.seen_from(Path.cwd()) for finding in _findings(_folder(data))]
    counts = {severity.value: count for severity, count in summary(findings).items()}
    if as_json:
        _print_json({"findings": [_plain(finding) for finding in findings], **counts})
    else:
        for finding in findings:
            typer.echo(finding.message)
        typer.echo(sentences()["summary"]["found" if findings else "none"].format_map(counts))
    raise typer.Exit(1 if counts[Severity.ERROR] else 0)


@app.command()
def stats(data: Data = None, *, as_json: AsJson = False) -> None:
    """Count entries by kind, windows by prefecture, topic and age."""
    from knowledge.census import by_area, census
    from knowledge.drafts import load_drafts
    from knowledge.load import load

    folder = _folder(data)
    knowledge = load(folder)
    counted = census(
        knowledge, by_area(knowledge, folder), _today(), drafts=len(list(load_drafts(folder)))
    )
    if as_json:
        both = {t: {"national": n, "local": m} for t, (n, m) in counted.topics.items()}
        _print_json(
            {
                "kinds": counted.kinds,
                "unpublished": counted.unpublished,
                "drafts": counted.drafts,
                "areas": counted.areas,
                "topics": both,
                "ages": counted.ages,
            }
        )
    else:
        _sheets(folder).census(counted)


@app.command()
def show(
    entry_id: Annotated[
        str, typer.Argument(metavar="ID", help="guideline/2-2, window/110, draft/faq/1 …")
    ],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show an entry or a draft with its file and line, published or not."""
    folder = _folder(data)
    entries, places = _everything(folder, drafts=entry_id.startswith("draft/"))
    if entry_id not in entries:
        nearest = _nearest(entry_id, list(entries))
        if as_json:
            _print_json({"error": "unknown id", "id": entry_id, "nearest": nearest})
        else:
            _sheets(folder).unknown_id(entry_id, nearest)
        raise typer.Exit(1)
    path, line = places[entry_id]
    place = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    fields = entries[entry_id].model_dump(mode="json", by_alias=True)
    asks = fields.pop("asks")  # many: after the facts, before which nobody wants to scroll
    if as_json:
        _print_json({"file": str(place), "line": line, **fields, "asks": asks})
    else:
        _sheets(folder).entry(f"{place}:{line}", {**fields, "asks": asks})


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Edition: R6.")],
    new: Annotated[str, typer.Argument(help="Edition: R7.")],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare two editions of the guideline, clause by clause."""
    from knowledge.editions import compare
    from knowledge.load import load

    editions = {edition.edition: edition for edition in load(_folder(data)).editions}
    unknown = [name for name in (old, new) if name not in editions]
    if unknown:
        typer.echo(f"no edition {unknown[0]}; there are: {', '.join(editions)}", err=True)
        raise typer.Exit(1)
    changes = compare(editions[old], editions[new])
    if as_json:
        _print_json({"old": old, "new": new, "changes": [_change(c) for c in changes]})
    else:
        _sheets(_folder(data)).changes(changes)


@app.command()
def document(
    file: Annotated[Path, typer.Argument(help="Where to write it: guideline.docx or .md.")],
    data: Data = None,
) -> None:
    """Write the whole guideline as a Word or Markdown file, with its source."""
    from bot.documents import EXTENSIONS, make
    from knowledge.load import load
    from knowledge.replies import load_replies

    kinds = {f".{extension}": kind for kind, extension in EXTENSIONS.items()}
    if file.suffix not in kinds:
        typer.echo(f"{file.name}: not one of {', '.join(kinds)}", err=True)
        raise typer.Exit(2)
    folder = _folder(data)
    _, content = make(kinds[file.suffix], load(folder).guideline, load_replies(folder))
    file.write_bytes(content)


def _change(change: "Change") -> dict[str, Any]:
    old, new = change.old, change.new
    return {
        "id": change.id,
        "kind": change.kind.value,
        "place": change.clause.place,
        "old": old.text if old else None,
        "new": new.text if new else None,
        "pieces": [{"mark": piece.mark.value, "text": piece.text} for piece in change.pieces],
    }


@app.command()
def missing(data: Data = None, *, as_json: AsJson = False) -> None:
    """Report what is missing: unconfirmed windows, topics without one, old pages, hours."""
    from knowledge.census import by_area
    from knowledge.gaps import MissingFile, gaps
    from knowledge.load import load, read_yaml, shape

    folder = _folder(data)
    unconfirmed = shape(read_yaml(folder / "missing.yaml"), MissingFile).windows
    knowledge = load(folder)
    found = gaps(by_area(knowledge, folder), _today())
    if as_json:
        _print_json(
            {
                "unconfirmed": [window.model_dump(mode="json") for window in unconfirmed],
                "without": found.without,
                "old": {window.id: seen or None for window, seen in found.old},
                "hours_unknown": [window.id for window in found.hours_unknown],
            }
        )
    else:
        _sheets(folder).gaps(unconfirmed, found, knowledge.areas)


def _everything(
    data: Path, *, drafts: bool
) -> "tuple[dict[str, Entry | Draft], dict[str, tuple[Path, int]]]":
    """Every record by id, published or not, and where it stands; drafts only where wanted."""
    from knowledge.drafts import load_drafts
    from knowledge.load import load

    knowledge = load(data)
    entries = {entry.id: entry for entry in (*knowledge.entries.values(), *knowledge.unpublished)}
    placed = list(load_drafts(data)) if drafts else []
    return (
        {**entries, **{one.draft.id: one.draft for one in placed}},
        {**knowledge.places, **{one.draft.id: (one.path, one.line) for one in placed}},
    )


@app.command()
def prepare(data: Data = None) -> None:
    """Make the indexes and keep them, so that every start from now on is quick."""
    from bot.settings import load_settings
    from bot.shelf import FolderShelf
    from handlers.library import open_library

    open_library(_folder(data), FolderShelf(load_settings().cache_folder))


@app.command()
def train(data: Data = None) -> None:
    """Train the model of danger on ``crisis_sentences.yaml``; takes some seconds."""
    from knowledge.danger.training import train as train_on

    folder = _folder(data)
    made = train_on(folder)
    made.save(folder)
    typer.echo(f"{made.sentences:,} sentences, {len(made.vocabulary):,} grams")


def _findings(data: Path) -> "list[Finding]":
    """What the check finds, and what only the reader of ``crisis.yaml`` can find."""
    from handlers.crisis import CrisisWatch
    from knowledge.check import check as find
    from knowledge.findings import KnowledgeError

    findings = find(data, today=_today(), answers=data.parent.parent / "tests" / "answers")
    try:
        CrisisWatch.load(data / "crisis.yaml")
    except KnowledgeError as error:
        findings += [finding for finding in error.findings if finding not in findings]
    return sorted(findings, key=lambda finding: (finding.path, finding.line))


def _plain(finding: "Finding") -> dict[str, str | int]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "file": str(finding.path),
        "line": finding.line,
        "entry": finding.entry,
        "what": finding.what,
        "remedy": finding.remedy,
    }


def _nearest(entry_id: str, ids: list[str]) -> list[str]:
    from rapidfuzz import process

    return [name for name, _, _ in process.extract(entry_id, ids, limit=NEAREST)]


def _folder(data: Path | None) -> Path:
    from knowledge.load import DATA

    return (data or DATA).resolve()


def _today() -> "date":
    from datetime import datetime

    from knowledge.hours import TOKYO

    return datetime.now(TOKYO).date()


def _sheets(data: Path) -> "Sheets":
    from rich.console import Console

    from bot.knowledge_tables import Sheets
    from knowledge.replies import load_replies

    # A file or a pipe has no width of its own.
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Sheets(Console(highlight=False, markup=False, width=width), load_replies(data))


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
