"""The groups of unanswered questions for the chat of staff; implements ``handlers.gaps.Queue``."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.store.corruption import Met, ignore
from bot.store.edits import draft
from bot.store.grouping import group_new
from bot.store.groups import read_groups
from bot.store.own_thread import OwnThread
from bot.store.pseudonym import pseudonym_of
from bot.store.resolving import claim, release, resolve
from handlers.gaps import Group
from handlers.library import Library
from handlers.ports import Clock
from handlers.staff import GroupState, Resolution, StaffRole
from knowledge.edits import file_of
from knowledge.entries import Clause, Program, Window
from knowledge.grouping import Grouping
from knowledge.standard_form import entry_text

_SHORT = 8
"""Digits of a pseudonym that name an officer without an account in the audit."""

Value = TypeVar("Value")


class SqliteQueue:
    """One thread of its own owns the connection; what the disk does stops no answer."""

    def __init__(  # noqa: PLR0913  what it is joined from
        self,
        path: Path,
        key: str,
        clock: Clock,
        library: Callable[[], Library],
        data: Path,
        *,
        met: Met = ignore,
    ) -> None:
        """``library``: the newest one; ``data``: the folder it was read from."""
        self._thread = OwnThread(path, "queue", met)
        self._key = key
        self._clock = clock
        self._library = library
        self._data = data

    def do(self, work: Callable[[Database], Value], otherwise: Value) -> Value:
        """Work for staff on the same thread; what is given instead where the disk fails."""
        return self._thread.do(work, otherwise)

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._thread.close()

    def groups(self, officer: str) -> Sequence[Group]:
        """Groups that wait, or that this officer holds, the largest gap first."""

        def read(db: Database) -> Sequence[Group]:
            now = self._clock.now()
            self._group(db)
            who = self._editor(db, officer)
            found = read_groups(db, now, (GroupState.OPEN, GroupState.CLAIMED))
            return [g for g in found if g.state is GroupState.OPEN or g.claimed_by == who]

        return self.do(read, ())

    def regroup(self) -> int:
        """Put new questions into groups; give how many groups are new."""
        return self.do(self._group, 0)

    def wordings(self, group: int) -> Sequence[str]:
        """All wordings of a group."""

        def read(db: Database) -> Sequence[str]:
            sql = "select text from queries where group_id = ? and text is not null order by id"
            return [text for (text,) in db.execute(sql, [group]).fetchall()]

        return self.do(read, ())

    def claim(self, group: int, officer: str) -> bool:
        """Take a group; False if somebody else has it, or this officer only reads."""

        def take(db: Database) -> bool:
            who = self._editor(db, officer)
            return who is not None and claim(db, group, who, self._clock.now())

        return self.do(take, False)  # noqa: FBT003

    def release(self, group: int, officer: str) -> bool:
        """Give a group back; False if this officer does not hold it."""

        def back(db: Database) -> bool:
            who = self._editor(db, officer)
            return who is not None and release(db, group, who, self._clock.now())

        return self.do(back, False)  # noqa: FBT003

    def resolve(
        self, group: int, officer: str, resolution: Resolution, entry: str | None = None
    ) -> bool:
        """End a group; False if somebody else has it, or this officer only reads."""

        def end(db: Database) -> bool:
            who, now = self._editor(db, officer), self._clock.now()
            return who is not None and resolve(db, group, who, resolution, now, entry)

        return self.do(end, False)  # noqa: FBT003

    def draft(
        self, group: int, officer: str, entry: Clause | Program | Window, base: str
    ) -> int | None:
        """Keep an entry's new text as a draft that answers a group."""

        def keep(db: Database) -> int | None:
            who = self._editor(db, officer)
            if who is None:
                return None
            library = self._library()
            file = file_of(entry, library.knowledge, library.gazetteer, self._data)
            return draft(
                db, self._clock.now(), who, entry=entry.id, base=base, text=entry_text(entry),
                file=file.relative_to(self._data).as_posix(), group=group,
            )  # fmt: skip

        return self.do(keep, None)

    def _group(self, db: Database) -> int:
        index = self._library().index
        return group_new(db, lambda groups: Grouping(index, groups), self._clock.now())

    def _editor(self, db: Database, officer: str) -> str | None:
        """The name of an officer in the audit; None for an account that only reads."""
        channel, _, chat = officer.partition(":")
        known = db.execute(
            "select name, role from accounts where telegram = ? and ? = 'telegram'",
            [chat, channel],
        ).fetchone()
        if known is None:  # TELEGRAM_STAFF_IDS names people without an account too
            name = pseudonym_of(f"staff:{officer}", self._key)[:_SHORT]
            return f"chat:{name}"
        name, role = known
        return name if StaffRole(role).may(StaffRole.EDITOR) else None
