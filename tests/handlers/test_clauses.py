"""Clauses are quoted word for word, with their number, edition and what to read with them."""

import pytest

from handlers.clauses import ClauseDesk
from handlers.library import Library
from handlers.members import CLAUSES_SHOWN
from handlers.messages import Card
from knowledge.load import load
from tests.conftest import Say

CLAUSES = [clause.id for clause in load().guideline.clauses]


@pytest.fixture
def desk(library: Library) -> ClauseDesk:
    return library.clauses


def card(desk: ClauseDesk, clause_id: str) -> Card:
    return desk.card(desk.clauses[clause_id], 1.0)


# The card


@pytest.mark.parametrize("clause_id", CLAUSES)
def test_every_clause_is_quoted_word_for_word(
    library: Library, desk: ClauseDesk, clause_id: str
) -> None:
    assert card(desk, clause_id).quote == library.knowledge.entries[clause_id].text


@pytest.mark.parametrize("clause_id", CLAUSES)
def test_every_quote_names_its_notice_and_the_day_it_came_into_force(
    library: Library, desk: ClauseDesk, clause_id: str
) -> None:
    guideline = library.knowledge.guideline
    source = card(desk, clause_id).lines[-1]

    assert source.startswith("出典：")
    assert guideline.notice_number in source
    assert f"{guideline.in_force_from.isoformat()}施行" in source


@pytest.mark.parametrize("clause_id", CLAUSES)
def test_what_we_explain_is_marked_as_not_the_original(
    library: Library, desk: ClauseDesk, clause_id: str
) -> None:
    plain = library.knowledge.entries[clause_id].plain
    told = [line for line in card(desk, clause_id).lines if line.startswith("説明")]

    assert told == ([f"説明（原文ではありません）：{plain}"] if plain else [])


def test_a_clause_shows_its_number_beside_its_title(desk: ClauseDesk) -> None:
    shown = card(desk, "guideline/4-3")

    assert shown.title.startswith("実施要領 ４（３） ")
    assert shown.place == "４（３）"
    assert (shown.kind, shown.prefecture, shown.numbers) == ("guideline", None, ())


def test_a_clause_names_the_clauses_to_read_with_it(desk: ClauseDesk) -> None:
    (see,) = [line for line in card(desk, "guideline/2-4").lines if "あわせて読む項" in line]

    assert "３（２）⑦" in see
    assert "３（２）⑧" in see


def test_a_clause_names_the_laws_it_rests_on(desk: ClauseDesk) -> None:
    (laws,) = [line for line in card(desk, "guideline/3-1").lines if "法令" in line]

    assert "孤独・孤立対策推進法（令和５年法律第45号）第11条" in laws


def test_a_clause_that_names_nothing_else_has_only_its_source(desk: ClauseDesk) -> None:
    alone = desk.clauses["guideline/4-3"].model_copy(update={"see": (), "laws": (), "plain": ""})

    (source,) = desk.card(alone, 1.0).lines
    assert source.startswith("出典：")


def test_a_score_is_rounded_for_people_who_read_figures(desk: ClauseDesk) -> None:
    assert desk.card(desk.clauses["guideline/1"], 0.123456).score == 0.1235


def test_a_list_shows_place_and_title(desk: ClauseDesk) -> None:
    clause = desk.clauses["guideline/2-2"]

    assert desk.label(clause) == f"２（２） {clause.title}"


# By its number, in every notation people use

NOTATIONS = {
    "guideline/4-3": [
        "４（３）", "4(3)", "４の（３）", "四の（三）", "4の3", "4-3", "第４項第３号", "４項３号",
        "実施要領の4(3)を見せて", "clause 4(3)", "要領4.3",
    ],
    "guideline/3-2-7": [
        "⑦", "⑦は？", "３（２）⑦", "3(2)⑦", "3(2)7", "3-2-7", "まるなな", "丸七", "○7", "取組7",
        "取組の⑦を教えてください", "item 7",
    ],
    "guideline/2-2": ["２（２）", "2(2)とは", "第2の(2)", "2の2", "section 2(2)"],
    "guideline/3-2": ["３（２）", "3(2)", "三の（二）"],
    "guideline/supplement": ["附則", "附則を見せて", "付則は？"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "clause_id"),
    [(written, clause_id) for clause_id, group in NOTATIONS.items() for written in group],
)
def test_a_clause_is_found_by_its_number_however_it_is_written(
    say: Say, library: Library, written: str, clause_id: str
) -> None:
    reply = say(written, "member")

    assert reply.status == "answered"
    assert reply.cards[0].id == clause_id
    assert reply.cards[0].quote == library.knowledge.entries[clause_id].text


