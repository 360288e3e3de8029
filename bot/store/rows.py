"""Queries as rows, and rows as staff read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.clock import TOKYO
from bot.store.pseudonym import pseudonym_of
from handlers.membership import person_of
from handlers.ports import Outcome, Query

TABLE: Final = "queries"
"""The table of queries of ``bot.store.migrations``."""
OUTCOMES: Final = "outcomes"
"""The table of what came of trying windows."""
UNANSWERED: Final = "unanswered"
"""The group of statuses whose texts are kept and whose queries wait for staff."""

Row = dict[str, str | float | None]


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """One query as it was kept."""

    id: int
    """Number of the row, in the order of arrival."""
    at: datetime
    """When it was said, in Asia/Tokyo."""
    pseudonym: str
    """Keyed pseudonym of the conversation, 32 hexadecimal digits."""
    channel: str
    """console, telegram, ask."""
    role: str | None
    """Who asked, as far as known."""
    status: str
    """How it ended."""
    entries: tuple[str, ...]
    """Ids of the entries shown, best first."""
    scores: tuple[float, ...]
    """Their scores, 0 to 1."""
    slots: dict[str, object]
    """What was understood."""
    latency_ms: float
    """Milliseconds from message to reply."""
    text: str | None
    """Redacted text; None unless it was unanswered, and while staff may not read it."""
    hidden: bool
    """Whether there is a text that staff may not read."""
    state: str | None
    """open, claimed, resolved; None for a query that needs no one."""
    resolution: str | None
    """How it was resolved; None until then."""


def stamp(at: datetime) -> str:
    """A moment as it is kept: ISO 8601 in Asia/Tokyo to the millisecond, so that text sorts.

    Raises:
        OverflowError: the moment is at the very edge of the calendar.
    """
    return at.astimezone(TOKYO).isoformat(timespec="milliseconds")


def row_of(query: Query, pseudonym_key: str) -> Row:
    """The row to keep. Only an unanswered query brings its text, whatever the caller gave.

    Raises:
        TypeError, ValueError, OverflowError: the query holds what cannot be kept: slots that are
            no JSON, a score that is no number, a moment that is in no calendar.
    """
    unanswered = query.status.group == UNANSWERED
    return {
        "at": stamp(query.at),
        "pseudonym": pseudonym_of(query.conversation, pseudonym_key),
        "channel": _storable(query.channel),
        "role": query.role and query.role.value,
        "status": query.status.value,
        "entries": _json(query.entries),
        "scores": _json(query.scores),
        "slots": _json(query.slots),
        "latency_ms": round(query.latency * 1000, 3),
        "text": _storable(query.text) if unanswered and query.text is not None else None,
        "state": "open" if unanswered else None,
        "knowledge": query.knowledge,
        "cause": query.cause and query.cause.value,
        "about": query.about,
        "person": person_in(query.conversation, pseudonym_key),
    }


def person_in(conversation: str, pseudonym_key: str) -> str | None:
    """A pseudonym of the person, the same in private and in every group; None for nobody.

    Lines of ``ask`` without a conversation are nobody in particular.
    """
    person = person_of(conversation)
    return None if ":#" in person else pseudonym_of(f"person:{person}", pseudonym_key)


def row_of_outcome(outcome: Outcome) -> Row:
    """The row to keep: when, which window, what; nothing tells who.

    Raises:
        OverflowError: the moment is in no calendar.
    """
    return {"at": stamp(outcome.at), "window": outcome.window, "kind": outcome.kind.value}


def stored_query(
    row: Mapping[str, Any], *, readable: bool, ended: tuple[str, str | None] | None
) -> StoredQuery:
    """A row as staff read it, its text only where it is readable.

    ``ended``: state and resolution of its group; None for one that is in none. Columns that an
    older database lacks are None.
    """
    state, resolution = ended or (row.get("state"), None)
    return StoredQuery(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        pseudonym=row["pseudonym"],
        channel=row["channel"],
        role=row["role"],
        status=row["status"],
        entries=tuple(json.loads(row["entries"])),
        scores=tuple(json.loads(row["scores"])),
        slots=json.loads(row["slots"]),
        latency_ms=row["latency_ms"],
        text=row["text"] if readable else None,
        hidden=row["text"] is not None and not readable,
        state=state,
        resolution=resolution,
    )


def _json(value: object) -> str:
    return _storable(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _storable(text: str) -> str:
    """Lone surrogates, which some clients send for broken emoji, are no text to SQLite."""
    return text.encode("utf-8", "replace").decode()
