"""Why an entry got its score."""

import pytest

from knowledge.search import Document, Index
from knowledge.why import why
from tests.knowledge.meanings import FakeVectors

DOCUMENTS = (
    Document("rules/outsource", ("NPOに委託できますか", "仕事を外に頼みたい")),
    Document("rules/money", ("交付金の目的は何ですか",)),
    Document("help/lonely", ("寂しいときに話せるところ", "友だちがいない")),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(DOCUMENTS, {"外注": "委託"}, FakeVectors())


def test_the_nearest_ask_and_the_words_in_common_are_told(index: Index) -> None:
    found = why(index.rank("NPOに外注できますか"), "rules/outsource")

    assert found.nearest[0] == "NPOに委託できますか"
    assert found.words == {"npo": found.words["npo"], "委託": found.words["委託"]}
    assert set(found.ways) == {"words", "sounds", "letters", "meaning"}
    assert found.score == index.search("NPOに外注できますか")[0].score


def test_asks_speak_for_their_own_entry_and_against_others(index: Index) -> None:
    ranking = index.rank("NPOに委託できますか")
    _, own = why(ranking, "rules/outsource").learned
    _, other = why(ranking, "rules/money").learned

    assert own[0][0] == "NPOに委託できますか"
    assert own[0][1] > 0
    assert dict(other)["NPOに委託できますか"] < 0


def test_without_vectors_meaning_says_nothing() -> None:
    found = why(Index(DOCUMENTS).rank("孤独"), "help/lonely")

    assert set(found.ways) == {"words", "sounds", "letters"}
    assert found.words == {}
