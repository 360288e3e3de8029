"""What people tell of a window they tried, and the next one at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from handlers.choices import FAILED, WRONG, Choices
from handlers.fallback import HUMAN
from handlers.messages import Card, Reply, Status
from handlers.ports import Outcome, OutcomeKind
from handlers.ranking import Asked
from handlers.turn import Turn
from handlers.windows import WindowDesk
from knowledge.entries import Window
from knowledge.replies import Replies
from knowledge.vocabulary import Kind, Topic

TOLD: Final = 60
"""So much is remembered of what was told: a bound, far above what anybody tries."""


class OutcomeDesk:
    """Asks how it went, thanks, and shows the next window."""

    def __init__(self, windows: WindowDesk, replies: Replies, choices: Choices) -> None:
        """Take the desks this one draws on."""
        self._windows = windows
        self._replies = replies
        self._choices = choices

    def offer(self, turn: Turn, reply: Reply) -> Reply:
        """The reply with what to say, and with the next window if one cannot be reached."""
        if not reply.cards or any(card.kind is not Kind.WINDOW for card in reply.cards):
            return reply
        to_say = self._choices.to_say(main_topic(turn, reply.cards[0]), turn.language)
        reachable = [card for card in reply.cards if card.channels]
        if not reachable:  # pages where a number is looked up: they cannot fail
            return replace(reply, choices=(*reply.choices, to_say))
        first = reachable[0]
        button = self._say(turn, "choice.failed")
        offer = self._say(turn, "outcome.offer", name=first.title, button=button)
        more = (self._choices.another(turn.language),) if len(reachable) > 1 else ()
        outcomes = (*self._choices.outcomes(first.id, turn.language), *more)
        return replace(
            reply,
            closing=(*reply.closing, offer),
            choices=(*reply.choices, *outcomes, to_say),
        )

    def which(self, turn: Turn) -> Reply | None:
        """Ask which window of the list it is about; None if no list is remembered."""
        listed = list(self._here(turn, turn.before.listed))
        if not listed:
            return None
        titles = ((w.id, self._windows.title(w, turn.language)) for w in listed)
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "outcome.which"),),
            choices=self._choices.about(titles),
        )

    def about(self, turn: Turn, window_id: str) -> Reply | None:
        """Ask how it went with one window."""
        window = self._windows.windows.get(window_id)
        if window is None:
            return None
        name = self._windows.title(window, turn.language)
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "outcome.about", name=name),),
            choices=self._choices.outcomes(window_id, turn.language),
        )

    def reached(self, turn: Turn, window_id: str) -> Reply | None:
        """Somebody got through: thanks."""
        if window_id not in self._windows.windows:
            return None
        self._note(turn, OutcomeKind.REACHED, window_id)
        return Reply(Status.SMALLTALK, opening=(self._say(turn, "outcome.reached"),))

    def failed(self, turn: Turn, window_id: str) -> Reply | None:
        """Nobody answered: thanks, and the next window at once."""
        return self._next(turn, OutcomeKind.FAILED, window_id)

    def wrong(self, turn: Turn, window_id: str) -> Reply | None:
        """The number is wrong: thanks, staff are told, and the next window at once."""
        return self._next(turn, OutcomeKind.WRONG, window_id)

    def _note(self, turn: Turn, kind: OutcomeKind, window_id: str) -> None:
        """Told once in a conversation it counts once, however often the button is tapped."""
        if f"{kind}:{window_id}" not in turn.before.told:
            turn.outcome = Outcome(turn.incoming.at, window_id, kind)

    def _next(self, turn: Turn, kind: OutcomeKind, window_id: str) -> Reply | None:
        tried = self._windows.windows.get(window_id)
        if tried is None:
            return None
        self._note(turn, kind, window_id)
        window = self._following(turn, tried)
        if window is None:
            opening = self._say(turn, "outcome.nothing")
            return Reply(Status.ANSWERED, opening=(opening,))
        is_open = self._windows.is_open(window, turn.incoming.at) is True
        opening = self._say(turn, f"outcome.{kind}" if is_open else "outcome.later")
        needs = turn.before.slots.needs
        card = self._windows.card(window, 1.0, turn.incoming.at, turn.language, needs)
        return Reply(Status.ANSWERED, opening=(opening,), cards=(card,))

    def _following(self, turn: Turn, tried: Window) -> Window | None:
        """The next window for the same trouble: open, else one that opens; none tried before."""
        at, windows = turn.incoming.at, self._windows
        tried_before = _unreached(turn, tried)
        found = [
            window
            for window in dict.fromkeys(self._candidates(turn, tried))
            if window.id not in tried_before
            and window.contacts
            and windows.reaches(window, turn.prefecture)
        ]
        now = (window for window in found if windows.is_open(window, at) is True)
        later = (window for window in found if windows.state(window, at).opens)
        return next(now, None) or next(later, None)

    def _candidates(self, turn: Turn, tried: Window) -> Iterable[Window]:
        """The nearest to what was asked first; those who listen to anybody last."""
        topics = same_trouble(turn, tried)
        for window in self._here(turn, turn.before.listed):
            if turn.before.crisis or not topics.isdisjoint(window.topics):
                yield window
        weights = dict.fromkeys(topics, 1.0)
        for needs in (turn.before.slots.needs, ()):
            asked = Asked(weights, {}, needs, turn.slots.language, turn.prefecture)
            ranked = self._windows.ranked(asked, turn.incoming.at)
            yield from self._here(turn, (window.id for _, window in ranked))
        yield from self._here(turn, HUMAN)

    def _here(self, turn: Turn, ids: Iterable[str]) -> Iterator[Window]:
        """The windows of ids, each with the number that reaches it from where the person is."""
        return filter(None, (self._windows.here(i, turn.prefecture) for i in ids))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def same_trouble(turn: Turn, tried: Window) -> set[Topic]:
    """What was asked about, as far as the window is for it; else what the window is for."""
    said = set(turn.before.slots.topics) & set(tried.topics)
    return said or {tried.topics[0]}


def main_topic(turn: Turn, card: Card) -> Topic:
    """What a reply is about: the heaviest topic said that its first window is for."""
    said = (topic for topic in turn.slots.topics if topic in card.topics)
    return next(said, card.topics[0])


def _unreached(turn: Turn, tried: Window) -> set[str]:
    before = (choice.partition(":") for choice in turn.before.told)
    return {tried.id, *(window for kind, _, window in before if f"{kind}:" in (FAILED, WRONG))}


def told(turn: Turn) -> tuple[str, ...]:
    """What was told of windows in this conversation, with what this tap tells."""
    if turn.outcome is None:
        return turn.before.told
    return (*turn.before.told, f"{turn.outcome.kind}:{turn.outcome.window}")[-TOLD:]
