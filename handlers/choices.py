"""The buttons: their ids, their labels, and what a tap means."""

from collections.abc import Iterable
from typing import Final

from handlers.messages import Card, Choice
from knowledge.places import Gazetteer, Prefecture
from knowledge.replies import Replies
from knowledge.vocabulary import Topic

WINDOWS: Final = "start:windows"
RULES: Final = "start:rules"
PROGRAMS: Final = "start:programs"
NONE: Final = "none"
PLACE: Final = "place"
TOPIC: Final = "topic:"
REGION: Final = "region:"
HOME: Final = "home:"
PROGRAM_REGION: Final = "programs:"
ASKED: Final = "asked:"

FIRST_TOPICS: Final = (
    Topic.LONELINESS,
    Topic.MENTAL_HEALTH,
    Topic.POVERTY,
    Topic.DV,
    Topic.CHILD_YOUTH,
    Topic.WORK,
    Topic.ELDERLY_CARE,
    Topic.FOREIGN_LANGUAGE,
)
"""Offered when a person has not said what it is about; most asked first."""


class Choices:
    """Makes choices."""

    def __init__(self, replies: Replies, gazetteer: Gazetteer) -> None:
        """Take the sentences and the places."""
        self._replies = replies
        self._prefectures = gazetteer.prefectures

    def start(self, language: str) -> tuple[Choice, ...]:
        """The three large buttons."""
        return tuple(
            Choice(choice, self._replies.say(f"choice.{choice.partition(':')[2]}", language))
            for choice in (WINDOWS, RULES, PROGRAMS)
        )

    def topics(self, language: str, topics: Iterable[Topic] = FIRST_TOPICS) -> tuple[Choice, ...]:
        """A button for each topic."""
        return tuple(
            Choice(f"{TOPIC}{topic}", self._replies.say(f"topic.{topic}", language))
            for topic in topics
        )

    def place(self, language: str) -> tuple[Choice, ...]:
        """The button that asks for the prefecture."""
        return (Choice(PLACE, self._replies.say("choice.place", language)),)

    def entries(self, cards: Iterable[Card]) -> tuple[Choice, ...]:
        """A button for each entry."""
        return tuple(Choice(card.id, card.title) for card in cards)

    def none(self, language: str) -> Choice:
        """None of these."""
        return Choice(NONE, self._replies.say("choice.none", language))

    def regions(self, prefix: str) -> tuple[Choice, ...]:
        """A button for each region."""
        regions = dict.fromkeys(prefecture.region for prefecture in self._prefectures)
        return tuple(Choice(f"{prefix}{region}", region) for region in regions)

    def within(self, region: str) -> tuple[Prefecture, ...]:
        """The prefectures of a region; none if there is no such region."""
        return tuple(p for p in self._prefectures if p.region == region)

    def homes(self, prefectures: Iterable[Prefecture]) -> tuple[Choice, ...]:
        """A button for each prefecture, as the person's own."""
        return tuple(Choice(f"{HOME}{p.id}", p.name) for p in prefectures)
