"""Fakes for the tests of the bot: an assistant, a clock, a Bot API without a network, and talk."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes
from telegram.request import BaseRequest, RequestData

from bot.store.latches import SqliteLatches
from bot.telegram.app import App
from bot.telegram.processor import process
from handlers.messages import Card, Choice, Incoming, Reply, Status
from knowledge.replies import Replies, load_replies
from knowledge.vocabulary import Kind
from tests.bot_api.checks import RefusedError
from tests.bot_api.methods import Methods
from tests.bot_api.people import Group, Json, Person, Sent
from tests.bot_api.server import FIRST_ID

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Tokyo"))

STAFF_ID = FIRST_ID
"""Telegram id of the first person a test makes with ``api.person()``."""
WINDOW = "0120-279-338"
"""What a national window is known by."""

LIFELINE = Card(
    id="window/yorisoi",
    kind=Kind.WINDOW,
    title="よりそいホットライン",
    score=1.0,
    lines=("電話 0120-279-338", "24時間・無料"),
    numbers=("0120-279-338", "0120-279-226"),
    url="https://www.since2011.net/yorisoi/",
    always_open=True,
    open_now=True,
)
CLAUSE = Card(
    id="guideline/2-2",
    kind=Kind.CLAUSE,
    title="実施要領 2-2",
    score=0.9,
    quote="事業の一部を、<適切な>団体に委託することができる。",
    lines=("令和６年度 & 府孤推第７号",),
    place="2-2",
)


def telegram_replies() -> Replies:
    """The sentences as they are, with the numbers of two windows."""
    numbers = {"yorisoi": WINDOW, "yorisoi_tohoku": "0120-279-226"}
    return replace(load_replies(), numbers=numbers)


class FakeClock:
    """Stands still, but for what a test moves it by."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._now.timestamp()

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class SettledLatches(SqliteLatches):
    """Waits for the disk each time, so that a test can look there."""

    def put(self, conversation: str, kind: str) -> None:
        super().put(conversation, kind)
        self.settle()


class FakeAssistant:
    """Answers a handful of questions, and keeps every one it was asked."""

    def __init__(self) -> None:
        self.asked: list[Incoming] = []
        self.in_danger: set[str] = set()

    def answer(self, incoming: Incoming) -> Reply:
        self.asked.append(incoming)
        if incoming.choice is not None:
            return self._answer_choice(incoming.choice)
        for words, reply in ANSWERS.items():
            if words in incoming.text:
                return reply
        return Reply(Status.UNANSWERED_NO_MATCH, opening=("わかりませんでした。",))

    def is_urgent(self, incoming: Incoming) -> bool:
        return "死にたい" in incoming.text or incoming.conversation in self.in_danger

    def offer(self, text: str) -> tuple[Card, ...]:
        return (CLAUSE,) if "委託" in text else ()

    def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        del language
        return (f"いつでも話せます：{WINDOW}",) if conversation in self.in_danger else ()

    def _answer_choice(self, choice: str) -> Reply:
        if choice == "prefecture:19":
            return Reply(Status.ANSWERED, opening=("山梨県の取組です。",))
        if choice.startswith("start:"):
            return Reply(Status.SMALLTALK, opening=("どんなことですか。",))
        return Reply(Status.SMALLTALK, opening=("そのボタンは古くなりました。",))


ANSWERS = {
    "死にたい": Reply(
        Status.CRISIS_SIGNPOSTED,
        opening=("話してくれてありがとうございます。",),
        cards=(LIFELINE,),
        closing=("ひとりで抱えないでください。",),
        crisis=True,
    ),
    "委託": Reply(Status.ANSWERED, cards=(CLAUSE,)),
    "さみしい": Reply(Status.ANSWERED, opening=("おつらいですね。",), cards=(LIFELINE,)),
    "取組": Reply(
        Status.CLARIFY_PREFECTURE,
        opening=("どの県ですか。",),
        choices=(Choice("prefecture:19", "山梨県"), Choice("prefecture:13", "東京都")),
    ),
    "長い": Reply(Status.ANSWERED, opening=tuple(f"{n}。" + "あ" * 1500 for n in range(6))),
    "空": Reply(Status.ANSWERED),
}


