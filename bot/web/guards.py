"""What every request goes through: its host, its size, where it comes from; and every answer."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings

LARGEST: Final = 1024 * 1024
"""Bytes of a request."""
_STATIC: Final = "/static/"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR: Final = 365 * 24 * 3600


def secure(settings: Settings) -> bool:
    """Whether staff reach the console by https."""
    return settings.console_url.startswith("https://")


def headers(settings: Settings, path: str) -> dict[str, str]:
    """The headers of an answer."""
    kept = "public, max-age=3600" if path.startswith(_STATIC) else "no-store"
    strict = {"Strict-Transport-Security": f"max-age={_YEAR}"} if secure(settings) else {}
    return {**_HEADERS, "Cache-Control": kept, **strict}


def hosts(settings: Settings) -> frozenset[str]:
    """The hosts under which the console is reached: its address, and where it listens."""
    listens = f"{settings.console_listen}:{settings.console_port}"
    return frozenset({urlsplit(settings.console_url).netloc.lower(), listens.lower()})


def comes_from_here(given: Headers, settings: Settings) -> bool:
    """Whether a request that changes something comes from a page of the console.

    Browsers say so in ``Sec-Fetch-Site`` where the connection is safe. ``Origin`` is "null" under
    ``Referrer-Policy: no-referrer``, so it only counts where it names something. Where a browser
    says nothing at all, which it may on plain http only, the token of the session decides alone.
    """
    origin, site = given.get("origin", "null"), given.get("sec-fetch-site")
    if origin != "null" and origin.lower() not in _origins(settings):
        return False
    if site is None:
        return origin != "null" or not secure(settings)
    return site == "same-origin"


def _origins(settings: Settings) -> frozenset[str]:
    parts = urlsplit(settings.console_url)
    listens = f"http://{settings.console_listen}:{settings.console_port}"
    return frozenset({f"{parts.scheme}://{parts.netloc}".lower(), listens.lower()})


class Guard:
    """Refuses what has another host or is too large, and gives every answer its headers."""

    def __init__(
        self, app: ASGIApp, settings: Settings, refuse: Callable[[int], Response]
    ) -> None:
        """Stand before an application; ``refuse`` draws the page of an HTTP status."""
        self._app, self._settings, self._refuse = app, settings, refuse
        self._hosts = hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = headers(self._settings, scope["path"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(added)
            await send(message)

        given = Headers(scope=scope)
        if given.get("host", "").lower() not in self._hosts:
            await self._refuse(400)(scope, receive, answer)
            return
        body = await _body(given, receive)
        if body is None:
            refusal = self._refuse(413)
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, answer)
            return
        await self._app(scope, _again(body, receive), answer)


async def _body(given: Headers, receive: Receive) -> bytes | None:
    """The whole body; None if it is too large, of which no more is read than need be."""
    told = given.get("content-length", "0")
    if not told.isdecimal() or int(told[:20]) > LARGEST:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then what comes after it."""
    waiting = [body]

    async def once() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return once
