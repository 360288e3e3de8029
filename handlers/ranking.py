"""In which order windows are shown: what is asked, and how much each thing counts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from handlers.properties import CHANNEL_NEEDS, for_children, reachable, speaks
from knowledge.entries import NATIONWIDE, Window
from knowledge.vocabulary import About, Age, Channel, Need, People, Topic

SHOWN: Final = 4
"""Windows on one reply: few enough to read in distress, enough if one does not answer."""

# How much each thing counts beside the likeness of words (0 to 1); chosen on the development
# questions, see docs/quality.md.
TOPIC: Final = 0.9
LOCAL: Final = 0.12
OPEN: Final = 0.1
CLOSED: Final = -0.1
PAGE_ONLY: Final = -0.1
PER_TOPIC: Final = 0.015
"""A window for many troubles stands a little behind one for just this trouble."""
LATER_TOPIC: Final = 0.75
"""A window's first topic is what it is for; the others count this much."""
UNASKED: Final = -0.2
"""It speaks other languages, but for a trouble that nobody tells of: visitors who fell ill."""
HEARD: Final = 0.1
"""From this share of the heaviest topic's weight a message tells of a trouble."""
READ: Final = 3
"""So many windows are read; fewer people get to the last one."""
BY_NAME: Final = 0.5
"""From this probability a window was asked for by name or by its very purpose."""
NAME: Final = 1.8
"""What the likeness of such a window counts."""
BESIDE_WAYS: Final = 0.4
"""Where a way to talk is asked for, likeness counts this much: it may be no more than «LINEで»."""
OWN_LANGUAGE: Final = 0.6
"""It speaks the language the person writes in, other than Japanese."""
OWN_AGE: Final = 0.15
"""It is for children, and a child writes."""
STRANGER: Final = -0.3
"""It is for men only, and nothing tells of a man."""
OVERDUE: Final = -0.08
"""It was not confirmed for long. Less than any other reason (near, open, for the same age), so
that it decides only between windows that fit equally well."""
TOLD: Final = 0.5
"""From this share of the heaviest topic's weight a message tells of a man, of a woman."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of windows."""

    topics: Mapping[Topic, float]
    """Topics with weights, for scoring those of ``shares``."""
    likeness: Mapping[str, float]
    """How near each window's words are, by id."""
    needs: tuple[Need, ...] = ()
    """Properties every shown window must have."""
    language: str = "ja"
    """The language the person writes in."""
    prefecture: str | None = None
    """Name of the person's prefecture."""
    speaks: str | None = None
    """The language asked for by its name."""
    about: About = About.ME
    """Whose trouble it is."""
    age: Age | None = None
    """How old the person is who writes; None = not told."""
    second: frozenset[Topic] = frozenset()
    """What it is about besides: one of these has a window among the first ``READ``."""

    @property
    def spoken(self) -> str:
        """The language a window should speak."""
        return self.speaks or self.language


def shares(topics: Mapping[Topic, float]) -> dict[Topic, float]:
    """Each topic's share of the heaviest one's weight, the heaviest being 1."""
    heaviest = max(topics.values(), default=1.0)
    return {topic: weight / heaviest for topic, weight in topics.items()}


def is_for(window: Window, asked: Asked) -> bool:
    """Whether it is for somebody of that age: childline is for children, not their parents."""
    grown = asked.age in {Age.ADULT, Age.ELDER} or asked.about is About.CHILD
    if People.CHILD in window.people:
        return not grown
    return not (People.YOUNG in window.people and asked.age is Age.ELDER)


def score(
    window: Window, asked: Asked, *, home: str | None, now: bool | None, overdue: bool = False
) -> float:
    """How well a window fits; ``home`` is its prefecture, ``now`` whether it is open.

    ``overdue``: whether nobody confirmed it for too long.
    """
    topical = sum(
        asked.topics.get(topic, 0.0) * (1 if window.topics[0] == topic else LATER_TOPIC)
        for topic in window.topics
    )
    return sum(
        (
            _alike(window, asked),
            TOPIC * topical,
            LOCAL if home else 0.0,
            OPEN if now else CLOSED if now is False else 0.0,
            0.0 if reachable(window) else PAGE_ONLY,
            OWN_LANGUAGE if asked.spoken != "ja" and speaks(window, asked.spoken) else 0.0,
            _of_people(window, asked),
            UNASKED if _elsewhere(window, asked) else 0.0,
            -PER_TOPIC * len(window.topics),
            OVERDUE if overdue else 0.0,
        )
    )


