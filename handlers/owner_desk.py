"""What staff do with owners: invite them, list them, take an entry away again."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from rapidfuzz import process

from handlers.attesting import Ownable
from handlers.membership import CODE_LASTS, INVITE, JOIN, LEAVE, MembershipDesk, person_of
from handlers.messages import Choice, Reply, Role, Status
from handlers.owners import Owners, Ownership
from handlers.turn import Turn
from knowledge.replies import Replies

OWNERS: Final = "owners"
PAGE: Final = "owners:"
OWNER_OF: Final = "owner:"
END: Final = "owner_end:"
LISTED: Final = 20
"""Entries on one page of the list: a button each."""
NEAREST: Final = 5
"""Ids that are offered for one that cannot be owned."""
_BETWEEN: Final = re.compile(r"[\s,、]+")
_WRITTEN: Final = 10
"""Digits of a page's number; more is no page of ours."""


class OwnerDesk:
    """Answers the commands of staff about owners, and what organizations do with their codes."""

    def __init__(
        self, owners: Owners, ownable: Ownable, membership: MembershipDesk, replies: Replies
    ) -> None:
        """Take what is kept, the entries that can be owned, and who invites members."""
        self._owners = owners
        self._ownable = ownable
        self._membership = membership
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            INVITE: self.invite,
            JOIN: self.join,
            LEAVE: self.leave,
            OWNERS: lambda turn: self.listed(turn, "0") or self._said(turn, "owner.none"),
        }
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            PAGE: self.listed,
            OWNER_OF: self.of,
            END: self.end,
        }

    def invite(self, turn: Turn) -> Reply:
        """A code: for an owner of the entries that are named, or for a member."""
        words = _BETWEEN.split(unicodedata.normalize("NFKC", turn.text).lower())
        ids = list(dict.fromkeys(filter(None, words)))
        if turn.role is not Role.STAFF or not ids:
            return self._membership.invite(turn)
        unknown = [entry for entry in ids if entry not in self._ownable.entries]
        if unknown:
            return self._unknown(turn, unknown)
        at, officer = turn.incoming.at, person_of(turn.incoming.conversation)
        until = at + CODE_LASTS
        code = self._owners.invite(ids, officer, at, until)
        if not code:
            return self._said(turn, "member.not_kept")
        return self._said(
            turn, "owner.invitation",
            code=code, until=until.date().isoformat(), entries=self._named(ids),
        )  # fmt: skip

    def _unknown(self, turn: Turn, ids: Sequence[str]) -> Reply:
        known = list(self._ownable.entries)
        lines = [
            self._say(turn, "owner.unknown", id=entry, nearest=self._joined(turn, near))
            for entry in ids
            for near in [[n for n, _, _ in process.extract(entry, known, limit=NEAREST)]]
        ]
        return Reply(Status.SMALLTALK, opening=tuple(lines))

    def join(self, turn: Turn) -> Reply:
        """Use a code; whoever owns something since is told what, and what is kept for it."""
        person = person_of(turn.incoming.conversation)
        before = self._owners.owned(person)
        reply = self._membership.join(turn)
        owned = self._owners.owned(person)
        if owned == before:
            return reply
        return self._said(turn, "owner.joined", entries=self._named(owned))

    def leave(self, turn: Turn) -> Reply:
        """Leave: nothing is owned any more, and everything that was kept is deleted."""
        person = person_of(turn.incoming.conversation)
        owned = self._owners.leave(person, turn.incoming.at)
        reply = self._membership.leave(turn)
        return self._said(turn, "owner.left") if owned else reply

    def listed(self, turn: Turn, page: str) -> Reply | None:
        """Which entries have owners, and what was said last; never who."""
        if turn.role is not Role.STAFF:
            return self._said(turn, "owner.staff_only")
        held = groupby(self._owners.held(), key=lambda ownership: ownership.entry)
        entries = [(entry, len(list(owned))) for entry, owned in held]
        start = int(page) * LISTED if page.isdecimal() and len(page) < _WRITTEN else len(entries)
        shown = entries[start : start + LISTED]
        if not shown:
            return None
        lines = [self._line(turn, entry, count) for entry, count in shown]
        buttons = [Choice(f"{OWNER_OF}{entry}", self._ownable.title(entry)) for entry, _ in shown]
        if entries[start + LISTED :]:
            buttons.append(Choice(f"{PAGE}{int(page) + 1}", self._say(turn, "choice.owners_more")))
        total = str(len(entries))
        opening = self._say(turn, "owner.list", count=total, entries="\n".join(lines))
        return Reply(Status.SMALLTALK, opening=(opening,), choices=tuple(buttons))

    def _line(self, turn: Turn, entry: str, count: int) -> str:
        attested = self._owners.attested(entry)
        key = f"owner.said.{attested.answer}" if attested.answer else "owner.said.nothing"
        said = self._say(turn, key, day=_day(attested.answered))
        values = {"id": entry, "title": self._ownable.title(entry), "count": str(count)}
        return self._say(turn, "owner.line", said=said, **values)

    def of(self, turn: Turn, entry: str) -> Reply | None:
        """The owners of one entry, with a button for each to end it."""
        if turn.role is not Role.STAFF:
            return self._said(turn, "owner.staff_only")
        held = [ownership for ownership in self._owners.held() if ownership.entry == entry]
        if not held:
            return None
        lines = [self._line(turn, entry, len(held))]
        lines += [self._owner(turn, number, one) for number, one in enumerate(held, start=1)]
        buttons = (
            Choice(
                f"{END}{one.owner}:{entry}",
                self._say(turn, "choice.owner_end", number=str(number)),
            )
            for number, one in enumerate(held, start=1)
        )
        return Reply(Status.SMALLTALK, opening=("\n".join(lines),), choices=tuple(buttons))

    def _owner(self, turn: Turn, number: int, one: Ownership) -> str:
        asked = _day(one.asked) or self._say(turn, "owner.never")
        values = {"number": str(number), "since": one.since.isoformat(), "asked": asked}
        return self._say(turn, "owner.one", **values)

    def end(self, turn: Turn, ownership: str) -> Reply | None:
        """Take an entry away from an owner."""
        if turn.role is not Role.STAFF:
            return self._said(turn, "owner.staff_only")
        owner, _, entry = ownership.partition(":")
        officer = person_of(turn.incoming.conversation)
        if not self._owners.end(entry, owner, officer, turn.incoming.at):
            return None
        return self._said(turn, "owner.ended", title=self._ownable.title(entry), id=entry)

    def _named(self, ids: Sequence[str]) -> str:
        """Entries line by line."""
        lines = ({"title": self._ownable.title(entry), "id": entry} for entry in ids)
        return "\n".join(self._replies.say("owner.entry", **line) for line in lines)

    def _joined(self, turn: Turn, words: Sequence[str]) -> str:
        return self._say(turn, "list.separator").join(words)

    def _said(self, turn: Turn, key: str, **values: str) -> Reply:
        return Reply(Status.SMALLTALK, opening=(self._say(turn, key, **values),))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
