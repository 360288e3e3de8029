"""From clause to clause: neighbours, references, laws, users, citations, the whole document."""

import pytest

from handlers.library import Library
from handlers.messages import Reply
from knowledge.editions import digest
from tests.conftest import Say


def labels(reply: Reply) -> dict[str, str]:
    return {choice.id: choice.label for choice in reply.choices}


def test_a_clause_leads_to_the_one_before_and_the_one_after(say: Say) -> None:
    shown = labels(say("2(3)", "member"))

    assert shown["guideline/2-2"] in {"◀ 前の項 ２（２）", "開く：２（２） 委託できる業務と委託先"}
    assert shown["guideline/2-4"] == "次の項 ２（４） ▶"


@pytest.mark.parametrize(
    ("clause", "missing"), [("guideline/0", "◀"), ("guideline/supplement", "▶")]
)
def test_the_first_and_the_last_clause_lead_one_way(say: Say, clause: str, missing: str) -> None:
    assert missing not in "".join(labels(say(choice=clause)).values())


def test_2_4_opens_the_activities_it_names(say: Say) -> None:
    shown = labels(say("2(4)", "member"))
    (card,) = say(choice="guideline/3-2-7").cards

    assert {"guideline/3-2-7", "guideline/3-2-8"} <= shown.keys()
    assert card.place == "３（２）⑦"


def test_5_2_opens_the_acts_it_names_by_name_and_number(say: Say, library: Library) -> None:
    laws = library.clauses.clauses["guideline/5-2"].laws
    opened = [say(choice=f"law:guideline/5-2:{number}").opening[0] for number in range(len(laws))]

    assert len(opened) == 4
    assert all(
        law.name in text and law.number in text for law, text in zip(laws, opened, strict=True)
    )
    assert "http" not in "".join(opened)


def test_3_1_opens_article_11(say: Say) -> None:
    assert "条：第11条" in say(choice="law:guideline/3-1:0").opening[0]


def test_a_source_names_notice_days_and_a_hash_of_the_text(say: Say, library: Library) -> None:
    (card,) = say("4(3)", "member").cards

    assert "令和６年４月３日 府孤推第７号" in card.lines[-1]
    assert digest(library.clauses.clauses["guideline/4-3"].text) in card.lines[-1]


def test_the_day_of_the_notice_stands_in_its_title(library: Library) -> None:
    assert library.knowledge.guideline.issued in library.clauses.clauses["guideline/0"].text


@pytest.mark.parametrize(
    ("clause", "users"),
    [
        ("guideline/3-2-8", {"program/gifu", "program/tokushima"}),
        ("guideline/2-2", {"program/nagano", "program/ehime", "program/kumamoto"}),
        ("guideline/3-2-6", {"program/kagawa", "program/ehime"}),
    ],
)
def test_the_programs_that_rest_on_a_clause_are_quoted(
    say: Say, library: Library, clause: str, users: set[str]
) -> None:
    reply = say(choice=f"uses:{clause}")

    assert {card.id for card in reply.cards} == users
    assert f"{len(users)}県" in reply.opening[0]
    assert all(card.quote == library.knowledge.entries[card.id].text for card in reply.cards)


def test_a_clause_no_program_rests_on_says_so(say: Say) -> None:
    reply = say(choice="uses:guideline/4-3")

    assert reply.cards == ()
    assert "ありません" in reply.opening[0]
    assert "uses:guideline/4-3" not in labels(say("4(3)", "member"))


def test_a_copy_is_the_text_and_its_citation_and_nothing_else(say: Say, library: Library) -> None:
    text = library.clauses.clauses["guideline/4-3"].text

    assert say(choice="copy:guideline/4-3").opening[1] == (
        f"「{text}」\n＜孤独・孤立対策推進交付金（地方における孤独・孤立対策推進事業）実施要領"
        "（令和６年４月３日府孤推第７号）４（３）＞"
    )


def test_the_contents_name_every_clause_and_lead_to_each_section(
    say: Say, library: Library
) -> None:
    reply = say(choice="rules:contents")

    assert all(
        library.clauses.label(c) in reply.opening[0] for c in library.clauses.clauses.values()
    )
    assert {"guideline/3-2", "rules:whole", "rules:file:docx"} <= labels(reply).keys()


def test_the_whole_document_is_quoted_in_its_order(say: Say, library: Library) -> None:
    reply = say(choice="rules:whole")

    assert [card.id for card in reply.cards] == list(library.clauses.clauses)
    assert [card.quote for card in reply.cards] == [
        clause.text for clause in library.knowledge.guideline.clauses
    ]
    assert reply.closing[0].startswith("出典：")


@pytest.mark.parametrize("kind", ["docx", "markdown"])
def test_the_whole_document_can_be_had_as_a_file(say: Say, kind: str) -> None:
    assert say(choice=f"rules:file:{kind}").file == kind


def test_several_clauses_can_each_be_opened_alone(say: Say) -> None:
    shown = list(labels(say("2(2)と4(3)", "resident")))

    assert shown[:2] == ["guideline/2-2", "guideline/4-3"]


@pytest.mark.parametrize(
    "choice",
    [
        "copy:guideline/9-9", "uses:guideline/9-9", "law:guideline/9-9:0", "law:guideline/5-2:9",
        "law:guideline/5-2:x", "law:", "rules:file:exe",
    ],
)  # fmt: skip
def test_a_button_for_what_does_not_exist_is_stale(
    say: Say, library: Library, choice: str
) -> None:
    assert say(choice=choice).opening == (library.replies.say("fallback.stale"),)


def test_every_button_fits_telegram(say: Say, library: Library) -> None:
    replies = [say(choice=clause, role="member") for clause in library.clauses.clauses]

    assert max(len(c.id.encode()) for reply in replies for c in reply.choices) <= 64
