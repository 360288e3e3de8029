"""From one message to one reply: one status each, and what is kept of it."""

from dataclasses import replace
from typing import Final

import pytest

from handlers.guard import LIMIT
from handlers.library import Library
from handlers.messages import Role, Status
from handlers.ports import Conversation
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FakeConversations, FakeLog
from tests.handlers.made import SECRET, Broken, Watch, ask, assistant_of, danger, ids

CRY: Final = "死にたい"
NONSENSE: Final = "夕ごはんの献立を考えて"


# One status for every message

REACHED = {
    Status.ANSWERED: ("NPOに委託できますか", None),
    Status.ANSWERED_NOT_LISTED: ("東京都は入っていますか", None),
    Status.CLARIFY_PREFECTURE: ("府中で相談したい", None),
    Status.CLARIFY_CHOICE: ("9(2)", None),
    Status.UNANSWERED_NO_MATCH: (NONSENSE, None),
    Status.UNANSWERED_OUT_OF_SCOPE: ("補助率は何割ですか", None),
    Status.CRISIS_SIGNPOSTED: (CRY, None),
    Status.SMALLTALK: ("こんにちは", None),
    Status.BLOCKED_TOO_LONG: ("あ" * (LIMIT + 1), None),
    Status.ERROR_INTERNAL: (SECRET, Broken()),
}


@pytest.mark.parametrize("status", Status)
def test_every_status_is_reached_by_some_message(
    library: Library, log: FakeLog, status: Status
) -> None:
    text, piece = REACHED[status]
    assistant = assistant_of(replace(library, index=piece or library.index), log)

    assert ask(assistant, text, role=Role.MEMBER).status == status
    assert [query.status for query in log.queries] == [status]


def test_every_kind_of_small_talk_has_its_sentence(library: Library) -> None:
    calm = assistant_of(replace(library, watch=Watch(None)))
    for kind, phrases in library.lexicon.file.smalltalk.items():
        reply = ask(calm, phrases[0])

        assert reply.status == "smalltalk"
        assert reply.opening == (library.replies.say(f"smalltalk.{kind}"),)


def test_thanks_end_a_conversation_and_greetings_open_one(say: Say) -> None:
    assert say("ありがとう").choices == ()
    assert [choice.id for choice in say("こんにちは").choices] == [
        "start:windows",
        "start:rules",
        "start:programs",
    ]


def test_a_greeting_before_a_question_is_no_small_talk(say: Say) -> None:
    assert say("こんにちは。NPOに委託できますか", "member").status == "answered"


def test_a_greeting_with_soft_signs_is_met_with_care(library: Library) -> None:
    assistant = assistant_of(replace(library, watch=Watch(danger(soft=True))))
    reply = ask(assistant, "おやすみなさい")

    assert reply.status == "answered"
    assert reply.opening[0] == library.replies.say("care.opening")


def test_every_reply_tells_what_was_understood_in_plain_values(say: Say) -> None:
    reply = say("山梨でDVの相談を無料でしたい", "resident")

    assert reply.slots["prefectures"] == ["山梨県"]
    assert "free" in reply.slots["needs"]


# What is kept for staff


def test_every_message_is_logged_once(say: Say, log: FakeLog) -> None:
    for text in ("こんにちは", "。", "NPOに委託できますか", "", NONSENSE):
        say(text)
    say(choice="start:windows")

    assert len(log.queries) == 6


def test_a_query_tells_when_where_how_and_with_what_it_was_answered(
    say: Say, log: FakeLog
) -> None:
    reply = say("山梨県は何を調査しますか", "member")
    (query,) = log.queries

    assert (query.at, query.conversation, query.channel) == (FRIDAY_MORNING, "test:1", "test")
    assert (query.role, query.status) == (Role.MEMBER, Status.ANSWERED)
    assert query.entries == ("program/yamanashi",)
    assert query.scores == tuple(card.score for card in reply.cards)
    assert query.slots == reply.slots
    assert query.latency == pytest.approx(0.001)


@pytest.mark.usefixtures("unsure")
def test_entries_behind_choices_are_logged_too(say: Say, log: FakeLog) -> None:
    reply = say("NPOに委託できますか", "member")

    assert log.queries[0].entries == tuple(card.id for card in reply.offered)


@pytest.mark.parametrize(
    "text",
    ["NPOに委託できますか", "東京都は入っていますか", "さみしい", "9(2)", "こんにちは", "。",
     "府中で相談したい", "あ" * (LIMIT + 1)],
)  # fmt: skip
def test_the_text_of_an_answered_message_is_never_given_to_the_log(
    say: Say, log: FakeLog, text: str
) -> None:
    say(text)

    assert log.queries[0].text is None
    assert text not in str(log.queries)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (NONSENSE, NONSENSE),
        ("夕ごはんの献立は？ 090-1234-5678", "夕ごはんの献立は？ [phone]"),
        ("夕ごはんの献立を hanako@example.com へ", "夕ごはんの献立を [mail] へ"),
        ("補助率は何割ですか。090-1234-5678", "補助率は何割ですか。[phone]"),
    ],
)
def test_the_text_of_an_unanswered_message_is_kept_redacted(
    say: Say, log: FakeLog, text: str, kept: str
) -> None:
    assert say(text, "member").status.group == "unanswered"
    assert log.queries[0].text == kept


def test_the_text_of_a_cry_is_never_given_to_the_log(say: Say, log: FakeLog) -> None:
    say(f"山梨の{SECRET}です。{CRY}")
    (query,) = log.queries

    assert query.text is None
    assert query.slots == {"prefectures": ["山梨県"]}
    assert SECRET not in str(query)


def test_after_a_cry_no_text_is_given_to_the_log(say: Say, log: FakeLog) -> None:
    say(CRY)
    say(NONSENSE)

    assert [query.text for query in log.queries] == [None, None]


def test_text_with_soft_signs_is_never_given_to_the_log(library: Library, log: FakeLog) -> None:
    sensing = replace(library, watch=Watch(danger(soft=True)))
    ask(assistant_of(sensing, log), NONSENSE)

    assert log.queries[0].text is None


def test_what_is_remembered_between_messages_is_redacted_and_short_lived(
    say: Say, conversations: FakeConversations
) -> None:
    say("さみしい。090-1234-5678")
    assert conversations.kept["test:1"].text == "さみしい。[phone]"

    say("こんにちは。090-1234-5678")
    assert conversations.kept["test:1"].text == ""


@pytest.mark.usefixtures("unsure")
def test_only_what_was_answered_or_waits_for_a_choice_is_remembered(
    say: Say, conversations: FakeConversations
) -> None:
    say("NPOに委託できますか。090-1234-5678", "member")
    assert conversations.kept["test:1"].text == "NPOに委託できますか。[phone]"

    say("こんにちは")
    assert conversations.kept["test:1"].text == ""


def test_two_conversations_never_mix(say: Say, conversations: FakeConversations) -> None:
    say("山梨県は何を調査しますか", "member", conversation="a")
    say("大阪に住んでいて、さみしい", "resident", conversation="b")

    assert ids(say("岐阜は？", "member", conversation="a")) == ["program/gifu"]
    assert conversations.kept["b"].place == "大阪府"
    assert conversations.kept["a"].slots.prefectures == ("岐阜県",)
    assert conversations.kept["a"].place is None


def test_a_conversation_begins_with_nothing_remembered() -> None:
    assert Conversation() == Conversation(
        crisis=False, words=None, route=None, place=None, text=""
    )
