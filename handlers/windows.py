"""Which consultation windows fit, and in which order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.messages import Card
from handlers.window_cards import WindowCards, title
from knowledge.entries import NATIONWIDE, Window
from knowledge.hours import Hours, State
from knowledge.load import Knowledge
from knowledge.places import Gazetteer
from knowledge.replies import BASE, EASY, Replies
from knowledge.vocabulary import Channel, Cost, Need, Topic

SHOWN: Final = 4
"""Windows on one reply: few enough to read in distress, enough if one does not answer."""

# How much each thing counts beside the likeness of words (0 to 1); chosen on the development
# questions, see docs/quality.md.
TOPIC: Final = 0.9
LOCAL: Final = 0.12
OPEN: Final = 0.1
CLOSED: Final = -0.1
PAGE_ONLY: Final = -0.15
PER_TOPIC: Final = 0.015
"""A window for many troubles stands a little behind one for just this trouble."""
LATER_TOPIC: Final = 0.85
"""A window's first topic is what it is for; the others count this much."""

BY_NAME: Final = 0.5
"""From this probability a window was asked for by name or by its very purpose."""
NEAREST: Final = 5
"""So many windows with the nearest words tell the topic when no word of the lists does."""

NUMBER_ELSEWHERE: Final[Mapping[str, str]] = {"window/yorisoi": "window/yorisoi-tohoku"}
"""Windows whose number does not reach them from some prefectures, and the ones for those."""