@pytest.mark.parametrize("role", [None, "resident", "member", "staff"])
def test_a_clause_named_by_number_is_shown_to_everybody(say: Say, role: str | None) -> None:
    assert say("4(3)", role).cards[0].id == "guideline/4-3"


def test_every_clause_with_a_number_is_found_by_its_place(say: Say, desk: ClauseDesk) -> None:
    missed = [
        clause.place
        for clause in desk.clauses.values()
        if clause.id != "guideline/0" and "(" in clause.place.replace("（", "(")
        if say(f"{clause.place}を見せて", "member").cards[0].id != clause.id
    ]

    assert missed == []


def test_two_clauses_named_together_are_both_quoted(say: Say) -> None:
    assert [card.id for card in say("2(2)と4(3)", "member").cards] == [
        "guideline/2-2",
        "guideline/4-3",
    ]


# Sections and what does not exist


def test_a_reference_names_one_clause_or_all_of_a_section(desk: ClauseDesk) -> None:
    assert [clause.id for clause in desk.named("guideline/4-3")] == ["guideline/4-3"]
    assert [clause.id for clause in desk.named("guideline/5")] == [
        "guideline/5-1",
        "guideline/5-2",
    ]
    assert desk.named("guideline/9") == []


def test_a_short_section_is_quoted_whole(say: Say) -> None:
    cards = say("要領の5", "member").cards

    assert [card.id for card in cards] == ["guideline/5-1", "guideline/5-2"]
    assert len(cards) <= CLAUSES_SHOWN


def test_a_long_section_is_offered_clause_by_clause(say: Say, desk: ClauseDesk) -> None:
    reply = say("要領の3", "member")
    ids = [clause.id for clause in desk.named("guideline/3")]

    assert reply.status == "clarify_choice"
    assert [choice.id for choice in reply.choices] == ids
    assert [card.id for card in reply.offered] == ids
    assert desk.clauses["guideline/3-1"].section in reply.opening[0]


@pytest.mark.parametrize(
    ("asked", "place", "first", "count"),
    [
        ("2(9)", "2(9)", "guideline/2-1", 4),
        ("3(2)⑪", "3(2)(11)", "guideline/3-1", 12),
        ("⑮を教えて", "3(2)(15)", "guideline/3-1", 12),
    ],
)
def test_a_clause_that_does_not_exist_says_which_of_its_section_do(
    say: Say, asked: str, place: str, first: str, count: int
) -> None:
    reply = say(asked, "member")

    assert reply.status == "clarify_choice"
    assert f"{place} はありません" in reply.opening[0]
    assert reply.choices[0].id == first
    assert len(reply.choices) == count


def test_9_2_says_which_sections_exist(say: Say) -> None:
    reply = say("9(2)", "member")
    offered = [choice.id for choice in reply.choices]

    assert reply.opening == ("実施要領に 9(2) はありません。あるのは次の項です。",)
    assert {"guideline/1", "guideline/2-2", "guideline/4-3", "guideline/supplement"} <= set(
        offered
    )
    assert "guideline/3-2-7" not in offered


def test_a_missing_clause_is_no_answer_and_nothing_is_quoted(say: Say) -> None:
    reply = say("9(2)", "member")

    assert (reply.cards, reply.offered) == ((), ())
    assert say("9(2) in English please", "member").opening[0].startswith("The guideline has no")


def test_one_existing_clause_beside_a_missing_one_is_quoted(say: Say) -> None:
    assert [card.id for card in say("2(2)と9(2)", "member").cards] == ["guideline/2-2"]
