"""The knowledge: search it, look at one entry with its history, begin to edit it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.store.edits import Edit, read_edits
from bot.web.desk import Call
from bot.web.drafting import begin_edit, begin_window
from handlers.library import Library
from handlers.staff import EditState
from knowledge.difference import difference
from knowledge.entries import NATIONWIDE, Program, Window
from knowledge.text import fold
from knowledge.typed import AnyEntry
from knowledge.vocabulary import Kind, Topic

PAGE: Final = 50
"""Entries on a page."""
FOUND: Final = 50
"""Entries a search gives at most."""
_SHOWN_APART: Final = frozenset({"id", "kind", "asks", "sources"})
"""Fields with a place of their own on the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in a list."""

    entry: AnyEntry
    """The entry."""
    where: str
    """Its prefecture, or 全国; empty for clauses."""


def everything(library: Library) -> dict[str, AnyEntry]:
    """Every entry by id, also drafts and withdrawn windows."""
    unpublished = {window.id: window for window in library.knowledge.unpublished}
    return {**library.knowledge.entries, **unpublished}


def place_of(library: Library, entry: AnyEntry) -> str:
    """The prefecture an entry is of, 全国 for national windows, nothing for clauses."""
    if isinstance(entry, Program):
        return entry.prefecture
    if not isinstance(entry, Window):
        return ""
    code = library.knowledge.places[entry.id][0].name[:2]
    names = {one.code: one.name for one in library.gazetteer.prefectures}
    return names.get(code, NATIONWIDE)


def show_entries(call: Call) -> Response:
    """A list: everything, or what was searched for, filtered."""
    library = call.library
    rows = [row for row in _found(library, call.asked("q")) if _wanted(call, row)]
    first = (call.page - 1) * PAGE
    return call.draw(
        "entries.html",
        rows=rows[first : first + PAGE],
        count=len(rows),
        page=call.page,
        more=len(rows) > first + PAGE,
        wanted={name: call.asked(name) for name in ("q", "kind", "prefecture", "topic")},
        kinds=[kind.value for kind in Kind],
        topics=[topic.value for topic in Topic],
        prefectures=[NATIONWIDE, *(one.name for one in library.gazetteer.prefectures)],
    )


def _found(library: Library, question: str) -> Iterator[Row]:
    """What has the words in its id or name first, then what the search finds."""
    entries = everything(library)
    ids = list(entries)
    if question:
        folded = fold(question) or question
        named = [e.id for e in entries.values() if folded in fold(e.title) or question in e.id]
        searched = [match.id for match in library.index.search(question, FOUND)]
        ids = list(dict.fromkeys((*named, *searched)))
    return (Row(entries[one], place_of(library, entries[one])) for one in ids)


def _wanted(call: Call, row: Row) -> bool:
    kind, prefecture, topic = (call.asked(name) for name in ("kind", "prefecture", "topic"))
    return (
        kind in {"", row.entry.kind}
        and prefecture in {"", row.where}
        and (not topic or topic in getattr(row.entry, "topics", ()))
    )


def show_entry(call: Call) -> Response:
    """One entry: its fields, its place in the files, its history."""
    entry = _entry(call)
    path, line = call.library.knowledge.places[entry.id]
    fields = entry.model_dump(mode="json", by_alias=True)
    return call.draw(
        "entry.html",
        entry=entry,
        fields={key: value for key, value in fields.items() if key not in _SHOWN_APART and value},
        sources=fields.get("sources", ()),
        place=f"{path.relative_to(call.desk.settings.data).as_posix()}:{line}",
        history=[(edit, _changes(edit)) for edit in read_edits(call.db, entry=entry.id)],
        published=entry.id in call.library.knowledge.entries,
    )


def edit_entry(call: Call) -> Response:
    """Begin to edit an entry."""
    return begin_edit(call, _entry(call))


def add_window(call: Call) -> Response:
    """Begin a new window."""
    return begin_window(call)


def _entry(call: Call) -> AnyEntry:
    parts = call.request.path_params
    entry = everything(call.library).get(f"{parts['kind']}/{parts['slug']}")
    if entry is None:
        raise HTTPException(404)
    return entry


def _changes(edit: Edit) -> object:
    return difference(edit.base, edit.text) if edit.state is not EditState.DISCARDED else ()
