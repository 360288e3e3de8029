"""What a person can do about a question that was not answered: show it, be told later.

A question is named by its moment within its conversation, so a button carries nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from handlers.fallback import FallbackDesk
from handlers.messages import Choice, Reply, Status
from handlers.ports import Asked, Cause, QueryLog
from handlers.turn import Turn
from knowledge.replies import Replies

NOT_IT: Final = "not_it:"
PERMIT: Final = "permit:"
FOLLOW: Final = "follow:"
UNFOLLOW: Final = "unfollow:"
FOLLOW_LASTS: Final = timedelta(days=30)
"""How long somebody who wants to be told is remembered."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(milliseconds=1)
_DIGITS: Final = 12
"""Hexadecimal digits of a moment; enough for some thousand years."""
_ANSWERED: Final = frozenset({Status.ANSWERED, Status.ANSWERED_NOT_LISTED})


class UnansweredDesk:
    """Offers the buttons, and does what they say."""

    def __init__(self, log: QueryLog, fallback: FallbackDesk, replies: Replies) -> None:
        """Take where questions are kept, who says that there is no answer, and the sentences."""
        self._log = log
        self._fallback = fallback
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {}
        """No button goes without a moment."""
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            NOT_IT: self.not_it,
            PERMIT: self.permit,
            FOLLOW: self.follow,
            UNFOLLOW: self.unfollow,
        }

    def offer(self, turn: Turn, reply: Reply) -> Reply:
        """The reply with its buttons; none where nothing is kept, and none in danger."""
        if not self._log.keeps or turn.danger or reply.crisis or turn.before.crisis:
            return reply
        if reply.status.group == "unanswered" and wording(turn):
            return self._offer_help(turn, reply)
        asked_at = turn.incoming.at if turn.text else turn.before.asked_at
        told = reply.status in _ANSWERED and reply.cards and turn.outcome is None
        if not told or asked_at is None or not (turn.text or turn.before.text):
            return reply
        button = self._choice(turn, NOT_IT, asked_at)
        return replace(reply, choices=(*reply.choices, button))

    def _offer_help(self, turn: Turn, reply: Reply) -> Reply:
        at, reachable = turn.incoming.at, turn.incoming.reachable
        follow = [self._choice(turn, FOLLOW, at)] if reachable else []
        buttons = (self._choice(turn, PERMIT, at), *follow)
        closing = (*reply.closing, self._say(turn, "unanswered.offer"))
        return replace(reply, closing=closing, choices=(*reply.choices, *buttons))

    def not_it(self, turn: Turn, moment: str) -> Reply | None:
        """What was shown is no answer: it counts as unanswered; None for an older answer."""
        asked_at = turn.before.asked_at
        if asked_at is None or _moment(asked_at) != moment:
            return None
        turn.cause, turn.about = Cause.DISLIKED, turn.before.shown
        return self._fallback.disliked(turn)

    def permit(self, turn: Turn, moment: str) -> Reply | None:
        """Staff may read the wording."""
        asked = _asked(turn, moment)
        if asked is None:
            return None
        self._log.permit(asked)
        return self._said(turn, "unanswered.permitted")

    def follow(self, turn: Turn, moment: str) -> Reply | None:
        """Tell the person once there is an answer."""
        asked = _asked(turn, moment)
        if asked is None or not turn.incoming.reachable:
            return None
        until = turn.incoming.at + FOLLOW_LASTS
        self._log.follow(asked, turn.language, until)
        reply = self._said(turn, "unanswered.followed", until=until.date().isoformat())
        return replace(reply, choices=(self._choice(turn, UNFOLLOW, asked.at),))

    def unfollow(self, turn: Turn, moment: str) -> Reply | None:
        """No longer tell the person."""
        asked = _asked(turn, moment)
        if asked is None:
            return None
        self._log.unfollow(asked)
        return self._said(turn, "unanswered.unfollowed")

    def _choice(self, turn: Turn, prefix: str, at: datetime) -> Choice:
        return Choice(f"{prefix}{_moment(at)}", self._say(turn, f"choice.{prefix[:-1]}"))

    def _said(self, turn: Turn, key: str, **values: str) -> Reply:
        return Reply(Status.SMALLTALK, opening=(self._say(turn, key, **values),))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def wording(turn: Turn) -> str:
    """What is to be kept of an unanswered turn: what was written, or what a tap is about."""
    return turn.text or (turn.before.text if turn.cause else "")


def _moment(at: datetime) -> str:
    """A moment in hexadecimal milliseconds, as it is kept: cut, not rounded."""
    return f"{(at - _EPOCH) // _TICK:x}"


def _asked(turn: Turn, moment: str) -> Asked | None:
    """The question of a button; None for one that was made up, or lies in the future."""
    if len(moment) > _DIGITS or not (moment.isascii() and moment.isalnum()):
        return None
    try:
        at = _EPOCH + int(moment, 16) * _TICK
    except (ValueError, OverflowError):
        return None
    return Asked(turn.incoming.conversation, at) if at <= turn.incoming.at else None