TEXT_CHANNELS: Final = frozenset({Channel.LINE, Channel.WEBCHAT, Channel.SNS, Channel.MAIL})
_CHANNEL_NEEDS: Final[Mapping[Need, frozenset[Channel]]] = {
    Need.PHONE: frozenset({Channel.PHONE}),
    Need.LINE: frozenset({Channel.LINE}),
    Need.CHAT: frozenset({Channel.LINE, Channel.WEBCHAT, Channel.SNS}),
    Need.TEXT: TEXT_CHANNELS | {Channel.FAX, Channel.APP},
    Need.MAIL: frozenset({Channel.MAIL}),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of windows."""

    topics: Mapping[Topic, float]
    """Topics with weights."""
    likeness: Mapping[str, float]
    """How near each window's words are, by id."""
    needs: tuple[Need, ...] = ()
    """Properties every shown window must have."""
    language: str = "ja"
    """The language the person speaks."""
    prefecture: str | None = None
    """Name of the person's prefecture."""


class WindowDesk:
    """Finds windows."""

    def __init__(self, knowledge: Knowledge, gazetteer: Gazetteer, replies: Replies) -> None:
        """Read the hours of every window once."""
        self.windows = {window.id: window for window in knowledge.windows}
        self._cards = WindowCards(replies)
        self._hours = {
            window.id: Hours.parse(window.opening_hours, window.holidays)
            for window in knowledge.windows
        }
        self._prefectures = {w.id: _prefecture(w, gazetteer) for w in knowledge.windows}

    def reaches(self, window: Window, prefecture: str | None) -> bool:
        """Whether the window serves the person: national ones do, local ones only at home."""
        if self._elsewhere(window.id, prefecture):
            return False
        if window.only_in:
            return prefecture in window.only_in
        home = self._prefectures[window.id]
        return home is None or home == prefecture

    def is_open(self, window: Window, at: datetime) -> bool | None:
        """Whether it is open at a moment; None where not known."""
        return self._hours[window.id].is_open(at)

    def state(self, window: Window, at: datetime) -> State:
        """Whether it is open at a moment, until when, and when next."""
        return self._hours[window.id].state(at)

    def title(self, window: Window, language: str) -> str:
        """The name, in Latin letters for people from abroad where there is one."""
        return title(window, language)

    def ranked(self, asked: Asked, at: datetime) -> list[tuple[float, Window]]:
        """Every window that reaches the person, fits and meets the needs, best first."""
        share = _shares(asked.topics)
        found = [
            (self._score(window, asked, share, at), window)
            for window in self.windows.values()
            if self.reaches(window, asked.prefecture)
            and self._fits(window, asked, at)
            and self.meets(window, asked, at)
        ]
        return sorted(found, key=lambda pair: -pair[0])

    def _fits(self, window: Window, asked: Asked, at: datetime) -> bool:
        """Whether it is for the trouble and runs these days, or was asked for by name."""
        if asked.likeness.get(window.id, 0.0) >= BY_NAME:
            return True
        return self._runs(window, at) and any(topic in asked.topics for topic in window.topics)

    def _runs(self, window: Window, at: datetime) -> bool:
        """Whether it opens at all these days; #9999 does so only in its campaign weeks."""
        state = self.state(window, at)
        return state.open is not False or state.opens is not None

    def meets(self, window: Window, asked: Asked, at: datetime) -> bool:
        """Whether a window has every property asked for."""
        return all(self._has(window, need, asked.language, at) for need in asked.needs)

    def _has(self, window: Window, need: Need, language: str, at: datetime) -> bool:
        if need in _CHANNEL_NEEDS:
            return any(contact.kind in _CHANNEL_NEEDS[need] for contact in window.contacts)
        checks: Mapping[Need, Callable[[], bool]] = {
            Need.OPEN_NOW: lambda: _reachable(window) and self.is_open(window, at) is True,
            Need.NIGHT: lambda: _reachable(window) and self._open_at_night(window, at),
            Need.ALWAYS_OPEN: lambda: _reachable(window) and self._hours[window.id].always_open,
            Need.FREE: lambda: window.cost is Cost.FREE,
            Need.ANONYMOUS: lambda: window.anonymous == "yes",
            Need.FOREIGN_LANGUAGE: lambda: _speaks(window, language),
        }
        return checks[need]()

    def _open_at_night(self, window: Window, at: datetime) -> bool:
        late = at.replace(hour=23, minute=30)
        return self.is_open(window, at) is True and self.is_open(window, late) is True

    def _score(
        self, window: Window, asked: Asked, share: Mapping[Topic, float], at: datetime
    ) -> float:
        topical = sum(
            weight * (1 if window.topics[0] == topic else LATER_TOPIC)
            for topic, weight in share.items()
            if topic in window.topics
        )
        state = self.is_open(window, at)
        score = asked.likeness.get(window.id, 0.0) + TOPIC * topical
        score += LOCAL if self._prefectures[window.id] else 0.0
        score += OPEN if state else CLOSED if state is False else 0.0
        score += 0.0 if _reachable(window) else PAGE_ONLY
        return score - PER_TOPIC * len(window.topics)

    def topics_of(self, likeness: Mapping[str, float]) -> dict[Topic, float]:
        """The first topics of the windows with the nearest words, weighted by likeness."""
        nearest = sorted(likeness, key=lambda window_id: -likeness[window_id])[:NEAREST]
        topics: dict[Topic, float] = {}
        for window_id in nearest:
            topic = self.windows[window_id].topics[0]
            topics[topic] = topics.get(topic, 0.0) + likeness[window_id] ** 2
        return topics

    def card(
        self,
        window: Window,
        score: float,
        at: datetime,
        language: str,
        needs: Sequence[Need] = (),
    ) -> Card:
        """The card of one window; of the properties asked for it names those the window has."""
        return self._cards.card(
            window,
            score,
            at,
            language,
            hours=self._hours[window.id],
            prefecture=self._prefectures[window.id],
            has=[need for need in needs if self._has(window, need, language, at)],
        )

    def cards(
        self,
        ids: Iterable[str],
        at: datetime,
        language: str,
        score: float = 1.0,
        prefecture: str | None = None,
    ) -> list[Card]:
        """Cards of named windows; an id that is not published is left out."""
        found = (self.here(window_id, prefecture) for window_id in ids)
        return [self.card(window, score, at, language) for window in found if window]

    def here(self, window_id: str, prefecture: str | None) -> Window | None:
        """The window, or the one with the number that reaches it from the prefecture."""
        return self._elsewhere(window_id, prefecture) or self.windows.get(window_id)

    def _elsewhere(self, window_id: str, prefecture: str | None) -> Window | None:
        """The window with another number that has to be called from the prefecture, if any."""
        near = self.windows.get(NUMBER_ELSEWHERE.get(window_id, ""))
        return near if near and prefecture in near.only_in else None


def _prefecture(window: Window, gazetteer: Gazetteer) -> str | None:
    if window.area == NATIONWIDE:
        return None
    if window.area in gazetteer.by_name:
        return window.area
    (place,) = gazetteer.places(window.area)
    (name,) = place.prefectures
    return name


def _reachable(window: Window) -> bool:
    return bool(window.contacts)


def _speaks(window: Window, language: str) -> bool:
    others = set(window.languages) - {"ja"}
    return bool(others) if language in {BASE, EASY} else language in others


def _shares(topics: Mapping[Topic, float]) -> dict[Topic, float]:
    """Each topic's share of the heaviest one's weight, the heaviest being 1."""
    heaviest = max(topics.values(), default=1.0)
    return {topic: weight / heaviest for topic, weight in topics.items()}
