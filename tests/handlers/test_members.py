"""Answers for member organizations and staff: clauses, programs, sets, and honest refusals."""

import pytest

from handlers.answer import Assistant
from handlers.library import Library
from handlers.members import CLAUSES_SHOWN, LOCAL_WINDOWS, MemberDesk
from handlers.messages import Incoming
from handlers.ports import Conversation
from handlers.turn import Turn
from knowledge.vocabulary import Activity
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING


@pytest.fixture
def desk(assistant: Assistant) -> MemberDesk:
    return assistant._members


@pytest.fixture
def turn() -> Turn:
    return Turn(Incoming("研修", "test:1", FRIDAY_MORNING), Conversation(), text="研修")


@pytest.fixture
def alike(library: Library) -> dict[str, float]:
    """All programs are equally near to the words."""
    return dict.fromkeys(library.programs.programs, 0.0)


# Clauses


def test_a_rule_question_is_answered_with_the_clause_and_where_it_stands(
    say: Say, library: Library
) -> None:
    reply = say("NPOに委託できますか", "member")

    assert reply.status == "answered"
    assert reply.cards[0].id == "guideline/2-2"
    assert reply.opening == (library.replies.say("clauses.opening"),)
    assert reply.closing == (library.replies.say("clauses.closing"),)


def test_a_rule_question_in_english_gets_the_japanese_original(say: Say) -> None:
    reply = say("What does clause 2(2) say?", "member")

    assert reply.opening[0].startswith("The guideline says (quoted in Japanese")
    assert reply.cards[0].id == "guideline/2-2"


def test_no_more_clauses_are_quoted_than_people_read(desk: MemberDesk, turn: Turn) -> None:
    many = [(f"guideline/3-2-{number}", 1 / number) for number in range(1, 8)]

    cards = desk.quote(turn, many).cards

    assert [card.id for card in cards] == [clause_id for clause_id, _ in many[:CLAUSES_SHOWN]]


# Programs of named prefectures


def test_the_program_of_a_recipient_is_quoted(say: Say, library: Library) -> None:
    reply = say("山梨県は何を調査しますか", "member")

    assert reply.status == "answered"
    assert [card.id for card in reply.cards] == ["program/yamanashi"]
    assert reply.opening == (library.replies.say("programs.opening", year="令和６年度"),)
    assert reply.closing == (library.replies.say("programs.closing"),)


def test_two_prefectures_are_compared_side_by_side(say: Say, library: Library) -> None:
    reply = say("山梨県と岐阜県の取組を比べてください", "member")

    assert [card.id for card in reply.cards] == ["program/yamanashi", "program/gifu"]
    assert reply.opening[0] == library.replies.say("programs.compare", year="令和６年度")
    assert "山梨県だけにある取組：実態把握・調査" in reply.opening[1]


def test_a_comparison_keeps_the_order_in_which_people_asked(say: Say) -> None:
    reply = say("滋賀県と青森県と北海道の違いは", "member")

    assert [c.prefecture for c in reply.cards] == ["滋賀県", "青森県", "北海道"]


def test_a_comparison_is_honest_about_the_one_that_is_not_listed(say: Say) -> None:
    reply = say("山梨県と東京都の取組を比べてください", "member")

    assert reply.status == "answered"
    assert [(c.id, c.prefecture) for c in reply.cards] == [
        ("program/yamanashi", "山梨県"),
        ("program/none", "東京都"),
    ]


@pytest.mark.parametrize("role", [None, "resident", "member", "staff"])
def test_a_prefecture_that_is_not_listed_is_named_and_its_windows_come_first(
    say: Say, role: str | None
) -> None:
    reply = say("東京都は入っていますか", role)
    none, *windows = reply.cards

    assert reply.status == "answered_not_listed"
    assert (none.id, none.prefecture) == ("program/none", "東京都")
    assert "東京都は、令和６年度の交付団体（18団体）の一覧にありません" in reply.text
    assert len(windows) == LOCAL_WINDOWS
    assert {window.prefecture for window in windows} == {"東京都"}


