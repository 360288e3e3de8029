"""Members on Telegram: commands, files, cards in any chat, groups, notices of changes."""

import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from bot.app import App as Joined
from bot.member_side import member_side
from bot.settings import Settings
from bot.store.members import SqliteMembers
from bot.telegram import MemberSide, build_application
from bot.telegram.app import App
from bot.telegram.members import tell_changes
from bot.telegram.processor import processor_of
from handlers.answer import Assistant
from handlers.changes import ChangeDesk
from handlers.library import Library
from handlers.membership import Watch
from tests.bot.fakes import STAFF_ID, FakeBotApi, FakeClock, Talk
from tests.bot.made import live_of
from tests.bot_api import Person
from tests.fakes import FRIDAY_MORNING, FakeConversations, FakeLog
from tests.next_edition import next_edition


@pytest.fixture
def members(tmp_path: Path) -> Iterator[SqliteMembers]:
    members = SqliteMembers(f"sqlite:///{tmp_path / 'x.db'}", "k" * 32)
    yield members
    members.close()


@pytest.fixture
def side(library: Library, members: SqliteMembers, clock: FakeClock) -> MemberSide:
    live = live_of(library, members=members)
    return member_side(Joined(live, clock, members), members)


@pytest.fixture
async def app(  # noqa: PLR0917  what it joins
    settings: Settings,
    library: Library,
    clock: FakeClock,
    api: FakeBotApi,
    members: SqliteMembers,
    side: MemberSide,
) -> AsyncIterator[App]:
    assistant = Assistant(library, FakeLog(), FakeConversations(), clock, members)
    app = build_application(
        settings, assistant, library.replies, clock,
        request=api, updates_request=FakeBotApi(), members=side,
    )  # fmt: skip
    await app.initialize()
    yield app
    await app.shutdown()


def code_of(text: str) -> str:
    return text.partition("：")[2].partition("\n")[0]


async def test_from_an_invitation_to_a_member_and_out_again(talk: Talk, api: FakeBotApi) -> None:
    officer, clerk = api.person(), api.person()
    assert officer.id == STAFF_ID
    officer.says("/invite")
    (invitation,) = await talk.go_on()
    clerk.says(f"/join {code_of(invitation.text)}")
    clerk.says("4(3)")
    joined, quoted = await talk.go_on()
    clerk.says(f"/join {code_of(invitation.text)}")
    clerk.says("/leave")
    again, left = await talk.go_on()

    assert joined.text.startswith("構成団体として登録しました")
    assert "変わったら知らせる" in [button.text for button in quoted.buttons]
    assert again.text.startswith("もう登録されています")
    assert left.text.startswith("登録をやめました")


async def test_a_stranger_cannot_invite(talk: Talk, api: FakeBotApi) -> None:
    api.person()
    stranger = api.person()
    stranger.says("/invite")
    (sent,) = await talk.go_on()

    assert "職員だけ" in sent.text


@pytest.mark.parametrize("command", ["rules", "programs", "checklists", "changes"])
async def test_a_command_opens_its_menu(talk: Talk, person: Person, command: str) -> None:
    person.says(f"/{command}")

    assert len(await talk.go_on()) == 1


async def test_words_after_a_command_are_a_question(talk: Talk, person: Person) -> None:
    person.says("/rules 4(3)")
    (sent,) = await talk.go_on()

    assert "各府省が所管する補助金等" in sent.text


async def test_a_clause_is_read_on_by_its_buttons(talk: Talk, person: Person) -> None:
    person.says("2(4)")
    (sent,) = await talk.go_on()
    person.taps(sent.button("次の項 ３（１） ▶"))
    (following,) = await talk.go_on()

    assert "第11条" in following.text


async def test_the_whole_guideline_is_sent_as_a_file(
    talk: Talk, person: Person, api: FakeBotApi
) -> None:
    person.says("/rules")
    (sent,) = await talk.go_on()
    person.taps(sent.button("全文のファイル（Word）"))
    await talk.go_on()

    assert len(api.methods.documents) == 1


async def test_the_whole_guideline_is_sent_as_messages_in_order(
    talk: Talk, person: Person
) -> None:
    person.says("/rules")
    (sent,) = await talk.go_on()
    person.taps(sent.button("全文を読む（メッセージで）"))
    text = "\n".join(part.text for part in await talk.go_on())

    assert text.index("実施主体は、都道府県とする") < text.index("令和６年４月３日から施行する")


# In any chat


async def test_cards_are_offered_in_any_chat_without_start(
    talk: Talk, person: Person, api: FakeBotApi
) -> None:
    person.types_after_mention("委託")
    assert await talk.go_on() == []
    (offered,) = api.methods.offered

    assert "guideline/2-2" in [result["id"] for result in offered["results"]]
    assert len(offered["results"]) <= 10
    assert offered["cache_time"] == "300"


