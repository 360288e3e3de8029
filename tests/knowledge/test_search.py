"""The right document first, on a small invented set; order and bounds, never figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.load import load
from knowledge.search import Document, Index
from knowledge.text import words
from tests.knowledge.meanings import FakeVectors

SYNONYMS = {"外注": "委託", "アウトソーシング": "委託"}
DOCUMENTS = (
    Document(
        "rules/outsource",
        ("NPOに委託できますか", "仕事を外に頼みたい"),
        ("事業の一部を民間団体に委託することができる。",),
    ),
    Document(
        "rules/money", ("交付金の目的は何ですか",), ("交付金は、連携を推進するためのもの。",)
    ),
    Document("rules/report", ("報告書はいつ出しますか",), ("報告書を提出する。",)),
    Document("help/lonely", ("寂しいときに話せるところ", "友だちがいない"), ("電話で話を聞く。",)),
    Document("help/move", ("引っ越しのお金がない",), ("引越し費用の相談。",)),
    Document("help/school", ("学校に行けない",), ("不登校の相談。", "夜も電話ができる。")),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(DOCUMENTS, SYNONYMS)


@pytest.fixture(scope="module")
def meaning_index() -> Index:
    return Index(DOCUMENTS, vectors=FakeVectors())


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("NPOに委託できますか", "rules/outsource"),
        ("さみしい", "help/lonely"),
        ("寂しいです", "help/lonely"),
        ("ひっこしの費用", "help/move"),
        ("引越し", "help/move"),
        ("交付禁の目敵は？", "rules/money"),
        ("公布金", "rules/money"),
        ("いたくできますか", "rules/outsource"),
        ("こうふきんの もくてき", "rules/money"),
        ("がっこうに いけない", "help/school"),
        ("ﾎｳｺｸｼｮ", "rules/report"),
        ("外注したい", "rules/outsource"),
        ("アウトソーシング", "rules/outsource"),
        ("不登校", "help/school"),
    ],
)
def test_the_right_document_comes_first(index: Index, question: str, first: str) -> None:
    assert index.search(question)[0].id == first


def test_synonyms_are_nothing_alike_until_they_are_joined() -> None:
    apart = {match.id: match.score for match in Index(DOCUMENTS).search("外注")}
    joined = Index(DOCUMENTS, SYNONYMS).search("外注")

    assert joined[0].score > apart["rules/outsource"]


def test_a_match_quotes_the_nearest_sentence(index: Index) -> None:
    assert index.search("夜に電話できますか")[0].sentence == "夜も電話ができる。"
    assert index.search("友だちがいません")[0].sentence == "友だちがいない"
    assert index.search("夜の電話", limit=1)[0].id == "help/school"


def test_a_question_covered_whole_beats_one_covered_in_part() -> None:
    documents = (
        Document("part", ("研修を開く", "広報をする")),
        Document("whole", ("研修を開いて広報をする",)),
        Document("none", ("報告を出す",)),
    )
    found = [match.id for match in Index(documents).search("広報の研修")]

    assert set(found[:2]) == {"part", "whole"}
    assert found[2] == "none"


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    documents = (
        Document("common", ("相談の窓口",)),
        Document("rare", ("相談の日程",)),
        Document("other", ("窓口の電話",)),
        Document("another", ("窓口の地図",)),
    )

    assert Index(documents).search("窓口の日程")[0].id == "rare"


def test_people_ask_and_documents_state() -> None:
    documents = (Document("stated", (), ("研修を開く",)), Document("asked", ("研修を開く",)))

    assert [match.id for match in Index(documents).search("研修を開く")] == ["asked", "stated"]


def test_ties_stand_in_the_order_of_the_documents() -> None:
    same = tuple(Document(name, ("報告書を出す",)) for name in ("c", "a", "b"))

    assert [match.id for match in Index(same).search("報告書")] == ["c", "a", "b"]
    assert [match.id for match in Index(same).search("まったく別のこと")] == ["c", "a", "b"]


def test_the_same_question_has_the_same_answer(index: Index) -> None:
    again = Index(DOCUMENTS, SYNONYMS)

    assert index.search("委託の報告") == index.search("委託の報告") == again.search("委託の報告")


def test_at_most_so_many_are_found(index: Index) -> None:
    assert len(index.search("相談", limit=2)) == 2
    assert len(index.search("相談", limit=100)) == len(DOCUMENTS)
    assert index.search("相談", limit=0) == []


def test_only_what_is_allowed_is_found(index: Index) -> None:
    found = index.search("NPOに委託できますか", 10, lambda name: name.startswith("help/"))

    assert {match.id for match in found} == {"help/lonely", "help/move", "help/school"}
    assert index.search("委託", 10, lambda _: False) == []


@pytest.mark.parametrize("question", ["", "  ", "？！", "👍"])
def test_a_question_without_words_finds_nothing(index: Index, question: str) -> None:
    assert index.search(question) == []
    assert set(index.rank(question).of("rules/").values()) == {0.0}


def test_an_empty_index_finds_nothing() -> None:
    assert Index(()).search("委託") == []
    assert Index(()).rank("委託").of("rules/") == {}


def test_a_question_nobody_has_words_for_scores_low(index: Index) -> None:
    unknown = index.search("ZQXWV")[0].score

    assert unknown < index.search("NPOに委託できますか")[0].score / 2


def test_a_question_may_come_split(index: Index) -> None:
    assert index.search(words("委託できますか")) == index.search("委託できますか")


def test_scores_are_told_for_all_documents_that_begin_so(index: Index) -> None:
    ranking = index.rank("委託できますか")
    scores = ranking.of("rules/")

    assert list(scores) == ["rules/outsource", "rules/money", "rules/report"]
    assert scores == ranking.of("rules/")
    assert max(scores, key=lambda name: scores[name]) == "rules/outsource"
    assert ranking.of("nothing/") == {}


def test_words_used_alike_are_near(meaning_index: Index) -> None:
    alone = Index(DOCUMENTS).rank("孤独").of("help/")
    meant = meaning_index.rank("孤独").of("help/")

    assert max(meant, key=lambda name: meant[name]) == "help/lonely"
    assert meant["help/lonely"] - meant["help/move"] > alone["help/lonely"] - alone["help/move"]


def test_words_without_vectors_are_found_all_the_same(meaning_index: Index) -> None:
    assert meaning_index.search("報告書")[0].id == "rules/report"


BUILT = (Index(DOCUMENTS), Index(DOCUMENTS, vectors=FakeVectors()))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_scores_lie_between_0_and_1_best_first(text: str) -> None:
    for index in BUILT:
        scores = [match.score for match in index.search(text)]

        assert all(0 < score <= 1 for score in scores)
        assert scores == sorted(scores, reverse=True)


@pytest.fixture(scope="module")
def clauses() -> Index:
    entries = load().guideline.clauses
    return Index(Document(c.id, (c.title, *c.asks), (c.text,)) for c in entries)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("再委託ではなく、委託の相手になれない団体", "guideline/2-2"),
        ("中間支援の活動", "guideline/3-2-8"),
        ("市町村の後方支援", "guideline/3-2-9"),
    ],
)
def test_the_curated_clauses_are_found(clauses: Index, question: str, first: str) -> None:
    assert clauses.search(question)[0].id == first
