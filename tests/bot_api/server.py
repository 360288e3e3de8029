"""The server: HTTP, people, faults, and waiting for what the bot does."""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.bot_api.checks import RefusedError
from tests.bot_api.methods import Methods
from tests.bot_api.people import Group, Json, Person, Sent

TOKEN = "42:TEST"
"""The token of the bot, unless a test asks for another."""
PATIENCE = 60.0
"""Seconds after which a test gives up waiting: far more than a busy machine needs."""
FIRST_ID = 5_010_203_501
"""Id of the first person: as long as a real one, so that no timestamp has its digits by chance."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call instead of its answer."""

    status: int = 500
    """HTTP status; 200 is no failure, and only ``seconds`` late."""
    description: str = "Internal Server Error"
    """What the server says of it."""
    retry_after: int | None = None
    """Seconds to wait, of a 429."""
    seconds: float = 0.0
    """Seconds until the server answers."""
    drop: bool = False
    """Cut the connection instead of answering."""
    lost: bool = False
    """Do what was asked; only the answer is the fault's."""

    @property
    def answer(self) -> Json:
        """The body of the answer."""
        answer = {"ok": False, "error_code": self.status, "description": self.description}
        return answer | (
            {"parameters": {"retry_after": self.retry_after}} if self.retry_after else {}
        )

    @property
    def swallows(self) -> bool:
        """Whether whoever called never learns that it was done."""
        return self.drop or self.status != HTTPStatus.OK


@dataclass(slots=True)
class Accepted:
    """A message the server took."""

    sent: Sent
    """The message."""
    life: int
    """Which life of the process called."""
    at: float
    """Monotonic seconds."""
    unanswered: bool = False
    """Whether the process cannot have learnt that it was taken."""


class Plan(Protocol):
    """Decides on the faults of calls."""

    def next(self, method: str) -> Fault | None:
        """The fault of the next call of a method."""


