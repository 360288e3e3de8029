"""The real application and assistant around a strict Bot API without a network."""

import asyncio
import io
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from telegram import Update
from telegram.request import RequestData

from bot.app import NoLog, build
from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.telegram import MemberSide, build_application, delivery
from bot.telegram.app import App
from bot.telegram.careful import CarefulRequest
from bot.telegram.malformed import readable
from bot.telegram.processor import processor_of
from handlers.library import Library
from handlers.messages import Status
from knowledge.replies import FRAME
from tests.bot.fakes import FakeBotApi
from tests.bot_api import Sent
from tests.fuzz.damage import Case
from tests.fuzz.judging import as_read, awaited, concerned
from tests.fuzz.making import CANARY

FIRST: Final = 9_000_000_000
"""Ids of people who write an update that is damaged; those of the others are above."""
OTHER: Final = 8_000_000_000_000
PHONE: Final = re.compile(r"\d{2,4}-\d{2,4}-\d{3,4}|#\d{4}|\b1\d\d\b")
ERRORS: Final = frozenset({"error", "critical"})


@dataclass(slots=True)
class Outcome:
    """What came of one case."""

    result: str
    """answered, window, or left alone."""
    faults: list[str] = field(default_factory=list)
    """What should not have happened."""


class Feed(FakeBotApi):
    """Answers getUpdates with bytes as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.body = b""

    parse_json_payload = staticmethod(CarefulRequest.parse_json_payload)

    async def do_request(  # type: ignore[override]
        self, url: str, method: str, request_data: RequestData | None = None, **_timeouts: object
    ) -> tuple[int, bytes]:
        del url, method, request_data
        return 200, self.body


class Strict(FakeBotApi):
    """Notes what Telegram would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    async def do_request(  # type: ignore[override]
        self, url: str, method: str, request_data: RequestData | None = None, **timeouts: object
    ) -> tuple[int, bytes]:
        status, answer = await super().do_request(url, method, request_data, **timeouts)
        if status != 200:
            self.refused.append(f"{url.rpartition('/')[2]}: {json.loads(answer)['description']}")
        return status, answer


class World:
    """Brings cases, one after the other."""

    def __init__(
        self, app: App, api: Strict, feed: Feed, log: io.StringIO, errors: set[str]
    ) -> None:
        """``errors``: the words for an update that failed, in every language."""
        self._app = app
        self._api = api
        self._feed = feed
        self._log = log
        self._errors = errors
        self._number = 0
        self._offset = 0
        self.escaped: list[str] = []
        """Exceptions nobody caught, by type."""
        self.malformed: Counter[str] = Counter()

    async def bring(self, case: Case, *, webhook: bool = False) -> Outcome:
        """Bring a case, and right after it somebody who is lonely."""
        other = OTHER + self._number
        self._number += 1
        said = as_read(case)
        for chat in (concerned(said) | {other}) - self._api.methods._chats.keys():
            self._api.methods.add_chat({"id": chat, "type": "private"})
        for kind in ("callback_query", "inline_query"):
            one = said.get(kind) if isinstance(said, dict) else None
            if isinstance(one, dict):
                self._api.methods.add_tap(str(one.get("id")))
        lonely = json.dumps(message(other, self._number * 2 + 1)).encode()
        if webhook:
            await self._put(*(readable(body, self._app.bot) for body in (case.json, lonely)))
        else:
            self._feed.body = b'{"ok":true,"result":[' + case.json + b"," + lonely + b"]}"
            updates = await self._app.bot.get_updates(offset=self._offset, timeout=0)
            if updates and updates[-1].update_id != self._number * 2 + 1:
                self.escaped.append("the last update is another")
            await self._put(*updates)
        await settle(self._app)
        return self._judge(said, other)

    async def _put(self, *updates: Update | None) -> None:
        for update in updates:
            if update is not None:
                await self._app.update_queue.put(update)

    def _judge(self, said: Any, other: int) -> Outcome:
        methods = self._api.methods
        sent, methods.messages = methods.messages, []
        for_other = [one for one in sent if chat_of(one) == other]
        theirs = [one for one in sent if chat_of(one) != other]
        faults = [*self.escaped, *self._refused(), *self._logged()]
        self.escaped.clear()
        if not any(PHONE.search(one.text) for one in for_other):
            faults.append("the next person got no window")
        if strangers := {chat_of(one) for one in theirs} - concerned(said):
            faults.append(f"sent to {len(strangers)} others")
        chat = awaited(said)
        if chat is not None and not any(chat_of(one) == chat for one in theirs):
            faults.append("words in a private chat were not answered")
        if not theirs:
            return Outcome("left alone", faults)
        failed = all(one.text in self._errors for one in theirs)
        return Outcome("window" if failed else "answered", faults)

    def _refused(self) -> list[str]:
        refused, self._api.refused = self._api.refused, []
        return [one for one in refused if "query is too old" not in one]

    def _logged(self) -> list[str]:
        text = self._log.getvalue()
        self._log.seek(0)
        self._log.truncate()
        faults = ["words in the log"] if CANARY in text or CANARY[:5] in text else []
        for line in text.splitlines():
            told = json.loads(line)
            if told["event"] == "update malformed":
                self.malformed[told["kind"]] += 1
            if told["event"] == "answered":
                if Status(told["status"]).group == "error":
                    faults.append(f"status {told['status']}")
            elif told["level"] in ERRORS and "telegram.Bot" not in str(told.get("library")):
                faults.append(f"{told['event']} {told.get('error')} {told.get('where', '')}")
        return faults


@asynccontextmanager
async def world(library: Library | None = None) -> AsyncIterator[World]:
    """The real assistant, conversations in memory, nothing else kept."""
    log = io.StringIO()
    root = logging.getLogger()
    handlers = root.handlers
    set_up_logs("INFO", log)
    joined = build(NoLog(), source=(lambda: library) if library else None)
    settings = load_settings(
        {"TELEGRAM_BOT_TOKEN": "42:TEST", "PSEUDONYM_KEY": "k" * 32}, env_file=None
    )
    api, feed = Strict(), Feed()
    replies = joined.library.replies
    app = build_application(
        settings, joined.assistant, replies, joined.clock,
        request=api, updates_request=feed,
        members=MemberSide(lambda kind: (kind, b"x"), ("word",)),
    )  # fmt: skip
    app.bot._rate_limiter = None  # type: ignore[attr-defined]  # a message a second: for hours
    found = World(app, api, feed, log, {replies.say("telegram.error", code) for code in FRAME})
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: found.escaped.append(type(context.get("exception")).__name__)
    )
    rest, delivery.FIRST_SECONDS = delivery.FIRST_SECONDS, 0.0
    await app.initialize()
    await app.start()
    await processor_of(app).start(app.bot)
    try:
        yield found
    finally:
        await app.stop()
        await app.shutdown()
        delivery.FIRST_SECONDS = rest
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        root.handlers = handlers


async def settle(app: App) -> None:
    """Wait until all that came was handled and sent."""
    await processor_of(app).arriving.settled()
    await app.update_queue.join()
    await processor_of(app).delivery.idle()


def message(person: int, update_id: int) -> dict[str, Any]:
    """Somebody writes that she is lonely."""
    chat = {"id": person, "type": "private", "first_name": "花子"}
    user = {"id": person, "is_bot": False, "first_name": "花子", "language_code": "ja"}
    said = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "さみしい"}
    return {"update_id": update_id, "message": said}


def chat_of(sent: Sent) -> int:
    """Where it went."""
    return int(sent.parameters["chat_id"])
