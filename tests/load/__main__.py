"""``python -m tests.load``: the scenes, and the tables of docs/reliability.md."""

import argparse
import asyncio
import logging
import statistics
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tests.load.bots import UNLIMITED, Bot, echo, ours
from tests.load.people import IN_DANGER, ORDINARY, PEOPLE, Crowd
from tests.load.scenes import (
    Scene,
    burst,
    for_long,
    many_at_a_time,
    one_at_a_time,
    slope,
)

MAKERS: dict[str, Callable[[], AbstractAsyncContextManager[Bot]]] = {
    "bare echo bot, one update at a time": echo,
    "bare echo bot, side by side": lambda: echo("--together"),
    "tsunagari serve": lambda: ours(UNLIMITED),
}
WARM: int = 200
"""Messages before anything is measured."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says."""

    messages: int
    """Messages of each round of throughput."""
    rounds: int
    """Rounds, the bots one after the other in each."""
    together: int
    """People who always wait for an answer."""
    people: int
    """People of the burst."""
    seconds: float
    """How long the burst lasts."""
    long: int
    """Messages while the memory is watched; 0: not watched."""


async def throughput(given: Given) -> None:
    """Each bot as quick as it can, Telegram's limit left out."""
    scenes: dict[str, list[tuple[Scene, Scene]]] = {name: [] for name in MAKERS}
    for number in range(given.rounds):
        for name, make in MAKERS.items():
            async with make() as bot:
                crowd = Crowd(bot.server, number)
                await many_at_a_time(bot, WARM, given.together, crowd)
                alone = await one_at_a_time(bot, given.messages // 10, crowd)
                many = await many_at_a_time(bot, given.messages, given.together, crowd)
                scenes[name].append((alone, many))
    base = statistics.median(many.rate for _, many in scenes[next(iter(MAKERS))])
    _row(
        "bot", "messages a second", "ratio", "processor time a message", "alone: p50, p99",
        f"{given.together} waiting: p50, p99",
    )  # fmt: skip
    _row(*["---"] * 6)
    for name, found in scenes.items():
        rate = statistics.median(many.rate for _, many in found)
        spent = statistics.median(many.processor / many.answered for _, many in found)
        _row(
            name, f"{rate:.0f}", f"{rate / base:.2f}", _ms(spent),
            *(
                f"{_ms(statistics.median(s.wait(0.5) for s in kind))}, "
                f"{_ms(statistics.median(s.wait(0.99) for s in kind))}"
                for kind in ([alone for alone, _ in found], [many for _, many in found])
            ),
        )  # fmt: skip


async def at_telegrams_pace(given: Given) -> None:
    """A burst, with Telegram's limits: how long people wait, and those in danger."""
    async with ours() as bot:
        crowd = Crowd(bot.server)
        await one_at_a_time(bot, WARM // 4, crowd)
        idle = await one_at_a_time(bot, WARM, crowd, cries=True)
        scene = await burst(bot, given.people, given.seconds, crowd, every=0.5)
        await bot.server.until(lambda: not bot.server.waits.unanswered)
    _row("who", "messages", "unanswered", "p50", "p99", "longest")
    _row(*["---"] * 6)
    _kind("in danger, nobody else there", idle, IN_DANGER)
    _kind("in danger, in the burst", scene, IN_DANGER)
    _kind("all others in the burst", scene, ORDINARY)
    ratio = scene.wait(0.99, IN_DANGER) / idle.wait(0.99, IN_DANGER)
    sys.stdout.write(
        f"\np99 in danger, burst to idle: {ratio:.2f}. {scene.answered} answered in "
        f"{scene.seconds:.0f} s, {scene.sent / scene.seconds:.1f} messages sent a second, at most "
        f"{scene.busiest} in one; processor {scene.processor / scene.seconds:.2f} of a core.\n\n"
    )


async def memory(given: Given) -> None:
    """Many messages, and what the process holds."""
    async with ours(UNLIMITED) as bot:
        crowd = Crowd(bot.server)
        scene = await for_long(bot, given.long, given.together, crowd, looks=20)
    settled = scene.memory[len(scene.memory) // 4 :]
    _row("messages", *(f"{number:,}" for number, _ in scene.memory[::3]))
    _row(*["---"] * (1 + len(scene.memory[::3])))
    _row("MB", *(f"{held / 1e6:.0f}" for _, held in scene.memory[::3]))
    sys.stdout.write(
        f"\nslope after the first quarter: {slope(settled) * 1000 / 1e3:.1f} kB for 1,000 "
        f"messages; {scene.answered} answered, {scene.lost} not, {scene.rate:.0f} a second.\n"
    )


def _kind(name: str, scene: Scene, kind: str) -> None:
    waits = scene.waits[kind]
    _row(
        name, f"{len(waits):,}", f"{scene.lost}",
        _ms(scene.wait(0.5, kind)), _ms(scene.wait(0.99, kind)), _ms(max(waits)),
    )  # fmt: skip


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _row(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


async def main(given: Given) -> None:
    """All scenes that are asked for."""
    if given.messages:
        await throughput(given)
        sys.stdout.write("\n")
    if given.people:
        await at_telegrams_pace(given)
    if given.long:
        await memory(given)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000, help="of each round; 0: no rounds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--together", type=int, default=32)
    parser.add_argument("--people", type=int, default=PEOPLE, help="of the burst; 0: no burst")
    parser.add_argument("--seconds", type=float, default=120.0, help="of the burst")
    parser.add_argument("--long", type=int, default=0, help="messages while memory is watched")
    logging.disable()
    asyncio.run(main(Given(**vars(parser.parse_args()))))
