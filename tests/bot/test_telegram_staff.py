"""What runs beside the answers for staff, through the real Application and the Bot API."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from telegram.error import BadRequest, Forbidden, RetryAfter, TimedOut
from telegram.ext import JobQueue

from bot.app import App as Joined
from bot.live import Live
from bot.member_side import member_side
from bot.publishing.source import Change
from bot.staff_side import staff_side
from bot.store.askers import Asker
from bot.store.edits import read_edits
from bot.store.groups import read_groups
from bot.store.members import SqliteMembers
from bot.store.query_log import open_query_log
from bot.store.queue import SqliteQueue
from bot.store.resolving import resolve
from bot.telegram import build_application
from bot.telegram.processor import processor_of
from bot.telegram.staff import StaffJobs, StaffSide, schedule_staff
from handlers.answer import Assistant
from handlers.messages import Card, Incoming, Reply, Status
from handlers.staff import Resolution
from knowledge.findings import Finding
from knowledge.load import DATA
from tests.bot.fakes import CLAUSE, STAFF_ID, FakeBotApi, Talk
from tests.bot.made import live_of
from tests.bot.queries import AT, KEY, kept, unanswered
from tests.fakes import FRIDAY_MORNING, FakeConversations, FakeLog

ASKER = Asker("telegram:77", "ja", 1, "guideline/2-2")


@dataclass
class Side:
    """A staff side that remembers."""

    news: str = ""
    morning: str = ""
    waiting: list[Asker] = field(default_factory=list)
    reply: Reply | None = field(
        default_factory=lambda: Reply(Status.ANSWERED, opening=("答え",), cards=(CLAUSE,))
    )
    told: list[Asker] = field(default_factory=list)
    regrouped: int = 0
    forgets: bool = True

    def side(self) -> StaffSide:
        def regroup() -> int:
            self.regrouped += 1
            return 0

        def told(asker: Asker) -> None:
            if self.forgets:
                self.told.append(asker)
                self.waiting.remove(asker)

        return StaffSide(
            refresh=lambda: self.news,
            regroup=regroup,
            askers=lambda: tuple(self.waiting),
            answer=lambda _: self.reply,
            told=told,
            digest=lambda: self.morning,
        )


@pytest.fixture
def side() -> Side:
    return Side()


@pytest.fixture
def jobs(side: Side, replies, app) -> StaffJobs:
    return StaffJobs(side.side(), replies, [STAFF_ID], processor_of(app).delivery)


async def test_staff_are_told_of_new_knowledge(app, api, jobs, side) -> None:
    officer = api.person()
    side.news = "知識を入れ替えました（版 abc）。"
    await jobs.look(app.bot)

    (message,) = api.methods.messages
    assert (message.parameters["chat_id"], message.text) == (str(officer.id), side.news)


async def test_who_waited_is_told_once(app, api, jobs, side) -> None:
    chat = api.person().id
    asker = Asker(f"telegram:{chat}", "ja", 1, "guideline/2-2")
    side.waiting = [asker]
    await jobs.look(app.bot)
    await jobs.look(app.bot)
    await processor_of(app).delivery.idle()

    (message,) = api.methods.messages
    assert message.parameters["chat_id"] == str(chat)
    assert "事業の一部を" in message.text
    assert side.told == [asker]


@pytest.mark.parametrize("error", [Forbidden("blocked"), BadRequest("Chat not found")])
async def test_who_is_gone_is_forgotten(app, api, jobs, side, error) -> None:
    api.failures["sendMessage"].append(error)
    side.waiting = [ASKER]
    await jobs.look(app.bot)
    await processor_of(app).delivery.idle()

    assert side.told == [ASKER]
    assert api.methods.messages == []


async def test_over_a_bad_line_who_waited_is_told_later(app, api, jobs, side, logged) -> None:
    chat = api.person().id
    side.waiting = [Asker(f"telegram:{chat}", "ja", 1, "guideline/2-2")]
    api.failures["sendMessage"].extend([TimedOut(), TimedOut()])
    await jobs.look(app.bot)
    await jobs.look(app.bot)
    await processor_of(app).delivery.idle()

    assert len(api.methods.messages) == 1
    assert str(chat) not in str(logged)


async def test_staff_whom_nobody_can_reach_stop_nothing(app, api, jobs, side, logged) -> None:
    api.failures["sendMessage"].append(TimedOut())
    side.news = "版"
    await jobs.look(app.bot)

    assert {line["event"] for line in logged} == {"staff not told"}


async def test_staff_are_told_after_the_time_telegram_asks_for(app, api, jobs, side) -> None:
    api.person()
    api.failures["sendMessage"].append(RetryAfter(timedelta(seconds=0)))
    side.news = "版"
    await jobs.look(app.bot)

    assert [message.text for message in api.methods.messages] == ["版"]


async def test_who_waits_for_an_entry_that_is_not_shown_waits_on(app, api, jobs, side) -> None:
    side.waiting, side.reply = [ASKER], None
    await jobs.look(app.bot)

    assert (side.told, api.methods.messages, side.waiting) == ([], [], [ASKER])


async def test_a_disk_that_does_not_forget_repeats_nothing(app, api, jobs, side) -> None:
    side.waiting = [Asker(f"telegram:{api.person().id}", "ja", 1, "guideline/2-2")]
    side.forgets = False
    for _ in range(3):
        await jobs.look(app.bot)
    await processor_of(app).delivery.idle()

    assert len(api.methods.messages) == 1


async def test_the_digest_is_silent_when_there_is_nothing(app, api, jobs, side) -> None:
    api.person()
    await jobs.digest(app.bot)
    await jobs.group(app.bot)
    assert (api.methods.messages, side.regrouped) == ([], 1)

    side.morning = "見直しのお知らせです。"
    await jobs.digest(app.bot)
    assert [m.text for m in api.methods.messages] == [side.morning]


@pytest.mark.parametrize(("time", "count"), [("08:30", 3), ("off", 2)])
def test_the_jobs_are_scheduled(jobs, time: str, count: int) -> None:
    queue = JobQueue()
    schedule_staff(queue, jobs, time)

    assert len(queue.scheduler.get_jobs()) == count


# --- the real side


@pytest.fixture
def joined(path, library, clock) -> Iterator[Joined]:
    queue = SqliteQueue(path, KEY, clock, lambda: library, DATA)
    log, conversations = FakeLog(), FakeConversations()
    live = Live(lambda: library, lambda one: Assistant(one, log, conversations, clock), clock)
    yield Joined(live, clock, None, queue)
    queue.close()


@pytest.fixture
def real(joined):
    return staff_side(joined, joined.queue, 150, lambda: False)


def follow(db, query: int, until: str = "2026-12-20", chat: str = "telegram:77") -> None:
    row = {"query": query, "conversation": chat, "language": "ja", "until": until}
    db.table("askers").insert(row, replace=True)


def test_who_asked_is_told_once_the_group_is_answered(db, real, clock) -> None:
    kept(db, unanswered("交通費は出ますか"), unanswered("交通費は出ますか"))
    real.regroup()
    follow(db, 1)
    follow(db, 2)
    assert real.askers() == []

    resolve(db, 1, "sato", Resolution.COVERED_BY, clock.now(), "guideline/2-2")
    (asker,) = real.askers()
    reply = real.answer(asker)
    real.told(asker)

    assert asker == ASKER
    assert reply is not None
    assert [card.id for card in reply.cards] == ["guideline/2-2"]
    assert real.askers() == []
    assert db.execute("select count(*) from askers").fetchone() == (0,)


def test_nobody_is_told_before_the_published_knowledge_answers(db, real, clock) -> None:
    kept(db, unanswered("交通費は出ますか"))
    real.regroup()
    follow(db, 1)
    clock.move(60)
    resolve(db, 1, "s", Resolution.COVERED_BY, clock.now(), "guideline/2-2", "abc")
    assert real.askers() == []


def test_after_thirty_days_nobody_is_told(db, real) -> None:
    kept(db, unanswered("交通費は出ますか"))
    real.regroup()
    follow(db, 1, until="2026-11-01")
    resolve(db, 1, "s", Resolution.COVERED_BY, AT, "guideline/2-2")

    assert real.askers() == []
    assert db.execute("select count(*) from askers").fetchone() == (0,)


def test_a_morning_without_anything_to_do_is_silent(real) -> None:
    assert real.digest() == ""


def test_the_digest_counts_what_there_is_to_do(db, joined, clock) -> None:
    kept(db, unanswered("交通費は出ますか"))
    row = {"at": "2026-11-20T12:00:00+09:00", "window": "window/110", "kind": "wrong"}
    db.table("outcomes").insert(row)
    draft = {
        "at": "2026",
        "author": "s",
        "entry": "e",
        "file": "f",
        "base": "",
        "text": "",
        "writers": "[]",
    }
    db.table("edits").insert({**draft, "state": "draft"})
    side = staff_side(joined, joined.queue, 150, lambda: True)
    side.regroup()
    text = side.digest()

    assert "新しい質問の群 1（待っているもの全部で 2）" in text
    assert "110番" in text
    assert "公開を待つ下書き 1" in text
    assert "命の危険のとき" in text
    assert "交通費" not in text
    assert len(read_groups(db, clock.now())) == 2


def test_old_entries_are_in_the_digest(joined, clock) -> None:
    clock.move(400 * 24 * 3600)
    side = staff_side(joined, joined.queue, 150, lambda: False)

    assert "確認の期限を過ぎた記録" in side.digest()


def test_a_database_that_fails_stops_no_job(joined, tmp_path, logged) -> None:
    (tmp_path / "x").write_text("")
    broken = SqliteQueue(tmp_path / "x" / "y.db", KEY, joined.clock, lambda: joined.library, DATA)
    side = staff_side(joined, broken, 150, lambda: False)

    assert (side.askers(), side.digest()) == ((), "")
    assert {line["event"] for line in logged} == {"queue not kept"}


# --- the newest knowledge


class FakeSource:
    """Finds the changes it was given, one after the other."""

    def __init__(self, *changes: Change | None) -> None:
        self.changes = list(changes)

    def refresh(self) -> Change | None:
        return self.changes.pop(0)


def test_staff_are_told_what_became_of_new_knowledge(joined, library) -> None:
    broken = Finding("missing_file", Path("windows/01-hokkaido.yaml"), 1)
    source = FakeSource(None, Change("new", library), Change("bad", None, (broken,)))
    side = staff_side(replace(joined, source=source), joined.queue, 150, lambda: False)

    assert side.refresh() == ""
    assert side.refresh() == "知識を入れ替えました（版 new）。"
    told = side.refresh()
    assert library.version in told
    assert "windows/01-hokkaido.yaml:1" in told
    assert staff_side(joined, joined.queue, 150, lambda: False).refresh() == ""


def test_the_newest_library_answers(library, clock) -> None:
    current = [library]
    live = Live(
        lambda: current[0],
        lambda one: Assistant(one, FakeLog(), FakeConversations(), clock),
        clock,
    )
    since = live.loaded
    clock.move(5)
    assert live.loaded == since

    current[0] = replace(library, version="newer")
    assert live.library.version == "newer"
    assert live.loaded == since + timedelta(seconds=5)


def test_everything_of_the_assistant_is_there(library) -> None:
    live = live_of(library)
    incoming = Incoming("２（２）", "telegram:1", FRIDAY_MORNING)

    assert live.answer(incoming).cards[0].id == "guideline/2-2"
    assert live.explain(incoming)[0].cards[0].id == "guideline/2-2"
    assert not live.is_urgent(incoming)
    assert isinstance(live.offer("委託")[0], Card)
    assert live.reminders("telegram:1", "ja") == ()
    assert live.told("guideline/9-9", "telegram:1", "ja") is None
    assert live.say("review.done") == library.replies.say("review.done")


# --- /review, from people's questions to a draft


async def test_an_officer_reviews_what_three_people_asked(  # noqa: PLR0917  what it joins
    settings, library, clock, api, path, db
) -> None:
    log = open_query_log(f"sqlite:///{path}", KEY, clock=clock)
    queue = SqliteQueue(path, KEY, clock, lambda: library, DATA)
    assistant = Assistant(library, log, FakeConversations(), clock, queue=queue)
    app = build_application(
        settings, assistant, library.replies, clock, request=api, updates_request=FakeBotApi(),
        members=member_side(Joined(live_of(library), clock), SqliteMembers("sqlite:///x", KEY)),
    )  # fmt: skip
    await app.initialize()
    talk = Talk(app, api)
    officer, *people = [api.person() for _ in range(4)]
    for person in people:
        person.says("着ぐるみを借りてもいいですか")
    await talk.go_on()
    log.flush()
    people[0].says("/review")
    officer.says("/review")
    refused, group = await talk.go_on()
    officer.taps(next(b for b in group.buttons if b.text.startswith("この記録で答えられる")))
    (drafted,) = await talk.go_on()
    await app.shutdown()
    log.close()

    assert refused.text == library.replies.say("review.staff_only")
    assert "着ぐるみを借りてもいいですか" in group.text
    assert "群1：3人" in group.text
    assert drafted.text.startswith("下書き1を作りました")
    (edit,) = read_edits(db)
    assert "着ぐるみを借りてもいいですか" in edit.text
    assert edit.author.startswith("chat:")