@pytest.mark.parametrize("typed", ["", "😀", "あ" * 256, "<b>&", "zzzz qqqq"])
async def test_odd_words_get_cards_or_a_way_to_ask(
    talk: Talk, person: Person, api: FakeBotApi, typed: str
) -> None:
    person.types_after_mention(typed)
    await talk.go_on()
    (offered,) = api.methods.offered

    assert len(offered["results"]) <= 10
    assert offered["results"] or "button" in offered


async def test_words_typed_long_ago_are_let_go(
    talk: Talk, person: Person, api: FakeBotApi
) -> None:
    api.failures["answerInlineQuery"].append((400, "Bad Request: query is too old"))
    person.types_after_mention("委託")

    assert await talk.go_on() == []


# In groups


async def test_a_group_is_answered_once_and_only_when_it_asks(
    talk: Talk, person: Person, api: FakeBotApi
) -> None:
    group = api.group()
    person.says("2(2)ってどう思う", into=group)
    person.says("/rules", into=group)
    assert await talk.go_on() == []
    person.says("@tsunagari_bot 2(2)", into=group)
    person.says("/rules@tsunagari_bot", into=group)

    assert len(await talk.go_on()) == 2


# Changes


async def test_a_chat_is_told_once_of_a_clause_that_changed(  # noqa: PLR0917  what it needs
    app: App, talk: Talk, api: FakeBotApi, library: Library, members: SqliteMembers,
    clock: FakeClock,
) -> None:  # fmt: skip
    officer = api.person()
    officer.says("4(3)")
    officer.says("2(2)")
    for sent in await talk.go_on():
        officer.taps(sent.button("変わったら知らせる"))
    await talk.go_on()
    old = library.knowledge.guideline
    newer = next_edition(old)
    knowledge = replace(library.knowledge, guideline=newer, editions=(old, newer))
    desk = ChangeDesk([old, newer], library.replies)
    newer_library = replace(library, knowledge=knowledge, changes=desk)
    later = Joined(live_of(newer_library), clock, members)
    side = member_side(later, members)
    before = len(api.methods.messages)
    await tell_changes(app.bot, side, library.replies, processor_of(app).delivery)
    await tell_changes(app.bot, side, library.replies, processor_of(app).delivery)
    await processor_of(app).delivery.idle()
    told = api.methods.messages[before:]

    assert len(told) == 1
    assert "R6 の版 ４（３）" in told[0].text
    assert "見本の補助金" in told[0].text


async def test_a_chat_that_blocked_the_bot_is_told_nothing_more(
    app: App, talk: Talk, api: FakeBotApi, side: MemberSide, library: Library
) -> None:
    officer = api.person()
    officer.says("4(3)")
    (sent,) = await talk.go_on()
    officer.taps(sent.button("変わったら知らせる"))
    await talk.go_on()
    old = library.knowledge.guideline
    settled: list[object] = []
    assert list(side.outdated()) == []
    desk = ChangeDesk([old, next_edition(old)], library.replies)
    watch = Watch(f"telegram:{officer.id}", "guideline/4-3", "R6", "x", FRIDAY_MORNING)
    changed = desk.since("R6", "guideline/4-3")
    assert changed is not None
    api.failures["sendMessage"].append((403, "Forbidden: bot was blocked by the user"))
    blocked = replace(
        side, outdated=lambda: [watch], told=lambda _w: desk.told("R6", changed),
        settle=settled.append,
    )  # fmt: skip
    before = len(api.methods.messages)
    await tell_changes(app.bot, blocked, library.replies, processor_of(app).delivery)
    await processor_of(app).delivery.idle()
    assert settled == [watch]
    assert len(api.methods.messages) == before


async def test_a_change_whose_old_text_is_not_kept_is_left_for_staff(
    app: App, side: MemberSide, library: Library, logged: list[dict[str, object]]
) -> None:
    watch = Watch("telegram:7", "guideline/4-3", "R1", "x", FRIDAY_MORNING)
    outdated = replace(side, outdated=lambda: [watch])
    await tell_changes(app.bot, outdated, library.replies, processor_of(app).delivery)

    assert side.told(watch) is None
    assert [line["event"] for line in logged] == ["change cannot be shown"]


def test_a_clause_that_is_gone_is_watched_no_longer(
    side: MemberSide, members: SqliteMembers
) -> None:
    watch = Watch("telegram:7", "guideline/9-9", "R6", "x", FRIDAY_MORNING.replace(year=2028))
    members.watch("telegram:7", watch)
    side.settle(watch)

    assert members.watched("telegram:7", FRIDAY_MORNING) == ()


@pytest.mark.parametrize("kind", ["docx", "markdown"])
def test_a_file_has_a_name_and_every_clause(side: MemberSide, library: Library, kind: str) -> None:
    name, content = side.make_file(kind)

    assert name.endswith({"docx": ".docx", "markdown": ".md"}[kind])
    if kind == "docx":
        document = Document(io.BytesIO(content))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    else:
        text = content.decode()
    assert all(
        "".join(c.text.split()) in "".join(text.split())
        for c in library.knowledge.guideline.clauses[1:]
    )
    assert library.knowledge.guideline.document in text
    assert "府孤推第７号" in text
