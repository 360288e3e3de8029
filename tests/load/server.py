"""A Bot API server that only counts and times: no text is checked, nothing is kept."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bot_api.checks import refuse
from tests.bot_api.people import WHEN, Json
from tests.bot_api.server import BotApiServer, Fault

DONE: Json = {"ok": True, "result": True}


@dataclass(slots=True)
class Asked:
    """A message that awaits its answer."""

    kind: str
    """Of whom: see ``Waits.seconds``."""
    at: float
    """Monotonic seconds."""


@dataclass(slots=True)
class Waits:
    """What people waited, and what they still wait for."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By kind: from a person's message to the first message of its answer."""
    open: dict[int, deque[Asked]] = field(default_factory=lambda: defaultdict(deque))
    """By chat, oldest first."""
    unanswered: int = 0
    """How many are open."""
    sends: Counter[int] = field(default_factory=Counter)
    """Messages taken, by monotonic second."""
    fastest: float = 60.0
    """The least time between the first and the sixth of six messages to one chat."""
    recent: dict[int, deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=6))
    )
    """When the last messages to a chat were taken."""


class LoadServer(BotApiServer):
    """Answers as quickly as it can."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        super().__init__()
        self.waits = Waits()
        self.answered = 0
        """Messages of people answered."""
        self._last_id = 0

    def ask(self, chat: int, kind: str, content: Json) -> None:
        """Let a person write: ``content`` is a message's, or a tap's ``data``."""
        user = {"id": chat, "is_bot": False, "first_name": "花子", "language_code": "ja"}
        self._last_id += 1
        place = {"id": chat, "type": "private", "first_name": "花子"}
        message = {"message_id": self._last_id, "date": WHEN, "chat": place, "from": user}
        self.waits.open[chat].append(Asked(kind, time.monotonic()))
        self.waits.unanswered += 1
        if "data" in content:
            query = {"id": f"tap-{self._last_id}", "chat_instance": "1", "from": user}
            self.bring({"callback_query": query | {"message": message | {"text": "?"}} | content})
        else:
            self.bring({"message": message | content})

    async def answer(
        self, token: str, method: str, parameters: dict[str, str], life: int = 0
    ) -> tuple[Fault | None, Json]:
        """Answer one call."""
        if method == "sendMessage":
            return None, {"ok": True, "result": self._taken(parameters)}
        if method == "answerCallbackQuery":
            self._taps.discard(parameters["callback_query_id"])
            return None, DONE
        if method == "getUpdates":
            self.calls[method].clear()
        return await super().answer(token, method, parameters, life)

    def _taken(self, parameters: Mapping[str, str]) -> Json:
        now, chat = time.monotonic(), int(parameters["chat_id"])
        waits = self.waits
        waits.sends[int(now)] += 1
        recent = waits.recent[chat]
        recent.append(now)
        if len(recent) == recent.maxlen:
            waits.fastest = min(waits.fastest, now - recent[0])
        if waiting := waits.open.get(chat):
            asked = waiting.popleft()
            waits.seconds[asked.kind].append(now - asked.at)
            waits.unanswered -= 1
            self.answered += 1
            self._tell_change()
        self._last_id += 1
        place = {"id": chat, "type": "private", "first_name": "花子"}
        text = {"message_id": self._last_id, "date": WHEN, "chat": place, "text": "…"}
        return text | {"from": self.bot}

    async def _refuse(self, _parameters: Mapping[str, str]) -> Any:
        refuse("Not Found", 404)
