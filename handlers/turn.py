"""One message on its way through the steps: what is known of it so far."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from handlers.crisis import Danger
from handlers.messages import Incoming, Role
from handlers.ports import Cause, Conversation, Outcome
from knowledge.replies import ABROAD, BASE, EASY
from knowledge.search import Ranking
from knowledge.slots import Slots
from knowledge.text import Words

_JAPANESE: Final = re.compile("[ぁ-ゖァ-ヺ一-龥]")
"""Letters of Japanese; a message without any (an emoji, a number) tells no language."""

_FOREIGN: Final = re.compile("[\u0370-\u1cff]")
"""Letters from Greek to Vedic: Cyrillic, Arabic, Thai and so on, never those of Japanese."""


@dataclass(slots=True)
class Turn:
    """One message and everything found out about it."""

    incoming: Incoming
    """The message."""
    before: Conversation
    """What is remembered of the conversation."""
    text: str = ""
    """The message, tidied."""
    folded: str = ""
    """The message as it is compared."""
    danger: Danger | None = None
    """Danger noticed in this message."""
    slots: Slots = field(default_factory=Slots)
    """What the message names, and what it takes over from the conversation."""
    words: Words = field(default_factory=lambda: Words((), ""))
    """Its words."""
    rest: Words = field(default_factory=lambda: Words((), ""))
    """Its words without the names of places."""
    ranking: Ranking | None = None
    """How near every entry is."""
    rest_ranking: Ranking | None = None
    """How near every entry is when places are left out; the same where none is named."""
    wordless: bool = False
    """Whether it says nothing but that somebody seeks help somewhere: 大阪府の相談窓口."""
    points: bool = False
    """Whether it only points back: じゃあ岐阜は？"""
    carried: bool = False
    """Whether its prefectures come from the message before."""
    chosen_language: str | None = None
    """The language chosen with this message."""
    forgets_place: bool = False
    """Whether it asks to forget the person's prefecture."""
    outcome: Outcome | None = None
    """What this tap tells of a window."""
    cause: Cause | None = None
    """Why this tap makes the question before it count as unanswered."""
    about: str | None = None
    """Id of the entry that was no answer."""
    asks_to_forget: datetime | None = None
    """When it asked to be forgotten; None if it does not."""
    forgot: bool = False
    """Whether the person was forgotten: nothing of this turn may be kept."""

    @property
    def in_danger(self) -> bool:
        """Whether this message is a cry for help; soft signs are none."""
        return self.danger is not None and not self.danger.soft

    @property
    def language(self) -> str:
        """The language to answer in: chosen, else written, else that of the person's app."""
        if self.chosen_language or self.before.language:
            return self.chosen_language or self.before.language or BASE
        if self.slots.language != BASE:
            return self.slots.language
        known = self.incoming.language or BASE
        if _JAPANESE.search(self.text):
            return EASY if known == EASY else BASE
        foreign = known in {BASE, EASY} and _FOREIGN.search(self.text)
        return ABROAD if foreign else known

    @property
    def role(self) -> Role | None:
        """Who is asking."""
        return self.incoming.role

    @property
    def prefecture(self) -> str | None:
        """The person's prefecture: named now, earlier, or known to the channel."""
        if self.forgets_place:
            return None
        if self.slots.prefectures:
            return self.slots.prefectures[0]
        return self.before.place or self.incoming.prefecture
