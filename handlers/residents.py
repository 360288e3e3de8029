"""Answers for people looking for help: windows that fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.choices import REGION, Choices
from handlers.messages import Card, Reply, Status
from handlers.ranking import SHOWN, Asked, besides, leading, shares, shown
from handlers.turn import Turn
from handlers.windows import WindowDesk
from knowledge.entries import Window
from knowledge.places import Gazetteer
from knowledge.replies import Replies
from knowledge.vocabulary import Need, Topic

SETTLED: Final = 8.0
"""Letters of topic phrases that tell as much as windows met word for word."""
TELLING: Final = 0.2
"""From this probability the nearest windows tell what a message is about."""
BUTTON: Final = 0.4
"""What likeness to the words on a button counts: it only orders the windows of its topic."""
SURE: Final = 0.5
"""From this probability a topic counts beside those of care."""
BESIDES: Final = 0.3
"""What a message is about besides weighs this share of its heaviest topic."""
FAINT: Final = 0.05
"""Below this share of the heaviest topic one is hardly heard."""
FILLING: Final = 0.01
"""So little weigh topics of windows that only fill the places left."""
SPELT_OUT: Final = 0.4
"""What a topic adds whose phrases stand in the message beside a likelier one."""
NAMED: Final = 0.85
"""From this probability a window was asked for by a name with a place in it."""
UNSURE: Final = 0.35
"""Below this weight of the heaviest topic, the less is known, the more those of care count."""
LISTENING: Final = 2
"""So many windows that listen to anybody stand beside the choices where nothing is told."""
ABROAD: Final = 0.8
"""A message in another language is about that too, by this share of the heaviest topic."""
TRACE: Final = 0.04
"""Beside the language, so faint a topic is still what the message is about."""
WIDE: Final = 12
"""So many are looked at to find those of a prefecture."""
LOCAL_SHOWN: Final = SHOWN - 1
"""With windows of a prefecture stands at least one of the whole country."""
ANYTHING: Final[Mapping[Topic, float]] = dict.fromkeys(Topic, 0.3)
"""Every topic, where only a place or a property is named."""
CARE: Final[Mapping[Topic, float]] = {
    Topic.MENTAL_HEALTH: 1.0,
    Topic.LONELINESS: 0.9,
    Topic.SUICIDE: 0.8,
}
"""Topics of a message with soft signs, and of one whose trouble is not clear."""


class ResidentDesk:
    """Writes replies from windows."""

    def __init__(
        self, windows: WindowDesk, gazetteer: Gazetteer, replies: Replies, choices: Choices
    ) -> None:
        """Take the desks this one draws on."""
        self._windows = windows
        self._gazetteer = gazetteer
        self._replies = replies
        self._choices = choices

    def answer(self, turn: Turn, *, care: bool = False) -> Reply:
        """Windows for what the message says."""
        topics = self._topics(turn, care=care)
        second = besides(topics, turn.slots.told, CARE.keys(), care=care)
        topics = _filled(topics, second)
        prefecture = turn.prefecture
        cards, key = self._fitting(turn, topics, prefecture, second)
        local = any(card.prefecture for card in cards)
        opening = self._opening(turn, key, prefecture, local=local, care=care)
        return Reply(
            Status.ANSWERED,
            opening=opening,
            cards=tuple(cards),
            closing=(self._say(turn, "windows.closing"),),
            choices=() if prefecture else self._choices.place(turn.language),
        )

    def _topics(self, turn: Turn, *, care: bool) -> Mapping[Topic, float]:
        """Topics a message sounds like; the less they are known, the more those of care count."""
        slots = turn.slots
        if care:
            sure = {topic: share for topic, share in slots.likely.items() if share >= SURE}
            return {**CARE, **sure, **slots.topics}
        said: Mapping[Topic, float] = _shares(slots.topics)
        if slots.likely:
            said = _together(slots.likely, said, SPELT_OUT)
        likeness = turn.rest_ranking.of("window/") if turn.rest_ranking else {}
        nearest = max(likeness.values(), default=0.0)
        if nearest >= TELLING and not turn.incoming.choice:
            said = _together(said, self._windows.topics_of(likeness), nearest)
        best = max(said.values(), default=0.0)
        if best < UNSURE:
            said = _together(said, CARE, (UNSURE - best) / UNSURE)
        return said if slots.language == "ja" else _abroad(said)

    def _fitting(
        self,
        turn: Turn,
        topics: Mapping[Topic, float],
        prefecture: str | None,
        second: frozenset[Topic] = frozenset(),
    ) -> tuple[list[Card], str]:
        """Cards that meet every need, and what must be said of them.

        Where no window for the trouble does, those for others that do, and it is said; where
        none at all does, those for the trouble, and it is said. Few windows are known to be
        anonymous: rather one for the trouble than one that is.
        """
        needs = turn.slots.needs
        without = tuple(need for need in needs if need is not Need.ANONYMOUS)
        wanted = leading(topics)
        for tried in dict.fromkeys((needs, without)):
            cards = self._chosen(turn, topics, prefecture, tried, second)
            if any(wanted & set(card.topics) for card in cards):
                return cards, "" if tried == needs else "windows.none"
        near = self._chosen(turn, {**ANYTHING, **CARE}, prefecture, needs)
        if near and needs:
            return near, "windows.near"
        cards = self._chosen(turn, topics, prefecture, (), second)
        return cards, "windows.none" if needs else ""

    def _chosen(
        self,
        turn: Turn,
        topics: Mapping[Topic, float],
        prefecture: str | None,
        needs: Sequence[Need],
        second: frozenset[Topic] = frozenset(),
    ) -> list[Card]:
        asked = replace(self._asked(turn, topics, prefecture, needs), second=second)
        return self._cards(turn, shown(self._windows.ranked(asked, turn.incoming.at), asked))

    def cards(
        self,
        turn: Turn,
        topics: Mapping[Topic, float],
        prefecture: str | None,
        limit: int,
        needs: Sequence[Need] = (),
    ) -> list[Card]:
        """The best windows for topics and needs."""
        asked = self._asked(turn, topics, prefecture, needs)
        return self._cards(turn, self._windows.ranked(asked, turn.incoming.at)[:limit])

    def _asked(
        self,
        turn: Turn,
        topics: Mapping[Topic, float],
        prefecture: str | None,
        needs: Sequence[Need],
    ) -> Asked:
        slots = turn.slots
        return Asked(
            topics,
            self._likeness(turn),
            tuple(needs),
            slots.language,
            prefecture,
            speaks=slots.speaks,
            about=slots.about,
            age=slots.age,
        )

    def _cards(self, turn: Turn, ranked: Sequence[tuple[float, Window]]) -> list[Card]:
        best = ranked[0][0] if ranked else 1.0
        return [
            self._windows.card(
                window, score / max(best, 1.0), turn.incoming.at, turn.language, turn.slots.needs
            )
            for score, window in ranked
        ]

    def _likeness(self, turn: Turn) -> dict[str, float]:
        """How near each window's words are; the name of a place alone is no likeness."""
        if not turn.ranking:
            return {}
        whole, rest = (r.of("window/") for r in (turn.ranking, turn.rest_ranking or turn.ranking))
        if turn.incoming.choice:  # the words of a button name no window
            return {i: BUTTON * whole[i] for i in whole}
        likeness = {i: whole[i] if whole[i] >= NAMED else rest[i] for i in whole}
        return likeness | dict.fromkeys(self._windows.numbered(turn.folded), 1.0)

    def nearby(self, turn: Turn, prefecture: str, limit: int) -> list[Card]:
        """Windows for anybody in a prefecture, its own before national ones."""
        cards = self.cards(turn, CARE, prefecture, WIDE)
        return sorted(cards, key=lambda card: card.prefecture is None)[:limit]

    def there(self, turn: Turn, prefecture: str) -> Reply:
        """Windows of a prefecture for any trouble, then national ones that listen to anybody."""
        anything = {**ANYTHING, **CARE}
        cards = self.cards(turn, anything, prefecture, len(self._windows.windows))
        local = [card for card in cards if card.prefecture][:LOCAL_SHOWN]
        national = self.cards(turn, CARE, None, SHOWN - len(local))
        return Reply(
            Status.ANSWERED,
            opening=self._opening(turn, "", prefecture, local=bool(local), care=False),
            cards=(*local, *national),
            closing=(self._say(turn, "windows.closing"),),
        )

    def _opening(
        self, turn: Turn, key: str, prefecture: str | None, *, local: bool, care: bool
    ) -> tuple[str, ...]:
        lead = [self._say(turn, "care.opening")] if care else []
        if key:
            return (*lead, self._say(turn, key))
        if prefecture:
            name = self._choices.prefecture(prefecture, turn.language)
            key = "windows.opening_place" if local else "windows.no_local"
            return (*lead, self._say(turn, key, prefecture=name))
        return tuple(lead) or (self._say(turn, "windows.opening"),)

    def start(self, turn: Turn) -> Reply:
        """What is it about? Topics to tap."""
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "start.windows"),),
            choices=self._choices.topics(turn.language),
        )

    def wordless(self, turn: Turn) -> Reply:
        """「…」, SOS, 助けて: large choices, and windows that listen to anybody; no dead end."""
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "start.which"),),
            cards=tuple(self.cards(turn, CARE, turn.prefecture, LISTENING)),
            choices=(*self._choices.start(turn.language), *self._choices.topics(turn.language)),
        )

    def where(self, turn: Turn) -> Reply:
        """Ask for the prefecture, region first."""
        return Reply(
            Status.CLARIFY_PREFECTURE,
            opening=(self._say(turn, "start.region_first"),),
            choices=self._choices.regions(REGION, turn.language),
        )

    def where_of(self, turn: Turn, prefectures: Sequence[str]) -> Reply:
        """Several places have the name: ask which is meant, with national windows meanwhile."""
        cards, _ = self._fitting(turn, self._topics(turn, care=False), None)
        return Reply(
            Status.CLARIFY_PREFECTURE,
            opening=(self._say(turn, "windows.ambiguous_place"),),
            cards=tuple(cards),
            choices=self._choices.homes(
                (self._gazetteer.by_name[name] for name in prefectures), turn.language
            ),
        )

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def _shares(topics: Mapping[Topic, float]) -> dict[Topic, float]:
    letters = max(sum(topics.values()), SETTLED)
    return {topic: weight / letters for topic, weight in topics.items()}


