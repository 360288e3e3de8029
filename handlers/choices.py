"""The buttons: their ids, their labels, and what a tap means."""

from collections.abc import Iterable
from typing import Final

from handlers.messages import Card, Choice
from knowledge.places import Gazetteer, Prefecture
from knowledge.replies import BASE, EASY, FRAME, Replies
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
PLACE_SHOW: Final = "place:show"
PLACE_FORGET: Final = "place:forget"
LANGUAGES: Final = "lang:show"
LANGUAGE: Final = "lang:"
CLEAR: Final = "clear"
SAY: Final = "say:"
REACHED: Final = "reached:"
FAILED: Final = "failed:"
WRONG: Final = "wrong:"
ANOTHER: Final = "another"
ABOUT: Final = "about:"

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


_READS_KANJI: Final = frozenset({BASE, "zh"})


class Choices:
    """Makes choices."""

    def __init__(self, replies: Replies, gazetteer: Gazetteer) -> None:
        """Take the sentences and the places."""
        self._replies = replies
        self._prefectures = gazetteer.prefectures
        self._names = gazetteer.by_name

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

    def outcomes(self, window_id: str, language: str) -> tuple[Choice, ...]:
        """What came of trying a window."""
        return tuple(
            Choice(f"{prefix}{window_id}", self._replies.say(f"choice.{prefix[:-1]}", language))
            for prefix in (REACHED, FAILED, WRONG)
        )

    def another(self, language: str) -> Choice:
        """It is about another window of the list."""
        return Choice(ANOTHER, self._replies.say("choice.another", language))

    def about(self, windows: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
        """A button for each window of a list, by id and title."""
        return tuple(Choice(f"{ABOUT}{window_id}", title) for window_id, title in windows)

    def to_say(self, topic: Topic, language: str) -> Choice:
        """What to say to a window."""
        return Choice(f"{SAY}{topic}", self._replies.say("choice.say", language))

    def languages(self) -> tuple[Choice, ...]:
        """A button for each language of the frame, by its own name."""
        return tuple(Choice(f"{LANGUAGE}{c}", self._replies.say("frame.name", c)) for c in FRAME)

    def place_kept(self, language: str) -> tuple[Choice, ...]:
        """Change the prefecture, or forget it."""
        say = self._replies.say
        return (
            Choice(PLACE, say("choice.place_change", language)),
            Choice(PLACE_FORGET, say("choice.place_forget", language)),
        )

    def prefecture(self, name: str, language: str) -> str:
        """The name of a prefecture as the person reads it."""
        found = self._names[name]
        if language in _READS_KANJI:
            return name
        return f"{name}（{found.kana}）" if language == EASY else found.id.capitalize()

    def place(self, language: str) -> tuple[Choice, ...]:
        """The button that asks for the prefecture."""
        return (Choice(PLACE, self._replies.say("choice.place", language)),)

    def entries(self, cards: Iterable[Card]) -> tuple[Choice, ...]:
        """A button for each entry."""
        return tuple(Choice(card.id, card.title) for card in cards)

    def none(self, language: str) -> Choice:
        """None of these."""
        return Choice(NONE, self._replies.say("choice.none", language))

    def regions(self, prefix: str, language: str = BASE) -> tuple[Choice, ...]:
        """A button for each region."""
        regions = dict.fromkeys(prefecture.region for prefecture in self._prefectures)
        return tuple(
            Choice(f"{prefix}{region}", self._replies.say(f"region.{region}", language))
            for region in regions
        )

    def within(self, region: str) -> tuple[Prefecture, ...]:
        """The prefectures of a region; none if there is no such region."""
        return tuple(p for p in self._prefectures if p.region == region)

    def homes(self, prefectures: Iterable[Prefecture], language: str = BASE) -> tuple[Choice, ...]:
        """A button for each prefecture, as the person's own."""
        return tuple(
            Choice(f"{HOME}{p.id}", self.prefecture(p.name, language)) for p in prefectures
        )
