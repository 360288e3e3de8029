"""Whoever is not staff never reaches what staff do, whatever they send or forge.

Every command and every button is collected from the program, so a new one is covered by itself.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from telegram.ext import CommandHandler

from bot.app import App as Joined
from bot.live import Live
from bot.member_side import member_side
from bot.settings import Settings
from bot.store.accounts import add_account
from bot.store.database import open_database
from bot.store.edits import draft
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.store.owning import owner_of
from bot.store.pseudonym import pseudonym_of
from bot.store.query_log import SqliteQueryLog
from bot.store.queue import SqliteQueue
from bot.store.resolving import claim
from bot.store.rows import row_of_outcome
from bot.telegram import build_application
from bot.telegram.app import App
from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Reply, Status
from handlers.ports import Outcome, OutcomeKind
from handlers.staff import Resolution, StaffRole
from handlers.turn import Turn
from knowledge.attesting import fingerprint
from knowledge.load import DATA
from tests.bot.fakes import NOW, STAFF_ID, FakeBotApi, FakeClock, Talk
from tests.bot.queries import KEY, kept, unanswered
from tests.bot.rows_of_every_table import rows
from tests.bot_api import Person
from tests.bot_api.people import WHEN, Group, Json
from tests.fakes import FakeConversations

WORDING = "名簿の様式はどこにありますか"
"""What people asked; staff may read it, nobody else."""
OWNED, OWNER = "window/houterasu", "telegram:900900900"
THEIRS = frozenset(
    {"queries", "outcomes", "members", "watches", "askers", "latches", "inbox", "outbox"}
)
"""Where something is kept of the person who writes; of all else, nothing may change."""
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
PEOPLE = ["resident", "member", "resident in a group", "member in a group", "in the staff's chat"]


@dataclass
class World:
    """A served assistant with something of everything to reach for."""

    path: Path
    assistant: Assistant
    app: App
    api: FakeBotApi
    talk: Talk
    db: Database
    """A look from outside, as of every moment."""
    secrets: list[str] = field(default_factory=list)

    def protected(self) -> dict[str, object]:
        """Every row that nobody but staff may change, and what others asked."""
        found = rows(self.db.conn)
        columns = [column.name for column in self.db.table("queries").columns]
        place = columns.index("pseudonym")
        others = [row for row in found["queries"] if str(row[place]).startswith("other")]
        kept_ = {table: content for table, content in found.items() if table not in THEIRS}
        return {**kept_, "others": others}

    def joins(self, person: Person) -> None:
        """Make somebody a member, or leave them one: some of what is sent is /leave."""
        who = pseudonym_of(f"telegram:{person.id}", KEY)
        self.db.execute("insert or ignore into members values (?, '2026')", [who])
        self.db.conn.commit()

    def choices(self) -> Iterator[str]:
        """Every id that any button may carry, and forged ones with every prefix."""
        taps = self.assistant._taps
        yield from taps._fixed
        yield from taps._if_remembered
        for prefix in taps._by_prefix:
            for rest in self.rests():
                yield f"{prefix}{rest}"[:60]

    def rests(self) -> list[str]:
        """What may stand behind a prefix: all there is to reach for, and nonsense."""
        owner = owner_of(OWNER, KEY)[:8]
        window = self.assistant._library.knowledge.entries[OWNED]
        return [
            "1", "2", "3", f"1:{OWNED}", "1:guideline/2-2", OWNED, f"{owner}:{OWNED}",
            f"{fingerprint(window)}:{OWNED}", "guideline/2-2", "0", "", "1 or 1=1",
            "1;drop table groups", "loneliness", "gifu", f"{int(NOW.timestamp() * 1000):x}",
        ]  # fmt: skip

    def commands(self) -> Iterator[str]:
        """Every command, alone and with what staff write behind it."""
        handlers = [h for group in self.app.handlers.values() for h in group]
        names = {n for h in handlers if isinstance(h, CommandHandler) for n in h.commands}
        for name in sorted(names):
            for rest in ("", f" {OWNED}", " 1", " ABCD-EFGH-JKLM"):
                yield f"/{name}{rest}"

    def words(self) -> Iterator[str]:
        """Ids of choices and words of commands, written as texts."""
        yield from self.assistant._taps._fixed
        yield from (word for word in self.assistant._library.commands._ids)

    async def shown(self) -> str:
        """Everything that is sent now, buttons and files too."""
        sent = await self.talk.go_on()
        return "\n".join(f"{one.text} {dict(one.parameters)}" for one in sent)


@pytest.fixture
async def world(
    library: Library, settings: Settings, clock: FakeClock, api: FakeBotApi, tmp_path: Path
) -> AsyncIterator[World]:
    path = tmp_path / "x.db"
    url = f"sqlite:///{path}"
    log = SqliteQueryLog(path, KEY, clock=clock)
    members, owners = SqliteMembers(url, KEY), SqliteOwners(url, KEY, clock, 150)
    queue = SqliteQueue(path, KEY, clock, lambda: library, DATA)
    with closing(open_database(path)) as db:
        texts = (WORDING, f"{WORDING}。", f"教えて、{WORDING}")
        asked = [unanswered(text, conversation=f"telegram:8{n}") for n, text in enumerate(texts)]
        kept(db, *asked)
        kept(db, unanswered("旅費の上限", conversation="telegram:88"))
        failed = Outcome(NOW, OWNED, OutcomeKind.FAILED)
        db.table("outcomes").insert_all([row_of_outcome(failed)] * 3)
        db.execute("update queries set pseudonym = 'other' || id")
        db.conn.commit()
        queue.regroup()
        claim(db, 2, "sato", NOW)
        add_account(db, NOW, "sato", StaffRole.PUBLISHER, STAFF_ID)
        draft(db, NOW, "sato", entry=OWNED, file="x", base="a", text="b", group=1)
    until = NOW + timedelta(days=9)
    codes = [
        members.issue(until),
        members.issue(until),
        owners.invite([OWNED], "system", NOW, until),
    ]
    members.redeem(codes.pop(), OWNER, NOW, private=True)
    conversations = FakeConversations()

    def make(newest: Library) -> Assistant:
        return Assistant(newest, log, conversations, clock, members, queue, owners)

    assistant = make(library)
    live = Live(lambda: library, lambda _: assistant, clock)
    joined = Joined(live, clock, members, queue, owners)
    app = build_application(
        settings, live, library.replies, clock,
        request=api, updates_request=FakeBotApi(), members=member_side(joined, members),
    )  # fmt: skip
    app.bot._rate_limiter = None  # type: ignore[attr-defined]  # a message a second: for hours
    await app.initialize()
    talk = Talk(app, api)
    app.add_error_handler(talk.record)
    secrets = [WORDING, *codes, owner_of(OWNER, KEY)[:8]]
    with closing(open_database(path)) as db:
        yield World(path, assistant, app, api, talk, db, secrets)
    assert talk.errors == []
    await app.shutdown()
    members.close()
    owners.close()
    log.close()


def under(chat: Json, by: Json) -> Json:
    """A message of the bot that carries a button."""
    return {"message_id": 1, "date": WHEN, "chat": chat, "from": by, "text": "?"}


@dataclass
class Stranger:
    """Somebody who is not staff, and how they send."""

    world: World
    kind: str

    def __post_init__(self) -> None:
        self.staff = self.world.api.person()
        assert self.staff.id == STAFF_ID
        self.person = self.world.api.person()
        self.group: Group | None = self.world.api.group() if "group" in self.kind else None

    async def sends(self, text: str) -> str:
        self._be()
        username = self.world.api.methods.bot["username"]
        if self.group and text.startswith("/"):
            name, _, rest = text.partition(" ")
            text = f"{name}@{username} {rest}".strip()
        elif self.group:
            text = f"@{username} {text}"
        self.person.says(text, into=self.group)
        return await self.world.shown()

    async def taps(self, data: str) -> str:
        self._be()
        chat = self.group.chat if self.group else self.person.chat
        if self.kind == "in the staff's chat":
            chat = self.staff.chat
        self.person.taps_data(data, under(chat, self.world.api.methods.bot))
        return await self.world.shown()

    def _be(self) -> None:
        if "member" in self.kind:
            self.world.joins(self.person)


async def faults(world: World, sent: list[tuple[str, Callable[[str], Any]]]) -> list[str]:
    """What of all that was sent changed something or showed something."""
    found, before = [], world.protected()
    for text, send in sent:
        said = await send(text)
        if CODE.search(said) or any(secret in said for secret in world.secrets):
            found.append(f"{text!r} showed something")
        after = world.protected()
        found += [f"{text!r} changed {table}" for table in before if before[table] != after[table]]
        before = after
    return found


def everything(world: World, stranger: Stranger) -> list[tuple[str, Callable[[str], Any]]]:
    commands = [(command, stranger.sends) for command in world.commands()]
    words = [(word, stranger.sends) for word in world.words()]
    return [*commands, *words, *((choice, stranger.taps) for choice in world.choices())]


@pytest.mark.parametrize("kind", PEOPLE)
async def test_nothing_a_stranger_sends_reaches_what_staff_do(world: World, kind: str) -> None:
    sent = everything(world, Stranger(world, kind))

    assert len(sent) > 400
    assert await faults(world, sent) == []


async def test_the_same_reaches_it_when_staff_send_it(world: World) -> None:
    """Otherwise the test above would tell nothing."""
    staff = Stranger(world, "staff")
    staff.person = staff.staff
    found = await faults(world, everything(world, staff))

    told = "\n".join(found)
    for what in ("groups", "edits", "audit", "owners", "invitations"):
        assert f"changed {what}" in told
    for command in ("review:later:", "/invite", "owner:"):
        assert re.search(rf"'{command}\S*' showed something", told)


@pytest.mark.parametrize("kind", ["resident", "member in a group"])
async def test_a_new_button_that_forgets_to_ask_who_taps_is_found(world: World, kind: str) -> None:
    queue = world.assistant._taps._by_prefix  # as a new desk would add it

    def careless(turn: Turn, rest: str) -> Reply | None:
        del rest
        SqliteQueue.resolve(
            world.queue,
            1,
            turn.incoming.conversation,
            Resolution.OUT_OF_SCOPE,  # type: ignore[attr-defined]
        )
        return Reply(Status.SMALLTALK, opening=(WORDING,))

    world.queue = SqliteQueue(  # type: ignore[attr-defined]
        world.path, KEY, FakeClock(), lambda: world.assistant._library, DATA
    )
    queue["careless:"] = careless  # type: ignore[index]
    stranger = Stranger(world, kind)
    sent = [(c, stranger.taps) for c in world.choices() if c.startswith("careless:")]

    found = await faults(world, sent)
    assert len(sent) == len(world.rests())
    assert "'careless:1' showed something" in found
    assert any("changed audit" in fault for fault in found)


FORGED: dict[str, Callable[[Person, Person], Json]] = {
    "sent in the name of staff": lambda staff, _: {"sender_chat": staff.chat},
    "forwarded from staff": lambda staff, _: {
        "forward_origin": {"type": "user", "date": WHEN, "sender_user": staff.user}
    },
    "answering staff": lambda staff, me: {
        "reply_to_message": {**under(me.chat, staff.user), "text": "/review"}
    },
    "with the contact of staff": lambda staff, _: {
        "contact": {"phone_number": "1", "first_name": "x", "user_id": staff.id}
    },
    "naming staff": lambda staff, _: {
        "entities": [
            {"type": "bot_command", "offset": 0, "length": 7},
            {"type": "text_mention", "offset": 0, "length": 7, "user": staff.user},
        ]
    },
}


@pytest.mark.parametrize("how", FORGED)
async def test_only_who_sends_counts_not_what_the_message_says_of_staff(
    world: World, how: str
) -> None:
    stranger = Stranger(world, "resident")
    command: Json = {
        "text": "/review",
        "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
    }

    async def send(_text: str) -> str:
        stranger.person.sends(**command | FORGED[how](stranger.staff, stranger.person))
        return await world.shown()

    assert await faults(world, [("/review", send)]) == []


async def test_a_channel_or_nobody_is_not_staff(world: World) -> None:
    """A message without a sender counts as its chat's, whose id may be anything but a person's."""
    stranger = Stranger(world, "resident")
    person = stranger.person
    nobody = {
        key: value
        for key, value in person._message(None, 1, text="/review").items()
        if key != "from"
    }

    async def send(_text: str) -> str:
        person.bring({"channel_post": {**nobody, "chat": {"id": -100, "type": "channel"}}})
        person.bring({"message": {**nobody, "chat": {"id": -STAFF_ID, "type": "supergroup"}}})
        return await world.shown()

    assert await faults(world, [("/review", send)]) == []
