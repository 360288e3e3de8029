"""What a person can do about what is kept of them: have it forgotten, have it in a file.

Both concern one conversation: the private chat, with membership and what is watched there, or
one person's part of one group. No pseudonym leads from one to the other, so neither do these.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from handlers.membership import person_of
from handlers.messages import Attachment, Choice, Reply, Status
from handlers.ports import Conversations
from handlers.turn import Turn
from knowledge.replies import Replies

FORGET: Final = "forget"
FORGET_NOW: Final = "forget:now:"
FORGET_NOT: Final = "forget:not"
EXPORT: Final = "export"
NAME: Final = "tsunagari.json"
ROWS: Final = 2_000
"""Rows of each table in a file; of more the newest."""
BYTES: Final = 5_000_000
"""A file is no longer; a chat takes ten times that."""

JsonRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of a person."""

    tables: Mapping[str, Sequence[JsonRow]]
    """Rows by table, the newest first; tables without any are left out."""
    left_out: int = 0
    """Older rows beyond what was asked for."""


class Privacy(Protocol):
    """Knows everything that is tied to a conversation. Must not raise."""

    keeps: bool
    """Whether anything is kept at all."""

    def forget(self, conversation: str) -> bool:
        """Delete all of it at once; False where that could not be done now."""

    def stored(self, conversation: str, limit: int) -> Stored | None:
        """All of it, at most so many rows of a table; None where it cannot be read now."""


class NoPrivacy:
    """Where nothing is kept."""

    keeps = False
    """Nothing is."""

    def forget(self, conversation: str) -> bool:
        """Nothing to delete."""
        del conversation
        return True

    def stored(self, conversation: str, limit: int) -> Stored | None:
        """Nothing."""
        del conversation, limit
        return Stored({})


class PrivacyDesk:
    """Answers /forget and /export."""

    def __init__(self, privacy: Privacy, conversations: Conversations, replies: Replies) -> None:
        """Take what is kept on disk and in memory, and the sentences."""
        self._privacy = privacy
        self._conversations = conversations
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            FORGET: self.ask,
            FORGET_NOT: lambda turn: self._said(turn, "forget.kept"),
            EXPORT: self.export,
        }
        """The answers to whole ids."""
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            FORGET_NOW: self.forget
        }
        """The answers to ids that begin so."""

    def ask(self, turn: Turn) -> Reply:
        """Ask once; the button works until the next message, in this conversation alone."""
        turn.asks_to_forget = turn.incoming.at
        where = "forget.ask" if _private(turn) else "forget.ask_group"
        now = f"{FORGET_NOW}{_moment(turn.incoming.at)}"
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(self._say(turn, where), self._say(turn, "forget.sure")),
            choices=(
                Choice(now, self._say(turn, "choice.forget")),
                Choice(FORGET_NOT, self._say(turn, "choice.forget_not")),
            ),
        )

    def forget(self, turn: Turn, moment: str) -> Reply | None:
        """Forget; None for a button of somebody else, or one that was made up or is old."""
        asked = turn.before.asked_to_forget
        if asked is None or _moment(asked) != moment:
            return None
        turn.forgot = True
        key = turn.incoming.conversation
        self._conversations.forget(key)  # first: what is still being written would come after it
        done = self._privacy.forget(key)
        reply = self._said(turn, "forget.done" if done else "forget.failed")
        return Reply(reply.status, reply.opening, forgets=True)

    def export(self, turn: Turn) -> Reply:
        """Everything that is kept, as a file; only where nobody else reads along."""
        if not _private(turn):
            return self._said(turn, "export.private_only")
        rows = ROWS
        while True:
            stored = self._privacy.stored(turn.incoming.conversation, rows)
            if stored is None:
                return self._said(turn, "export.failed")
            if not stored.tables:
                return self._said(turn, "export.nothing")
            text = self._file(turn, stored)
            if len(text.encode()) <= BYTES or rows == 1:
                said = self._said(turn, "export.done")
                return Reply(said.status, said.opening, attachment=Attachment(NAME, text))
            rows = max(1, rows // 2)

    def _file(self, turn: Turn, stored: Stored) -> str:
        return json.dumps(
            {
                "about": self._say(turn, "export.about"),
                "at": turn.incoming.at.isoformat(timespec="seconds"),
                "left_out": stored.left_out,
                "records": {
                    table: {
                        "meaning": self._say(turn, f"export.{table}"),
                        "fields": {
                            field: self._say(turn, f"export.{table}.{field}") for field in rows[0]
                        },
                        "rows": list(rows),
                    }
                    for table, rows in stored.tables.items()
                },
            },
            ensure_ascii=False,
            indent=1,
        )

    def _said(self, turn: Turn, key: str) -> Reply:
        return Reply(Status.SMALLTALK, opening=(self._say(turn, key),))

    def _say(self, turn: Turn, key: str) -> str:
        return self._replies.say(key, turn.language)


def _private(turn: Turn) -> bool:
    """Whether the conversation is a person's alone: in a group its key names the group too."""
    key = turn.incoming.conversation
    return person_of(key) == key


def _moment(at: datetime) -> str:
    return f"{at.timestamp() * 1000:.0f}"
