"""What the doctor looks at on this machine: settings, disk, files, knowledge, indexes."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from bot.operation.doctor import Line, bad, notice, ok
from bot.operation.health import LEAST_FREE, free, writable
from bot.settings import Settings
from knowledge.check import check as check_knowledge
from knowledge.check import summary
from knowledge.findings import KnowledgeError, Severity
from knowledge.vectors import FOLDER, Vectors

WARNED_FREE: Final = 1_000_000_000
"""Bytes of free disk below which somebody should look."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def settings_line(settings: Settings) -> Iterator[Line]:
    """Whether ``serve`` has all it needs, and somebody to tell when it does not work."""
    missing = settings.missing_to_serve
    if missing:
        yield bad("settings", "missing", names=", ".join(missing))
    elif not settings.telegram_staff_ids:
        yield notice("settings", "no_staff")
    else:
        yield ok("settings")


def disk(settings: Settings) -> Iterator[Line]:
    """Whether there is room, and whether the database's folder may be written."""
    path = settings.database_path
    folder = next(p for p in (path, *path.absolute().parents) if p.exists())
    room = free(folder)
    megabytes = f"{room // 1_000_000:,}"
    if room < LEAST_FREE:
        yield bad("disk", "full", megabytes=megabytes)
    elif room < WARNED_FREE:
        yield notice("disk", "low", megabytes=megabytes)
    else:
        yield ok("disk", megabytes=megabytes)
    if room >= LEAST_FREE and not writable(path):
        yield bad("disk", "unwritable", file=str(path))


def permissions(settings: Settings, env_file: Path) -> Iterator[Line]:
    """Whether others on this machine can read secrets or the database."""
    path = settings.database_path
    seen = [file for file in (env_file, path) if file.exists() and file.stat().st_mode & _OTHERS]
    if seen:
        yield notice("permissions", "open", files=", ".join(map(str, seen)))
    else:
        yield ok("permissions")


def knowledge(settings: Settings, today: date) -> Iterator[Line]:
    """What ``knowledge check`` finds."""
    try:
        counts = summary(check_knowledge(settings.data, today=today))
    except KnowledgeError as error:
        counts = summary(error.findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    if errors:
        yield bad("knowledge", "errors", count=str(errors))
    elif warnings:
        yield notice("knowledge", "warnings", count=str(warnings))
    else:
        yield ok("knowledge")


def vectors(folder: Path = FOLDER) -> Iterator[Line]:
    """Whether the table of related words is there."""
    try:
        dimensions = Vectors(folder).dimensions
    except (OSError, ValueError, EOFError):
        yield bad("vectors", "missing")
    else:
        yield ok("vectors", dimensions=str(dimensions))


def cache(settings: Settings) -> Iterator[Line]:
    """Whether indexes are kept for a quick start."""
    count = len(list(settings.cache_folder.glob("*.npz")))
    if count:
        yield ok("cache", count=str(count))
    else:
        yield notice("cache", "empty", folder=str(settings.cache_folder))
