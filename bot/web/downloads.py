"""Files that leave the console: figures and reports, small cells hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.figures_markdown import to_markdown
from bot.figures_tables import Handout, to_csv, to_json
from bot.figures_word import to_docx
from bot.figures_words import Words
from bot.store.counting import Period
from handlers.staff import SMALL

figures_csv: Final[Callable[[Handout], bytes]] = to_csv
"""One line for each cell, in UTF-8 with a byte order mark."""
figures_json: Final[Callable[[Handout], bytes]] = to_json
"""One object; a hidden cell is null."""
report_markdown: Final[Callable[[Handout], bytes]] = to_markdown
"""The report, in UTF-8."""
report_docx: Final[Callable[[Handout], bytes]] = to_docx
"""The report as a Word document."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of file."""

    make: Callable[[Handout], bytes]
    """Writes it."""
    name: str
    """Key of the sentence that names it."""
    ending: str
    """Without the dot."""
    media_type: str
    """For the browser."""


_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Final[Mapping[str, _Kind]] = {
    "docx": _Kind(report_docx, "figures.file.report", "docx", _WORD),
    "markdown": _Kind(
        report_markdown, "figures.file.report", "md", "text/markdown; charset=utf-8"
    ),
    "csv": _Kind(figures_csv, "figures.file", "csv", "text/csv; charset=utf-8"),
    "json": _Kind(figures_json, "figures.file", "json", "application/json"),
}
"""The kinds of file by the name in the address."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the browser."""

    name: str
    """Its name; it may hold Japanese letters, so ``Content-Disposition`` needs ``filename*``."""
    media_type: str
    """What it is."""
    content: bytes
    """Its bytes."""


def content_of(kind: str, given: Handout) -> bytes:
    """The bytes of a kind of file; ``kind`` is a key of KINDS."""
    return KINDS[kind].make(given)


def download(kind: str, given: Handout) -> Download:
    """The file with its name; ``kind`` is a key of KINDS."""
    about = KINDS[kind]
    stem = given.words.say(about.name, period=given.figures.period.name)
    return Download(f"{stem}.{about.ending}", about.media_type, about.make(given))


def figures_values(
    words: Words, today: date, first: date | None, chosen: Period
) -> dict[str, Any]:
    """What ``figures.html`` shows: the months there are, newest first, and the files of one."""
    months = [Period.month(f"{today:%Y-%m}")]
    while first and months[-1].since > first:
        months.append(Period.month(f"{months[-1].since - timedelta(days=1):%Y-%m}"))
    return {
        "say": words.say,
        "months": [(month.name, words.period(month)) for month in months],
        "chosen": chosen.name,
        "period": words.period(chosen),
        "small": SMALL,
        "files": [(kind, words.say(f"figures.kind.{kind}")) for kind in KINDS],
    }
