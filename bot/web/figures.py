"""Figures to hand out: a month is chosen, its files are made, small cells hidden."""

from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.figures_tables import handout
from bot.figures_words import Words
from bot.store.audit import note
from bot.store.counting import Period
from bot.store.database import writing
from bot.store.figures import first_day
from bot.web.desk import Call
from bot.web.downloads import KINDS, download, figures_values

YEARS: Final = range(2000, 3000)
"""Years of which figures can be asked; at the edges of the calendar no days can be counted."""


def show_figures(call: Call) -> Response:
    """The months there are, and the files of one; the last one unless another is asked for."""
    today = call.now.date()
    month = call.asked("month") or f"{today.replace(day=1):%Y-%m}"
    words = Words(call.library.replies, call.library.knowledge)
    values = figures_values(words, today, first_day(call.db), _period(month))
    return call.draw("figures.html", **values)


def give_figures(call: Call) -> Response:
    """One file; who took it, and of which month, is in the audit."""
    kind = str(call.request.path_params["kind"])
    if kind not in KINDS:
        raise HTTPException(404)
    period = _period(str(call.request.path_params["month"]))
    library = call.library
    given = handout(call.db, period, library.knowledge, library.replies, call.now)
    file = download(kind, given)
    with writing(call.db):
        note(call.db, call.now, call.who, "figures.export", f"figures/{period.name}", kind=kind)
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, headers={
        "Content-Type": file.media_type, "Content-Disposition": disposition,
    })  # fmt: skip


def _period(month: str) -> Period:
    """A month such as 2026-11; whatever else is asked for does not exist."""
    try:
        period = Period.month(month)
    except (ValueError, OverflowError):
        raise HTTPException(404) from None
    if period.since.year not in YEARS:
        raise HTTPException(404)
    return period
