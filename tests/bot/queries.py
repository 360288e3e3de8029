"""Queries for the tests of the log, and the command that shows them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database
from typer.testing import CliRunner, Result

from bot.log_commands import app
from bot.store.query_log import SqliteQueryLog
from bot.store.retention import expire
from bot.store.rows import row_of
from handlers.messages import Role, Status
from handlers.ports import Query

KEY = "k" * 32
AT = datetime(2026, 11, 20, 11, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def query(**values: Any) -> Query:
    """A query that was answered, unless told otherwise."""
    usual: dict[str, Any] = {
        "at": AT,
        "conversation": "telegram:42",
        "channel": "telegram",
        "role": Role.RESIDENT,
        "status": Status.ANSWERED,
        "entries": ("window/yorisoi", "window/inochi"),
        "scores": (0.9, 0.5),
        "slots": {"topics": ["loneliness"]},
        "latency": 0.0042,
        "text": None,
    }
    return Query(**usual | values)


def unanswered(text: str = "ここにない質問です", **values: Any) -> Query:
    """A query that nobody could answer."""
    kept: dict[str, Any] = {"status": Status.UNANSWERED_NO_MATCH, "entries": (), "scores": ()}
    return query(**kept | {"text": text} | values)


def kept(db: Database, *queries: Query, permitted: bool = True) -> None:
    """Keep queries; staff may read what was asked unless it is not permitted."""
    for one in queries:
        db.table("queries").insert({**row_of(one, KEY), "permitted": int(permitted)})


def days(count: int) -> timedelta:
    return timedelta(days=count)


def purge(log: SqliteQueryLog, older_than: datetime) -> int:
    """Delete what is older than a moment; give how many queries."""
    deleted = log.alone(lambda db: expire(db, older_than, timedelta(0), timedelta(days=1)))
    return deleted["queries"] if deleted else 0


def run(*arguments: str, answer: str | None = None) -> Result:
    """Run ``tsunagari log`` with these arguments."""
    result = CliRunner().invoke(app, list(arguments), input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result
