"""Begins edits, and reads entries as they stand in their files now."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from starlette.responses import Response

from bot.store.edits import Edit, change_draft, draft, read_edits
from bot.web.desk import Call, go
from handlers.gaps import Group
from handlers.new_window import blank_window
from handlers.staff import EditState, GroupState
from knowledge.edits import file_of, with_asks
from knowledge.entries import Guideline, ProgramList, Shape, WindowFile
from knowledge.findings import KnowledgeError
from knowledge.load import read_yaml, shape
from knowledge.standard_form import entry_text
from knowledge.typed import AnyEntry, read_entry

_LISTS: Final[dict[str, tuple[type[Shape], str]]] = {
    "guideline": (Guideline, "clauses"),
    "programs": (ProgramList, "programs"),
    "windows": (WindowFile, "windows"),
}
"""Folder of a file → its shape, and its list of entries."""
_NOBODYS: Final = Group(
    id=0,
    window=None,
    state=GroupState.OPEN,
    claimed_by=None,
    resolution=None,
    entry=None,
    changed=None,
    people=0,
    rank=0.0,
    first=None,
    last=None,
)
"""What is known of a window that no group of questions asks for: nothing."""


def entry_in(data: Path, file: str, entry: str) -> AnyEntry | None:
    """An entry as it stands in its file now; None where it is not there.

    Raises:
        KnowledgeError: the file is broken.
    """
    path = data / file
    if not path.exists():
        return None
    model, key = _LISTS[Path(file).parts[0]]
    entries: tuple[AnyEntry, ...] = getattr(shape(read_yaml(path), model), key)
    return next((one for one in entries if one.id == entry), None)


def entry_now(data: Path, file: str, entry: str) -> str:
    """Its text; empty where it is not there. Raises as ``entry_in``."""
    found = entry_in(data, file, entry)
    return entry_text(found) if found else ""


def begin_edit(
    call: Call, entry: AnyEntry, group: int | None = None, asks: Iterable[str] = ()
) -> Response:
    """Begin an edit that adds ways to ask, or go on with one's own draft of the entry."""
    data, asks = call.desk.settings.data, tuple(asks)
    drafts = read_edits(call.db, [EditState.DRAFT], entry.id)
    if own := next((edit for edit in drafts if edit.author == call.who), None):
        return _go_on(call, own, group, asks)
    file = call.library.knowledge.places[entry.id][0].relative_to(data).as_posix()
    try:
        found = entry_in(data, file, entry.id)
    except KnowledgeError:
        found = None
    if found is None:
        return go(f"/entries/{entry.id}", "file_broken")
    base, text = entry_text(found), entry_text(with_asks(found, asks))
    number = draft(
        call.db, call.now, call.who, entry=entry.id, file=file, base=base, text=text, group=group
    )
    return go(f"/edits/{number}", "drafted")


def _go_on(call: Call, own: Edit, group: int | None, asks: tuple[str, ...]) -> Response:
    """Add what was chosen to a draft that is there already."""
    path, text = f"/edits/{own.id}", own.text
    if asks:
        try:
            text = entry_text(with_asks(read_entry(own.text, Path(own.file)), asks))
        except KnowledgeError:
            return go(path, "draft_unread")
    done = change_draft(
        call.db, own.id, call.now, call.who, text, own.entry, was=own.text, group=group
    )
    if not done:
        return go(path, "not_draft")
    return go(path, "added" if asks else "")


def begin_window(call: Call, group: Group | None = None, asks: Iterable[str] = ()) -> Response:
    """Begin an edit of a new window, filled in as far as it is known, with chosen ways to ask."""
    now = call.now
    blank = blank_window(call.library.replies, group or _NOBODYS, now.date())
    window = with_asks(blank.model_copy(update={"asks": ()}), asks)
    file = _file(call, window)
    number = draft(
        call.db,
        now,
        call.who,
        entry=window.id,
        file=file,
        base="",
        text=entry_text(window),
        group=group.id if group else None,
    )
    return go(f"/edits/{number}", "drafted")


def file_for(call: Call, edit: Edit, entry: AnyEntry) -> str:
    """The file of a draft: that of its entry, or that into which a new window belongs.

    Raises:
        KnowledgeError: its area is of no one prefecture.
    """
    return edit.file if edit.base else _file(call, entry)


def _file(call: Call, entry: AnyEntry) -> str:
    data = call.desk.settings.data
    path = file_of(entry, call.library.knowledge, call.library.gazetteer, data)
    return path.relative_to(data).as_posix()
