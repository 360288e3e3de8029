"""Messages that wait to be sent: kept until Telegram has taken them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from sqlite_utils import Database

from bot.store import inbox

_ADD: Final = """
insert into outbox (at, due, priority, tries, payload)
select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
json_extract(value, '$[3]'), json_extract(value, '$[4]') from json_each(?) order by key
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call of the Bot API that is to be made once."""

    chat: int
    """Where to."""
    method: str
    """sendMessage, sendDocument or deleteMessages."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the call needs; JSON."""
    owner: str = ""
    """Key of the conversation; whose messages are deleted together."""
    language: str = "ja"
    """Language of the words in place of a message that is refused."""
    following: int = 0
    """Messages of the same reply behind this one."""
    danger: bool = False
    """Whether it helps somebody in danger."""
    id: int | None = None
    """Number of its row; None where it is kept in memory alone."""
    tries: int = 0
    """Times it was tried."""
    rest: float = 0.0
    """Seconds until it may be tried again."""

    def content(self) -> str:
        """What is encrypted: everything that tells who is answered, and what."""
        return json.dumps(
            {
                "chat": self.chat,
                "method": self.method,
                "parameters": self.parameters,
                "owner": self.owner,
                "language": self.language,
                "following": self.following,
            }
        )


class Row(NamedTuple):
    """A message as it is kept."""

    at: str
    due: str
    priority: int
    tries: int
    payload: str


class Answer(NamedTuple):
    """What an update came to: nothing of it is kept any more but the messages to send."""

    update: inbox.Key | None
    rows: Sequence[Row]


class Later(NamedTuple):
    """A message that was refused for a time."""

    id: int
    tries: int
    due: str


class Waiting(NamedTuple):
    """A message that waits."""

    id: int
    at: str
    due: str
    tries: int
    payload: str
    priority: int


def answer(db: Database, answers: Sequence[Answer]) -> list[list[int]]:
    """Finish updates and keep what they are answered; the ids of the rows of each."""
    inbox.finish(db, [given.update for given in answers if given.update])
    rows = list(chain.from_iterable(given.rows for given in answers))
    last = db.execute(_ADD, [json.dumps(rows)]).lastrowid or 0 if rows else 0
    ids = iter(range(last - len(rows) + 1, last + 1))  # one statement numbers its rows in turn
    return [list(islice(ids, len(given.rows))) for given in answers]


def remove(db: Database, groups: Sequence[Sequence[int]]) -> list[None]:
    """Delete messages: Telegram has them, or nobody will."""
    ids = json.dumps(list(chain.from_iterable(groups)))
    db.execute("delete from outbox where id in (select value from json_each(?))", [ids])
    return [None] * len(groups)


def postpone(db: Database, rows: Sequence[Later]) -> list[None]:
    """Note when to try again, for a program that starts in between."""
    db.conn.executemany(
        "update outbox set tries = :tries, due = :due where id = :id",
        [row._asdict() for row in rows],
    )
    return [None] * len(rows)


def waiting(db: Database, asked: Sequence[None]) -> list[list[Waiting]]:
    """What waits, help for people in danger first, then in the order it was said."""
    rows = db.execute(
        "select id, at, due, tries, payload, priority from outbox order by priority, id"
    )
    found = [Waiting(*row) for row in rows.fetchall()]
    return [found for _ in asked]


def keep(db: Database, row: Waiting) -> None:
    """Put a message back under its number."""
    db.execute(
        "insert or replace into outbox (id, at, due, tries, payload, priority) "
        "values (:id, :at, :due, :tries, :payload, :priority)",
        row._asdict(),
    )


def number_from(db: Database, last: int) -> None:
    """Give no new message a number up to ``last``: what was sent is removed by its number."""
    known = db.execute("select seq from sqlite_sequence where name = 'outbox'").fetchone()
    if known is None:
        db.execute("insert into sqlite_sequence (name, seq) values ('outbox', ?)", [last])
    elif known[0] < last:
        db.execute("update sqlite_sequence set seq = ? where name = 'outbox'", [last])
