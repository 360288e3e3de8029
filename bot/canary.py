"""``tsunagari canary``, and the canary that ``tsunagari serve`` carries."""

import asyncio
from collections.abc import Callable

from bot.app import App, NoLog
from bot.live import Live
from bot.settings import Settings
from bot.store.conversations import MemoryConversations
from bot.telegram.canary import Canary, Cry
from handlers.answer import Assistant
from knowledge.canary import canary_lines
from knowledge.replies import BASE


def canary_of(app: App, settings: Settings) -> Canary:
    """The canary: the same library, an assistant of its own that keeps nothing."""
    conversations, clock = MemoryConversations(app.clock), app.clock
    assistant = Live(
        lambda: app.library,
        lambda library: Assistant(library, NoLog(), conversations, clock),
        clock,
    )
    cries = []
    for line in canary_lines():
        (card,) = app.library.windows.cards([line.window], app.clock.now(), BASE)
        cries.append(Cry(line.text, card.numbers))
    return Canary(settings, assistant, assistant, clock, cries)


def sing_once(canary: Canary, say: Callable[[str], object]) -> bool:
    """Say every line of the rota once and tell what came; True when nothing was wrong."""
    return asyncio.run(_sing(canary, say))


async def _sing(canary: Canary, say: Callable[[str], object]) -> bool:
    sound = True
    for _ in range(canary.length):
        number, fault = await canary.sing()
        say(f"{number}: {fault or 'ok'}")
        sound = sound and fault is None
    return sound
