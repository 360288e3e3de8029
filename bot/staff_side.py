"""Joins what the Telegram channel needs for staff: new knowledge, who waits, the digest."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlite_utils import Database

from bot.app import App
from bot.operation.metrics import Reload
from bot.store.askers import Asker, askers_to_tell, expire, forget
from bot.store.digest import Digest, digest_of
from bot.store.due import due
from bot.store.queue import SqliteQueue
from bot.telegram.staff import StaffSide
from handlers.messages import Reply

TOLD: Final = 10
"""Findings and windows told; a longer message would not be read."""


def staff_side(
    app: App,
    queue: SqliteQueue,
    attest_days: int,
    is_silent: Callable[[], bool],
    reloaded: Callable[[Reload], object] = lambda _result: None,
) -> StaffSide:
    """Join it; ``queue`` holds the connection.

    ``attest_days``: see the settings; ``is_silent``: whether the canary is; ``reloaded`` is told
    what became of new knowledge.
    """

    def askers(db: Database) -> Sequence[Asker]:
        expire(db, app.clock.now())
        return askers_to_tell(db, app.assistant.loaded)

    def answer(asker: Asker) -> Reply | None:
        return app.assistant.told(asker.entry, asker.conversation, asker.language)

    def digest(db: Database) -> str:
        now = app.clock.now()
        entries = due(db, app.library.knowledge, now.date(), attest_days)
        overdue = {one.entry: one.confirmed for one in entries if one.overdue and one.confirmed}
        found = digest_of(db, now, overdue)
        return digest_text(app, found, silent=is_silent())

    return StaffSide(
        refresh=lambda: news(app, reloaded),
        regroup=queue.regroup,
        askers=lambda: queue.do(askers, ()),
        answer=answer,
        told=lambda asker: queue.do(lambda db: forget(db, asker), None),
        digest=lambda: queue.do(digest, ""),
    )


def news(app: App, reloaded: Callable[[Reload], object] = lambda _result: None) -> str:
    """Take over new knowledge; what staff are told of it, empty if nothing changed."""
    change = app.source.refresh() if app.source else None
    if change is None:
        return ""
    reloaded(Reload.DONE if change.library else Reload.REFUSED)
    say = app.assistant.say
    if change.library:
        return say("reload.done", version=change.version)
    findings = "\n".join(finding.message for finding in change.findings[:TOLD])
    return say("reload.broken", version=app.library.version, findings=findings)


def digest_text(app: App, found: Digest, *, silent: bool) -> str:
    """The digest in words; empty when there is nothing to do."""
    if found.nothing and not silent:
        return ""
    say, oldest = app.assistant.say, min(found.stale.values(), default=None)
    entries = app.library.knowledge.entries
    named = [entries[window].title for window in found.windows if window in entries]
    windows = app.assistant.say("list.separator").join(named[:TOLD])
    lines = [
        say("digest.canary") if silent else "",
        say("digest.groups", new=str(found.new), open=str(found.open)) if found.new else "",
        say("digest.windows", windows=windows) if windows else "",
        say("digest.edits", count=str(found.edits)) if found.edits else "",
        say("digest.stale", count=str(len(found.stale)), oldest=str(oldest)) if oldest else "",
    ]
    return "\n".join([say("digest.opening"), *filter(None, lines)])
