"""Log in by a password or a one-time code, and log out. Says the same whoever exists."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Final

import structlog
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.passwords import fits
from bot.store.accounts import Account, clean_name, read_account
from bot.store.database import cause_of
from bot.store.sessions import begin_session, end_session
from bot.web.attempts import MOST, MOST_ADDRESS, MOST_NAME
from bot.web.codes import MINUTES
from bot.web.desk import Call, Desk, form_of, go, same
from bot.web.guards import comes_from_here, secure

PASSWORD: Final = "password"  # noqa: S105  a way to log in
CODE: Final = "code"
SLOWLY: Final = 3.0
"""Seconds that a password waits whose name is being tried from everywhere."""
_log = structlog.get_logger()


class LogIn:
    """The pages of those who are not logged in."""

    def __init__(self, desk: Desk) -> None:
        """Take what all pages share."""
        self._desk = desk
        self._cookie = "__Host-before" if secure(desk.settings) else "before"

    async def show(self, request: Request) -> Response:
        """The form: name and password, and where there are codes, a button to get one."""
        return self._page(request)

    async def password(self, request: Request) -> Response:
        """Log in by name and password."""
        return await self._try(request, PASSWORD, _by_password)

    async def code(self, request: Request) -> Response:
        """Log in by name and code."""
        if not self._desk.send_code:
            raise HTTPException(404)
        return await self._try(request, CODE, self._by_code)

    async def send(self, request: Request) -> Response:
        """Send a code, if there is such an account with a chat; afterwards, so nobody can tell."""
        if not self._desk.send_code:
            raise HTTPException(404)
        form = await self._form(request)
        name = clean_name(form.get("name", ""))
        if not self._desk.attempts.take(_keys("sent", name, request) | _everywhere(CODE, name)):
            return self._page(request, "console.login.wait", 429)
        answer = self._page(request, "console.login.sent", step=CODE, name=form.get("name", ""))
        answer.background = BackgroundTask(self._send, name)
        return answer

    async def _send(self, name: str) -> None:
        account = await run_in_threadpool(self._account, name)
        if account and account.telegram is not None and self._desk.send_code:
            code = self._desk.codes.issue(name)
            say = self._desk.pages.say
            sentence = say("console.login.code_message", code=code, minutes=MINUTES)
            await self._desk.send_code(account.telegram, sentence)

    def _by_code(self, account: Account | None, form: Mapping[str, str]) -> bool:
        name = account.name if account else ""
        return self._desk.codes.redeem(name, form.get("code", "").strip())

    async def _try(
        self,
        request: Request,
        how: str,
        proves: Callable[[Account | None, Mapping[str, str]], bool],
    ) -> Response:
        form = await self._form(request)
        name = clean_name(form.get("name", ""))
        keys, everywhere = _keys(how, name, request), _everywhere(how, name)
        if not self._desk.attempts.take(keys) or not await self._slowly(how, everywhere):
            _log.warning("log-in held up")
            return self._page(request, "console.login.wait", 429)
        account = await run_in_threadpool(self._account, name)
        if not await run_in_threadpool(proves, account, form) or account is None:
            _log.warning("log-in refused")
            refused = f"console.login.refused_{how}"
            return self._page(request, refused, 401, step=how, name=form.get("name", ""))
        self._desk.attempts.forgive((*keys, *everywhere))
        self._desk.attempts.forget(next(iter(keys)))
        old = request.cookies.get(self._desk.cookie, "")
        token = await run_in_threadpool(self._begin, account.name, how, old)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(self._cookie, secure=secure(self._desk.settings))
        self._set(answer, self._desk.cookie, token)
        return answer

    async def _slowly(self, how: str, everywhere: Mapping[str, int]) -> bool:
        """Whether to go on where a name is tried from everywhere: passwords slowly, codes never.

        A password of twelve characters is not guessed at that pace, a code of eight digits may be.
        """
        if self._desk.attempts.take(everywhere):
            return True
        if how == PASSWORD:
            await asyncio.sleep(SLOWLY)
        return how == PASSWORD

    def _account(self, name: str) -> Account | None:
        try:
            with closing(self._desk.opened()) as db:
                return read_account(db, name) if name else None
        except (sqlite3.Error, OSError) as error:
            _log.error("console without database", cause=cause_of(error))
            raise HTTPException(503) from None

    def _begin(self, name: str, how: str, old: str) -> str:
        """A new session; one that the browser still had ends."""
        now = self._desk.clock.now()
        try:
            with closing(self._desk.opened()) as db:
                if old:
                    end_session(db, old, now)
                return begin_session(db, name, now, how)
        except (sqlite3.Error, OSError) as error:
            _log.error("console without database", cause=cause_of(error))
            raise HTTPException(503) from None

    async def _form(self, request: Request) -> Mapping[str, str]:
        """The form, if it is one of ours: the same secret stands in it and in the cookie."""
        form = await form_of(request)
        kept = request.cookies.get(self._cookie, "")
        if not comes_from_here(request.headers, self._desk.settings):
            raise HTTPException(403)
        if not same(form.get("csrf", ""), kept):
            raise HTTPException(403)
        return form

    def _page(
        self,
        request: Request,
        told: str = "",
        status: int = 200,
        *,
        step: str = PASSWORD,
        name: str = "",
    ) -> Response:
        csrf = request.cookies.get(self._cookie, "") or secrets.token_urlsafe(32)
        answer = self._desk.pages.draw(
            "login.html",
            status,
            csrf=csrf,
            told=told,
            step=step,
            name=name,
            codes=self._desk.send_code is not None,
            said="",
            session=None,
        )
        self._set(answer, self._cookie, csrf)
        return answer

    def _set(self, answer: Response, name: str, value: str) -> None:
        safe = secure(self._desk.settings)
        answer.set_cookie(name, value, path="/", secure=safe, httponly=True, samesite="strict")


def _by_password(account: Account | None, form: Mapping[str, str]) -> bool:
    return fits(account.password if account else None, form.get("password", ""))


def log_out(call: Call) -> Response:
    """End the session, in the database and in the browser."""
    end_session(call.db, call.request.cookies.get(call.desk.cookie, ""), call.now)
    answer = go("/login")
    answer.delete_cookie(call.desk.cookie, secure=secure(call.desk.settings))
    return answer


def _keys(how: str, name: str, request: Request) -> dict[str, int]:
    """How many attempts are allowed from an address: first of the name, then of any."""
    address = _address(request)
    return {f"{how}:{name}@{address}": MOST, f"{how}@{address}": MOST_ADDRESS}


def _everywhere(how: str, name: str) -> dict[str, int]:
    return {f"{how}:{name}": MOST_NAME}


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