def _alike(window: Window, asked: Asked) -> float:
    """How near its words are; doubly where it was asked for by its name or very purpose."""
    likeness = asked.likeness.get(window.id, 0.0)
    if likeness >= BY_NAME:
        return NAME * likeness
    return likeness * (BESIDE_WAYS if CHANNEL_NEEDS.keys() & set(asked.needs) else 1.0)


def _elsewhere(window: Window, asked: Asked) -> bool:
    """Whether it is for foreign residents with another trouble than the one told of."""
    if Topic.FOREIGN_LANGUAGE not in window.topics or len(window.topics) == 1:
        return False
    others = (topic for topic in window.topics if topic is not Topic.FOREIGN_LANGUAGE)
    return all(asked.topics.get(topic, 0.0) < HEARD for topic in others)


def _of_people(window: Window, asked: Asked) -> float:
    """Whom it is for, as far as the message tells."""
    if People.CHILD in window.people:
        return OWN_AGE if asked.age is Age.CHILD else 0.0
    if People.YOUNG in window.people and asked.topics.get(Topic.CHILD_YOUTH, 0.0) < HEARD:
        return STRANGER
    man = asked.topics.get(Topic.MEN, 0.0) >= TOLD
    if People.MEN in window.people:
        return 0.0 if man else STRANGER
    return STRANGER if People.WOMEN in window.people and man else 0.0


def leading(topics: Mapping[Topic, float]) -> frozenset[Topic]:
    """The topics a message is mostly about."""
    return frozenset(t for t, share in shares(topics).items() if share >= TOLD)


def besides(
    topics: Mapping[Topic, float],
    told: Iterable[Topic],
    listening: AbstractSet[Topic],
    *,
    care: bool,
) -> frozenset[Topic]:
    """What a message is about besides its heaviest topic; nothing where that is all.

    Where care is due, somebody who listens; else what a part of it ``told``, heaviest first.
    The bereaved need somebody who listens too: most windows for them are for one cause of death.
    """
    first = max(topics, key=lambda topic: topics[topic], default=None)
    if care and first not in listening:
        return frozenset(listening)
    alike = listening if first in listening else {first}
    second = frozenset([topic for topic in told if topic not in alike][:1])
    return second or (frozenset(listening) if first is Topic.BEREAVEMENT else second)


def shown(ranked: Sequence[tuple[float, Window]], asked: Asked) -> list[tuple[float, Window]]:
    """The best few, each kind that somebody may need among them.

    A line for children and one for adults, where the age is not known and the topic has both;
    not in another language, which lines for children hardly speak. One of the whole country
    beside those of a prefecture. Where all are pages in which a number is looked up, one more
    that takes calls: of those, the one for the most troubles.
    """
    topics = leading(asked.topics)
    best = _covering(ranked, asked)
    rest = [pair for pair in ranked[SHOWN:] if topics & set(pair[1].topics)]
    wanted: list[Callable[[Window], bool]] = [lambda window: window.area == NATIONWIDE]
    if asked.age is None and asked.about is About.ME and asked.spoken == "ja":
        wanted += [for_children, lambda window: not for_children(window)]
    for kind in wanted:
        if not any(kind(window) for _, window in best):
            found = next((pair for pair in rest if kind(pair[1])), None)
            best = [*best[: SHOWN - 1], found] if found else best
    if not any(reachable(window) for _, window in best):
        calls = [pair for pair in rest if _takes_calls(pair[1])]
        best += sorted(calls, key=lambda pair: -len(pair[1].topics))[:1]
    return best


def _covering(ranked: Sequence[tuple[float, Window]], asked: Asked) -> list[tuple[float, Window]]:
    """The best few, one of the first three for the message's second topic."""
    best = list(ranked[:SHOWN])
    if any(asked.second & set(window.topics) for _, window in best[:READ]):
        return best
    rest = [pair for pair in ranked[READ:] if asked.second & set(pair[1].topics)]
    own = [pair for pair in rest if pair[1].topics[0] in asked.second]
    found = next(iter(own or rest), None)
    return [*best[: READ - 1], found, *best[READ - 1 : SHOWN - 1]] if found else best


def _takes_calls(window: Window) -> bool:
    return any(contact.kind is Channel.PHONE for contact in window.contacts) and not window.people
