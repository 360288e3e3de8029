"""One process after the other, on one database."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from tests.bot_api import TOKEN, BotApiServer

ROOT = Path(__file__).parents[2]
SECRET = "hook-secret"


class Nursery:
    """Starts processes and waits for them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """``process``: of ``tests.killed.nursery``."""
        self._process = process

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """One nursery for many runs."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.killed.nursery", cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield cls(process)
        finally:
            assert process.stdin
            process.stdin.close()
            await process.wait()

    async def ask(self, **deed: Any) -> int:
        """Have a deed done."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(deed).encode() + b"\n")
        return int(await self._process.stdout.readline())


class Lives:
    """The lives of the bot in one run."""

    def __init__(
        self, nursery: Nursery, server: BotApiServer, folder: Path, webhook: int | None
    ) -> None:
        """``webhook``: the port to listen on; None for polling."""
        self._nursery = nursery
        self._server = server
        self._folder = folder
        self._webhook = webhook
        self._pid = 0
        self.life = 0
        """Number of the life, from 1."""
        self.killed: dict[int, float] = {}
        """Lives that were killed, and when, in monotonic seconds."""

    async def start(self) -> None:
        """Begin the next life."""
        self.life += 1
        environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_BASE_URL": self._server.base_url_of(self.life),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "PSEUDONYM_KEY": "k" * 32,
            "DATABASE_URL": f"sqlite:///{self._folder}/tsunagari.db",
        }
        if self._webhook:
            environment |= {
                "TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram",
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
                "TELEGRAM_WEBHOOK_PORT": str(self._webhook),
            }
        log = str(self._folder / "process.log")
        self._pid = await self._nursery.ask(start=environment, log=log)

    async def kill(self) -> None:
        """End it without a word."""
        self.killed[self.life] = time.monotonic()
        os.kill(self._pid, signal.SIGKILL)
        await self._nursery.ask(wait=self._pid)

    async def stop(self) -> int:
        """Ask it to end, and give its exit status."""
        os.kill(self._pid, signal.SIGTERM)
        return await self._nursery.ask(wait=self._pid)
