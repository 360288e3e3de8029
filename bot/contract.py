"""The JSON that outside tools speak: one request, one answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from handlers.messages import Card, Incoming, Reply, Role
from handlers.ports import Clock
from knowledge.places import Gazetteer

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
"""A clock outside these years is a mistake, and hours cannot be worked out at the end of time."""


_NAME: Final = 30
"""Letters of a field's name; ours are shorter."""


def _in_our_time(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        message = f"the year should be {FIRST_YEAR} to {LAST_YEAR - 1}"
        raise ValueError(message)
    return at


class Request(BaseModel):
    """One line on standard input; all but ``text`` may be missing or null."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=100_000)]
    """What the person wrote."""
    conversation: str | None = None
    """The same name in one run continues a conversation."""
    role: Role | None = None
    """Who is asking."""
    prefecture: str | None = None
    """Name or short name of the person's prefecture."""
    language: str | None = None
    """ISO 639-1 code of the person's language."""
    at: Annotated[AwareDatetime, AfterValidator(_in_our_time)] | None = None
    """The clock."""
    choice: str | None = None
    """Id of a tapped choice, instead of a text."""


class RequestError(Exception):
    """A line that is no request; says what is wrong, never what it contained."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Reads requests and writes answers."""

    gazetteer: Gazetteer
    """For names of prefectures."""
    clock: Clock
    """For requests without a time."""

    def request(self, line: str) -> Request:
        """Read one line.

        Raises:
            RequestError: not JSON, an unknown or missing field, a wrong value.
        """
        try:
            return Request.model_validate_json(line)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            where = "; ".join(f"{_field(p['loc'])}: {p['msg']}" for p in problems)
            raise RequestError(where) from None

    def incoming(self, request: Request, number: int) -> Incoming:
        """The message of a request; ``number`` names a conversation that has no name.

        Raises:
            RequestError: no such prefecture.
        """
        at: datetime = request.at or self.clock.now()
        return Incoming(
            text=request.text,
            conversation=f"ask:{request.conversation or f'#{number}'}",
            at=at,
            channel="ask",
            role=request.role,
            prefecture=self._prefecture(request.prefecture),
            language=request.language,
            choice=request.choice,
        )

    def _prefecture(self, name: str | None) -> str | None:
        if not name:
            return None
        if name in self.gazetteer.by_name:
            return name
        found = [p.name for p in self.gazetteer.prefectures if name in {p.short, p.id, p.kana}]
        if not found:
            message = "prefecture: not one of the 47 prefectures"
            raise RequestError(message)
        return found[0]

    def answer(self, request: Request, reply: Reply) -> dict[str, Any]:
        """The answer to a request as JSON values."""
        shown = reply.cards or reply.offered
        return {
            "conversation": request.conversation,
            "status": reply.status.value,
            "crisis": reply.crisis,
            "entries": [_entry(card) for card in shown],
            "slots": dict(reply.slots),
            "reply": reply.text,
            "choices": [{"id": c.id, "label": c.label} for c in reply.choices],
        }


def _field(place: tuple[int | str, ...]) -> str:
    """The name of a field; one that is no word of a program may be what a person wrote."""
    name = ".".join(map(str, place)) or "line"
    return name if name.isascii() and name.isidentifier() and len(name) <= _NAME else "a field"


def _entry(card: Card) -> Mapping[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind.value,
        "title": card.title,
        "score": card.score,
        "place": card.place,
        "prefecture": card.prefecture,
        "topics": [topic.value for topic in card.topics],
        "area": card.area,
        "channels": [channel.value for channel in card.channels],
        "languages": list(card.languages),
        "free": card.free,
        "always_open": card.always_open,
        "open_now": card.open_now,
    }


def dumps(answer: Mapping[str, Any]) -> str:
    """One line of JSON, Japanese readable."""
    return json.dumps(answer, ensure_ascii=False)
