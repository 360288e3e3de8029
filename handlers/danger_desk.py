"""Help first: the reply to somebody in danger, and what stays in sight afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.crisis import Danger, DangerKind
from handlers.messages import Card, Reply, Status
from handlers.residents import WIDE, ResidentDesk
from handlers.turn import Turn
from handlers.windows import WindowDesk
from knowledge.replies import BASE, Replies
from knowledge.vocabulary import Topic

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


class DangerDesk:
    """Writes replies to people in danger."""

    def __init__(self, windows: WindowDesk, residents: ResidentDesk, replies: Replies) -> None:
        """Take the desks this one draws on."""
        self._windows = windows
        self._residents = residents
        self._replies = replies

    def answer(self, turn: Turn, danger: Danger) -> Reply:
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
        local = self._residents.cards(turn, near, turn.prefecture, WIDE) if turn.prefecture else []
        here = [card for card in local if card.prefecture and card.id not in ids]
        return [*cards[:DANGER_FIRST], *here[:DANGER_LOCAL], *cards[DANGER_FIRST:]]

    def _speaking(self, turn: Turn, ids: Sequence[str]) -> list[Card]:
        if turn.language.startswith(BASE):
            return []
        return [card for card in self._named(turn, ids) if turn.language in card.languages]

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
