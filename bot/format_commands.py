"""``tsunagari knowledge format``: the curated files in standard form."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Another folder of curated data.", exists=True, file_okay=False),
]
OnlyCheck = Annotated[
    bool, typer.Option("--check", help="Write nothing; status 1 if a file would change.")
]


def format_files(data: Data = None, *, check: OnlyCheck = False) -> None:
    """Write the curated files in standard form, and name those that change."""
    from bot.files import write
    from knowledge.load import DATA, read_text
    from knowledge.rewriting import rewritten, standard_files

    files = standard_files((data or DATA).resolve())
    texts = {path: rewritten(path, model) for path, model in files.items()}
    changed = {path: text for path, text in texts.items() if read_text(path) != text}
    for path, text in changed.items():
        typer.echo(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
        if not check:
            write(path, text)
    raise typer.Exit(1 if check and changed else 0)
