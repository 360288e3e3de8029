"""What handlers need from outside. ``bot`` brings the real ones, tests bring fakes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from handlers.crisis import DangerKind
from handlers.messages import Role, Status
from knowledge.attesting import UNATTESTED, Standing, standing
from knowledge.slots import Slots
from knowledge.text import Words
from knowledge.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Query:
    """One message as it is logged. Nothing in it tells what an answered person wrote."""

    at: datetime
    """When it was said, with its time zone."""
    conversation: str
    """Key of the conversation; the store keeps only a keyed pseudonym of it."""
    channel: str
    """console, telegram, ask."""
    role: Role | None
    """Who asked, as far as known."""
    status: Status
    """How it ended."""
    entries: tuple[str, ...]
    """Ids of the entries shown, best first."""
    scores: tuple[float, ...]
    """Their scores, 0 to 1."""
    slots: dict[str, object]
    """What was understood, as plain JSON values; closed ids only."""
    latency: float
    """Seconds from message to reply."""
    text: str | None
    """Redacted text, of unanswered messages only; None for every other."""
    knowledge: str = ""
    """Version of the knowledge that answered."""
    cause: "Cause | None" = None
    """Why it counts as unanswered; None where nothing was found, or it was answered."""
    about: str | None = None
    """Id of the entry that was no answer, where the person said so."""


class Cause(StrEnum):
    """Why a question counts as unanswered although entries were found."""

    NONE_CHOSEN = "none_chosen"
    DISLIKED = "disliked"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was logged: in a conversation there is one at a moment."""

    conversation: str
    """Key of the conversation."""
    at: datetime
    """When it was said, with its time zone."""


class OutcomeKind(StrEnum):
    """What came of trying a window."""

    REACHED = "reached"
    FAILED = "failed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person told of a window. Nothing in it tells who, or what it was about."""

    at: datetime
    """When it was told, with its time zone."""
    window: str
    """Id of the window."""
    kind: OutcomeKind
    """Reached, not reached, or a wrong number."""


class QueryLog(Protocol):
    """Keeps queries for staff. Must not raise: people get answers even when nothing is kept."""

    keeps: bool
    """Whether anything is kept: what is not cannot be shown to staff, or answered later."""

    def record(self, query: Query) -> None:
        """Keep one query."""

    def outcome(self, outcome: Outcome) -> None:
        """Keep what came of trying a window."""

    def permit(self, asked: Asked) -> None:
        """Let staff read the wording of a question."""

    def follow(self, asked: Asked, language: str, until: datetime) -> None:
        """Remember whom to tell once a question can be answered."""

    def unfollow(self, asked: Asked) -> None:
        """Forget whom to tell."""

    def hush(self, conversation: str) -> None:
        """Forget to tell a conversation anything."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered between two messages of one conversation; never on disk."""

    slots: Slots = field(default_factory=Slots)
    """What the last message named, for follow-up turns."""
    crisis: bool = False
    """Once a person in danger was noticed, it stays noticed."""
    danger: DangerKind | None = None
    """Which danger was noticed last in this conversation."""
    words: Words | None = None
    """The last message's words."""
    route: Kind | None = None
    """The kind of entry shown last."""
    place: str | None = None
    """Name of the person's prefecture, once it was said."""
    text: str = ""
    """The last message, redacted: it is logged if the person says that this was no answer."""
    asked_at: datetime | None = None
    """When that message was said."""
    waits: bool = False
    """Whether entries were offered for it, of which the person is to choose one."""
    shown: str | None = None
    """Id of the first entry shown in answer to it."""
    language: str | None = None
    """The language the person chose, once they did."""
    listed: tuple[str, ...] = ()
    """Ids of the windows shown last, in their order."""
    told: tuple[str, ...] = ()
    """What was told of windows, as the ids of the choices: ``failed:window/119``."""
    asked_to_forget: datetime | None = None
    """When the last message asked to be forgotten; None if it did not."""


class Conversations(Protocol):
    """Remembers conversations for a while."""

    def get(self, key: str) -> Conversation | None:
        """The conversation, or None if there is none or it was long ago."""

    def put(self, key: str, conversation: Conversation) -> None:
        """Remember it."""

    def forget(self, key: str) -> None:
        """Forget it, and that danger was noticed too."""


class Clock(Protocol):
    """Time, from outside."""

    def now(self) -> datetime:
        """This moment in Asia/Tokyo."""

    def seconds(self) -> float:
        """Monotonic seconds, for measuring latency."""


class Confirmations(Protocol):
    """Tells how entries stand: what owners said counts beside the day in the files."""

    def standing(self, entry: str, assured: date | None, today: date | None = None) -> Standing:
        """How an entry stands on a day in Japan; None: on the day it is. Must not raise."""


class NoConfirmations:
    """Where no owner is kept: the files alone count."""

    def standing(self, entry: str, assured: date | None, today: date | None = None) -> Standing:
        """Overdue by the age of the file's own date alone, where the day is told."""
        del entry
        if today is None or assured is None:
            return Standing(assured)
        return standing(assured, UNATTESTED, today, 0)


NO_CONFIRMATIONS: Final = NoConfirmations()
"""What is used where nothing else is given."""
