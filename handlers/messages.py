"""What goes in and what comes out of the assistant, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge.vocabulary import Channel, Kind, Topic


class Role(StrEnum):
    """Who is asking."""

    RESIDENT = "resident"
    MEMBER = "member"
    STAFF = "staff"


class Status(StrEnum):
    """How a message ended. The first word groups them in staff views and figures."""

    ANSWERED = "answered"
    ANSWERED_NOT_LISTED = "answered_not_listed"
    CLARIFY_PREFECTURE = "clarify_prefecture"
    CLARIFY_CHOICE = "clarify_choice"
    UNANSWERED_NO_MATCH = "unanswered_no_match"
    UNANSWERED_OUT_OF_SCOPE = "unanswered_out_of_scope"
    CRISIS_SIGNPOSTED = "crisis_signposted"
    SMALLTALK = "smalltalk"
    BLOCKED_TOO_LONG = "blocked_too_long"
    ERROR_INTERNAL = "error_internal"

    @property
    def group(self) -> str:
        """The first word: answered, clarify, unanswered, crisis, smalltalk, blocked, error."""
        return self.value.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a person, or one tap on a choice."""

    text: str
    """What the person wrote; empty when a choice was tapped."""
    conversation: str
    """Opaque key of the conversation, unique across channels: ``telegram:42``."""
    at: datetime
    """When it was said, with its time zone."""
    channel: str = "console"
    """console, telegram, ask."""
    role: Role | None = None
    """Who is asking, as far as known."""
    prefecture: str | None = None
    """Name of the person's prefecture, where the channel knows it."""
    language: str | None = None
    """ISO 639-1 code of the person's language, where the channel knows it."""
    choice: str | None = None
    """Id of the tapped choice; None for a text."""
    reachable: bool = False
    """Whether the channel can write to the person later."""


@dataclass(frozen=True, slots=True)
class Card:
    """One entry as it is shown. Everything on it is curated text or data."""

    id: str
    """Entry id."""
    kind: Kind
    """Kind of entry."""
    title: str
    """The card's first line."""
    score: float
    """How surely the entry fits, 0 to 1."""
    quote: str = ""
    """A text quoted word for word; empty for windows."""
    lines: tuple[str, ...] = ()
    """The other lines, in order."""
    numbers: tuple[str, ...] = ()
    """Telephone numbers on the card, as text, for copy buttons."""
    url: str = ""
    """The entry's own page, for a link button; empty if there is none."""
    place: str | None = None
    """Place of a clause: ４（３）."""
    prefecture: str | None = None
    """Prefecture of a program or of a local window."""
    topics: tuple[Topic, ...] = ()
    """Topics of a window."""
    area: str | None = None
    """全国, a prefecture or a city."""
    channels: tuple[Channel, ...] = ()
    """Ways to reach a window."""
    languages: tuple[str, ...] = ()
    """Languages a window speaks."""
    free: bool | None = None
    """True, False, or None where not known."""
    always_open: bool = False
    """Whether it is open round the clock."""
    open_now: bool | None = None
    """True, False, or None where not known."""

    @property
    def text(self) -> str:
        """The card as plain text."""
        quote = [f"「{self.quote}」"] if self.quote else []
        return "\n".join([f"■ {self.title}", *quote, *self.lines])


@dataclass(frozen=True, slots=True)
class Choice:
    """A button or a numbered line the person can take."""

    id: str
    """What comes back in ``Incoming.choice``; at most 64 bytes."""
    label: str
    """What the person reads."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file made for one person."""

    name: str
    """Its name."""
    text: str
    """Its content, to be written in UTF-8."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, free of any channel."""

    status: Status
    """How the message ended."""
    opening: tuple[str, ...] = ()
    """Paragraphs before the cards."""
    cards: tuple[Card, ...] = ()
    """Entries, best first."""
    closing: tuple[str, ...] = ()
    """Paragraphs after the cards."""
    choices: tuple[Choice, ...] = ()
    """What the person can tap next."""
    offered: tuple[Card, ...] = ()
    """Entries that stand behind the choices, best first; not shown in full."""
    crisis: bool = False
    """Whether a person in danger was noticed, now or earlier in this conversation."""
    slots: Mapping[str, object] = field(default_factory=dict)
    """What was understood, as plain JSON values."""
    language: str = ""
    """The language it is written in; empty where it was written before that was known."""
    clears: bool = False
    """Whether what was said before is to disappear from the screen first."""
    file: str = ""
    """Kind of file of the whole guideline to send with it: docx, markdown; empty for none."""
    attachment: Attachment | None = None
    """A file made for the person, to be shown to nobody else."""
    forgets: bool = False
    """Whether the channel is to forget the person too: messages, language."""

    @property
    def text(self) -> str:
        """The reply as plain text, as a person sees it."""
        blocks = [*self.opening, *(card.text for card in self.cards), *self.closing]
        choices = "\n".join(
            f"{number}. {choice.label}" for number, choice in enumerate(self.choices, start=1)
        )
        return "\n\n".join([*blocks, *([choices] if choices else [])])
