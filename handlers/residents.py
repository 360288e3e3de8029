"""Answers for people looking for help: windows that fit, and help first in danger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.choices import REGION, Choices
from handlers.crisis import Danger, DangerKind
from handlers.messages import Card, Reply, Status
from handlers.turn import Turn
from handlers.windows import SHOWN, Asked, WindowDesk
from knowledge.places import Gazetteer
from knowledge.replies import BASE, Replies
from knowledge.vocabulary import Need, Topic

TELLING: Final = 0.2
"""From this probability the nearest windows tell what a message is about."""
SETTLED: Final = 8.0
"""Letters of topic phrases that tell as much as windows met word for word."""
WIDE: Final = 12
"""So many are looked at to find those of a prefecture."""
LOCAL_SHOWN: Final = SHOWN - 1
"""With windows of a prefecture stands at least one of the whole country."""
ANYTHING: Final = 0.3
"""Weight of every other topic where only a place is named."""
EMERGENCY: Final = frozenset({"window/119", "window/110", "window/189"})
"""Where these come first, nothing comes before them."""
DANGER_FIRST: Final = 4
"""Windows of the whole country before those of the person's prefecture, one always open."""
DANGER_LOCAL: Final = 2
NEAR: Final[Mapping[DangerKind, tuple[Topic, ...]]] = {
    DangerKind.SUICIDE: (Topic.SUICIDE, Topic.MENTAL_HEALTH),
    DangerKind.SELF_HARM: (Topic.SUICIDE, Topic.MENTAL_HEALTH),
    DangerKind.THIRD_PARTY: (Topic.SUICIDE, Topic.MENTAL_HEALTH),
    DangerKind.OVERDOSE: (Topic.SUICIDE, Topic.MENTAL_HEALTH),
    DangerKind.MEDICAL: (Topic.MEDICAL_EMERGENCY,),
    DangerKind.VIOLENCE_NOW: (Topic.DV,),
    DangerKind.CHILD_ABUSE_NOW: (Topic.CHILD_ABUSE,),
}
"""What windows of the prefecture must be for."""
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

    def in_danger(self, turn: Turn, danger: Danger) -> Reply:
        """Help before anything else, the nearest to the danger first."""
        key = f"crisis.opening.{danger.kind}"
        opening = key if key in self._replies.texts else "crisis.opening"
        beside = ("crisis.beside",) if danger.kind is DangerKind.THIRD_PARTY else ()
        return Reply(
            Status.CRISIS_SIGNPOSTED,
            opening=(self._say(turn, opening),),
            cards=tuple(self._for_danger(turn, danger)),
            closing=tuple(self._say(turn, key) for key in ("crisis.closing", *beside)),
            crisis=True,
        )

    def _for_danger(self, turn: Turn, danger: Danger) -> list[Card]:
        """Windows of the danger, those that speak the person's language, and near ones."""
        first, speaking = danger.windows[:1], self._speaking(turn, danger.abroad)
        before = () if first[0] in EMERGENCY else tuple(c.id for c in speaking if c.open_now)
        others = tuple(card.id for card in speaking)
        ids = tuple(dict.fromkeys((*before, *first, *others, *danger.windows)))
        cards = self._named(turn, ids)
        near = dict.fromkeys(NEAR[danger.kind], 1.0)
        local = self.cards(turn, near, turn.prefecture, WIDE) if turn.prefecture else []
        here = [card for card in local if card.prefecture and card.id not in ids]
        return [*cards[:DANGER_FIRST], *here[:DANGER_LOCAL], *cards[DANGER_FIRST:]]

    def _speaking(self, turn: Turn, ids: Sequence[str]) -> list[Card]:
        if turn.language.startswith(BASE):
            return []
        return [card for card in self._named(turn, ids) if turn.language in card.languages]

    def answer(self, turn: Turn, *, care: bool = False) -> Reply:
        """Windows for what the message says."""
        topics = self._topics(turn, care=care)
        prefecture = turn.prefecture
        cards, key = self._fitting(turn, topics, prefecture)
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
        """Topics by the words of the lists and by the windows with the nearest words, together."""
        if care:
            return {**CARE, **turn.slots.topics}
        likeness = turn.rest_ranking.of("window/") if turn.rest_ranking else {}
        nearest = max(likeness.values(), default=0.0)
        inferred = self._windows.topics_of(likeness) if nearest >= TELLING else {}
        said = turn.slots.topics
        if not said and not inferred:
            return CARE
        letters = max(sum(said.values()), SETTLED)
        heaviest = max(inferred.values(), default=1.0)
        together = {topic: weight / letters for topic, weight in said.items()}
        for topic, weight in inferred.items():
            together[topic] = together.get(topic, 0.0) + nearest * weight / heaviest
        return together

    def _fitting(
        self, turn: Turn, topics: Mapping[Topic, float], prefecture: str | None
    ) -> tuple[list[Card], str]:
        """Cards that meet every need; failing that, others of the topic, and it is said."""
        cards = self.cards(turn, topics, prefecture, SHOWN, turn.slots.needs)
        if cards:
            return cards, ""
        return self.cards(turn, topics, prefecture, SHOWN), "windows.none"

    def cards(
        self,
        turn: Turn,
        topics: Mapping[Topic, float],
        prefecture: str | None,
        limit: int,
        needs: Sequence[Need] = (),
    ) -> list[Card]:
        """The best windows for topics and needs."""
        likeness = turn.ranking.of("window/") if turn.ranking else {}
        asked = Asked(topics, likeness, tuple(needs), turn.slots.language, prefecture)
        ranked = self._windows.ranked(asked, turn.incoming.at)
        best = ranked[0][0] if ranked else 1.0
        return [
            self._windows.card(
                window, score / max(best, 1.0), turn.incoming.at, turn.language, turn.slots.needs
            )
            for score, window in ranked[:limit]
        ]

    def nearby(self, turn: Turn, prefecture: str, limit: int) -> list[Card]:
        """Windows for anybody in a prefecture, its own before national ones."""
        cards = self.cards(turn, CARE, prefecture, WIDE)
        return sorted(cards, key=lambda card: card.prefecture is None)[:limit]

    def there(self, turn: Turn, prefecture: str) -> Reply:
        """Windows of a prefecture for any trouble, then national ones that listen to anybody."""
        anything = {**dict.fromkeys(Topic, ANYTHING), **CARE}
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
        """「…」, SOS, 助けて: three large choices, never a dead end."""
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "start.which"),),
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
        """Several places have the name: ask which prefecture is meant."""
        return Reply(
            Status.CLARIFY_PREFECTURE,
            opening=(self._say(turn, "windows.ambiguous_place"),),
            choices=self._choices.homes(
                (self._gazetteer.by_name[name] for name in prefectures), turn.language
            ),
        )

    def latched(self, turn: Turn, reply: Reply, danger_windows: Sequence[str]) -> Reply:
        """After a cry for help every later reply keeps the contact in sight."""
        reminders = [
            self._say(turn, "crisis.latched", name=card.title, number=number)
            for card in self._named(turn, danger_windows[:1])
            for number in card.numbers[:1]
        ]
        return replace(reply, crisis=True, closing=(*reply.closing, *reminders))

    def _named(self, turn: Turn, ids: Sequence[str]) -> list[Card]:
        return self._windows.cards(
            ids, turn.incoming.at, turn.language, prefecture=turn.prefecture
        )

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)
