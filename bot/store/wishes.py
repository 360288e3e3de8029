"""What people wish about a question they asked: let staff read it, be told, no longer be told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from bot.store.pseudonym import pseudonym_of
from bot.store.rows import Row, stamp
from handlers.ports import Asked

PERMIT: Final = "permit"
FOLLOW: Final = "follow"
UNFOLLOW: Final = "unfollow"
HUSH: Final = "hush"

_OWN: Final = "from queries where pseudonym = :pseudonym and at = :at and state is not null"


def wish_of(
    asked: Asked, pseudonym_key: str, language: str = "", until: datetime | None = None
) -> Row:
    """What is needed to find the question again, and whom to tell.

    Raises:
        ValueError, OverflowError: the moment is in no calendar.
    """
    return {
        "pseudonym": pseudonym_of(asked.conversation, pseudonym_key),
        "at": stamp(asked.at),
        "conversation": asked.conversation,
        "language": language,
        "until": stamp(until) if until else None,
    }


def _permit(db: Database, wish: Row) -> None:
    ids = f"select id {_OWN} and text is not null"
    db.execute(f"update queries set permitted = 1 where id in ({ids})", wish)  # noqa: S608


def _follow(db: Database, wish: Row) -> None:
    db.execute(
        "insert or replace into askers (query, conversation, language, until) "
        f"select id, :conversation, :language, :until {_OWN}",
        wish,
    )


def _unfollow(db: Database, wish: Row) -> None:
    db.execute(f"delete from askers where query in (select id {_OWN})", wish)  # noqa: S608


def _hush(db: Database, wish: Row) -> None:
    db.execute("delete from askers where conversation = :conversation", wish)


FULFIL: Final[Mapping[str, Callable[[Database, Row], None]]] = {
    PERMIT: _permit,
    FOLLOW: _follow,
    UNFOLLOW: _unfollow,
    HUSH: _hush,
}
"""How each wish is fulfilled; one about a question of somebody else finds nothing."""
