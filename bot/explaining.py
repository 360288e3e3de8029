"""``tsunagari ask --why``: which words, slots and asks made the score."""

from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from handlers.messages import Reply
from handlers.turn import Turn
from knowledge.replies import Replies
from knowledge.why import Why, why

EXPLAINED: Final = 3
"""Entries that are explained."""


def reasons(reply: Reply, turn: Turn) -> list[Why]:
    """Why each of the first entries got its score; nothing where danger answered without one."""
    if turn.ranking is None:
        return []
    cards = (*reply.cards, *reply.offered)[:EXPLAINED]
    return [why(turn.ranking, card.id) for card in cards]


def as_json(reply: Reply, turn: Turn) -> dict[str, Any]:
    """The reasons as JSON values."""
    return {"slots": dict(reply.slots), "entries": [asdict(one) for one in reasons(reply, turn)]}


def show_reasons(console: Console, replies: Replies, reply: Reply, turn: Turn) -> None:
    """Print the reasons: what was read exactly, then each entry with what spoke for it."""
    say = replies.say
    slots = "  ".join(f"{name}={value}" for name, value in reply.slots.items())
    console.print(say("why.slots", value=slots or say("why.nothing")), markup=False)
    for one in reasons(reply, turn):
        table = Table(title=f"{one.id}  {one.score:.2f}", title_justify="left", show_header=False)
        sentence, likeness = one.nearest
        table.add_row(say("why.nearest"), f"{likeness:.2f}  {sentence}")
        ways = "  ".join(f"{say(f'why.way.{way}')} {c:.2f}" for way, c in one.ways.items())
        table.add_row(say("why.ways"), ways)
        words = "  ".join(f"{word} {rarity:.1f}" for word, rarity in one.words.items())
        table.add_row(say("why.words"), words or say("why.nothing"))
        told, asks = one.learned
        voices = "\n".join(f"{voice:+.2f}  {ask}" for ask, voice in asks)
        table.add_row(say("why.learned", value=f"{told:.2f}"), voices)
        console.print(table)
