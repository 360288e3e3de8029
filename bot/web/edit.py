"""What staff do with an edit: save, discard, take a new base, replay, sign, undo."""

from typing import Final

from starlette.responses import Response

from bot.publishing.outcome import Outcome
from bot.store.edits import Edit, change_draft, discard, read_edit, take_base
from bot.web.checked import read
from bot.web.desk import Call, go
from bot.web.drafting import entry_now, file_for
from bot.web.edits import digest, draw, found
from knowledge.findings import KnowledgeError
from knowledge.standard_form import entry_text

_CHANGED: Final = "console.edit.changed"
"""Somebody else was quicker."""
CONFLICT: Final = 409


def save_edit(call: Call) -> Response:
    """Keep what was typed, in standard form if it can be read; never over what was not seen."""
    edit, typed = found(call), call.form.get("text", "").replace("\r\n", "\n")
    entry, _ = read(typed, edit)
    text, name, file = typed, edit.entry, None
    if entry:
        text, name = entry_text(entry), entry.id
        try:
            file = file_for(call, edit, entry)
        except KnowledgeError as error:
            return draw(call, edit, 422, typed=typed, findings=error.findings)
    if not _as_seen(call, edit) or not change_draft(
        call.db, edit.id, call.now, call.who, text, name, file=file, was=edit.text
    ):
        return _changed(call, edit, typed)
    return go(f"/edits/{edit.id}", "saved")


def discard_edit(call: Call) -> Response:
    """Give a draft up."""
    edit = found(call)
    if not _as_seen(call, edit):
        return _changed(call, edit)
    done = discard(call.db, edit.id, call.now, call.who)
    return go(f"/edits/{edit.id}", "discarded" if done else "not_draft")


def rebase_edit(call: Call) -> Response:
    """Go on from the entry as it is in the file now, which the officer has seen."""
    edit = found(call)
    try:
        now = entry_now(call.desk.settings.data, edit.file, edit.entry)
    except KnowledgeError as error:
        return draw(call, edit, CONFLICT, findings=error.findings)
    if call.form.get("base", "") != digest(now):
        return _changed(call, edit)
    done = take_base(call.db, edit.id, call.now, call.who, now)
    return go(f"/edits/{edit.id}", "rebased" if done else "not_draft")


def replay_edit(call: Call) -> Response:
    """Begin to ask the questions of the last months again."""
    edit = found(call)
    if not call.desk.publisher.running(edit):
        call.desk.publisher.begin_replay(edit)
    return go(f"/edits/{edit.id}", "replaying")


def sign_edit(call: Call) -> Response:
    """Publish a draft that was seen as it is."""
    edit = found(call)
    if not _as_seen(call, edit):
        return _changed(call, edit)
    return _told(call, edit, call.desk.publisher.publish(edit, call.who), "published")


def undo_edit(call: Call) -> Response:
    """Take a publication back."""
    edit = found(call)
    return _told(call, edit, call.desk.publisher.undo(edit, call.who), "undone")


def _told(call: Call, edit: Edit, outcome: Outcome, said: str) -> Response:
    if outcome.problem is None:
        warned = "".join(f"_{warning}" for warning in outcome.warnings[:1])
        return go(f"/edits/{edit.id}", said + warned)
    problem = f"console.problem.{outcome.problem}"
    latest = read_edit(call.db, edit.id) or edit
    return draw(call, latest, CONFLICT, problem=problem, findings=outcome.findings)


def _as_seen(call: Call, edit: Edit) -> bool:
    """Whether the draft is still what its reader saw."""
    return call.form.get("was", "") == digest(edit.text)


def _changed(call: Call, edit: Edit, typed: str | None = None) -> Response:
    latest = read_edit(call.db, edit.id) or edit
    return draw(call, latest, CONFLICT, typed=typed, problem=_CHANGED)
