"""A Bot API that ends here: what would be sent to a person is kept instead."""

import itertools
import json
from typing import Any, Final

from telegram.request import BaseRequest, RequestData

BOT: Final = {"id": 1, "is_bot": True, "first_name": "canary", "username": "canary_bot"}


class Loopback(BaseRequest):
    """Takes every call, and keeps the texts of the messages."""

    def __init__(self) -> None:
        """Begin with none."""
        self._texts: list[str] = []
        self._ids = itertools.count(1)

    @property
    def read_timeout(self) -> float:
        """Seconds; nothing is waited for."""
        return 0.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(  # type: ignore[override]  # takes the timeouts together
        self, url: str, method: str, request_data: RequestData | None = None, **_timeouts: object
    ) -> tuple[int, bytes]:
        """Keep a message; anything else is done at once."""
        del method
        parameters = request_data.parameters if request_data else {}
        result: Any = True
        if url.endswith("/getMe"):
            result = BOT
        elif url.endswith("/sendMessage"):
            self._texts.append(str(parameters["text"]))
            chat = {"id": parameters["chat_id"], "type": "private"}
            result = {"message_id": next(self._ids), "date": 0, "chat": chat, "text": ""}
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def take(self) -> str:
        """What was sent since the last time."""
        texts, self._texts = self._texts, []
        return "\n".join(texts)
