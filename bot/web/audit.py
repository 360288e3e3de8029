"""The audit: who did what, newest first."""

from typing import Final

from starlette.responses import Response

from bot.store.audit import read_audit
from bot.web.desk import Call

PAGE: Final = 100
"""Deeds on a page."""


def show_audit(call: Call) -> Response:
    """One page of deeds; of one target, if the address names it."""
    target = call.asked("target")
    deeds = list(read_audit(call.db, target, PAGE + 1, (call.page - 1) * PAGE))
    return call.draw(
        "audit.html",
        deeds=deeds[:PAGE],
        target=target,
        page=call.page,
        more=len(deeds) > PAGE,
    )
