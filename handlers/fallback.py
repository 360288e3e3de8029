"""What is said when there is no answer: that there is none, and who can help."""

from datetime import datetime
from typing import Final

from handlers.choices import Choices
from handlers.guard import LIMIT
from handlers.messages import Card, Choice, Reply, Role, Status
from handlers.ports import Cause
from handlers.turn import Turn
from handlers.windows import WindowDesk
from knowledge.replies import ABROAD, BASE, FRAME, Replies

HUMAN: Final = ("window/yorisoi", "window/anatanoibasho")
"""Round the clock, free, for any trouble: by phone, by chat."""
LIKELY: Final = 0.2
"""How surely a human window helps somebody whose question was not understood."""


class FallbackDesk:
    """Writes the replies for everything that could not be answered."""

    def __init__(
        self, windows: WindowDesk, replies: Replies, choices: Choices, now: datetime
    ) -> None:
        """Take the windows and the sentences; write the reply that is shown when all else fails.

        Its windows never close, so that it can be written now, while nothing is broken.
        """
        self._windows = windows
        self._replies = replies
        self._choices = choices
        self._last = {
            language: Reply(
                Status.ERROR_INTERNAL,
                opening=(replies.say("fallback.error", language),),
                cards=tuple(windows.cards(HUMAN, now, language, LIKELY)),
                language=language,
            )
            for language in FRAME
        }

    def no_match(self, turn: Turn) -> Reply:
        """Nothing fits: say so, show a human window, offer the three large buttons."""
        member = turn.role in {Role.MEMBER, Role.STAFF}
        key = "fallback.no_match_member" if member else "fallback.no_match"
        return self._unanswered(turn, Status.UNANSWERED_NO_MATCH, self._say(turn, key))

    def out_of_scope(self, turn: Turn, sentence: str, *cards: Card) -> Reply:
        """The documents do not say it: say which, and whom to ask."""
        return self._unanswered(turn, Status.UNANSWERED_OUT_OF_SCOPE, sentence, *cards)

    def _unanswered(self, turn: Turn, status: Status, sentence: str, *cards: Card) -> Reply:
        human = () if turn.role is Role.STAFF or cards else self._human(turn)
        lead = (self._say(turn, "fallback.human"),) if human else ()
        return Reply(
            status,
            opening=(sentence, *lead),
            cards=(*cards, *human),
            choices=self._choices.start(turn.language),
        )

    def choose(self, turn: Turn, offered: tuple[Card, ...]) -> Reply:
        """Several are near: let the person choose, the last choice is none of them."""
        choices = (Choice(card.id, card.title) for card in offered)
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "fallback.choices"),),
            choices=(*choices, self._choices.none(turn.language)),
            offered=offered,
        )

    def none_chosen(self, turn: Turn) -> Reply:
        """None of the choices was right: that counts as unanswered."""
        if turn.before.waits:  # else the question it was about is no longer known
            turn.cause = Cause.NONE_CHOSEN
        sentence = self._say(turn, "fallback.none_chosen")
        return self._unanswered(turn, Status.UNANSWERED_NO_MATCH, sentence)

    def disliked(self, turn: Turn) -> Reply:
        """What was shown was no answer: that counts as unanswered too."""
        sentence = self._say(turn, "unanswered.disliked")
        return self._unanswered(turn, Status.UNANSWERED_NO_MATCH, sentence)

    def stale(self, turn: Turn) -> Reply:
        """A button of long ago."""
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "fallback.stale"),),
            choices=self._choices.start(turn.language),
        )

    def too_long(self, turn: Turn) -> Reply:
        """More than is read at once: somebody who writes so much may want to be listened to."""
        limit = f"{LIMIT:,}"
        return Reply(
            Status.BLOCKED_TOO_LONG,
            opening=(
                self._say(turn, "fallback.too_long", limit=limit),
                self._say(turn, "fallback.human"),
            ),
            cards=self._human(turn),
            choices=self._choices.start(turn.language),
        )

    def error(self, language: str | None) -> Reply:
        """Something broke: people still get a national window."""
        return self._last.get(language or BASE, self._last[ABROAD])

    def _human(self, turn: Turn) -> tuple[Card, ...]:
        at: datetime = turn.incoming.at
        return tuple(self._windows.cards(HUMAN, at, turn.language, LIKELY, turn.prefecture))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)
