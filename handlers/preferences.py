"""What a person sets for the conversation: place and language; and a clear screen."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import choices as ids
from handlers.choices import Choices
from handlers.messages import Reply, Status
from handlers.turn import Turn
from knowledge.replies import FRAME, Replies


class PreferenceDesk:
    """Shows, changes and forgets what is remembered of a person."""

    def __init__(self, replies: Replies, choices: Choices) -> None:
        """Take the sentences and the buttons."""
        self._replies = replies
        self._choices = choices
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            ids.PLACE_SHOW: self.place,
            ids.PLACE_FORGET: self.forget_place,
            ids.LANGUAGES: self.languages,
            ids.CLEAR: self.clear,
        }
        """The answers to choices without anything to fill in, by id."""

    def place(self, turn: Turn) -> Reply:
        """The prefecture that is kept, with buttons; without one, the question for it."""
        home = turn.before.place or turn.incoming.prefecture
        if home is None:
            return Reply(
                Status.CLARIFY_PREFECTURE,
                opening=(self._say(turn, "start.region_first"),),
                choices=self._choices.regions(ids.REGION, turn.language),
            )
        name = self._choices.prefecture(home, turn.language)
        return Reply(
            Status.SMALLTALK,
            opening=(self._say(turn, "place.now", prefecture=name),),
            choices=self._choices.place_kept(turn.language),
        )

    def forget_place(self, turn: Turn) -> Reply:
        """The prefecture is forgotten."""
        turn.forgets_place = True
        turn.slots = replace(turn.slots, prefectures=(), ambiguous=())
        return Reply(Status.SMALLTALK, opening=(self._say(turn, "place.forgotten"),))

    def languages(self, turn: Turn) -> Reply:
        """A button for each language."""
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, "frame.choose"),),
            choices=self._choices.languages(),
        )

    def language(self, turn: Turn, code: str) -> Reply | None:
        """From here on in that language; None if there is no such one."""
        if code not in FRAME:
            return None
        turn.chosen_language = code
        return Reply(
            Status.SMALLTALK,
            opening=(self._say(turn, "frame.chosen"),),
            choices=self._choices.start(turn.language),
        )

    def clear(self, turn: Turn) -> Reply:
        """One neutral line, and nothing of before."""
        return Reply(Status.SMALLTALK, opening=(self._say(turn, "safe.cleared"),), clears=True)

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)
