"""The bots as processes: started, watched from outside, and stopped."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bot_api.server import TOKEN
from tests.load.server import LoadServer

ROOT = Path(__file__).parents[2]
OURS = (str(Path(sys.executable).with_name("tsunagari")), "serve")
ECHO = (sys.executable, "-m", "tests.load.echo_bot")
UNLIMITED = "1000"
"""Messages a second, where Telegram's limit is to be left out."""
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Bot:
    """A process that answers."""

    process: asyncio.subprocess.Process
    """It."""
    server: LoadServer
    """Where its people are."""

    @property
    def memory(self) -> int:
        """Bytes that it holds in memory."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def seconds(self) -> float:
        """Processor time it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def ours(limit: str | None = None, command: tuple[str, ...] = OURS) -> AsyncIterator[Bot]:
    """``tsunagari serve`` with a database of its own; ``limit``: messages a second."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        settings = {
            "PYTHONPATH": str(ROOT),
            "PSEUDONYM_KEY": "k" * 32,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "DATABASE_URL": f"sqlite:///{folder}/tsunagari.db",
            "LOG_LEVEL": "WARNING",
            "CANARY_MINUTES": "0",
        }
        if limit:
            settings["TELEGRAM_RATE"] = limit
        async with LoadServer() as server:
            settings["TELEGRAM_BASE_URL"] = server.base_url
            async with _running(server, command, settings, folder) as bot:
                yield bot


@asynccontextmanager
async def echo(*options: str) -> AsyncIterator[Bot]:
    """The bare echo bot."""
    async with LoadServer() as server:
        command = (*ECHO, server.base_url, TOKEN, *options)
        async with _running(server, command, {"PYTHONPATH": str(ROOT)}, str(ROOT)) as bot:
            yield bot


@asynccontextmanager
async def _running(
    server: LoadServer, command: tuple[str, ...], settings: dict[str, str], folder: str
) -> AsyncIterator[Bot]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *command, env=environment | settings, cwd=folder, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await server.until(lambda: bool(server.lives), START_SECONDS)
        yield Bot(process, server)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