class FakeBotApi(BaseRequest):
    """The Bot API without a network. A call that no test expects fails the test at once.

    pytest.fail raises a BaseException: python-telegram-bot would swallow an AssertionError.
    """

    EXPECTED = frozenset(
        {
            "getMe", "sendMessage", "sendDocument", "deleteMessages", "answerCallbackQuery",
            "answerInlineQuery", "setMyCommands",
        }
    )  # fmt: skip

    def __init__(self) -> None:
        bot = {"id": 42, "is_bot": True, "first_name": "つながり", "username": "tsunagari_bot"}
        self.methods = Methods(bot)
        self.calls: list[str] = []
        """Methods called, in order, without getMe."""
        self.failures: dict[str, deque[Exception | tuple[int, str]]] = defaultdict(deque)
        """By method: what its next calls end with, an exception or a status and description."""
        self.hanging: set[str] = set()
        """Methods that never answer."""
        self.hangs = asyncio.Event()
        """Set once one of them was called."""
        self._updates: list[Json] = []
        self._ids = STAFF_ID - 1
        self._update_ids = count(1000)

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(  # type: ignore[override]  # takes the timeouts together
        self, url: str, method: str, request_data: RequestData | None = None, **_timeouts: object
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        if name not in self.EXPECTED:
            pytest.fail(f"unexpected {method} of {name}")
        parameters = request_data.json_parameters if request_data else {}
        if name != "getMe":
            self.calls.append(name)
        if name in self.hanging:
            self.hangs.set()
            await asyncio.Event().wait()
        if self.failures[name]:
            failure = self.failures[name].popleft()
            if isinstance(failure, Exception):
                raise failure
            return failure[0], json.dumps({"ok": False, "description": failure[1]}).encode()
        try:
            result = await self.methods.call(name, parameters)
        except RefusedError as error:
            return error.status, json.dumps({"ok": False, "description": str(error)}).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def person(self, language: str | None = "ja") -> Person:
        """Someone new; what they do waits in ``take_updates``."""
        self._ids += 1
        person = Person(self._ids, self.methods.bot, self._bring, language)
        self.methods.add_chat(person.chat)
        return person

    def group(self) -> Group:
        """A new group."""
        self._ids += 1
        group = Group(-self._ids, "広場")
        self.methods.add_chat(group.chat)
        return group

    def take_updates(self) -> list[Json]:
        """What people did since the last time."""
        updates, self._updates = self._updates, []
        return updates

    def _bring(self, update: Json) -> int:
        self._updates.append({"update_id": next(self._update_ids), **update})
        if "callback_query" in update:
            self.methods.add_tap(update["callback_query"]["id"])
        if "inline_query" in update:
            self.methods.add_tap(update["inline_query"]["id"])
        return int(self._updates[-1]["update_id"])


class Talk:
    """Brings what people did to the application, and gives what it sent."""

    def __init__(self, app: App, api: FakeBotApi) -> None:
        self._app = app
        self._api = api
        self.errors: list[Exception | None] = []
        """What callbacks raised. A test that expects an error takes it out."""

    async def go_on(self) -> list[Sent]:
        """Process every update that waits; give the messages sent meanwhile."""
        before = len(self._api.methods.messages)
        for update in self._api.take_updates():
            await process(self._app, Update.de_json(update, self._app.bot))
        return self._api.methods.messages[before:]

    async def record(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        self.errors.append(context.error)


def take_error(talk: Talk, kind: type[TelegramError]) -> None:
    """Take the one error out, which must be of this kind."""
    (error,) = talk.errors
    talk.errors.clear()
    assert isinstance(error, kind)
