"""Compares what was sent with what was asked."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bot_api.server import Accepted

PART = re.compile(r"k\d+/\d+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a run ended."""

    lost: tuple[str, ...]
    """Never sent."""
    doubled: tuple[str, ...]
    """Sent once more without need."""
    at_kills: tuple[str, ...]
    """Sent once more: the process was killed between Telegram's taking it and the note of that."""
    unanswered: tuple[str, ...]
    """Sent once more: Telegram took it, but its answer was late or never came."""
    stray: tuple[str, ...]
    """Sent to a chat that did not ask."""
    disordered: int
    """Parts that came first after a later one of the same chat."""
    gaps: tuple[float, ...]
    """Of those at kills: seconds from Telegram's taking it to the kill, below 0 for just after."""


def compare(
    asked: Mapping[str, int], accepted: Sequence[Accepted], killed: Mapping[int, float]
) -> Comparison:
    """``asked``: parts and their chats; ``killed``: lives that were, and when."""
    times: dict[str, list[Accepted]] = defaultdict(list)
    last: dict[tuple[int, int], Accepted] = {}  # of each life in each chat
    stray = []
    for one in accepted:
        part = part_of(one)
        if asked.get(part) != chat_of(one):
            stray.append(part)
        times[part].append(one)
        last[one.life, chat_of(one)] = one
    doubled, at_kills, unanswered, gaps = [], [], [], []
    for part, ones in times.items():
        for before in ones[:-1]:
            if before.life in killed and last[before.life, chat_of(before)] is before:
                at_kills.append(part)
                gaps.append(killed[before.life] - before.at)
            elif before.unanswered:
                unanswered.append(part)
            else:
                doubled.append(part)
    lost = tuple(part for part in asked if part not in times)
    return Comparison(
        lost, tuple(doubled), tuple(at_kills), tuple(unanswered), tuple(stray),
        disordered(list(asked), accepted), tuple(gaps),
    )  # fmt: skip


def disordered(asked: Sequence[str], accepted: Sequence[Accepted]) -> int:
    """How many parts came, for the first time, after a later one of the same chat."""
    place = {part: number for number, part in enumerate(asked)}
    furthest: dict[int, int] = {}
    seen: set[str] = set()
    wrong = 0
    for one in accepted:
        part, chat = part_of(one), chat_of(one)
        if part in seen or part not in place:
            continue
        seen.add(part)
        wrong += place[part] < furthest.get(chat, -1)
        furthest[chat] = max(furthest.get(chat, -1), place[part])
    return wrong


def part_of(one: Accepted) -> str:
    """Which part it was, such as ``k7/1``; empty for anything else."""
    found = PART.match(one.sent.text)
    return found.group() if found else ""


def chat_of(one: Accepted) -> int:
    """Where it went."""
    return int(one.sent.parameters["chat_id"])
