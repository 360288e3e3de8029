"""Words for people whose screen somebody else may see."""

from dataclasses import replace
from typing import Final

from handlers.crisis import DangerKind
from handlers.messages import Reply, Status
from handlers.turn import Turn
from knowledge.replies import Replies
from knowledge.vocabulary import Kind, Topic

DELICATE: Final = frozenset({Topic.DV, Topic.SEXUAL_VIOLENCE, Topic.CHILD_ABUSE})
"""Troubles that the person who does harm must not read on a lock screen."""
DELICATE_DANGER: Final = frozenset({DangerKind.VIOLENCE_NOW, DangerKind.CHILD_ABUSE_NOW})
_SHOWING: Final = frozenset({Status.ANSWERED, Status.CRISIS_SIGNPOSTED})


def is_delicate(turn: Turn, reply: Reply) -> bool:
    """Whether a reply shows windows or words for a delicate trouble."""
    if reply.status not in _SHOWING or any(c.kind is not Kind.WINDOW for c in reply.cards):
        return False
    topics = {
        *turn.slots.topics,
        *(topic for card in reply.cards[:1] for topic in card.topics[:1]),
    }
    danger = turn.danger is not None and turn.danger.kind in DELICATE_DANGER
    return danger or not DELICATE.isdisjoint(topics)


def discreet(turn: Turn, reply: Reply, replies: Replies) -> Reply:
    """The reply with a first line for the lock screen and a way to clear the screen."""
    if not is_delicate(turn, reply):
        return reply
    first = replies.say("safe.first_line", turn.language)
    hint = replies.say("safe.hint", turn.language)
    return replace(reply, opening=(first, *reply.opening), closing=(*reply.closing, hint))


def neutral(reply: Reply, replies: Replies) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The opening in two: the line for the lock screen, if it has one, and the rest."""
    first = replies.say("safe.first_line", reply.language)
    number = 1 if reply.opening[:1] == (first,) else 0
    return reply.opening[:number], reply.opening[number:]
