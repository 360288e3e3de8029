"""Which kind of answer a message wants; the slots decide before any likeness of words."""

from dataclasses import replace

import pytest

from handlers import route
from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Role
from knowledge.lexicon import Lexicon, OutOfScope
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.handlers.made import ids

# The same again, there


def test_a_follow_up_about_programs_stays_with_programs(say: Say) -> None:
    say("山梨県は何を調査しますか", "member")

    assert ids(say("じゃあ岐阜は？", "member")) == ["program/gifu"]


def test_a_follow_up_about_a_prefecture_that_is_not_listed_says_so(say: Say) -> None:
    say("山梨県は何を調査しますか", "member")
    reply = say("大阪は？", "member")

    assert reply.status == "answered_not_listed"
    assert (reply.cards[0].id, reply.cards[0].prefecture) == ("program/none", "大阪府")


def test_a_follow_up_about_windows_stays_with_windows(say: Say) -> None:
    say("DVの相談をしたい", "resident", prefecture="山梨県")
    reply = say("じゃあ岐阜は？", "resident")

    assert {card.kind for card in reply.cards} == {"window"}
    assert {card.prefecture for card in reply.cards} <= {"岐阜県", None}
    assert "岐阜県" in {card.prefecture for card in reply.cards}


def test_a_follow_up_asks_for_the_same_trouble_elsewhere(say: Say) -> None:
    """Only the trouble counts: not every window whose name has 大阪 in it."""
    first = say("さみしい。だれかと話したい", "resident")
    second = say("大阪は？", "resident")
    third = say("京都のほうは？", "resident")

    for reply in (first, second, third):
        assert all("loneliness" in card.topics for card in reply.cards)
    assert third.slots["prefectures"] == ["京都府"]


def test_a_trouble_no_list_knows_is_kept_in_follow_ups(say: Say) -> None:
    first = say("飼っていた犬が死んでから涙が止まらない", "resident")
    second = say("じゃあ愛知は？", "resident")

    assert set(ids(first)) & set(ids(second))


@pytest.mark.parametrize("text", ["岐阜は？", "岐阜", "岐阜県では？"])
def test_a_bare_prefecture_shows_a_member_its_program(say: Say, text: str) -> None:
    assert ids(say(text, "member")) == ["program/gifu"]


def test_a_bare_prefecture_shows_a_resident_windows(say: Say) -> None:
    reply = say("岐阜", "resident")

    assert {card.kind for card in reply.cards} == {"window"}


def test_after_programs_a_resident_is_shown_programs_too(say: Say) -> None:
    say("山梨県は何を調査しますか", "resident")

    assert ids(say("岐阜は？", "resident")) == ["program/gifu"]


def test_a_question_about_the_same_prefecture_needs_not_name_it_again(say: Say) -> None:
    say("山梨県の取組を教えて", "member")

    assert ids(say("具体的には何をする予定なの", "member")) == ["program/yamanashi"]


def test_a_clause_named_after_a_program_is_that_clause(say: Say) -> None:
    say("山梨県の取組を教えて", "member")

    assert ids(say("４（３）は？", "member")) == ["guideline/4-3"]


# Outside the documents


@pytest.mark.parametrize(
    "text",
    [
        "R7の交付団体はどこですか",
        "令和７年度の実施要領を見せてください",
        "2025年度の交付団体",
        "来年度も交付されますか",
        "昨年度の取組",
        "山梨県は令和５年度に何をしましたか",
        "What about fiscal 2025?",
    ],
)
def test_other_years_are_out_of_scope_and_the_known_edition_is_named(say: Say, text: str) -> None:
    reply = say(text, "member")

    assert reply.status == "unanswered_out_of_scope"
    assert reply.opening[0].startswith(("持っているのは令和６年度の", "I only have the guideline"))
    assert not [card for card in reply.cards if card.kind != "window"]


@pytest.mark.parametrize(
    "text", ["令和６年度の交付団体の一覧", "R6の交付団体", "2024年度の交付団体"]
)
def test_the_year_we_have_is_answered(say: Say, text: str) -> None:
    assert ids(say(text, "member"))[0] == "program/overview"