def test_where_no_local_window_listens_to_anybody_national_ones_follow(say: Say) -> None:
    none, *windows = say("秋田県は交付団体ですか", "member").cards

    assert none.prefecture == "秋田県"
    assert len(windows) == LOCAL_WINDOWS
    assert {window.prefecture for window in windows} <= {"秋田県", None}


def test_two_prefectures_that_are_not_listed_are_both_named(say: Say) -> None:
    reply = say("東京都と大阪府は交付団体ですか", "member")

    assert reply.status == "answered_not_listed"
    assert [c.prefecture for c in reply.cards[:2]] == ["東京都", "大阪府"]
    assert reply.cards[2].prefecture == "東京都"


def test_what_not_listed_promises_is_kept(say: Say) -> None:
    """「大阪府の相談窓口」と書いてください, it says; so that must show windows there."""
    promise = say("大阪府は入っていますか", "member").closing[0]
    reply = say("大阪府の相談窓口", "member")

    assert "「大阪府の相談窓口」" in promise
    assert reply.cards[0].prefecture == "大阪府"
    assert reply.cards[0].kind == "window"


def test_a_city_stands_for_its_prefecture(say: Say) -> None:
    assert say("横浜市は入っていますか", "member").cards[0].id == "program/kanagawa"


def test_the_whole_list_is_one_answer(say: Say) -> None:
    assert say("交付団体の一覧をください", "member").cards[0].id == "program/overview"


# Sets


def test_a_set_is_counted_and_every_program_is_quoted(say: Say, library: Library) -> None:
    found = library.programs.with_facets(["新聞"])
    reply = say("新聞を使う県はどこですか", "member")

    assert {card.id for card in reply.cards} == {program.id for program in found}
    assert f"「新聞」が書かれている県は、{len(found)}県です" in reply.opening[0]
    assert "令和６年度の交付団体18のうち" in reply.opening[0]


def test_facets_are_nearer_to_the_words_than_activities(
    desk: MemberDesk, turn: Turn, library: Library, alike: dict[str, float]
) -> None:
    reply = desk.matching(turn, [Activity.TRAINING], ["新聞"], alike)

    assert reply
    assert [c.id for c in reply.cards] == [p.id for p in library.programs.with_facets(["新聞"])]


@pytest.mark.parametrize("activity", Activity)
def test_a_set_by_activity_names_the_clause_it_rests_on(
    desk: MemberDesk, turn: Turn, library: Library, activity: Activity, alike: dict[str, float]
) -> None:
    found = library.programs.with_activities([activity])
    reply = desk.matching(turn, [activity], [], alike)

    assert reply
    assert {card.id for card in reply.cards} == {program.id for program in found}
    assert f"「{library.programs.activity(activity)}」" in reply.opening[0]
    assert f"{len(found)}県" in reply.opening[0]


def test_the_program_most_alike_leads_its_set(
    desk: MemberDesk, turn: Turn, library: Library, alike: dict[str, float]
) -> None:
    last = library.programs.with_activities([Activity.SURVEY])[-1]
    reply = desk.matching(turn, [Activity.SURVEY], [], {**alike, last.id: 0.5})

    assert reply
    assert reply.cards[0].id == last.id


def test_a_set_without_members_is_no_answer(
    desk: MemberDesk, turn: Turn, alike: dict[str, float]
) -> None:
    assert desk.matching(turn, [], ["月面基地"], alike) is None
    assert desk.matching(turn, [], [], alike) is None


# Which prefecture?


def test_who_wants_programs_chooses_a_region_first(desk: MemberDesk, turn: Turn) -> None:
    reply = desk.which(turn)

    assert reply.status == "clarify_prefecture"
    assert len(reply.choices) == 8
    assert {choice.id.partition(":")[0] for choice in reply.choices} == {"programs"}
