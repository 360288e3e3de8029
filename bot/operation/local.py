"""A small local port: ``/healthz``, ``/readyz``, ``/metrics``. Off unless HEALTH_PORT is set."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.listening import listening

ALIVE: Final = "ok\n"
"""What a process that lives says; there is nothing else to it."""


def alive(_request: Request) -> Response:
    """Say that the process lives."""
    return PlainTextResponse(ALIVE)


def local_app(checks: Callable[[], Mapping[str, bool]], metrics: Callable[[], bytes]) -> Starlette:
    """The routes. Plain functions run in a thread, so a slow disk keeps no reply waiting."""

    def ready(_request: Request) -> Response:
        found = dict(checks())
        sound = all(found.values())
        return JSONResponse({"ready": sound, "checks": found}, 200 if sound else 503)

    def told(_request: Request) -> Response:
        return Response(metrics(), media_type=CONTENT_TYPE_LATEST)

    async def living(request: Request) -> Response:  # in the loop: it proves that the loop turns
        return alive(request)

    return Starlette(
        routes=[Route("/healthz", living), Route("/readyz", ready), Route("/metrics", told)]
    )


class _Server(uvicorn.Server):
    """A server that leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def served(app: Starlette, listen: str, port: int) -> AsyncIterator[None]:
    """Serve beside the bot until the block ends.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    taken = listening("HEALTH_PORT", listen, port)
    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False, lifespan="off",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[taken]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        taken.close()
