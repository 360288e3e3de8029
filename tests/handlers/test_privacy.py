"""/forget asks once, forgets the conversation it stands in, and writes nothing after it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from handlers import privacy
from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Reply, Status
from handlers.ports import Conversation
from handlers.privacy import EXPORT, FORGET, FORGET_NOT, FORGET_NOW, NoPrivacy, Stored
from knowledge.load import DATA, read_yaml
from knowledge.replies import FRAME
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.handlers.made import ask

PRIVATE, GROUP, OTHER = "telegram:42", "telegram:-7:42", "telegram:-7:43"
ROW: Mapping[str, object] = {"since": "2026-11-20", "pseudonym": "p"}


@dataclass
class FakePrivacy:
    """Remembers whom it forgot."""

    tables: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    works: bool = True
    keeps: bool = True
    forgotten: list[str] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)

    def forget(self, conversation: str) -> bool:
        self.forgotten.append(conversation)
        return self.works

    def stored(self, conversation: str, limit: int) -> Stored | None:
        del conversation
        self.limits.append(limit)
        cut = {table: rows[:limit] for table, rows in self.tables.items()}
        return Stored(cut) if self.works else None


@dataclass
class Desk:
    """An assistant with everything around it."""

    library: Library
    privacy: FakePrivacy = field(default_factory=FakePrivacy)
    log: FakeLog = field(default_factory=FakeLog)
    conversations: FakeConversations = field(default_factory=FakeConversations)

    def __post_init__(self) -> None:
        ports = (self.log, self.conversations, FakeClock())
        self.assistant = Assistant(self.library, *ports, privacy=self.privacy)

    def says(self, text: str, conversation: str = PRIVATE, **known: object) -> Reply:
        incoming = Incoming(text, conversation, FRIDAY_MORNING, channel="telegram")
        return self.assistant.answer(replace(incoming, **known))  # type: ignore[arg-type]

    def taps(self, choice: str, conversation: str = PRIVATE, **known: object) -> Reply:
        return self.says("", conversation, choice=choice, **known)


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library)


@pytest.mark.parametrize(
    "words",
    [
        "/forget",
        "忘れて",
        "記録を消して。",
        "/忘れて",
        "わすれて",
        "Delete my data",
        "删除我的记录",
    ],
)
def test_it_asks_before_it_forgets(desk: Desk, words: str) -> None:
    reply = desk.says(words)

    assert reply.status is Status.CLARIFY_CHOICE
    assert [c.id.startswith(FORGET_NOW) for c in reply.choices] == [True, False]
    assert desk.privacy.forgotten == []


@pytest.mark.parametrize(
    "words",
    [
        *[
            "忘れてしまいたいことがあります",
            "夫の死を忘れて生きたい",
            "昔の記録を消してほしいと会社に言いたい",
        ],
        *[
            "つらいことを全部忘れて眠りたい",
            "記録を消してはいけない期間は何年ですか",
            "パスワードを忘れて困っています",
        ],
        *[
            "母が私のことを忘れていく",
            "暴力の記録を残したい",
            "お薬を飲むのを忘れて",
            "戸籍の記録を見せてもらえますか",
        ],
    ],
)
def test_an_ordinary_question_is_not_the_command(desk: Desk, words: str) -> None:
    reply = desk.says(words)

    assert not [c for c in reply.choices if c.id.startswith(FORGET)]
    assert reply.attachment is None


def test_danger_is_not_heard_in_the_words_of_a_command(library: Library) -> None:
    """Help comes before any command, so such a word would never be one."""
    words = read_yaml(DATA / "commands.yaml").data["commands"]
    heard = [library.watch.notice(word) for group in words.values() for word in group]

    assert not [danger for danger in heard if danger and not danger.soft]


def test_a_cry_for_help_with_these_words_is_heard_first(desk: Desk) -> None:
    assert desk.says("もう忘れて。死にたい").crisis


def test_the_tap_forgets_and_nothing_is_written_afterwards(desk: Desk) -> None:
    question = desk.says("/forget")
    before = len(desk.log.queries)
    reply = desk.taps(question.choices[0].id)

    assert desk.privacy.forgotten == [PRIVATE]
    assert reply.forgets
    assert PRIVATE not in desk.conversations.kept
    assert len(desk.log.queries) == before
    assert reply.opening == (desk.library.replies.say("forget.done"),)


def test_who_was_in_danger_sees_the_lifeline_under_the_last_reply(desk: Desk) -> None:
    desk.says("もう死にたい")
    question = desk.says("/forget")
    reply = desk.taps(question.choices[0].id)

    assert reply.crisis
    assert "0120" in reply.text
    assert not desk.says("こんにちは").crisis


def test_a_disk_that_does_not_let_it_is_said(desk: Desk) -> None:
    desk.privacy.works = False
    reply = desk.taps(desk.says("/forget").choices[0].id)

    assert reply.opening == (desk.library.replies.say("forget.failed"),)


def test_what_breaks_after_forgetting_writes_nothing_either(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = desk.says("/forget")
    before = len(desk.log.queries)
    monkeypatch.setattr(desk.assistant, "_finish", lambda *_: 1 / 0)
    reply = desk.taps(question.choices[0].id)

    assert reply.status is Status.ERROR_INTERNAL
    assert len(desk.log.queries) == before


def test_the_other_button_keeps_everything(desk: Desk) -> None:
    desk.says("/forget")
    reply = desk.taps(FORGET_NOT)

    assert reply.opening == (desk.library.replies.say("forget.kept"),)
    assert desk.privacy.forgotten == []


def test_the_button_belongs_to_one_person_of_a_group(desk: Desk) -> None:
    question = desk.says("/forget", GROUP)
    stale = desk.taps(question.choices[0].id, OTHER)
    desk.taps(question.choices[0].id, GROUP)

    assert desk.privacy.forgotten == [GROUP]
    assert not stale.forgets


def test_the_button_ends_with_the_next_message(desk: Desk) -> None:
    question = desk.says("/forget")
    desk.says("さみしいです")
    desk.taps(question.choices[0].id)

    assert desk.privacy.forgotten == []


@pytest.mark.parametrize("moment", ["", "0", "1", "x" * 50, "９"])
def test_a_forged_button_does_nothing(desk: Desk, moment: str) -> None:
    desk.taps(f"{FORGET_NOW}{moment}")
    desk.says("/forget")
    desk.taps(f"{FORGET_NOW}{moment}")

    assert desk.privacy.forgotten == []


def test_a_later_question_has_a_later_button(desk: Desk) -> None:
    first = desk.says("/forget")
    desk.says("/forget", at=FRIDAY_MORNING + timedelta(seconds=1))
    desk.taps(first.choices[0].id)

    assert desk.privacy.forgotten == []


@pytest.mark.parametrize("language", FRAME)
def test_what_is_forgotten_is_said_where_it_is(desk: Desk, language: str) -> None:
    desk.conversations.put(PRIVATE, Conversation(language=language))
    desk.conversations.put(GROUP, Conversation(language=language))
    say = desk.library.replies.say

    assert desk.says("/forget").opening[0] == say("forget.ask", language)
    assert desk.says("/forget", GROUP).opening[0] == say("forget.ask_group", language)


# /export ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_stored_comes_as_a_file_that_explains_itself(desk: Desk) -> None:
    desk.privacy.tables = {"members": (ROW,)}
    reply = desk.taps(EXPORT)
    assert reply.attachment
    file = json.loads(reply.attachment.text)

    assert file["records"]["members"]["rows"] == [ROW]
    assert file["records"]["members"]["fields"].keys() == ROW.keys()
    assert file["at"] == "2026-11-20T11:00:00+09:00"
    assert reply.attachment.name == privacy.NAME


def test_it_is_in_the_persons_language(desk: Desk) -> None:
    desk.privacy.tables = {"members": (ROW,)}
    reply = desk.taps(EXPORT, language="pt")

    assert reply.attachment
    assert "Membership" in reply.attachment.text


def test_a_group_gets_no_file(desk: Desk) -> None:
    desk.privacy.tables = {"members": (ROW,)}
    reply = desk.says("/export", GROUP)

    assert reply.attachment is None
    assert reply.opening == (desk.library.replies.say("export.private_only"),)


def test_nothing_stored_is_said(desk: Desk) -> None:
    assert desk.says("/export").opening == (desk.library.replies.say("export.nothing"),)


def test_a_database_that_cannot_be_read_is_said(desk: Desk) -> None:
    desk.privacy.works = False

    assert desk.says("/export").opening == (desk.library.replies.say("export.failed"),)


def test_a_file_is_no_longer_than_a_chat_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "BYTES", 4_000)
    desk.privacy.tables = {"members": (ROW,) * 1_000}
    reply = desk.says("/export")

    assert reply.attachment
    assert len(reply.attachment.text.encode()) <= 4_000
    assert desk.privacy.limits[:2] == [2_000, 1_000]


def test_one_row_is_given_however_long_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "BYTES", 1)
    desk.privacy.tables = {"members": (ROW,)}

    assert desk.says("/export").attachment


def test_where_nothing_is_kept_there_is_nothing_to_forget(library: Library) -> None:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    question = ask(assistant, "/forget")
    reply = ask(assistant, "", choice=question.choices[0].id)

    assert reply.opening == (library.replies.say("forget.done"),)
    assert ask(assistant, "/export").opening == (library.replies.say("export.nothing"),)
    assert not NoPrivacy.keeps
