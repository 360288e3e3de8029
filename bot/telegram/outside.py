"""What this channel needs from the rest of the program. Tests bring fakes."""

from typing import Protocol

from handlers.messages import Card, Incoming, Reply


class Answers(Protocol):
    """The assistant: ``handlers.answer.Assistant``."""

    def answer(self, incoming: Incoming) -> Reply:
        """Answer one message or one tap, within a few milliseconds. Never raises."""

    def is_urgent(self, incoming: Incoming) -> bool:
        """Whether the person may be in danger; well below a millisecond, and without the index."""

    def offer(self, text: str) -> tuple[Card, ...]:
        """Cards for what is typed after the bot's name in any chat, at most ten."""

    def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        """What stays in sight under the bot's own words after danger was noticed."""


class Says(Protocol):
    """The curated words of the bot itself: ``knowledge.replies.Replies``."""

    def say(self, key: str, language: str = "ja", **values: str) -> str:
        """Give the words under ``key``, with ``values`` filled in; KeyError if unknown."""
