"""A handful of people through the load generator: it counts rightly, and everybody is answered."""

import pytest

from tests.bot.test_serve import COMMAND
from tests.load.bots import echo, ours
from tests.load.people import IN_DANGER, ORDINARY, Crowd
from tests.load.scenes import Scene, burst, for_long, many_at_a_time, one_at_a_time, slope


async def test_everybody_is_answered_and_telegrams_limit_is_kept() -> None:
    async with ours(command=COMMAND) as bot:
        crowd = Crowd(bot.server)
        alone = await one_at_a_time(bot, 5, crowd, cries=True)
        scene = await burst(bot, 40, 2.0, crowd, every=0.5)
    assert len(alone.waits[IN_DANGER]) == 5
    assert len(scene.waits[ORDINARY]) == 40
    assert len(scene.waits[IN_DANGER]) == 4
    assert (scene.answered, scene.lost) == (44, 0)
    assert scene.busiest <= 40
    assert bot.server.refusals == []


async def test_memory_is_looked_at_now_and_then() -> None:
    async with ours("1000", command=COMMAND) as bot:
        scene = await for_long(bot, 40, 4, Crowd(bot.server), looks=2)
    assert [number for number, _ in scene.memory] == [20, 40]
    assert all(held > 10_000_000 for _, held in scene.memory)
    assert scene.answered == 40
    assert scene.processor > 0


@pytest.mark.parametrize("options", [(), ("--together",)])
async def test_the_bare_bot_answers_everything_too(options: tuple[str, ...]) -> None:
    async with echo(*options) as bot:
        scene = await many_at_a_time(bot, 30, 4, Crowd(bot.server))
    assert (scene.answered, scene.lost) == (30, 0)


def test_a_slope_is_what_each_message_adds() -> None:
    assert slope(((0, 100), (10, 120), (20, 140))) == 2.0


def test_a_wait_is_found_among_those_of_its_kind() -> None:
    scene = Scene(3, 0, 1.5, 0.0, {ORDINARY: [0.3, 0.1, 0.2]})
    assert (scene.wait(0.5), scene.wait(0.99), scene.rate) == (0.2, 0.3, 2.0)
