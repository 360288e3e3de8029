"""Updates that Telegram brought: kept before they are handled, without words afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlite_utils import Database

_ADD: Final = """
insert or ignore into inbox (bot, update_id, at, tries, payload)
select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), 0,
json_extract(value, '$[3]') from json_each(?)
"""
_KNOWN: Final = """
select update_id from inbox where bot = ? and update_id in (select value from json_each(?))
"""
_FINISH: Final = """
update inbox set payload = null
where bot = ? and update_id in (select value from json_each(?))
"""


class Row(NamedTuple):
    """An update as it is kept."""

    bot: int
    update_id: int
    at: str
    payload: str | None


class Key(NamedTuple):
    """Names an update. Each bot has ids of its own."""

    bot: int
    update_id: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update that was kept and not finished."""

    update_id: int
    """Telegram's id."""
    payload: str
    """The update as JSON."""
    tries: int
    """Starts of the program since it came."""
    at: str = ""
    """When it came."""


def add(db: Database, rows: Sequence[Row]) -> list[bool]:
    """Keep updates; whether each is new. One statement for all: each gives up the interpreter."""
    ids = json.dumps([row.update_id for row in rows])
    known = {row[0] for row in db.execute(_KNOWN, [rows[0].bot, ids]).fetchall()}
    db.execute(_ADD, [json.dumps(rows)])
    return [row.update_id not in known for row in rows]


def finish(db: Database, keys: Sequence[Key]) -> list[None]:
    """Delete what was in updates; their ids stay, so that none is answered twice."""
    if keys:
        db.execute(_FINISH, [keys[0].bot, json.dumps([key.update_id for key in keys])])
    return [None] * len(keys)


def unfinished(db: Database, bots: Sequence[int]) -> list[list[Arrived]]:
    """What a bot has not finished, oldest first; counts one more try."""
    found = []
    for bot in bots:
        db.execute(
            "update inbox set tries = tries + 1 where bot = ? and payload is not null", [bot]
        )
        rows = db.execute(
            "select update_id, payload, tries, at from inbox "
            "where bot = ? and payload is not null order by update_id",
            [bot],
        )
        found.append([Arrived(*row) for row in rows.fetchall()])
    return found


def keep(db: Database, row: Row, tries: int) -> None:
    """Put an update back as it was; one that is there is left as it is."""
    db.execute(
        "insert or ignore into inbox (bot, update_id, at, payload, tries) values (?, ?, ?, ?, ?)",
        [*row, tries],
    )


def expire(db: Database, moments: Sequence[str]) -> list[None]:
    """Forget updates from before a moment; Telegram brings none again after a day."""
    db.execute("delete from inbox where at < ?", [max(moments)])
    return [None] * len(moments)
