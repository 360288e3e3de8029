"""Who answers for an entry: what is kept of owners, behind a port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from knowledge.attesting import UNATTESTED, Answer, Attested


@dataclass(frozen=True, slots=True)
class Ownership:
    """One chat that answers for one entry."""

    entry: str
    """Id of the entry."""
    owner: str
    """The first digits of the owner's pseudonym: they tell two owners apart, and nothing else."""
    conversation: str
    """Key of the chat to ask: kept in clear only while it owns something."""
    since: date
    """The day it began."""
    asked: date | None = None
    """The day the chat was last asked about the entry; None if never."""


class Owners(Protocol):
    """Keeps owners and their answers. Raises nothing that stops an answer."""

    def invite(self, entries: Sequence[str], officer: str, at: datetime, until: datetime) -> str:
        """A new code that makes its user an owner of entries; empty where it cannot be kept."""

    def owned(self, person: str) -> tuple[str, ...]:
        """Ids of the entries a person owns, in their order."""

    def held(self) -> tuple[Ownership, ...]:
        """Every ownership, by entry, the oldest first."""

    def attested(self, entry: str) -> Attested:
        """What the owners of an entry said."""

    def asked(self, ownership: Ownership, confirmed: date | None, at: datetime) -> None:
        """Note that a chat was asked about an entry that was last confirmed on a day."""

    def answer(self, person: str, entry: str, answer: Answer, at: datetime) -> bool:
        """Keep an owner's answer; False where the entry is not theirs, or nothing is kept."""

    def end(self, entry: str, owner: str, officer: str, at: datetime) -> bool:
        """Take an entry away from an owner; False if it is not theirs any more."""

    def leave(self, person: str, at: datetime) -> bool:
        """Forget everything a person owns, and who said what; False if there was nothing."""


class NoOwners:
    """Where nothing is kept: nobody owns anything."""

    def invite(self, entries: Sequence[str], officer: str, at: datetime, until: datetime) -> str:
        """No code."""
        del entries, officer, at, until
        return ""

    def owned(self, person: str) -> tuple[str, ...]:
        """Nothing."""
        del person
        return ()

    def held(self) -> tuple[Ownership, ...]:
        """None."""
        return ()

    def attested(self, entry: str) -> Attested:
        """Nothing was said."""
        del entry
        return UNATTESTED

    def asked(self, ownership: Ownership, confirmed: date | None, at: datetime) -> None:
        """Not kept."""

    def answer(self, person: str, entry: str, answer: Answer, at: datetime) -> bool:
        """Not kept."""
        del person, entry, answer, at
        return False

    def end(self, entry: str, owner: str, officer: str, at: datetime) -> bool:
        """There is nothing to end."""
        del entry, owner, officer, at
        return False

    def leave(self, person: str, at: datetime) -> bool:
        """There is nothing to forget."""
        del person, at
        return False
