"""Edits of entries: drafts until somebody signs them, then published, perhaps undone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.store.audit import note
from bot.store.database import writing
from bot.store.resolving import release_within
from bot.store.rows import stamp
from handlers.staff import EditState


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry as it was, and as it shall be."""

    id: int
    """Number."""
    at: datetime
    """When the draft was last changed."""
    author: str
    """Name of the account that wrote its text last."""
    writers: tuple[str, ...]
    """Everybody who wrote in it, first to last: none of them signs it."""
    entry: str
    """Id of the entry."""
    file: str
    """Its file within the data folder: ``windows/21-gifu.yaml``."""
    base: str
    """The entry's text when the edit began; empty for a new entry."""
    text: str
    """The entry's text as it shall be, in standard form; empty once discarded, as its base is."""
    group: int | None
    """The group of unanswered questions that it answers, if any."""
    state: EditState
    """draft, published, undone, discarded."""
    signed_by: str | None
    """Who published it."""
    signed: datetime | None
    """When."""
    replay: Mapping[str, Any] | None
    """What the replay showed before it was signed; counts only."""
    before: str
    """The whole file as it was before publication; empty for a draft."""
    after: str
    """The whole file as published; empty for a draft."""
    version: str | None
    """Version of the knowledge since."""


def draft(  # noqa: PLR0913  what a draft consists of
    db: Database,
    at: datetime,
    author: str,
    *,
    entry: str,
    file: str,
    base: str,
    text: str,
    group: int | None = None,
) -> int:
    """Begin an edit; give its number."""
    row = {
        "at": stamp(at), "author": author, "writers": _names([author]), "entry": entry,
        "file": file, "base": base, "text": text, "group_id": group,
        "state": EditState.DRAFT.value,
    }  # fmt: skip
    with writing(db):
        db.table("edits").insert(row)
        (number,) = db.execute("select last_insert_rowid()").fetchone()
        note(db, at, author, "edit.draft", f"edit/{number}", entry=entry, group=group)
    return int(number)


def change_draft(  # noqa: PLR0913, PLR0917  the same
    db: Database,
    number: int,
    at: datetime,
    who: str,
    text: str,
    entry: str,
    *,
    file: str | None = None,
    was: str | None = None,
    group: int | None = None,
) -> bool:
    """Write another text into a draft; its writer is then the author. False if it is none.

    Who writes what stands there already changes nothing, and is no writer.

    Args:
        db: the database.
        number: of the draft.
        at: this moment.
        who: name of the account.
        text: the entry's text as it shall be.
        entry: id of the entry.
        file: its file, where that changes with it.
        was: the draft's text as the writer saw it; if somebody changed it since, False.
        group: of unanswered questions that it answers, where it answered none so far.
    """
    with writing(db):
        edit = read_edit(db, number)
        if edit is None or edit.state is not EditState.DRAFT or was not in {None, edit.text}:
            return False
        row = {"text": text, "entry": entry, "file": file or edit.file}
        joined = {"group_id": group} if edit.group is None and group is not None else {}
        if row == {"text": edit.text, "entry": edit.entry, "file": edit.file} and not joined:
            return True
        writers = edit.writers if who in edit.writers else (*edit.writers, who)
        row |= {"author": who, "writers": _names(writers), "at": stamp(at)}
        _if_in(db, number, EditState.DRAFT, **row, **joined)
        note(db, at, who, "edit.change", f"edit/{number}", entry=entry)
    return True


def take_base(db: Database, number: int, at: datetime, who: str, base: str) -> bool:
    """Let a draft begin from the entry as it is now; its text stays. False if it is none."""
    with writing(db):
        done = _if_in(db, number, EditState.DRAFT, base=base, at=stamp(at))
        if done:
            note(db, at, who, "edit.rebase", f"edit/{number}")
    return done


def discard(db: Database, number: int, at: datetime, who: str) -> bool:
    """Give up a draft, and what stands in it; False if it is none.

    People's wordings may be in it, so nothing of its text is kept. Where no other draft answers
    its group, the group is given back, whoever holds it.
    """
    with writing(db):
        values = {"state": EditState.DISCARDED.value, "text": "", "base": ""}
        done = _if_in(db, number, EditState.DRAFT, **values)
        if done:
            note(db, at, who, "edit.discard", f"edit/{number}")
            _give_back(db, number, at, who)
    return done


def _give_back(db: Database, number: int, at: datetime, who: str) -> None:
    (group,) = db.execute("select group_id from edits where id = ?", [number]).fetchone()
    others = "select 1 from edits where group_id = ? and state = ?"
    if group and not db.execute(others, [group, EditState.DRAFT.value]).fetchone():
        release_within(db, group, who, at, whoever_holds_it=True)


def published(  # noqa: PLR0913, PLR0917  what a publication consists of
    db: Database,
    edit: Edit,
    at: datetime,
    who: str,
    replay: Mapping[str, Any],
    before: str,
    after: str,
    version: str,
) -> bool:
    """Mark a draft as published, within a transaction of the caller's; False if it is none."""
    done = _if_in(
        db, edit.id, EditState.DRAFT, state=EditState.PUBLISHED.value, signed_by=who,
        signed=stamp(at), replay=json.dumps(replay, ensure_ascii=False), before=before,
        after=after, version=version,
    )  # fmt: skip
    if done:
        detail = {"entry": edit.entry, "author": edit.author, "version": version}
        note(db, at, who, "edit.publish", f"edit/{edit.id}", **detail)
    return done


def undone(db: Database, edit: Edit, at: datetime, who: str, version: str) -> bool:
    """Mark a publication as undone, within a transaction of the caller's; False if it is none."""
    done = _if_in(db, edit.id, EditState.PUBLISHED, state=EditState.UNDONE.value)
    if done:
        note(db, at, who, "edit.undo", f"edit/{edit.id}", entry=edit.entry, version=version)
    return done


def read_edits(
    db: Database, states: Iterable[EditState] = tuple(EditState), entry: str = ""
) -> list[Edit]:
    """Edits in these states, newest first; of one entry, if it is named."""
    wanted = {state.value for state in states}
    where, values = ("entry = ?", [entry]) if entry else (None, None)
    rows = db.table("edits").rows_where(where, values, order_by="id desc")
    return [_edit(row) for row in rows if row["state"] in wanted]


def read_edit(db: Database, number: int) -> Edit | None:
    """One edit; None if there is none."""
    return next((_edit(row) for row in db.table("edits").rows_where("id = ?", [number])), None)


def _if_in(db: Database, edit: int, was: EditState, **values: str | int) -> bool:
    """Change an edit that is in this state; False if it is in another one, or does not exist."""
    names = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"update edits set {names} where id = :edit and state = :was"  # noqa: S608  our own names
    return bool(db.execute(sql, {**values, "edit": edit, "was": was.value}).rowcount)


def _names(writers: Iterable[str]) -> str:
    return json.dumps(list(writers), ensure_ascii=False)


def _edit(row: Mapping[str, Any]) -> Edit:
    return Edit(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        author=row["author"],
        writers=tuple(json.loads(row["writers"])),
        entry=row["entry"],
        file=row["file"],
        base=row["base"],
        text=row["text"],
        group=row["group_id"],
        state=EditState(row["state"]),
        signed_by=row["signed_by"],
        signed=datetime.fromisoformat(row["signed"]) if row["signed"] else None,
        replay=json.loads(row["replay"]) if row["replay"] else None,
        before=row["before"] or "",
        after=row["after"] or "",
        version=row["version"],
    )
