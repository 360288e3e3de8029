"""One run: people ask, the process is killed and begun again, until all is quiet."""

import asyncio
import random
import socket
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bot_api import BotApiServer
from tests.bot_api.plans import Seeded
from tests.killed.comparing import Comparison, compare, part_of
from tests.killed.lives import Lives, Nursery
from tests.killed.traffic import Traffic

UPDATES = (25, 60)
"""Updates of a run, at least and at most."""
ASKING_SECONDS = 1.2
"""People ask for about so long."""
LIFE_SECONDS = (0.05, 0.8)
"""A life that is killed lasts so long after its start was asked for, at least and at most."""
KILLS = (1, 3)
QUIET_SECONDS = 20.0
"""What did not come after so long is lost."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to."""

    seed: int
    """What it was made from."""
    webhook: bool
    """Whether updates came by webhook."""
    updates: int
    """What people did."""
    messages: int
    """Messages to be sent for it."""
    kills: int
    """Times the process was killed."""
    seconds: float
    """How long it took."""
    status: int
    """Exit status of the last life."""
    left: tuple[int, int]
    """Unfinished updates and waiting messages in the database at the end."""
    comparison: Comparison
    """What was sent, compared with what was asked."""

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, nor doubled without need, nor left behind."""
        found = self.comparison
        return (
            not (found.lost or found.doubled or found.stray)
            and self.status == 0
            and self.left == (0, 0)
        )


async def run(nursery: Nursery, seed: int, *, faults: bool = True) -> Run:
    """Do one run."""
    dice, started = random.Random(seed), time.monotonic()  # noqa: S311
    webhook = free_port() if seed % 2 else None
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        async with BotApiServer() as server:
            server.plan = Seeded(seed) if faults else None
            server.webhook_address = f"127.0.0.1:{webhook}"
            traffic = Traffic(server, dice)
            lives = Lives(nursery, server, Path(folder), webhook)
            asking = asyncio.create_task(ask(traffic, dice.randint(*UPDATES)))
            kills = dice.randint(*KILLS)
            for _ in range(kills):
                await lives.start()
                await asyncio.sleep(dice.uniform(*LIFE_SECONDS))
                await lives.kill()
            await lives.start()
            await asking
            await quiet(server, traffic, lives.life, Path(folder))
            status = await lives.stop()
        found = compare(traffic.asked, server.accepted, lives.killed)
        return Run(
            seed, webhook is not None, traffic.updates, len(traffic.asked), kills,
            time.monotonic() - started, status, left(Path(folder)), found,
        )  # fmt: skip


async def ask(traffic: Traffic, updates: int) -> None:
    """Let people ask, sometimes many at once."""
    while traffic.updates < updates:
        for _ in range(traffic.dice.choice((1, 1, 2, 6))):
            traffic.go_on()
        await asyncio.sleep(traffic.dice.expovariate(updates / 2.5 / ASKING_SECONDS))


async def quiet(server: BotApiServer, traffic: Traffic, life: int, folder: Path) -> None:
    """Wait until the last life has sent and confirmed all, or nothing comes any more."""
    until = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until:
        sent = {part_of(one) for one in server.accepted}
        waits = server.unconfirmed or server.delivering or life not in server.lives
        if traffic.asked.keys() <= sent and not waits and left(folder) == (0, 0):
            return
        await asyncio.sleep(0.02)


def left(folder: Path) -> tuple[int, int]:
    """What is unfinished in the database."""
    with sqlite3.connect(folder / "tsunagari.db") as db:
        (inbox,) = db.execute("select count(payload) from inbox").fetchone()
        (outbox,) = db.execute("select count(*) from outbox").fetchone()
    db.close()
    return inbox, outbox


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
