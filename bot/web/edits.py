"""Edits: the list of them, and the page on which one is written, tried and signed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.publishing.replay import Replay
from bot.store.edits import Edit, read_edit, read_edits
from bot.web.desk import Call
from bot.web.drafting import entry_now
from handlers.staff import EditState, StaffRole
from knowledge.difference import Line, difference
from knowledge.edits import conflict
from knowledge.findings import Finding, KnowledgeError, Severity

PAGE: Final = 50
"""Edits on a page."""


@dataclass(frozen=True, slots=True)
class Look:
    """A draft, and how things stand with it."""

    edit: Edit
    """The edit."""
    now: str
    """The entry's text in the file now; empty where it is not there."""
    conflict: bool
    """Whether that is no longer what the edit began from."""
    findings: Sequence[Finding]
    """What is wrong with it."""
    replay: Replay | None
    """What the replay showed."""
    running: bool
    """Whether the replay runs."""

    @property
    def sound(self) -> bool:
        """Whether nothing stops it."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def changes(self) -> tuple[Line, ...]:
        """What it changes in the file."""
        return difference(self.now, self.edit.text)

    @property
    def elsewhere(self) -> tuple[Line, ...]:
        """What somebody else changed since it began."""
        return difference(self.edit.base, self.now)


def look(call: Call, edit: Edit) -> Look:
    """How things stand with a draft now."""
    desk = call.desk
    broken: tuple[Finding, ...] = ()
    try:
        now = entry_now(desk.settings.data, edit.file, edit.entry)
    except KnowledgeError as error:
        now, broken = edit.base, error.findings
    return Look(
        edit=edit,
        now=now,
        conflict=not broken and conflict(edit.base, now),
        findings=(
            *broken,
            *desk.checked.findings(edit, call.library.version),
            *desk.publisher.trouble(edit),
        ),
        replay=desk.publisher.replay_of(edit),
        running=desk.publisher.running(edit),
    )


def digest(text: str) -> str:
    """Names a text, so that a form can tell which one its writer saw."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def found(call: Call) -> Edit:
    """The edit of the path.

    Raises:
        HTTPException: there is none.
    """
    edit = read_edit(call.db, call.number)
    if edit is None:
        raise HTTPException(404)
    return edit


def show_edits(call: Call) -> Response:
    """Drafts first to be seen, then what was published, newest first."""
    state = call.asked("state")
    states = [one for one in EditState if state in {"", one.value}]
    edits = read_edits(call.db, states)
    first = (call.page - 1) * PAGE
    return call.draw(
        "edits.html",
        edits=edits[first : first + PAGE],
        page=call.page,
        more=len(edits) > first + PAGE,
        wanted={"state": state},
        states=[one.value for one in EditState],
    )


def show_edit(call: Call) -> Response:
    """One edit: a draft to work on, or what was done with it."""
    return draw(call, found(call))


def draw(  # noqa: PLR0913  what may have happened on the way
    call: Call,
    edit: Edit,
    status: int = 200,
    *,
    typed: str | None = None,
    problem: str = "",
    findings: Sequence[Finding] = (),
) -> Response:
    """The page of an edit.

    Args:
        call: who asks.
        edit: the edit.
        status: HTTP status.
        typed: what somebody typed that was not kept.
        problem: key of the sentence that says why something was not done.
        findings: why the check failed.
    """
    if edit.state is not EditState.DRAFT:
        changes = difference(edit.base, edit.text)
        return call.draw(
            "edit_done.html", status, edit=edit, changes=changes, problem=problem,
            findings=findings,
        )  # fmt: skip
    seen = look(call, edit)
    others = [e for e in read_edits(call.db, [EditState.DRAFT], edit.entry) if e.id != edit.id]
    return call.draw(
        "edit.html",
        status,
        look=seen,
        edit=edit,
        text=edit.text if typed is None else typed,
        unsaved=difference(edit.text, typed) if typed is not None else (),
        was=digest(edit.text),
        base=digest(seen.now),
        others=others,
        problem=problem,
        findings=(*findings, *seen.findings),
        own=call.who in edit.writers and not call.desk.settings.publish_alone,
        may_edit=call.account.role.may(StaffRole.EDITOR),
        may_sign=call.account.role.may(StaffRole.PUBLISHER),
    )
