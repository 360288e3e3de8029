"""Begins edits, and reads entries as they stand in their files now."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from starlette.responses import Response

from bot.store.edits import Edit, draft, read_edits
from bot.web.desk import Call, go
from handlers.gaps import Group
from handlers.new_window import blank_window
from handlers.staff import EditState, GroupState
from knowledge.edits import file_of, with_asks
from knowledge.entries import Guideline, ProgramList, Shape, WindowFile
from knowledge.findings import KnowledgeError
from knowledge.load import read_yaml, shape
from knowledge.standard_form import entry_text
from knowledge.typed import AnyEntry

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
    """Begin an edit that adds ways to ask; without any, go on with one's own draft if there is."""
    data, asks = call.desk.settings.data, tuple(asks)
    own = [e for e in read_edits(call.db, [EditState.DRAFT], entry.id) if e.author == call.who]
    if own and not asks:
        return go(f"/edits/{own[0].id}")
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


def begin_window(call: Call, group: Group | None = None) -> Response:
    """Begin an edit of a new window, filled in as far as it is known."""
    now = call.now
    window = blank_window(call.library.replies, group or _NOBODYS, now.date())
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
