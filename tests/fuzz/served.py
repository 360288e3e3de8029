"""Cases over HTTP against ``tsunagari serve``: the real process, by webhook and by getUpdates."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.bot.test_serve import SECONDS, TSUNAGARI, bot, free_port, webhook
from tests.bot_api import BotApiServer
from tests.bot_api.people import Json
from tests.fuzz.damage import Case
from tests.fuzz.judging import as_read, awaited, concerned
from tests.fuzz.making import CANARY
from tests.fuzz.running import Tally, each_case
from tests.fuzz.world import ERRORS, OTHER, PHONE, chat_of, message

EVERY: Final = 10
"""After so many cases comes somebody who is lonely: Telegram takes 30 messages a second."""
QUIET_SECONDS: Final = 240.0
"""What did not come after so long never comes."""
SECRET: Final = "hook-secret"  # that of ``webhook``
_MARK: Final = "@case"


@dataclass
class Run:
    """What came of the cases of one process."""

    way: str
    """webhook or getUpdates."""
    cases: int
    """How many."""
    messages: int = 0
    """Sent by the bot."""
    faults: list[str] = field(default_factory=list)
    """What should not have happened."""

    def __str__(self) -> str:
        """One line."""
        return (
            f"tsunagari serve, {self.way}: {self.cases:,} cases, {self.messages:,} messages, "
            f"{len(self.faults)} failures {self.faults[:20] or ''}"
        )


class Server(BotApiServer):
    """Brings cases byte for byte."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[int, bytes] = {}
        """JSON by number of the update, as this server counts."""

    def hand(self, number: int, body: bytes) -> None:
        """Let it wait for getUpdates."""
        self.bodies[number] = body
        self._updates.append({"update_id": number, "message": _MARK})
        self._tell_change()

    def written(self, answer: Json) -> Json | bytes:
        """The bytes in place of the marks."""
        if not self.bodies or not isinstance(answer.get("result"), list):
            return answer
        bodies = [self.bodies[update["update_id"]] for update in answer["result"]]
        return b'{"ok":true,"result":[' + b",".join(bodies) + b"]}"


def serve_cases(cases: int, number: int) -> list[Run]:
    """Bring half of the cases by webhook, half by getUpdates."""
    made: list[Case] = []
    each_case(cases, number, Tally(), made.append)
    half = len(made) // 2
    return [
        asyncio.run(_run("webhook", made[:half])),
        asyncio.run(_run("getUpdates", made[half:])),
    ]


async def _run(way: str, cases: Sequence[Case]) -> Run:
    found = Run(way, len(cases))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        async with Server() as server:
            port = free_port()
            settings = webhook(port) if way == "webhook" else {}
            settings["DATABASE_URL"] = f"sqlite:///{folder}/tsunagari.db"
            settings["OPENBLAS_NUM_THREADS"] = "1"
            async with bot(server.base_url, TSUNAGARI, Path(folder), **settings) as process:
                ready = "setWebhook" if way == "webhook" else "getUpdates"
                await server.called(ready, 1, SECONDS)
                people = _prepare(server, cases)
                bodies = _bodies(cases)
                if way == "webhook":
                    await _post(port, bodies, found)
                else:
                    for place, body in enumerate(bodies):
                        server.hand(place + 1, body)
                await _wait(server, people)
                found.faults += _missing(server, people)
                status = await process.stop()
            found.messages = len(server.messages)
            found.faults += [f"exit status {status}"] * (status != 0)
            found.faults += [f"{m}: {d}" for m, d in server.refusals if "too old" not in d]
            found.faults += _told(process.output + process.errors)
    return found


def _prepare(server: Server, cases: Sequence[Case]) -> dict[int, bool]:
    """Let the bot write to all; give who awaits an answer, and whether with a window."""
    people: dict[int, bool] = {}
    for place, case in enumerate(cases):
        said = as_read(case)
        for chat in concerned(said):
            server.add_chat({"id": chat, "type": "private"})
        if (chat := awaited(said)) is not None:
            people[chat] = False
        if place % EVERY == 0:
            server.add_chat({"id": OTHER + place, "type": "private"})
            people[OTHER + place] = True
    return people


def _bodies(cases: Sequence[Case]) -> list[bytes]:
    found = []
    for place, case in enumerate(cases):
        found.append(case.json)
        if place % EVERY == 0:
            found.append(json.dumps(message(OTHER + place, 10**9 + place)).encode())
    return found


async def _post(port: int, bodies: Sequence[bytes], found: Run) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=SECONDS) as client:
        url = f"http://127.0.0.1:{port}/telegram"
        for body in bodies:
            try:
                status = (await client.post(url, content=body)).status_code
            except httpx.ConnectError:  # it does not listen yet
                await asyncio.sleep(1.0)
                status = (await client.post(url, content=body)).status_code
            if status != 200:
                found.faults.append(f"HTTP status {status}")


async def _wait(server: Server, people: dict[int, bool]) -> None:
    until = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until and _missing(server, people):  # noqa: ASYNC110  in another process
        await asyncio.sleep(0.5)


def _missing(server: Server, people: dict[int, bool]) -> list[str]:
    reached = {chat_of(one) for one in server.messages}
    shown = {chat_of(one) for one in server.messages if PHONE.search(one.text)}
    missing = [f"{who} was not answered" for who in people.keys() - reached]
    missing += [
        f"{who} got no window" for who, window in people.items() if window and who not in shown
    ]
    return missing + ["updates were not confirmed"] * bool(server.unconfirmed)


def _told(output: str) -> list[str]:
    faults = ["words in the output"] if CANARY[:5] in output else []
    for line in output.splitlines():
        told = json.loads(line) if line.startswith("{") else {"event": line[:80], "level": "error"}
        if told["level"] in ERRORS:
            faults.append(f"{told['event']} {told.get('error')} {told.get('where', '')}")
    return faults
