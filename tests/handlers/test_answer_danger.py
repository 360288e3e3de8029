"""Danger comes before everything else, and once noticed it stays noticed."""

from dataclasses import replace
from typing import Final

import pytest

from handlers.answer import Assistant
from handlers.crisis import DangerKind
from handlers.fallback import HUMAN
from handlers.guard import LIMIT
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.messages import Incoming
from handlers.windows import WindowDesk
from tests.conftest import Say
from tests.fakes import FakeClock, FakeConversations, FakeLog
from tests.handlers.made import Broken, Watch, ask, assistant_of, broken, danger, ids

CRY: Final = "死にたい"
NONSENSE: Final = "夕ごはんの献立を考えて"


# Danger first


@pytest.mark.parametrize(
    "text",
    [
        f"NPOに委託できますか。もう{CRY}",
        f"補助率は何割ですか。{CRY}",
        f"R7の交付団体はどこですか。{CRY}",
        f"推進法第15条。{CRY}",
        f"４（３）を見せてください。{CRY}",
        f"山梨県と岐阜県を比べてください。{CRY}",
        f"新聞を使う県はどこですか。{CRY}",
        f"府中で相談したい。{CRY}",
        f"こんにちは。{CRY}",
        f"ありがとう。{CRY}",
        "し に た い",
        "シニタイ",
        "I want to die",
    ],
)
@pytest.mark.parametrize("role", [None, "resident", "member", "staff"])
def test_danger_comes_before_every_other_rule(say: Say, text: str, role: str | None) -> None:
    reply = say(text, role)

    assert reply.status == "crisis_signposted"
    assert reply.crisis
    assert {card.kind for card in reply.cards} == {"window"}


def test_danger_is_heard_in_a_message_too_long_to_answer(say: Say) -> None:
    story = "毎日がとてもつらいです。" * 100 + CRY

    assert len(story) > LIMIT
    assert say(story).status == "crisis_signposted"


def test_danger_is_heard_beside_a_tapped_button(say: Say) -> None:
    assert say(CRY, choice="start:rules").status == "crisis_signposted"


def test_danger_is_heard_without_the_index(library: Library) -> None:
    deaf = replace(library, index=Broken())

    assert ask(assistant_of(deaf), CRY).status == "crisis_signposted"


def test_danger_after_a_pointing_question_is_heard(say: Say) -> None:
    say("山梨県は何を調査しますか", "member")

    assert say(f"じゃあ岐阜は？{CRY}", "member").status == "crisis_signposted"


def test_who_may_be_in_danger_is_known_before_the_answer(library: Library) -> None:
    assistant = assistant_of(library)

    def is_urgent(text: str) -> bool:
        return assistant.is_urgent(Incoming(text, "test:1", FakeClock().now()))

    assert not is_urgent(NONSENSE)
    assert is_urgent(CRY)
    assert is_urgent("もう疲れた。消えたい")
    assert not is_urgent(NONSENSE)  # looking keeps nothing
    ask(assistant, CRY)
    assert is_urgent(NONSENSE)


# Danger stays noticed

LATER = [
    {"text": "こんにちは"},
    {"text": "ありがとう"},
    {"text": "。"},
    {"text": "…"},
    {"text": "さみしい"},
    {"text": "NPOに委託できますか"},
    {"text": "9(2)"},
    {"text": "東京都は入っていますか"},
    {"text": "R7の交付団体はどこですか"},
    {"text": "あ" * (LIMIT + 1)},
    {"text": NONSENSE},
    {"choice": "start:windows"},
    {"choice": "topic:work"},
    {"choice": "guideline/2-2"},
    {"choice": "home:osaka"},
    {"choice": "none"},
    {"choice": "nothing"},
]


@pytest.mark.parametrize("later", LATER, ids=str)
def test_after_a_cry_every_later_reply_keeps_the_contact(say: Say, later: dict[str, str]) -> None:
    say(CRY)
    reply = say(**later)

    assert reply.crisis
    assert reply.status != "crisis_signposted"
    assert "0120-279-338" in reply.closing[-1]


def test_a_cry_stays_noticed_through_a_whole_conversation(say: Say) -> None:
    say(CRY)
    replies = [say(**later) for later in LATER]

    assert all(reply.crisis for reply in replies)
    assert all("0120-279-338" in reply.text for reply in replies)


def test_a_second_cry_is_answered_in_full_again(say: Say) -> None:
    say(CRY)
    reply = say(CRY)

    assert reply.status == "crisis_signposted"
    assert "0120-279-338" not in "".join(reply.closing)


