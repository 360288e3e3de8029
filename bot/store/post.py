"""Inbox and outbox together: an update is finished in the transaction that keeps its answer."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog
from sqlite_utils import Database

from bot.store import inbox, outbox
from bot.store.corruption import Corruption
from bot.store.inbox import Arrived, Key
from bot.store.outbox import Outgoing
from bot.store.rows import stamp
from bot.store.sealing import Seal
from bot.store.writer import UnkeptError, Writer, open_durable
from handlers.ports import Clock

KEEP: Final = timedelta(hours=48)
"""How long ids of updates are known, and how long a message may wait. Telegram keeps an update
for a day."""
LONGEST_REST: Final = 600.0
"""Seconds a message rests at most after a start: the clock may have been set meanwhile."""

_log = structlog.get_logger()


class Post(Protocol):
    """Where updates and messages lie until they are done with."""

    durable: bool
    """Whether what lies here is still there after the end of the program."""

    async def arrive(self, update_id: int, payload: str) -> bool:
        """Keep an update; whether it is new. Raises UnkeptError."""

    async def answer(
        self, update_id: int | None, outgoing: Sequence[Outgoing]
    ) -> Sequence[Outgoing]:
        """Finish an update and keep its messages, both or neither. Raises UnkeptError."""

    async def finish(self, update_id: int) -> None:
        """Finish an update that needs no message kept; as soon as the disk takes it."""

    async def remove(self, outgoing: Collection[Outgoing]) -> None:
        """Forget messages that were sent or never will be; as soon as the disk takes it."""

    async def postpone(self, outgoing: Outgoing) -> None:
        """Note when to try again, if the disk takes it."""

    async def unfinished(self) -> Sequence[Arrived]:
        """Updates of an earlier run of the program, oldest first. Raises UnkeptError."""

    async def waiting(self) -> Sequence[Outgoing]:
        """Messages of an earlier run, in the order to send them. Raises UnkeptError."""

    async def tend(self) -> None:
        """Do what is due now and then; never raises."""


class MemoryPost:
    """Keeps nothing: for the canary, and for tests."""

    durable = False
    """Nothing lasts."""

    async def arrive(self, update_id: int, payload: str) -> bool:
        """Every update is new."""
        del update_id, payload
        return True

    async def answer(
        self, update_id: int | None, outgoing: Sequence[Outgoing]
    ) -> Sequence[Outgoing]:
        """The messages as they are."""
        del update_id
        return outgoing

    async def finish(self, update_id: int) -> None:
        """Nothing to do."""

    async def remove(self, outgoing: Collection[Outgoing]) -> None:
        """Nothing to do."""

    async def postpone(self, outgoing: Outgoing) -> None:
        """Nothing to do."""

    async def unfinished(self) -> Sequence[Arrived]:
        """None."""
        return ()

    async def waiting(self) -> Sequence[Outgoing]:
        """None."""
        return ()

    async def tend(self) -> None:
        """Nothing to do."""


class SqlitePost:
    """Keeps all on disk. What the disk refuses to forget is forgotten later."""

    durable = True
    """All lasts that the disk took."""

    def __init__(  # noqa: PLR0913  what it is joined from
        self,
        path: Path,
        key: str,
        bot: int,
        clock: Clock,
        connect: Callable[[Path], Database] = open_durable,
        *,
        corruption: Corruption | None = None,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        """``key``: of the pseudonyms; ``bot``: Telegram id of the bot.

        ``corruption``: of the same database, where others meet it too. Nothing is thought old
        before the clock is ``sure``.
        """
        self._sure = sure
        self._bot = bot
        self._clock = clock
        self._seal = Seal(key, f"post of bot {bot}")
        self._writer = Writer(corruption or Corruption(path, clock), connect)
        self._in_hand: set[int] = set()  # updates that came in this run
        self._in_lanes: set[int] = set()  # messages given out in this run
        self._finished: set[int] = set()  # updates the disk refused to forget
        self._sent: set[int] = set()  # messages likewise
        self._expired: datetime | None = None

    async def arrive(self, update_id: int, payload: str) -> bool:
        """See ``Post``."""
        sealed = self._seal.seal(payload, f"update {update_id}")
        row = inbox.Row(self._bot, update_id, stamp(self._clock.now()), sealed)
        new = await self._writer.do(inbox.add, row)
        if new:
            self._in_hand.add(update_id)
        return new

    async def answer(
        self, update_id: int | None, outgoing: Sequence[Outgoing]
    ) -> Sequence[Outgoing]:
        """See ``Post``."""
        key = None if update_id is None else Key(self._bot, update_id)
        rows = [self._row(one) for one in outgoing]
        ids = await self._writer.do(outbox.answer, outbox.Answer(key, rows))
        self._in_lanes.update(ids)
        if update_id is not None:
            self._in_hand.discard(update_id)
        return [replace(one, id=row) for one, row in zip(outgoing, ids, strict=True)]

    async def finish(self, update_id: int) -> None:
        """See ``Post``."""
        try:
            await self._writer.do(inbox.finish, Key(self._bot, update_id))
        except UnkeptError:
            self._finished.add(update_id)
        else:
            self._finished.discard(update_id)
            self._in_hand.discard(update_id)

    async def remove(self, outgoing: Collection[Outgoing]) -> None:
        """See ``Post``."""
        await self._remove([one.id for one in outgoing if one.id is not None])

    async def postpone(self, outgoing: Outgoing) -> None:
        """See ``Post``."""
        if outgoing.id is None:
            return
        due = stamp(self._clock.now() + timedelta(seconds=outgoing.rest))
        try:
            await self._writer.do(outbox.postpone, outbox.Later(outgoing.id, outgoing.tries, due))
        except UnkeptError:
            return  # a program that starts in between tries too early, no more

    async def unfinished(self) -> Sequence[Arrived]:
        """See ``Post``. What another key encrypted is dropped."""
        rows = await self._writer.do(inbox.unfinished, self._bot)
        found, unread = [], []
        for row in rows:
            payload = self._seal.unseal(row.payload, f"update {row.update_id}")
            if row.update_id in self._in_hand:
                continue
            if payload is None:
                unread.append(row.update_id)
            else:
                self._in_hand.add(row.update_id)
                found.append(replace(row, payload=payload))
        for update_id in unread:
            await self.finish(update_id)
        _tell("inbox not read", len(unread))
        return found

    async def waiting(self) -> Sequence[Outgoing]:
        """See ``Post``. What another key encrypted, or waits for too long, is dropped."""
        rows = await self._writer.do(outbox.waiting, None)
        oldest = stamp(self._clock.now() - KEEP)
        found: list[Outgoing] = []
        unread, old = [], []
        for row in rows:
            content = self._seal.unseal(row.payload, "message")
            if row.id in self._in_lanes:
                continue
            if content is None:
                unread.append(row.id)
            elif row.at < oldest and self._sure():
                old.append(row.id)
            else:
                self._in_lanes.add(row.id)
                found.append(self._outgoing(row, content))
        await self._remove([*unread, *old])
        _tell("outbox not read", len(unread))
        _tell("messages too old to send", len(old))
        return found

    async def tend(self) -> None:
        """Forget what the disk refused to forget, and what is old; empty the log of writes."""
        await self._forget()
        await self._remove(())
        now = self._clock.now()
        if self._sure() and (self._expired is None or now - self._expired > timedelta(hours=1)):
            try:
                await self._writer.do(inbox.expire, stamp(now - KEEP))
            except UnkeptError:
                return
            self._expired = now
        await self._writer.checkpoint()

    def close(self) -> None:
        """Close the database."""
        self._writer.close()

    async def _forget(self) -> None:
        for update_id in tuple(self._finished):
            await self.finish(update_id)

    async def _remove(self, ids: Sequence[int]) -> None:
        """With what could not be removed before: it must not be there when the program ends."""
        every = [*ids, *self._sent.difference(ids)]
        if not every:
            return
        try:
            await self._writer.do(outbox.remove, every)
        except UnkeptError:
            self._sent.update(ids)
        else:
            self._sent.difference_update(every)
            self._in_lanes.difference_update(every)
            await self._forget()

    def _row(self, one: Outgoing) -> outbox.Row:
        now = stamp(self._clock.now())
        payload = self._seal.seal(one.content(), "message")
        return outbox.Row(now, now, 0 if one.danger else 1, one.tries, payload)

    def _outgoing(self, row: outbox.Waiting, content: str) -> Outgoing:
        rest = (datetime.fromisoformat(row.due) - self._clock.now()).total_seconds()
        return Outgoing(
            **json.loads(content),
            id=row.id,
            tries=row.tries,
            rest=min(max(rest, 0.0), LONGEST_REST),
        )


def _tell(event: str, count: int) -> None:
    if count:
        _log.warning(event, count=count)