@pytest.mark.parametrize("text", ["推進法第15条", "推進法の第15条第1項について", "法第7条は？"])
def test_other_articles_of_the_act_are_out_of_scope(say: Say, library: Library, text: str) -> None:
    reply = say(text, "member")

    assert reply.status == "unanswered_out_of_scope"
    assert reply.opening[0] == library.replies.say("fallback.other_article")


def test_article_11_is_what_the_guideline_rests_on(say: Say) -> None:
    reply = say("推進法第11条", "member")

    assert reply.status == "answered"
    assert "第11条" in reply.text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("補助率は何割ですか", "補助率・負担割合"),
        ("一県いくらもらえますか。上限額は", "金額・上限額・予算"),
        ("申請の締切はいつですか", "申請期限・日程"),
        ("申請書の様式はどこにありますか", "様式・申請書類"),
        ("講師の謝金は対象経費になりますか", "対象経費の細目"),
    ],
)
def test_subjects_the_documents_do_not_cover_are_named(say: Say, text: str, subject: str) -> None:
    reply = say(text, "member")

    assert reply.status == "unanswered_out_of_scope"
    assert f"「{subject}」" in reply.opening[0]


def test_a_trouble_outweighs_a_subject_out_of_scope(say: Say) -> None:
    """Somebody who is beaten at home and asks what help costs is not sent to an office."""
    reply = say("夫の暴力がこわい。DV相談の費用や補助率は", "resident")

    assert {card.kind for card in reply.cards} == {"window"}
    assert reply.status in {"answered", "crisis_signposted"}


def test_an_ask_met_word_for_word_outweighs_a_subject_out_of_scope(library: Library) -> None:
    ask = library.clauses.clauses["guideline/2-2"].asks[0]
    subject = OutOfScope(id="made", label="何か", words=("委託",))
    lexicon = Lexicon(library.lexicon.file, (subject,))
    assistant = Assistant(
        replace(library, lexicon=lexicon), FakeLog(), FakeConversations(), FakeClock()
    )

    def status(text: str) -> str:
        return assistant.answer(Incoming(text, text, FRIDAY_MORNING, role=Role.MEMBER)).status

    assert status(ask) == "answered"
    assert status("委託先の社長の給料はいくらですか") == "unanswered_out_of_scope"


# By number


def test_a_clause_about_a_named_clause_leads(say: Say) -> None:
    """2(4) is about ⑦: 補助でできる is asked of ⑦ and answered by 2(4)."""
    assert ids(say("⑦は補助でできる？", "member"))[:2] == ["guideline/2-4", "guideline/3-2-7"]


def test_a_named_clause_stands_alone_where_no_other_is_about_it(say: Say) -> None:
    assert ids(say("５（２）を読みたい", "member")) == ["guideline/5-2"]


# Negation


def test_what_is_not_meant_is_not_found(say: Say) -> None:
    meant = ids(say("補助じゃなくて委託できますか", "member"))
    other = ids(say("委託じゃなくて補助できますか", "member"))

    assert meant[0] == "guideline/2-2"
    assert other[0] == "guideline/2-4"


def test_a_prefecture_that_is_not_meant_is_not_shown(say: Say) -> None:
    assert ids(say("山梨じゃなくて岐阜の取組を教えて", "member")) == ["program/gifu"]


# Sets and comparisons


def test_who_asks_which_prefectures_gets_all_of_them(say: Say, library: Library) -> None:
    reply = say("新聞を使う県はどこですか", "member")

    assert len(reply.cards) == len(library.programs.with_facets(["新聞"]))


def test_an_activity_without_asking_which_is_a_rule(say: Say) -> None:
    assert ids(say("研修は事業の対象ですか", "member"))[0].startswith("guideline/")


def test_an_activity_of_a_named_prefecture_is_its_program(say: Say) -> None:
    assert ids(say("滋賀県はどんな研修をしますか", "member")) == ["program/shiga"]


