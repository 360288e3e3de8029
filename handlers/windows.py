"""Which consultation windows fit, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers.messages import Card
from handlers.ports import NO_CONFIRMATIONS, Confirmations
from handlers.properties import has
from handlers.ranking import BY_NAME, Asked, is_for, score, shares
from handlers.window_cards import WindowCards, title
from knowledge.attesting import Standing
from knowledge.entries import NATIONWIDE, Window
from knowledge.hours import TOKYO, Hours, State
from knowledge.load import Knowledge
from knowledge.places import Gazetteer
from knowledge.replies import Replies
from knowledge.text import fold
from knowledge.vocabulary import Channel, Need, Topic

WHOLE_NUMBER: Final = 8
"""Digits of a telephone number that is nobody else's; 110 may be any amount of money."""
NEAREST: Final = 5
"""So many windows with the nearest words tell what a message is about."""

NUMBER_ELSEWHERE: Final[Mapping[str, str]] = {"window/yorisoi": "window/yorisoi-tohoku"}
"""Windows whose number does not reach them from some prefectures, and the ones for those."""

AT_SEA: Final = frozenset({"window/118"})
"""Shown only where the words are like its own: who is stalked must not ring the coast guard."""
LIKE: Final = 0.03
"""From this likeness such a window is meant."""


class WindowDesk:
    """Finds windows."""

    def __init__(
        self,
        knowledge: Knowledge,
        gazetteer: Gazetteer,
        replies: Replies,
        confirmations: Confirmations = NO_CONFIRMATIONS,
        always: AbstractSet[str] = frozenset(),
    ) -> None:
        """Read the hours of every window once.

        ``confirmations`` tell which windows are overdue; those of ``always``, which are shown in
        danger, never sink and are never marked.
        """
        self._confirmations = confirmations
        self._always = always
        self.windows = {window.id: window for window in knowledge.windows}
        self._cards = WindowCards(replies)
        self._hours = {
            window.id: Hours.parse(window.opening_hours, window.holidays)
            for window in knowledge.windows
        }
        self._numbers = [
            (fold(contact.value), window.id)
            for window in knowledge.windows
            for contact in window.contacts
            if contact.kind is Channel.PHONE
        ]
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
        asked = replace(asked, topics=shares(asked.topics))
        found = [
            (self._score(window, asked, at), window)
            for window in self.windows.values()
            if self.reaches(window, asked.prefecture)
            and self._fits(window, asked, at)
            and self.meets(window, asked, at)
        ]
        return sorted(found, key=lambda pair: -pair[0])

    def _score(self, window: Window, asked: Asked, at: datetime) -> float:
        home, now = self._prefectures[window.id], self.is_open(window, at)
        overdue = self.standing(window, at).overdue is not None
        return score(window, asked, home=home, now=now, overdue=overdue)

    def standing(self, window: Window, at: datetime) -> Standing:
        """When it was last confirmed, and whether it is overdue."""
        today = at.astimezone(TOKYO).date()
        found = self._confirmations.standing(window.id, window.assured, today)
        return Standing(found.confirmed) if window.id in self._always else found

    def _fits(self, window: Window, asked: Asked, at: datetime) -> bool:
        """Whether it is for the trouble and runs these days, or was asked for by name."""
        if asked.likeness.get(window.id, 0.0) >= BY_NAME:
            return True
        if window.id in AT_SEA and asked.likeness.get(window.id, 0.0) < LIKE:
            return False
        topical = any(topic in asked.topics for topic in window.topics)
        return self._runs(window, at) and topical and is_for(window, asked)

    def _runs(self, window: Window, at: datetime) -> bool:
        """Whether it opens at all these days; #9999 does so only in its campaign weeks."""
        state = self.state(window, at)
        return state.open is not False or state.opens is not None

    def meets(self, window: Window, asked: Asked, at: datetime) -> bool:
        """Whether a window has every property asked for."""
        hours = self._hours[window.id]
        return all(has(window, need, hours, at, asked.spoken) for need in asked.needs)

    def numbered(self, folded: str) -> list[str]:
        """Windows whose number a folded message is, or whose long one stands in it."""
        return [
            window_id
            for number, window_id in self._numbers
            if number == folded or (len(number) >= WHOLE_NUMBER and number in folded)
        ]

    def topics_of(self, likeness: Mapping[str, float]) -> dict[Topic, float]:
        """The first topics of the windows with the nearest words, the heaviest weighing 1."""
        nearest = sorted(likeness, key=lambda window_id: -likeness[window_id])[:NEAREST]
        topics: dict[Topic, float] = {}
        for window_id in nearest:
            topic = self.windows[window_id].topics[0]
            topics[topic] = topics.get(topic, 0.0) + likeness[window_id] ** 2
        return shares(topics)

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
            standing=self.standing(window, at),
            has=[n for n in needs if has(window, n, self._hours[window.id], at, language)],
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
