"""Who asks for a page, with which right, and what a page is made from."""

import hmac
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import structlog
from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.settings import Settings
from bot.store.accounts import Account
from bot.store.database import cause_of, open_database
from bot.store.sessions import Session, read_session
from bot.web.attempts import Attempts
from bot.web.checked import Checked
from bot.web.codes import Codes
from bot.web.guards import comes_from_here, secure
from bot.web.pages import Pages
from bot.web.ports import LibrarySource, Publisher, SendCode
from handlers.library import Library
from handlers.ports import Clock
from handlers.staff import StaffRole

FIELDS: Final = 100
"""Fields of a form at most."""
_LARGEST_NUMBER: Final = 2**63 - 1
_SAID: Final = "console.said."
_FORM: Final = "application/x-www-form-urlencoded"

_log = structlog.get_logger()


Form: TypeAlias = ImmutableMultiDict[str, str]
"""The fields of a form; a box that is ticked several times stands there as often."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages share."""

    settings: Settings
    """What the operator decides."""
    source: LibrarySource
    """The knowledge as it is now."""
    publisher: Publisher
    """Tries, publishes and undoes edits."""
    clock: Clock
    """Time."""
    send_code: SendCode | None
    """Sends one-time codes; None: there is no log-in by code."""
    pages: Pages
    """Templates."""
    attempts: Attempts
    """Log-ins that failed."""
    codes: Codes
    """One-time codes."""
    checked: Checked
    """What the check found of drafts."""

    @property
    def cookie(self) -> str:
        """Name of the cookie of the session; browsers let only https set one that begins so."""
        return "__Host-session" if secure(self.settings) else "session"

    def opened(self) -> Database:
        """The database, for one request; the connection belongs to the calling thread."""
        return open_database(self.settings.database_path)


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody who is logged in and may do what they ask for."""

    desk: Desk
    """What all pages share."""
    request: Request
    """The request."""
    form: Form
    """The fields of its form; empty for a page that is only read."""
    db: Database
    """The database."""
    session: Session
    """Whose session it is."""
    now: datetime
    """This moment."""

    @property
    def account(self) -> Account:
        """Who asks."""
        return self.session.account

    @property
    def who(self) -> str:
        """Name of the account, for the audit."""
        return self.session.account.name

    @property
    def library(self) -> Library:
        """The knowledge as it is now."""
        return self.desk.source.current

    @property
    def number(self) -> int:
        """The number in the path."""
        number = int(self.request.path_params["number"])
        if number > _LARGEST_NUMBER:
            raise HTTPException(404)
        return number

    @property
    def page(self) -> int:
        """The page of a list that is asked for, from 1."""
        asked = self.asked("page")
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and asked[6:] == "" else 1

    def asked(self, name: str) -> str:
        """A value of the address; empty if there is none."""
        return self.request.query_params.get(name, "").strip()

    def draw(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  whatever a template shows
        """A page."""
        said = self.asked("said")
        shown: dict[str, Any] = {
            "session": self.session,
            "account": self.account,
            "broken": self.desk.source.findings,
            "path": self.request.url.path,
            "said": said if _SAID + said in self.library.replies.texts else "",
            "data": self.desk.settings.data,
        }
        return self.desk.pages.draw(template, status, **shown | values)


Do: TypeAlias = Callable[[Call], Response]
"""What a route does; it runs in a thread."""


def go(path: str, said: str = "", **query: object) -> Response:
    """To another page, where something is said: the end of a key ``console.said.…``."""
    values = urlencode({**query, **({"said": said} if said else {})})
    return RedirectResponse(f"{path}?{values}" if values else path, 303)


async def form_of(request: Request) -> Form:
    """The fields of a form that comes from a page of the console.

    Raises:
        HTTPException: it is no simple form.
    """
    if request.method != "POST":
        return ImmutableMultiDict()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise HTTPException(415)
    async with request.form(max_files=0, max_fields=FIELDS) as form:
        if len(form.multi_items()) > FIELDS:
            raise HTTPException(400)
        items = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        return ImmutableMultiDict(items)


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, compared in constant time; an empty one never is."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


class Staff:
    """Turns what a route does into an endpoint for those who may."""

    def __init__(self, desk: Desk) -> None:
        """Take what all pages share."""
        self._desk = desk

    def may(self, do: Do, role: StaffRole = StaffRole.VIEWER) -> Callable[[Request], Any]:
        """An endpoint for accounts of at least a role."""

        async def endpoint(request: Request) -> Response:
            form = await form_of(request)
            return await run_in_threadpool(self._answer, do, role, request, form)

        return endpoint

    def _answer(self, do: Do, role: StaffRole, request: Request, form: Form) -> Response:
        now = self._desk.clock.now()
        try:
            with closing(self._desk.opened()) as db:
                token = request.cookies.get(self._desk.cookie, "")
                session = read_session(db, token, now) if token else None
                if session is None:
                    return RedirectResponse("/login", 303)
                self._refuse(request, form, session, role)
                return do(Call(self._desk, request, form, db, session, now))
        except (sqlite3.Error, OSError) as error:
            _log.error("console without database", cause=cause_of(error))
            return self._desk.pages.refuse(503)

    def _refuse(self, request: Request, form: Form, session: Session, role: StaffRole) -> None:
        if request.method == "POST":
            given = request.headers.get("x-csrf-token", "") or form.get("csrf", "")
            here = comes_from_here(request.headers, self._desk.settings)
            if not here or not same(given, session.csrf):
                raise HTTPException(403)
        if not session.account.role.may(role):
            raise HTTPException(403)
