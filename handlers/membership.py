"""Member organizations: join by a code from staff, be told of changes, leave; nothing else asked.

What is kept is behind the port ``Members``; a person is known there by a keyed pseudonym only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from handlers.changes import ChangeDesk
from handlers.clauses import ClauseDesk
from handlers.messages import Choice, Incoming, Reply, Role, Status
from handlers.turn import Turn
from knowledge.editions import digest
from knowledge.replies import Replies

INVITE: Final = "invite"
JOIN: Final = "join"
LEAVE: Final = "leave"
CHANGES: Final = "changes"
WATCH: Final = "watch:"
UNWATCH: Final = "unwatch:"
CODE_LASTS: Final = timedelta(days=14)
"""How long an invitation can be used."""
WATCH_LASTS: Final = timedelta(days=365)
"""How long a chat is told of changes, unless it asks again."""


class Redeemed(StrEnum):
    """What became of a code."""

    JOINED = "joined"
    ALREADY = "already"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    OWNER = "owner"
    """The person owns entries since."""
    PRIVATE = "private"
    """The code is for an owner, and a group cannot own anything; it was not used."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A clause of whose changes a chat wants to be told."""

    conversation: str
    """Key of the conversation to tell: kept in clear only while it wants to be told."""
    clause: str
    """Id of the clause."""
    edition: str
    """The edition whose text the chat knows: R6."""
    digest: str
    """Short hash of that text."""
    until: datetime
    """When it ends by itself."""


class Members(Protocol):
    """Keeps invitations, members and watches. Raises nothing that stops an answer."""

    def issue(self, until: datetime) -> str:
        """A new code that can be used once, until then."""

    def redeem(self, code: str, person: str, at: datetime, *, private: bool) -> Redeemed:
        """Use a code for a person; ``private``: whether it comes from a chat of their own."""

    def is_member(self, person: str) -> bool:
        """Whether a person has joined."""

    def leave(self, person: str) -> bool:
        """Forget a person and what they watch; False if there was nothing to forget."""

    def watch(self, person: str, watch: Watch) -> None:
        """Remember that a chat wants to be told."""

    def unwatch(self, person: str, clause: str) -> None:
        """Forget it."""

    def watched(self, person: str, at: datetime) -> tuple[Watch, ...]:
        """What a person watches at a moment."""


class NoMembers:
    """Where nothing is kept: everybody stays who they are."""

    def issue(self, until: datetime) -> str:
        """No code."""
        del until
        return ""

    def redeem(self, code: str, person: str, at: datetime, *, private: bool) -> Redeemed:
        """No code is known."""
        del code, person, at, private
        return Redeemed.UNKNOWN

    def is_member(self, person: str) -> bool:
        """Nobody is."""
        del person
        return False

    def leave(self, person: str) -> bool:
        """Nothing to forget."""
        del person
        return False

    def watch(self, person: str, watch: Watch) -> None:
        """Not kept."""

    def unwatch(self, person: str, clause: str) -> None:
        """Not kept."""

    def watched(self, person: str, at: datetime) -> tuple[Watch, ...]:
        """Nothing."""
        del person, at
        return ()


def person_of(conversation: str) -> str:
    """The person of a conversation: the same in the private chat and in every group."""
    channel, *rest = conversation.split(":")
    return f"{channel}:{rest[-1]}" if rest else channel


class MembershipDesk:
    """Answers the commands and buttons of member organizations."""

    def __init__(
        self, members: Members, clauses: ClauseDesk, changes: ChangeDesk, replies: Replies
    ) -> None:
        """Take what is kept, the quotes and the sentences."""
        self._members = members
        self._clauses = clauses
        self._changes = changes
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            CHANGES: self.changes,
        }
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            WATCH: self.watch,
            UNWATCH: self.unwatch,
        }

    def role(self, incoming: Incoming) -> Role | None:
        """Who is asking: as the channel knows, or a member by invitation."""
        if incoming.role is None and self._members.is_member(person_of(incoming.conversation)):
            return Role.MEMBER
        return incoming.role

    def invite(self, turn: Turn) -> Reply:
        """A code for one organization; only staff may hand it out."""
        if turn.role is not Role.STAFF:
            return self._said(turn, "member.staff_only")
        until = turn.incoming.at + CODE_LASTS
        code = self._members.issue(until)
        if not code:
            return self._said(turn, "member.not_kept")
        return self._said(turn, "member.invitation", code=code, until=until.date().isoformat())

    def join(self, turn: Turn) -> Reply:
        """Join with the code that stands after the command."""
        if not turn.text:
            return self._said(turn, "member.how_to_join")
        person = person_of(turn.incoming.conversation)
        redeemed = self._members.redeem(
            turn.text, person, turn.incoming.at, private=turn.incoming.reachable
        )
        return self._said(turn, f"member.{redeemed}")

    def leave(self, turn: Turn) -> Reply:
        """Leave; everything that was kept is deleted."""
        left = self._members.leave(person_of(turn.incoming.conversation))
        return self._said(turn, "member.left" if left else "member.was_none")

    def changes(self, turn: Turn) -> Reply:
        """What this chat watches, and what changed between the editions we hold."""
        watched = self._members.watched(person_of(turn.incoming.conversation), turn.incoming.at)
        labels = [
            self._clauses.label(self._clauses.clauses[w.clause])
            for w in watched
            if w.clause in self._clauses.clauses
        ]
        key = "member.watching" if labels else "member.watching_none"
        values = {"clauses": "\n".join(labels)} if labels else {}
        choices = (
            Choice(f"{UNWATCH}{w.clause}", self._say(turn, "choice.unwatch", place=label))
            for w, label in zip(watched, labels, strict=False)
        )
        opening = (self._say(turn, key, **values), self._changes.summary(turn.language))
        return Reply(Status.SMALLTALK, opening=opening, choices=tuple(choices))

    def watch(self, turn: Turn, clause_id: str) -> Reply | None:
        """Be told when a clause changes."""
        clause = self._clauses.clauses.get(clause_id)
        if clause is None:
            return None
        if turn.role not in {Role.MEMBER, Role.STAFF}:
            return self._said(turn, "member.members_only")
        until = turn.incoming.at + WATCH_LASTS
        self._members.watch(
            person_of(turn.incoming.conversation),
            Watch(
                turn.incoming.conversation,
                clause_id,
                self._clauses.facts["edition"],
                digest(clause.text),
                until,
            ),
        )
        values = {"place": clause.place, "until": until.date().isoformat()}
        reply = self._said(turn, "member.watched", **values)
        stop = Choice(
            f"{UNWATCH}{clause_id}", self._say(turn, "choice.unwatch", place=clause.place)
        )
        return Reply(reply.status, reply.opening, choices=(stop, *reply.choices))

    def unwatch(self, turn: Turn, clause_id: str) -> Reply | None:
        """No longer be told."""
        clause = self._clauses.clauses.get(clause_id)
        if clause is None:
            return None
        self._members.unwatch(person_of(turn.incoming.conversation), clause_id)
        return self._said(turn, "member.unwatched", place=clause.place)

    def button(self, language: str, clause_id: str) -> Choice:
        """The button under a clause, for members and staff."""
        return Choice(f"{WATCH}{clause_id}", self._replies.say("choice.watch", language))

    def _said(self, turn: Turn, key: str, **values: str) -> Reply:
        return Reply(Status.SMALLTALK, opening=(self._say(turn, key, **values),))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)
