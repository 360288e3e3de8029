"""One group of unanswered questions, and what staff do with it."""

from collections import Counter
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.store.edits import read_edits
from bot.store.groups import read_group
from bot.store.resolving import claim, release, reopen, resolve
from bot.web.desk import Call, go
from bot.web.drafting import begin_edit, begin_window
from bot.web.groups import gist, group_questions
from bot.web.nearest import nearest
from handlers.gaps import Group
from handlers.messages import Card
from handlers.staff import GroupState, Resolution, StaffRole
from knowledge.grouping import Grouping

_BY_HAND: Final = frozenset(set(Resolution) - {Resolution.COVERED_BY})
"""How a group can end without an entry."""
WORDINGS: Final = 50
"""Wordings that can be chosen at once."""


def show_group(call: Call) -> Response:
    """One group: who asks what, and what may answer it."""
    group_questions(call)
    group = _group(call)
    knowledge = call.library.knowledge
    titles = {one.id: one.title for one in (*knowledge.entries.values(), *knowledge.unpublished)}
    return call.draw(
        "group.html",
        group=group,
        gist=gist(group),
        days=sorted(Counter(q.at.date() for q in group.questions).items()),
        words=Grouping(call.library.index, {group.id: group.readable}).words(group.id),
        wordings=group.readable[:WORDINGS],
        near=nearest(call.library, call.db, group),
        card=_card(call, group),
        titles=titles,
        edits=[edit for edit in read_edits(call.db) if edit.group == group.id],
        held=group.state is GroupState.CLAIMED and group.claimed_by == call.who,
        free=group.state is GroupState.OPEN,
    )


def claim_group(call: Call) -> Response:
    """Take a group; two officers cannot take one."""
    group = _group(call)
    return _back(group, "claimed" if claim(call.db, group.id, call.who, call.now) else "taken")


def release_group(call: Call) -> Response:
    """Give a group back; a publisher also one that somebody else holds."""
    group = _group(call)
    any_group = call.account.role.may(StaffRole.PUBLISHER)
    done = release(call.db, group.id, call.who, call.now, whoever_holds_it=any_group)
    return _back(group, "released" if done else "not_yours")


def resolve_group(call: Call) -> Response:
    """End a group without an entry: out of scope, or no question."""
    group = _group(call)
    wanted = call.form.get("resolution", "")
    if wanted not in {resolution.value for resolution in _BY_HAND}:
        raise HTTPException(400)
    if not _claimed(call, group):
        return _back(group, "taken")
    resolve(call.db, group.id, call.who, Resolution(wanted), call.now)
    return _back(group, "resolved")


def reopen_group(call: Call) -> Response:
    """Open a resolved group again."""
    group = _group(call)
    done = reopen(call.db, group.id, call.who, call.now)
    return _back(group, "reopened" if done else "not_resolved")


def cover_group(call: Call) -> Response:
    """An entry answers it: with wordings, an edit adds these to its asks; without, it is told."""
    group = _group(call)
    entry_id = call.form.get("other", "").strip() or call.form.get("entry", "")
    entry = call.library.knowledge.entries.get(entry_id)
    wordings = _chosen(call, group)
    if entry is None:
        return _back(group, "no_such_entry")
    if group.readable and not wordings and not call.form.get("without"):
        return _back(group, "no_wording")
    if not _claimed(call, group):
        return _back(group, "taken")
    if wordings:
        return begin_edit(call, entry, group.id, wordings)
    resolve(call.db, group.id, call.who, Resolution.COVERED_BY, call.now, entry.id)
    return _back(group, "resolved")


def mend_window(call: Call) -> Response:
    """People could not reach a window: an edit of it begins."""
    group = _group(call)
    window = call.library.knowledge.entries.get(group.window or "")
    if window is None:
        raise HTTPException(400)
    if not _claimed(call, group):
        return _back(group, "taken")
    return begin_edit(call, window, group.id)


def new_entry(call: Call) -> Response:
    """No entry answers it: an edit of a new window begins, filled in as far as it is known."""
    group = _group(call)
    if group.window:
        raise HTTPException(400)
    wordings = _chosen(call, group)
    if not _claimed(call, group):
        return _back(group, "taken")
    return begin_window(call, group, wordings)


def _chosen(call: Call, group: Group) -> list[str]:
    """The wordings that were chosen; only what may be read can be."""
    wordings = call.form.getlist("wording")
    if not set(wordings) <= set(group.readable):
        raise HTTPException(400)
    return wordings


def _claimed(call: Call, group: Group) -> bool:
    """Whether the group is theirs, or becomes so now."""
    return group.state is not GroupState.RESOLVED and claim(call.db, group.id, call.who, call.now)


def _group(call: Call) -> Group:
    group = read_group(call.db, call.number, call.now)
    if group is None:
        raise HTTPException(404)
    return group


def _card(call: Call, group: Group) -> Card | None:
    window = call.library.windows.windows.get(group.window or "")
    return call.library.windows.card(window, 1.0, call.now, "ja") if window else None


def _back(group: Group, said: str) -> Response:
    return go(f"/groups/{group.id}", said)