def test_two_prefectures_in_one_trouble_are_no_comparison(say: Say) -> None:
    """Somebody who lives in two places needs windows."""
    reply = say("岐阜と愛知を行き来しています。DVの相談をしたい", "resident")

    assert {card.kind for card in reply.cards} == {"window"}


# By likeness


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("NPOに委託できますか", "guideline/2-2"),
        ("交付団体の一覧をください", "program/overview"),
        ("他の国庫補助金と重複してもいいですか", "guideline/4-3"),
        ("監査はありますか", "guideline/5-1"),
    ],
)
@pytest.mark.parametrize("role", [None, "member", "staff"])
def test_a_question_about_rules_is_answered_by_its_clause(
    say: Say, text: str, entry: str, role: str | None
) -> None:
    assert entry in ids(say(text, role))


def test_every_clause_shown_beside_the_best_is_nearly_as_near(say: Say) -> None:
    scores = [card.score for card in say("委託して、監査もある？", "member").cards]

    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= scores[0] / 2


@pytest.mark.parametrize("role", [None, "resident", "member"])
def test_a_trouble_is_answered_with_windows_whoever_asks(say: Say, role: str | None) -> None:
    reply = say("職場でパワハラを受けています。だれに相談すればいいですか", role)

    assert reply.status == "answered"
    assert {card.kind for card in reply.cards} == {"window"}


def test_a_resident_whose_trouble_is_faint_still_gets_windows(say: Say) -> None:
    reply = say("無料がいい", "resident")

    assert {card.kind for card in reply.cards} == {"window"}


@pytest.mark.usefixtures("unsure")
@pytest.mark.parametrize("text", ["NPOに委託できますか", "交付団体の一覧をください"])
def test_a_near_miss_offers_choices_and_does_not_guess(say: Say, text: str) -> None:
    reply = say(text, "member")

    assert (reply.status, reply.cards) == ("clarify_choice", ())
    assert len(reply.offered) == 3
    assert "program/none" not in [card.id for card in reply.offered]


@pytest.mark.usefixtures("unsure")
def test_what_a_near_miss_offers_can_be_chosen(say: Say) -> None:
    offered = say("NPOに委託できますか", "member").offered

    assert ids(say(choice=offered[0].id)) == [offered[0].id]


@pytest.mark.parametrize("text", ["岐阜県の天気", "明日の天気は", "夕ごはんの献立を考えて"])
def test_what_nobody_here_knows_is_not_answered(say: Say, text: str) -> None:
    assert say(text, "member").status == "unanswered_no_match"


def test_the_name_of_a_prefecture_alone_makes_no_answer(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "ANSWER", 2.0)
    monkeypatch.setattr(route, "OFFER", 2.0)

    assert say("滋賀県はどんな研修をしますか", "member").status == "unanswered_no_match"


@pytest.mark.usefixtures("unsure")
@pytest.mark.parametrize("text", ["DVと委託の関係", "無料の委託"])
def test_a_residents_trouble_or_wish_outweighs_a_near_miss(
    say: Say, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(route, "_is_for_windows", lambda _: False)
    monkeypatch.setattr(route, "ANSWER", 1.1)

    assert {card.kind for card in say(text, "resident").cards} == {"window"}


# Is my prefecture listed?


@pytest.mark.parametrize(
    ("prefecture", "status", "entry"),
    [
        ("岐阜県", "answered", "program/gifu"),
        ("大阪府", "answered_not_listed", "program/none"),
        (None, "answered", "program/overview"),
    ],
)
def test_our_prefecture_is_the_one_the_channel_knows(
    say: Say, prefecture: str | None, status: str, entry: str
) -> None:
    reply = say("うちの県は対象ですか", "member", prefecture=prefecture)

    assert (reply.status, reply.cards[0].id) == (status, entry)
    if prefecture:
        assert reply.cards[0].prefecture == prefecture


def test_our_prefecture_is_the_one_said_before(say: Say) -> None:
    say("大阪に住んでいて、さみしい", "resident")

    assert say("うちの県は対象ですか", "resident").status == "answered_not_listed"