def _abroad(topics: Mapping[Topic, float]) -> dict[Topic, float]:
    """Topics of a message in another language: that, and what it is about besides."""
    besides: dict[Topic, float] = {
        topic: w for topic, w in topics.items() if topic is not Topic.FOREIGN_LANGUAGE
    }
    told = shares(besides) if max(besides.values(), default=0.0) >= TRACE else besides
    return _together(told, {Topic.FOREIGN_LANGUAGE: 1.0}, ABROAD)


def _filled(topics: Mapping[Topic, float], second: Iterable[Topic]) -> dict[Topic, float]:
    """Without topics that are hardly heard; those who listen to anybody fill the places left."""
    heaviest = max(topics.values(), default=0.0)
    heard = {topic: weight for topic, weight in topics.items() if weight >= FAINT * heaviest}
    listening = {topic: FILLING * heaviest * weight for topic, weight in CARE.items()}
    return {**listening, **dict.fromkeys(second, BESIDES * heaviest), **heard}


def _together(
    topics: Mapping[Topic, float], others: Mapping[Topic, float], share: float
) -> dict[Topic, float]:
    """Topics, and a share of others."""
    return {
        topic: topics.get(topic, 0.0) + share * others.get(topic, 0.0)
        for topic in (*topics, *(topic for topic in others if topic not in topics))
    }
