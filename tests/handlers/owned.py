"""A fake that keeps owners in the open, and confirmations as they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from handlers.owners import Ownership
from knowledge.attesting import UNATTESTED, Answer, Attested, Standing, standing
from tests.fakes import FRIDAY_MORNING

ATTEST_DAYS = 150
SINCE = FRIDAY_MORNING.date()


@dataclass
class FakeOwners:
    """Keeps ownerships in a list; a person is the last part of their chat."""

    ownerships: list[Ownership] = field(default_factory=list)
    said: dict[str, Attested] = field(default_factory=dict)
    invited: list[tuple[str, ...]] = field(default_factory=list)
    works: bool = True

    def own(self, entry: str, *, chat: str = "telegram:7", asked: date | None = None) -> None:
        owner = f"{sum(chat.encode()):08x}"
        self.ownerships.append(Ownership(entry, owner, chat, SINCE, asked))

    def invite(self, entries: Sequence[str], officer: str, at: datetime, until: datetime) -> str:
        self.invited.append((officer, *entries))
        return "EFGH" if self.works and at < until else ""

    def owned(self, person: str) -> tuple[str, ...]:
        return tuple(sorted(o.entry for o in self.ownerships if o.conversation == person))

    def held(self) -> tuple[Ownership, ...]:
        return tuple(sorted(self.ownerships, key=lambda o: o.entry))

    def attested(self, entry: str) -> Attested:
        return self.said.get(entry, UNATTESTED)

    def asked(self, ownership: Ownership, confirmed: date | None, at: datetime) -> None:
        del confirmed
        self.ownerships.remove(ownership)
        self.ownerships.append(replace(ownership, asked=at.date()))

    def answer(self, person: str, entry: str, answer: Answer, at: datetime) -> bool:
        if self.works and entry in self.owned(person):
            yes = at.date() if answer is Answer.YES else None
            self.said[entry] = Attested(1, yes, answer, at.date())
            return True
        return False

    def end(self, entry: str, owner: str, officer: str, at: datetime) -> bool:
        del officer, at
        kept = [o for o in self.ownerships if (o.entry, o.owner) != (entry, owner)]
        ended, self.ownerships = len(kept) < len(self.ownerships), kept
        return ended

    def leave(self, person: str, at: datetime) -> bool:
        del at
        owned = bool(self.owned(person))
        self.ownerships = [o for o in self.ownerships if o.conversation != person]
        return owned


@dataclass
class FakeConfirmations:
    """Stands on what a test tells; ``today`` is the day where none is asked for."""

    told: dict[str, Attested] = field(default_factory=dict)
    today: date = SINCE

    def standing(self, entry: str, assured: date | None, today: date | None = None) -> Standing:
        attested = self.told.get(entry, UNATTESTED)
        return standing(assured, attested, today or self.today, ATTEST_DAYS)