def test_the_contact_is_told_in_the_persons_language(say: Say) -> None:
    say("I want to die")
    reply = say("May we outsource to an NPO?", "member")

    assert reply.closing[-1] == "You can talk any time: Yorisoi Hotline (0120-279-338)"


def test_the_contact_is_the_number_that_works_where_the_person_is(say: Say) -> None:
    say(f"仙台にいます。{CRY}")

    assert "0120-279-226" in say("こんにちは").closing[-1]


def test_nobody_else_is_reminded_of_somebodys_cry(say: Say) -> None:
    say(CRY, conversation="test:1")

    assert not say("こんにちは", conversation="test:2").crisis


def test_soft_signs_do_not_stay(library: Library) -> None:
    assistant = assistant_of(replace(library, watch=Watch(danger(soft=True))))
    ask(assistant, "つらい")

    assert not ask(assistant, "NPOに委託できますか").crisis


def test_a_cry_stays_noticed_even_when_its_answer_breaks(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = assistant_of(library)
    with monkeypatch.context() as patch:
        patch.setattr(WindowDesk, "card", broken)
        first = ask(assistant, CRY)
    second = ask(assistant, "こんにちは")

    assert (first.status, first.crisis, ids(first)) == ("error_internal", True, list(HUMAN))
    assert second.crisis
    assert "0120-279-338" in second.closing[-1]


def test_a_failure_later_in_the_conversation_still_says_crisis(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = assistant_of(library)
    ask(assistant, CRY)
    monkeypatch.setattr(MemberDesk, "quote", broken)
    reply = ask(assistant, "NPOに委託できますか")

    assert (reply.status, reply.crisis) == ("error_internal", True)


@pytest.mark.parametrize("kind", DangerKind)
def test_danger_of_every_kind_is_remembered(
    library: Library, kind: DangerKind, conversations: FakeConversations
) -> None:
    watching = replace(library, watch=Watch(danger(kind)))
    assistant = Assistant(watching, FakeLog(), conversations, FakeClock())
    ask(assistant, "たすけて")

    assert conversations.kept["test:1"].crisis


def test_words_that_are_not_the_assistants_carry_the_contact_too(library: Library) -> None:
    assistant = assistant_of(library)
    before = assistant.reminders("test:1", "ja")
    ask(assistant, CRY)

    assert before == ()
    assert "0120-279-338" in assistant.reminders("test:1", "ja")[0]
    assert assistant.reminders("test:1", "en")[0].startswith("You can talk any time")
    assert assistant.reminders("test:2", "ja") == ()


def test_the_kind_of_danger_is_remembered_with_it(
    library: Library, conversations: FakeConversations
) -> None:
    assistant = Assistant(library, FakeLog(), conversations, FakeClock())
    ask(assistant, "睡眠薬を全部飲んだ")
    ask(assistant, "こんにちは")

    assert conversations.kept["test:1"].danger is DangerKind.OVERDOSE


# Who the person is


def test_a_window_that_speaks_the_persons_language_comes_first_while_it_is_open(say: Say) -> None:
    assert ids(say("I want to die"))[:3] == [
        "window/yorisoi-foreign",
        "window/inochi-sos",
        "window/tell",
    ]


def test_nothing_comes_before_the_police_in_any_language(say: Say) -> None:
    assert ids(say("my husband is hitting me now"))[:3] == [
        "window/110",
        "window/dv-plus",
        "window/yorisoi-foreign",
    ]


def test_a_window_that_speaks_another_language_is_left_out(say: Say) -> None:
    assert "window/tell" not in ids(say("我想死"))


def test_windows_of_the_prefecture_follow_the_first_four(say: Say) -> None:
    shown = say("山梨県です。死にたい").cards

    assert [card.prefecture for card in shown[:5]] == [None, None, None, None, "山梨県"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("友達が死にたいと言っています", "責めたり"),
        ("my friend says she wants to die", "listen first"),
    ],
)
def test_who_is_beside_somebody_in_danger_reads_how_to_be_there(
    say: Say, text: str, said: str
) -> None:
    reply = say(text)

    assert said in reply.closing[1]
    assert reply.cards[0].title


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", DangerKind)
def test_the_opening_asks_nothing_and_names_no_method(
    library: Library, kind: DangerKind, language: str
) -> None:
    """After WHO's and the ministry's guidance: no question, no blame, no method, no «commit»."""
    texts = library.replies.texts
    key = f"crisis.opening.{kind}"
    said = library.replies.say(key if key in texts else "crisis.opening", language)

    assert not any(word in said for word in ("？", "?", "なぜ", "why", "commit", "だめ", "自殺"))
    assert len(said) < 160
