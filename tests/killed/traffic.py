"""What people do in a run, and what they are to get for it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bot_api import BotApiServer, Group, Person
from tests.killed.echo import LONG, PARTS


@dataclass
class Traffic:
    """People, and what they asked so far."""

    server: BotApiServer
    """Where they are."""
    dice: random.Random
    """Decides who does what."""
    people: list[Person] = field(default_factory=list)
    """Those who are answered."""
    asked: dict[str, int] = field(default_factory=dict)
    """What is to be sent, such as ``k7/1``, and to which chat; in the order it was asked."""
    updates: int = 0
    """Number of updates so far."""

    def __post_init__(self) -> None:
        """Make the people, two groups, and one who has blocked the bot."""
        self.people = [self.server.person() for _ in range(8)]
        self._groups = [self.server.group() for _ in range(2)]
        self._blocked = self.server.person()
        self.server.block(self._blocked.chat)

    def go_on(self) -> None:
        """Let somebody do something."""
        self.updates += 1
        token = f"k{self.updates}"
        person, group = self.dice.choice(self.people), self.dice.choice(self._groups)
        mention = f"@{self.server.bot['username']} {token}"
        deeds: list[tuple[float, Callable[[], object], Person | Group | None, int]] = [
            (0.40, lambda: person.says(token), person, 1),
            (0.15, lambda: person.says(f"{LONG} {token}"), person, PARTS),
            (0.15, lambda: person.taps_data(token, None), person, 1),
            (0.10, lambda: person.says(mention, into=group), group, 1),
            (0.05, lambda: person.says(f"/help {token}"), person, 1),
            (0.05, lambda: person.edits(token), person, 1),
            (0.10, lambda: self._blocked.says(f"{LONG} {token}"), None, 0),
        ]
        (deed,) = self.dice.choices(deeds, [likelihood for likelihood, *_ in deeds])
        _, do, chat, parts = deed
        do()
        for part in range(1, parts + 1):
            self.asked[f"{token}/{part}"] = chat.id if chat else 0
