"""The one place where the console is joined: every route with the right it needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.operation.local import alive
from bot.settings import Settings
from bot.web import audit, checks, edit, edits, entries, figures, group, groups, overview
from bot.web.attempts import Attempts
from bot.web.checked import Checked
from bot.web.codes import Codes
from bot.web.desk import Desk, Do, Staff
from bot.web.guards import Guard, headers
from bot.web.login import LogIn, log_out
from bot.web.pages import STATIC, Pages
from bot.web.ports import LibrarySource, Publisher, SendCode
from handlers.ports import Clock
from handlers.staff import StaffRole

REFRESH: Final = 2.0
"""Seconds between two looks at the data folder."""


class _Short(IntegerConvertor):
    """A number of a row; one of thousands of digits is none, and would not be read at all."""

    regex = "[0-9]{1,19}"


register_url_convertor("short", _Short())

READ: Final[dict[str, Do]] = {
    "/": overview.show_overview,
    "/groups": groups.show_groups,
    "/groups/{number:short}": group.show_group,
    "/entries": entries.show_entries,
    "/entries/{kind}/{slug}": entries.show_entry,
    "/edits": edits.show_edits,
    "/edits/{number:short}": edits.show_edit,
    "/checks": checks.show_checks,
    "/figures": figures.show_figures,
    "/figures/{month}/{kind}": figures.give_figures,
    "/audit": audit.show_audit,
}
"""Pages every account may read."""
WRITE: Final[dict[str, tuple[Do, StaffRole]]] = {
    "/logout": (log_out, StaffRole.VIEWER),
    "/groups/{number:short}/claim": (group.claim_group, StaffRole.EDITOR),
    "/groups/{number:short}/release": (group.release_group, StaffRole.EDITOR),
    "/groups/{number:short}/resolve": (group.resolve_group, StaffRole.EDITOR),
    "/groups/{number:short}/reopen": (group.reopen_group, StaffRole.EDITOR),
    "/groups/{number:short}/cover": (group.cover_group, StaffRole.EDITOR),
    "/groups/{number:short}/mend": (group.mend_window, StaffRole.EDITOR),
    "/groups/{number:short}/new": (group.new_entry, StaffRole.EDITOR),
    "/entries/new": (entries.add_window, StaffRole.EDITOR),
    "/entries/{kind}/{slug}/edit": (entries.edit_entry, StaffRole.EDITOR),
    "/edits/{number:short}/save": (edit.save_edit, StaffRole.EDITOR),
    "/edits/{number:short}/discard": (edit.discard_edit, StaffRole.EDITOR),
    "/edits/{number:short}/base": (edit.rebase_edit, StaffRole.EDITOR),
    "/edits/{number:short}/replay": (edit.replay_edit, StaffRole.EDITOR),
    "/edits/{number:short}/sign": (edit.sign_edit, StaffRole.PUBLISHER),
    "/edits/{number:short}/undo": (edit.undo_edit, StaffRole.PUBLISHER),
}
"""Forms, and who may send them."""


def build_console(
    settings: Settings,
    library_source: LibrarySource,
    publisher: Publisher,
    clock: Clock,
    send_code: SendCode | None = None,
) -> Starlette:
    """Join the console; ``send_code`` None means log-in by password only."""
    pages = Pages(lambda: library_source.current.replies)
    desk = Desk(
        settings=settings,
        source=library_source,
        publisher=publisher,
        clock=clock,
        send_code=send_code,
        pages=pages,
        attempts=Attempts(clock),
        codes=Codes(clock),
        checked=Checked(publisher),
    )
    app = Starlette(
        routes=_routes(desk),
        middleware=[Middleware(Guard, settings=settings, refuse=pages.refuse)],
        exception_handlers=_errors(pages, settings),
        lifespan=_watching(library_source),
    )
    app.state.attempts = desk.attempts
    return app


def _routes(desk: Desk) -> list[Route | Mount]:
    staff, login = Staff(desk), LogIn(desk)
    return [
        Route("/healthz", alive, methods=["GET"]),  # the one page that tells nothing
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/login", login.show, methods=["GET"]),
        Route("/login", login.password, methods=["POST"]),
        Route("/login/send", login.send, methods=["POST"]),
        Route("/login/code", login.code, methods=["POST"]),
        *(Route(path, staff.may(do), methods=["GET"]) for path, do in READ.items()),
        *(Route(path, staff.may(*deed), methods=["POST"]) for path, deed in WRITE.items()),
    ]


def _errors(
    pages: Pages, settings: Settings
) -> dict[Any, Callable[[Request, Any], Awaitable[Response]]]:
    async def refused(_request: Request, error: HTTPException) -> Response:
        return pages.refuse(error.status_code)

    async def broken(request: Request, _error: Exception) -> Response:
        answer = pages.refuse(500)
        answer.headers.update(headers(settings, request.url.path))
        return answer

    return {HTTPException: refused, Exception: broken}


def _watching(source: LibrarySource) -> Callable[[Starlette], Any]:
    """While the console runs, it looks at the data folder every few seconds."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(REFRESH)
            await run_in_threadpool(source.refresh)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(watch())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return lifespan
