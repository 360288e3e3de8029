"""Owners on Telegram: invited, asked on the rota, answering; what is overdue is marked."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from telegram.error import TimedOut

from bot.app import App as Joined
from bot.live import Live
from bot.member_side import member_side
from bot.owner_side import hour, owner_side
from bot.settings import Settings
from bot.store.audit import read_audit
from bot.store.database import open_database
from bot.store.members import SqliteMembers
from bot.store.owners import SqliteOwners
from bot.telegram import OwnerSide, build_application
from bot.telegram.app import App
from bot.telegram.attesting import JOB, ask_owners, schedule_questions
from bot.telegram.processor import processor_of
from bot.telegram.sending import Sender
from handlers.answer import Assistant
from handlers.library import Library
from handlers.programs import ProgramDesk
from handlers.windows import WindowDesk
from knowledge.attesting import Answer
from tests.bot.fakes import STAFF_ID, FakeBotApi, FakeClock, Talk
from tests.bot_api import Person, Sent
from tests.fakes import TOKYO, FakeConversations, FakeLog

DAY = 24 * 60 * 60.0
KEY = "k" * 32
LEGAL, GIFU = "window/houterasu", "program/gifu"
MARK = "確認の期限を過ぎています"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'x.db'}"


@pytest.fixture
def owners(url: str, clock: FakeClock) -> Iterator[SqliteOwners]:
    owners = SqliteOwners(url, KEY, clock, 150)
    yield owners
    owners.close()


@pytest.fixture
def joined(library: Library, url: str, clock: FakeClock, owners: SqliteOwners) -> Iterator[Joined]:
    """What ``tsunagari serve`` joins, with a clock that a test moves."""
    replies, knowledge = library.replies, library.knowledge
    attested = replace(
        library,
        windows=WindowDesk(knowledge, library.gazetteer, replies, owners, library.watch.named),
        programs=ProgramDesk(knowledge, replies, owners),
    )
    members = SqliteMembers(url, KEY)
    conversations = FakeConversations()

    def make(newest: Library) -> Assistant:
        return Assistant(newest, FakeLog(), conversations, clock, members, owners=owners)

    yield Joined(Live(lambda: attested, make, clock), clock, members, owners=owners)
    members.close()


@pytest.fixture
def side(joined: Joined, owners: SqliteOwners, settings: Settings) -> OwnerSide:
    return owner_side(joined, owners, settings)


@pytest.fixture
async def app(
    settings: Settings, joined: Joined, clock: FakeClock, api: FakeBotApi
) -> AsyncIterator[App]:
    assert joined.members
    app = build_application(
        settings, joined.assistant, joined.library.replies, clock,
        request=api, updates_request=FakeBotApi(), members=member_side(joined, joined.members),
    )  # fmt: skip
    await app.initialize()
    yield app
    await app.shutdown()


def sender_of(app: App, joined: Joined) -> Sender:
    delivery = processor_of(app).delivery
    return Sender(joined.library.replies, delivery, delivery.messages)


class Rota:
    """Lets days pass, and the job run."""

    def __init__(
        self, app: App, api: FakeBotApi, side: OwnerSide, clock: FakeClock, replies: Sender
    ) -> None:
        self._app, self._api, self._side, self._clock, self._sender = (
            app,
            api,
            side,
            clock,
            replies,
        )

    async def after(self, days: int) -> list[Sent]:
        self._clock.move(days * DAY)
        before = len(self._api.methods.messages)
        await ask_owners(self._app.bot, self._side, self._sender)
        await processor_of(self._app).delivery.idle()
        return self._api.methods.messages[before:]


@pytest.fixture
def rota(app: App, api: FakeBotApi, side: OwnerSide, clock: FakeClock, joined: Joined) -> Rota:
    return Rota(app, api, side, clock, sender_of(app, joined))


@pytest.fixture
def officer(api: FakeBotApi) -> Person:
    person = api.person()
    assert person.id == STAFF_ID
    return person


async def register(talk: Talk, officer: Person, person: Person, *entries: str) -> None:
    officer.says(f"/invite {' '.join(entries)}")
    (invitation,) = await talk.go_on()
    code = invitation.text.partition("：")[2].partition("\n")[0]
    person.says(f"/join {code}")
    (said,) = await talk.go_on()
    assert "このチャットの宛先" in said.text


async def test_from_an_invitation_to_a_confirmation_half_a_year_later(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota, url: str
) -> None:
    clerk = api.person()
    await register(talk, officer, clerk, LEGAL, GIFU)
    assert await rota.after(150) == []
    (first,) = await rota.after(2)
    clerk.taps(first.button("はい"))
    (thanks,) = await talk.go_on()
    assert await rota.after(0) == []
    (second,) = await rota.after(1)
    clerk.taps(second.button("はい"))
    await talk.go_on()

    assert first.parameters["chat_id"] == second.parameters["chat_id"] == str(clerk.id)
    assert "取組は、この内容のままですか。" in first.text
    assert "今日確かめた" in thanks.text
    assert "法テラス" in second.text
    assert "番号・受付時間はこのままですか。" in second.text
    assert await rota.after(30) == []
    db = open_database(Path(url.removeprefix("sqlite:///")))
    deeds = [(deed.what, deed.target) for deed in read_audit(db)]
    db.close()
    assert deeds[:2] == [("owner.yes", LEGAL), ("owner.yes", GIFU)]
    assert [what for what, _ in deeds[2:]] == [*["owner.begin"] * 2, *["owner.invite"] * 2]


async def test_silence_marks_the_card_and_yes_takes_the_mark_away(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota, clock: FakeClock
) -> None:
    clerk, resident = api.person(), api.person()
    await register(talk, officer, clerk, LEGAL)
    (question,) = await rota.after(160)

    async def card() -> str:
        resident.says("法テラス")
        return "\n".join(sent.text for sent in await talk.go_on())

    assert MARK not in await card()
    assert len(await rota.after(7)) == 1
    assert await rota.after(6) == []
    assert MARK not in await card()
    clock.move(DAY)
    assert MARK in await card()
    clerk.taps(question.button("はい"))
    await talk.go_on()
    confirmed = await card()
    assert MARK not in confirmed
    assert f"{clock.now().date().isoformat()} 確認" in confirmed


async def test_change_marks_the_card_at_once_and_is_not_asked_again(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota
) -> None:
    clerk = api.person()
    await register(talk, officer, clerk, LEGAL)
    (question,) = await rota.after(160)
    clerk.taps(question.button("直す"))
    clerk.says("法テラス")
    thanks, *shown = await talk.go_on()

    assert "ここには書かないで" in thanks.text
    assert MARK in "\n".join(sent.text for sent in shown)
    assert await rota.after(30) == []


async def test_staff_list_owners_and_end_one(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota
) -> None:
    clerk, stranger = api.person(), api.person()
    await register(talk, officer, clerk, LEGAL)
    (question,) = await rota.after(160)
    stranger.says("/owners")
    officer.says("/owners")
    refused, listed = await talk.go_on()
    officer.taps(listed.buttons[0])
    (one,) = await talk.go_on()
    stranger.taps(one.button("担当1をはずす"))
    officer.taps(one.button("担当1をはずす"))
    not_theirs, ended = await talk.go_on()
    clerk.taps(question.button("はい"))
    (stale,) = await talk.go_on()

    assert "職員だけ" in refused.text
    assert "職員だけ" in not_theirs.text
    assert str(clerk.id) not in listed.text + one.text
    assert "担当をはずし" in ended.text
    assert stale.text.startswith("この選択肢は古くなりました")
    assert await rota.after(1) == []


async def test_nobody_answers_for_somebody_else(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota, owners: SqliteOwners
) -> None:
    clerk, stranger, group = api.person(), api.person(), api.group()
    await register(talk, officer, clerk, LEGAL)
    (question,) = await rota.after(160)
    stranger.says("/help")
    (theirs,) = await talk.go_on()
    stranger.taps(replace(question.button("はい"), message=theirs.message))
    (stale,) = await talk.go_on()
    clerk.says("/leave")
    (left,) = await talk.go_on()
    clerk.says("/join@tsunagari_bot AAAA", into=group)
    await talk.go_on()

    assert stale.text.startswith("この選択肢は古くなりました")
    assert owners.attested(LEGAL).answer is None
    assert "宛先は消しました" in left.text
    assert owners.held() == ()


async def test_a_group_is_refused_kindly_and_the_code_still_works(
    talk: Talk, api: FakeBotApi, officer: Person, owners: SqliteOwners
) -> None:
    clerk, group = api.person(), api.group()
    officer.says(f"/invite {LEGAL}")
    (invitation,) = await talk.go_on()
    code = invitation.text.partition("：")[2].partition("\n")[0]
    clerk.says(f"/join@tsunagari_bot {code}", into=group)
    (refused,) = await talk.go_on()
    assert owners.held() == ()
    clerk.says(f"/join {code}")
    await talk.go_on()

    assert "一対一" in refused.text
    assert [one.conversation for one in owners.held()] == [f"telegram:{clerk.id}"]


async def test_unknown_ids_are_refused_with_near_ones(
    talk: Talk, officer: Person, owners: SqliteOwners
) -> None:
    officer.says("/invite window/houterasuu guideline/2-2")
    (said,) = await talk.go_on()

    assert LEGAL in said.text
    assert "「guideline/2-2」" in said.text
    assert owners.held() == ()


async def test_a_chat_that_blocked_the_bot_counts_as_asked(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota, owners: SqliteOwners
) -> None:
    await register(talk, officer, api.person(), LEGAL)
    api.failures["sendMessage"].append((403, "Forbidden: bot was blocked by the user"))

    assert await rota.after(160) == []
    assert owners.attested(LEGAL).waits is not None
    assert await rota.after(1) == []
    assert len(await rota.after(6)) == 1


async def test_over_a_bad_line_a_question_waits_and_comes_once(
    talk: Talk, api: FakeBotApi, officer: Person, rota: Rota, owners: SqliteOwners
) -> None:
    await register(talk, officer, api.person(), LEGAL)
    api.failures["sendMessage"].extend([TimedOut(), TimedOut()])

    assert len(await rota.after(160)) == 1
    assert await rota.after(1) == []
    assert owners.attested(LEGAL).asked is not None


@pytest.mark.parametrize(
    ("digest", "at"), [("08:30", time(8, 30)), ("off", time(10)), ("23:59", time(23, 59))]
)
def test_owners_are_asked_at_the_hour_of_the_digest(digest: str, at: time) -> None:
    assert hour(digest) == at.replace(tzinfo=TOKYO)


async def test_the_rota_runs_daily(
    settings: Settings, joined: Joined, clock: FakeClock, api: FakeBotApi, side: OwnerSide
) -> None:
    asked: list[object] = []
    app = build_application(
        settings, joined.assistant, joined.library.replies, clock,
        request=api, updates_request=FakeBotApi(), jobs=True,
    )  # fmt: skip
    sender = sender_of(app, joined)
    counted = replace(side, questions=lambda: asked.append(1) or ())
    schedule_questions(app.job_queue, counted, sender)
    schedule_questions(app.job_queue, None, sender)
    schedule_questions(None, side, sender)
    assert app.job_queue is not None
    (job,) = app.job_queue.jobs()
    async with app:
        await app.start()
        following = job.next_t
        await job.run(app)
        await app.stop()

    assert job.name == JOB
    assert following is not None
    assert following.astimezone(TOKYO).time() == time(8, 30)
    assert asked == [1]


async def test_answers_are_kept_under_the_owner_alone(
    talk: Talk, api: FakeBotApi, officer: Person, owners: SqliteOwners, clock: FakeClock
) -> None:
    clerk = api.person()
    await register(talk, officer, clerk, LEGAL)

    assert owners.answer(f"telegram:{clerk.id}", LEGAL, Answer.YES, clock.now())
    assert not owners.answer(f"telegram:{officer.id}", LEGAL, Answer.YES, clock.now())
