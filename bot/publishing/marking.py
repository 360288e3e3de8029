"""What the database says of a publication or its undoing, within one transaction."""

from datetime import datetime

from sqlite_utils import Database

from bot.publishing.outcome import Problem, RefusedError
from bot.publishing.placing import Placed
from bot.publishing.replay import Replay
from bot.store.askers import withdrawn
from bot.store.edits import Edit, published, read_edit, undone
from bot.store.resolving import reopen_within, resolve_within
from handlers.staff import Resolution


def mark_published(  # noqa: PLR0913, PLR0917  what a publication consists of
    db: Database,
    edit: Edit,
    at: datetime,
    who: str,
    replay: Replay,
    change: Placed,
    version: str,
) -> None:
    """Mark a draft as published, and resolve its group, whoever holds it, if people see the entry.

    Raises:
        RefusedError: somebody changed, published or discarded the draft in between.
    """
    if read_edit(db, edit.id) != edit:
        raise RefusedError(Problem.NOT_DRAFT)
    published(db, edit, at, who, replay.counts(), change.before, change.after, version)
    if edit.group is not None and change.shown:
        covered = Resolution.COVERED_BY
        resolve_within(
            db, edit.group, who, covered, at, edit.entry, version, whoever_holds_it=True
        )


def mark_undone(db: Database, edit: Edit, at: datetime, who: str, version: str) -> None:
    """Mark a publication as undone, and open its group again if nothing else resolved it since.

    Raises:
        RefusedError: somebody undid it in between.
    """
    if not undone(db, edit, at, who, version):
        raise RefusedError(Problem.CHANGED_SINCE)
    resolved = "select 1 from groups where id = ? and entry = ? and published = ?"
    if db.execute(resolved, [edit.group, edit.entry, edit.version]).fetchone():
        withdrawn(db, int(edit.group or 0))
        reopen_within(db, int(edit.group or 0), who, at)
