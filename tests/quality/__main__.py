"""``make eval``: one table of every measure, by style and role, and the worst misses.

``python -m tests.quality [FOLDER] [--misses N] [--write]``. FOLDER holds the development
questions, by default those beside the project; without them only the project's own are asked.
``--write`` notes the own questions that are answered wrongly in ``tests/answers/misses.yaml`` and
makes ``docs/quality.md`` anew.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.quality import own, report
from tests.quality.development import FOLDER, Asker, measured
from tests.quality.measure import WORST, print_misses, table


def main(
    folder: Annotated[Path, typer.Argument(help="Development questions.")] = FOLDER,
    *,
    misses: Annotated[int, typer.Option(help="Misses printed for each measure.")] = WORST,
    write: Annotated[bool, typer.Option(help="Write misses.yaml and docs/quality.md.")] = False,
) -> None:
    """Measure how good the answers are."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    asker = Asker()
    mine, wrong = own.measured(asker.app.library)
    development = measured(folder, asker)
    if not development:
        console.print(f"No development questions at {folder}: only the project's own were asked.")
    console.print(table([*development, *mine]))
    if asker.count:
        console.print(f"{asker.seconds / asker.count * 1000:.1f} ms a development question")
    print_misses(console, [*development, *mine], misses)
    if write:
        own.write_misses(wrong)
        report.write(asker.app.library, mine, development)


if __name__ == "__main__":
    typer.run(main)
