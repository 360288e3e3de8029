"""The entry of a FAQ that answers a question, on a small invented FAQ."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shelf import FolderShelf
from knowledge import faq_index
from knowledge.faq import Question
from knowledge.faq_index import FaqIndex
from tests.knowledge.meanings import FakeVectors

FAQ = (
    Question("1", "住民票の写しはどこで取れますか", "市民課の窓口です。手数料は300円です。"),
    Question("2", "引っ越しの届け出", "転入の日から14日以内に届け出てください。"),
    Question("3", "犬を飼いたい", "登録が要ります。注射も毎年受けさせてください。"),
    Question("4", "授業料の免除", "学校にご相談ください。"),
    Question("5", "How do I sort garbage?", "Burnable garbage goes out on Tuesdays."),
    Question("6", "？", "！"),
)


@pytest.fixture(scope="module")
def index() -> FaqIndex:
    return FaqIndex(FAQ, FakeVectors())


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("住民票がほしい", "1"),
        ("手数料はいくら", "1"),
        ("引越したので届けたい", "2"),
        ("ペットの注射", "3"),
        ("garbage sorting", "5"),
        ("費用の免除", "4"),
    ],
)
def test_the_right_entry_comes_first(index: FaqIndex, question: str, first: str) -> None:
    assert index.search(question)[0].id == first


def test_a_word_finds_the_words_that_mean_nearly_the_same(index: FaqIndex) -> None:
    vectors = FakeVectors((("犬", "猫"), ("転入", "転居")))

    assert FaqIndex(FAQ, vectors).search("猫")[0].id == "3"
    assert index.search("猫") == []


def test_a_word_that_no_entry_has_can_be_near_one(index: FaqIndex) -> None:
    assert index.search("学校の勉強")[0].id == "4"
    assert index.search("授業")[0].score > index.search("勉強の授業")[0].score / 2


def test_only_so_many_are_compared_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faq_index, "CANDIDATES", 2)

    found = FaqIndex(FAQ, FakeVectors()).search("届け出と窓口と登録と学校")

    assert len(found) == 2


@pytest.mark.parametrize("question", ["", "？", "ぴよぴよぽん", "👍"])
def test_a_question_without_known_words_finds_nothing(index: FaqIndex, question: str) -> None:
    assert index.search(question) == []


def test_an_empty_faq_finds_nothing() -> None:
    assert FaqIndex((), FakeVectors()).search("住民票") == []


def test_at_most_so_many_are_told(index: FaqIndex) -> None:
    assert len(index.search("届け出の窓口の登録", limit=1)) == 1


def test_a_kept_faq_answers_the_same(tmp_path: Path, index: FaqIndex) -> None:
    for _ in range(2):
        kept = FaqIndex(FAQ, FakeVectors(), FolderShelf(tmp_path))

        assert kept.search("手数料はいくら") == index.search("手数料はいくら")
    assert len(list(tmp_path.iterdir())) == 1


BUILT = FaqIndex(FAQ, FakeVectors())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_scores_lie_between_0_and_1_best_first(text: str) -> None:
    scores = [match.score for match in BUILT.search(text)]

    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
