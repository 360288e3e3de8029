"""Joins what the Telegram channel needs for members: files, and notices of changes."""

from collections.abc import Iterable
from dataclasses import replace

from bot.app import App
from bot.documents import EXTENSIONS, make
from bot.store.members import SqliteMembers
from bot.telegram import MemberSide
from handlers.membership import Watch, person_of
from handlers.messages import Reply
from knowledge.editions import digest


def member_side(app: App, members: SqliteMembers) -> MemberSide:
    """Files from the newest edition; notices for those who asked for them."""

    def digests() -> dict[str, str]:
        return {c.id: digest(c.text) for c in app.library.knowledge.guideline.clauses}

    def outdated() -> Iterable[Watch]:
        now = app.clock.now()
        members.expire(now)
        return members.outdated(digests(), now)

    def told(watch: Watch) -> Reply | None:
        changes = app.library.changes
        change = changes.since(watch.edition, watch.clause)
        return changes.told(watch.edition, change) if change else None

    def settle(watch: Watch) -> None:
        person, now = person_of(watch.conversation), digests().get(watch.clause)
        if now is None:  # the clause is gone: there is nothing left to be told of
            members.unwatch(person, watch.clause)
        else:
            edition = app.library.knowledge.guideline.edition
            members.watch(person, replace(watch, edition=edition, digest=now))

    return MemberSide(
        make_file=lambda kind: make(kind, app.library.knowledge.guideline, app.library.replies),
        kinds=tuple(EXTENSIONS),
        outdated=outdated,
        told=told,
        settle=settle,
    )
