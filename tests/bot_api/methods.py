"""What the methods of the Bot API do, and what they leave behind."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import count, islice
from typing import Any

from tests.bot_api.checks import check_message, check_results, refuse
from tests.bot_api.people import WHEN, Json, Sent

Parameters = Mapping[str, str]

AT_ONCE = 100
"""Updates in one answer to getUpdates."""


class Methods:
    """The Bot API of one bot."""

    def __init__(self, bot: Json) -> None:
        """``bot``: the bot as updates show it."""
        self.bot = bot
        self.messages: list[Sent] = []
        """Every message accepted."""
        self.deleted: list[int] = []
        """Ids of the messages deleted, in order."""
        self.conflict = False
        """Whether another instance is said to poll: every getUpdates is answered 409."""
        self.webhook: dict[str, str] = {}
        """Parameters of the webhook that is set; empty for none."""
        self._updates: deque[Json] = deque()
        self._message_ids = count(1)
        self._chats: dict[int, Json] = {}
        self._blocked: set[int] = set()
        self._taps: set[str] = set()
        self.documents: list[Parameters] = []
        """The call of every file accepted; the file itself is not looked at."""
        self.offered: list[Json] = []
        """The results of every inline query answered."""
        self._poll = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def call(self, method: str, parameters: Parameters) -> Any:
        """Do what a method does; give its result, or raise RefusedError."""
        known: dict[str, Callable[[Parameters], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "deleteMessages": self._delete_messages,
            "answerCallbackQuery": self._answer_callback_query,
            "answerInlineQuery": self._answer_inline_query,
            "sendDocument": self._send_document,
            "setMyCommands": self._true,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }
        return await known.get(method, self._refuse)(parameters)

    def add_chat(self, chat: Json) -> None:
        """Let the bot write to a chat."""
        self._chats[chat["id"]] = chat

    def add_tap(self, query_id: str) -> None:
        """Let a tap wait to be answered."""
        self._taps.add(query_id)

    def block(self, chat: Json) -> None:
        """Let the person of a chat block the bot: sending to her is forbidden from now on."""
        self._blocked.add(chat["id"])

    @property
    def unconfirmed(self) -> int:
        """Number of updates the bot has not confirmed by asking for later ones."""
        return len(self._updates)

    async def _get_me(self, _parameters: Parameters) -> Json:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
        return self.bot | abilities | {"supports_inline_queries": True}

    async def _get_updates(self, parameters: Parameters) -> list[Json]:
        if self.conflict or self.webhook:
            refuse("Conflict: terminated by other getUpdates request", 409)
        self._poll += 1  # as at Telegram, a new request ends the one that waits
        poll = self._poll
        self._tell_change()
        while self._updates and self._updates[0]["update_id"] < int(parameters.get("offset", 0)):
            self._updates.popleft()
        with suppress(TimeoutError):
            async with asyncio.timeout(float(parameters.get("timeout", 0))):
                while not self._updates and self._poll == poll:
                    await self._change()
        if self._poll != poll:
            await asyncio.sleep(0.1)  # whoever hung up before asking again is cancelled here
            refuse("Conflict: terminated by other getUpdates request", 409)
        kinds = set(json.loads(parameters.get("allowed_updates", "[]")))
        wanted = (update for update in self._updates if not kinds or kinds & update.keys())
        return list(islice(wanted, int(parameters.get("limit", AT_ONCE))))

    async def _send_message(self, parameters: Parameters) -> Json:
        chat = self._chats.get(int(parameters["chat_id"]))
        if chat is None:
            refuse("Bad Request: chat not found")
        if chat["id"] in self._blocked:
            refuse("Forbidden: bot was blocked by the user", 403)
        text = check_message(parameters)
        message = {
            "message_id": next(self._message_ids),
            "date": WHEN,
            "chat": chat,
            "from": self.bot,
            "text": text,
        }
        self.messages.append(Sent(text, parameters, message))
        self._tell_change()
        return message

    async def _delete_messages(self, parameters: Parameters) -> bool:
        self.deleted += json.loads(parameters["message_ids"])
        return True

    async def _answer_callback_query(self, parameters: Parameters) -> bool:
        if parameters["callback_query_id"] not in self._taps:
            refuse("Bad Request: query is too old and response timeout expired")
        self._taps.remove(parameters["callback_query_id"])
        return True

    async def _answer_inline_query(self, parameters: Parameters) -> bool:
        if parameters["inline_query_id"] not in self._taps:
            refuse("Bad Request: query is too old and response timeout expired")
        self._taps.remove(parameters["inline_query_id"])
        results = json.loads(parameters["results"])
        check_results(results)
        self.offered.append({**parameters, "results": results})
        return True

    async def _send_document(self, parameters: Parameters) -> Json:
        chat = self._chats.get(int(parameters["chat_id"]))
        if chat is None:
            refuse("Bad Request: chat not found")
        self.documents.append(parameters)
        document = {"file_id": "f", "file_unique_id": "u"}
        message = {"message_id": next(self._message_ids), "date": WHEN, "chat": chat}
        return message | {"from": self.bot, "document": document}

    async def _set_webhook(self, parameters: Parameters) -> bool:
        if not parameters["url"].startswith("https://"):
            refuse("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = dict(parameters)
        return True

    async def _delete_webhook(self, _parameters: Parameters) -> bool:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, _parameters: Parameters) -> Json:
        url = self.webhook.get("url", "")
        return {
            "url": url,
            "has_custom_certificate": False,
            "pending_update_count": self.unconfirmed,
        }

    async def _true(self, _parameters: Parameters) -> bool:
        return True

    async def _refuse(self, _parameters: Parameters) -> None:
        refuse("Not Found", 404)

    async def _change(self) -> None:
        """Wait until anything happens."""
        change = asyncio.get_running_loop().create_future()
        self._waiting.append(change)
        await change

    def _tell_change(self) -> None:
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():
                change.set_result(None)
