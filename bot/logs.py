"""Logs for operators: one JSON object a line, which can never hold what a person wrote.

Not by care at each call, but by construction: only the fields named here pass, an event is a few
lower-case English words, and of an exception or of another library's record only the type and the
place are kept. Messages of exceptions quote requests, and requests hold people's words.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import TextIO

import structlog

FIELDS = frozenset(
    {
        "chat_type",  # private, group, supergroup
        "count",
        "crisis",
        "entries",  # ids of entries
        "error",  # name of an exception's type
        "file",  # name of a database that was set aside
        "kind",  # kind of an update
        "key",  # key of a reply
        "library",  # name of another library's logger
        "method",  # polling or webhook
        "milliseconds",
        "seconds",
        "status",  # handlers.messages.Status
        "update",  # Telegram's update id
        "where",  # module:line
    }
)
"""The fields a line may have, besides event, level and timestamp."""

_EVENT = re.compile(r"[a-z0-9][a-z0-9 _.-]{0,79}")
_QUIET = ("telegram", "httpx", "httpcore", "tornado.access", "tornado.general")


def set_up_logs(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write logs of at least ``level`` to ``stream`` (default: standard error).

    Loggers of other libraries are heard from WARNING on. Those that only repeat what they also
    raise, or that write whole requests with the bot's token, are heard from CRITICAL on.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_known_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stderr),
    )
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers = [Foreign(logging.WARNING)]
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def only_known_fields(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Drop every field that is not in FIELDS, and an event that is not a few English words."""
    kept = {
        name: value
        for name, value in event.items()
        if name in FIELDS or name in {"event", "level", "timestamp"}
    }
    if not _EVENT.fullmatch(str(kept["event"])):
        kept["event"] = "unnamed"
    return kept


class Foreign(logging.Handler):
    """Brings records of other libraries into our log: who, where and which exception."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one record without its message, which may quote a person."""
        error = record.exc_info[0] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno,
            "library reports",
            library=record.name,
            where=f"{record.module}:{record.lineno}",
            error=error.__name__ if error else None,
        )
