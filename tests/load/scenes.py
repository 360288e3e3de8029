"""What is measured: one at a time, many at a time, a burst, and for long."""

import asyncio
import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

from tests.load.bots import Bot
from tests.load.people import ORDINARY, Crowd

PATIENCE: Final = 1200.0
"""Seconds after which a scene is given up: what is unanswered then counts as lost."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a scene came to."""

    answered: int
    """Messages answered."""
    lost: int
    """Messages unanswered at the end."""
    seconds: float
    """How long it took."""
    processor: float
    """Processor time of the bot, in seconds."""
    waits: dict[str, list[float]] = field(default_factory=dict)
    """Seconds people waited, by kind."""
    sent: int = 0
    """Messages sent."""
    busiest: int = 0
    """Messages sent in the busiest second."""
    memory: tuple[tuple[int, int], ...] = ()
    """Messages answered, and bytes held then."""

    @property
    def rate(self) -> float:
        """Messages answered a second."""
        return self.answered / self.seconds

    def wait(self, share: float, kind: str = ORDINARY) -> float:
        """Seconds which that share of the people did not wait longer than."""
        waits = sorted(self.waits[kind])
        return waits[min(int(len(waits) * share), len(waits) - 1)]


async def one_at_a_time(bot: Bot, messages: int, crowd: Crowd, *, cries: bool = False) -> Scene:
    """Nobody else is there; ``cries``: who writes is in danger."""

    async def write() -> None:
        for _ in range(messages):
            (crowd.cry if cries else crowd.ask)()
            await _answered(bot)
            await asyncio.sleep(0.02)

    return await _scene(bot, write())


async def many_at_a_time(bot: Bot, messages: int, people: int, crowd: Crowd) -> Scene:
    """So many people always wait for an answer: as soon as one has it, the next one writes."""

    async def write() -> None:
        for _ in range(messages):
            crowd.ask()
            await bot.server.until(lambda: bot.server.waits.unanswered < people, PATIENCE)
        await _answered(bot)

    return await _scene(bot, write())


async def burst(bot: Bot, people: int, seconds: float, crowd: Crowd, every: float) -> Scene:
    """All write, half of them in a fifth of the time; every so often somebody is in danger."""
    dice = random.Random(people)  # noqa: S311
    half, fifth = people // 2, seconds / 5
    moments = [(dice.uniform(0, fifth), False) for _ in range(half)]
    moments += [(dice.uniform(fifth, seconds), False) for _ in range(people - half)]
    moments += [(number * every, True) for number in range(int(seconds / every))]

    async def write() -> None:
        begun = time.monotonic()
        for moment, in_danger in sorted(moments):
            await asyncio.sleep(max(0.0, begun + moment - time.monotonic()))
            (crowd.cry if in_danger else crowd.ask)()
        await _answered(bot)

    return await _scene(bot, write())


async def for_long(bot: Bot, messages: int, people: int, crowd: Crowd, looks: int) -> Scene:
    """Many at a time, with a look at the memory now and then."""
    memory: list[tuple[int, int]] = []
    scene: Scene | None = None
    for number in range(looks):
        part = await many_at_a_time(bot, messages // looks, people, crowd)
        memory.append(((number + 1) * (messages // looks), bot.memory))
        scene = _joined(scene, part)
        bot.server.waits.seconds.clear()
    assert scene
    return Scene(scene.answered, scene.lost, scene.seconds, scene.processor, memory=tuple(memory))


def slope(memory: tuple[tuple[int, int], ...]) -> float:
    """Bytes more for each message, by least squares."""
    number = len(memory)
    mean_x = sum(x for x, _ in memory) / number
    mean_y = sum(y for _, y in memory) / number
    spread = sum((x - mean_x) ** 2 for x, _ in memory)
    return sum((x - mean_x) * (y - mean_y) for x, y in memory) / spread


async def _scene(bot: Bot, writing: Awaitable[None]) -> Scene:
    server = bot.server
    server.waits.seconds.clear()
    server.waits.sends.clear()
    before, processor, begun = server.answered, bot.seconds, time.monotonic()
    await writing
    return Scene(
        answered=server.answered - before,
        lost=server.waits.unanswered,
        seconds=time.monotonic() - begun,
        processor=bot.seconds - processor,
        waits={kind: list(waits) for kind, waits in server.waits.seconds.items()},
        sent=sum(server.waits.sends.values()),
        busiest=max(server.waits.sends.values(), default=0),
    )


async def _answered(bot: Bot) -> None:
    await bot.server.until(lambda: not bot.server.waits.unanswered, PATIENCE)


def _joined(before: Scene | None, after: Scene) -> Scene:
    if before is None:
        return after
    return Scene(
        before.answered + after.answered,
        after.lost,
        before.seconds + after.seconds,
        before.processor + after.processor,
    )