class BotApiServer(Methods):
    """A Bot API server for one bot. Use it as an asynchronous context manager."""

    def __init__(self, token: str = TOKEN, username: str = "tsunagari_test_bot") -> None:
        """``token``: the only one accepted; ``username``: what mentions of the bot look like."""
        bot_id = int(token.partition(":")[0])
        bot = {"id": bot_id, "is_bot": True, "first_name": "つながり", "username": username}
        super().__init__(bot)
        self.token = token
        self.calls: dict[str, list[dict[str, str]]] = defaultdict(list)
        """Every call by method, in order, with its parameters as they came."""
        self.refusals: list[tuple[str, str]] = []
        """Every call refused for what it was: method and description. Faults are not in it."""
        self.webhook_address = ""
        """Where the webhook listens in truth, ``127.0.0.1:8080``: no proxy stands before it."""
        self.webhook_answers: list[int] = []
        """HTTP statuses the webhook answered with."""
        self._update_ids = count(1000)
        self._people_ids = count(FIRST_ID)
        self.plan: Plan | None = None
        """Faults of calls that no test asked for one by one."""
        self.accepted: list[Accepted] = []
        """Every sendMessage that was done, with what became of its answer."""
        self.lives: set[int] = set()
        """Lives of the process that asked for updates, or to be called."""
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._deliveries: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; 0 is any free port."""
        path = r"(?:/life(\d+))?/bot([^/]+)/(\w+)"
        application = Application([(path, _Handler, {"server": self})])
        (socket,) = bind_sockets(port, "127.0.0.1")
        self.port: int = socket.getsockname()[1]
        self._http = HTTPServer(application)
        self._http.add_socket(socket)

    async def stop(self) -> None:
        """Close every connection."""
        self._http.stop()
        await self._http.close_all_connections()
        for delivery in self._deliveries:
            delivery.cancel()

    @property
    def base_url(self) -> str:
        """What ``TELEGRAM_BASE_URL`` must be."""
        return f"http://127.0.0.1:{self.port}/bot"

    def base_url_of(self, life: int) -> str:
        """The same, so that the calls of one life of a process are told from another's."""
        return f"http://127.0.0.1:{self.port}/life{life}/bot"

    def person(self, language: str | None = "ja") -> Person:
        """Someone new with Telegram."""
        person = Person(next(self._people_ids), self.bot, self.bring, language)
        self.add_chat(person.chat)
        return person

    def group(self, title: str = "広場") -> Group:
        """A new group."""
        group = Group(-next(self._people_ids), title)
        self.add_chat(group.chat)
        return group

    def revoke_token(self) -> None:
        """Refuse the bot's token from now on, as @BotFather's /revoke does."""
        self.token = ""

    def bring(self, update: Json) -> int:
        """Queue an update, given without its id, or call the webhook with it; give the id."""
        update = {"update_id": next(self._update_ids), **update}
        if "callback_query" in update:
            self.add_tap(update["callback_query"]["id"])
        if "inline_query" in update:
            self.add_tap(update["inline_query"]["id"])
        self.bring_again(update)
        return int(update["update_id"])

    def bring_again(self, update: Json) -> None:
        """Queue an update that has its id, as Telegram does when it was not confirmed."""
        if self.webhook:
            delivery = asyncio.ensure_future(self._deliver(update))
            self._deliveries.add(delivery)
            delivery.add_done_callback(self._deliveries.discard)
        else:
            self._updates.append(update)
            self._tell_change()

    @property
    def delivering(self) -> int:
        """Number of updates the webhook has not confirmed."""
        return len(self._deliveries)

    def fail_next(self, method: str, times: int = 1, **fault: Any) -> None:
        """Let the next calls of a method fail; the other keywords are those of Fault."""
        self._faults[method].extend([Fault(**fault)] * times)

    async def sent(self, to: Person | Group, number: int, seconds: float = PATIENCE) -> list[Sent]:
        """Wait until ``number`` messages went to a chat, ever; give them all.

        Raises AssertionError after so many seconds, saying what came instead.
        """

        def messages() -> list[Sent]:
            return [sent for sent in self.messages if sent.parameters["chat_id"] == str(to.id)]

        await self.until(lambda: len(messages()) >= number, seconds)
        return messages()

    async def called(
        self, method: str, number: int = 1, seconds: float = PATIENCE
    ) -> list[dict[str, str]]:
        """Wait until a method was called ``number`` times, ever; give the parameters of all."""
        await self.until(lambda: len(self.calls[method]) >= number, seconds)
        return self.calls[method]

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is true of the server; raise AssertionError if it never is."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await self._change()
        except TimeoutError:
            calls = {method: len(calls) for method, calls in self.calls.items()}
            texts = [sent.text for sent in self.messages]
            message = f"calls {calls}, refusals {self.refusals}, messages {texts}"
            raise AssertionError(message) from None

    async def _set_webhook(self, parameters: Mapping[str, str]) -> bool:
        done = await super()._set_webhook(parameters)
        while self._updates:  # what waited for a getUpdates goes the other way now
            self.bring_again(self._updates.popleft())
        return done

    async def answer(
        self, token: str, method: str, parameters: dict[str, str], life: int = 0
    ) -> tuple[Fault | None, Json]:
        """Answer one call: the fault instead of it, if there is one, and the answer."""
        self.calls[method].append(parameters)
        if method in {"getUpdates", "setWebhook"}:
            self.lives.add(life)
        self._tell_change()
        if token != self.token:
            return None, Fault(401, "Unauthorized").answer
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None and self.plan:
            fault = self.plan.next(method)
        if fault and not fault.lost and fault.status != 200:
            return fault, fault.answer
        try:
            result = await self.call(method, parameters)
        except RefusedError as error:
            self.refusals.append((method, str(error)))
            return None, Fault(error.status, str(error)).answer
        answer = {"ok": True, "result": result}
        if method == "sendMessage":
            answer |= {"accepted": len(self.accepted)}
            self.accepted.append(Accepted(self.messages[-1], life, time.monotonic()))
        if fault and fault.lost and fault.status != HTTPStatus.OK:
            taken = {name: answer[name] for name in ("accepted",) if name in answer}
            return fault, fault.answer | taken
        return fault, answer

    def written(self, answer: Json) -> Json | bytes:
        """The answer as it goes over the line."""
        return answer

    async def _deliver(self, update: Json) -> None:
        headers = {"Content-Type": "application/json"}
        if secret := self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        address = f"http://{self.webhook_address}{urlsplit(self.webhook['url']).path}"
        request = HTTPRequest(address, "POST", headers, json.dumps(update))
        answer = await self._fetch(request)
        self.webhook_answers.append(answer.code)
        self._tell_change()

    @staticmethod
    async def _fetch(request: HTTPRequest) -> HTTPResponse:
        """Send, as Telegram does, until the webhook listens and answers."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(OSError, HTTPClientError):
                    answer = await AsyncHTTPClient().fetch(request, raise_error=False)
                    if answer.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                        return answer
                await asyncio.sleep(0.05)


class _Handler(RequestHandler):
    def initialize(self, server: BotApiServer) -> None:
        self._server = server
        self._answering: asyncio.Task[tuple[Fault | None, Json]] | None = None
        self._accepted: Accepted | None = None

    async def post(self, life: str | None, token: str, method: str) -> None:
        parameters = {name: self.get_body_argument(name) for name in self.request.body_arguments}
        answering = self._server.answer(token, method, parameters, int(life or 0))
        self._answering = asyncio.ensure_future(answering)
        try:
            fault, answer = await self._answering
        except asyncio.CancelledError:  # the bot hung up while its getUpdates waited
            return
        self._take_note(fault, answer)
        if fault:
            await asyncio.sleep(fault.seconds)
        if fault and fault.drop:
            self.detach().close()
            return
        self.set_status(answer.get("error_code", 200))
        try:
            await self.finish(self._server.written(answer))
        except StreamClosedError:  # the bot hung up, or was killed
            self.on_connection_close()

    def _take_note(self, fault: Fault | None, answer: Json) -> None:
        if "accepted" in answer:
            self._accepted = self._server.accepted[answer.pop("accepted")]
            self._accepted.unanswered = fault is not None and fault.swallows

    def on_connection_close(self) -> None:
        if self._accepted:
            self._accepted.unanswered = True
        if self._answering:
            self._answering.cancel()
