"""Which topics a sentence sounds like."""

from pathlib import Path

import pytest
import yaml

from knowledge.lexicon import Lexicon
from knowledge.load import DATA, load, read_yaml, shape
from knowledge.needs import NeedReader
from knowledge.places import Gazetteer
from knowledge.slots import UNRELATED, Understanding
from knowledge.text import Sentence, fold
from knowledge.topics import ExampleFile, Taught, TopicModel, lessons
from knowledge.vectors import load_vectors
from knowledge.vocabulary import Topic

ANSWERS = Path(__file__).parents[1] / "answers"
FEW = [
    *(Taught(text, Topic.POVERTY, "example") for text in ("家賃が払えない", "食べるお金がない")),
    *(Taught(text, Topic.LONELINESS, "ask") for text in ("話し相手がいない", "さみしい夜")),
    *(Taught(text, None, "example") for text in ("明日の天気は", "図書館は何時まで")),
]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel(FEW, load_vectors())


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    lexicon = Lexicon.load()
    learned = TopicModel(lessons(load(), lexicon), load_vectors())
    return Understanding(Gazetteer(), lexicon, NeedReader.load(), learned)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("お金が足りず食べられない", Topic.POVERTY),
        ("さみしい よる", Topic.LONELINESS),
        ("あしたの てんき", None),
    ],
)
def test_a_sentence_sounds_like_those_of_its_topic(
    model: TopicModel, text: str, topic: Topic | None
) -> None:
    assert next(iter(model.of(Sentence(text), {}))) is topic


def test_the_phrases_of_a_topic_speak_for_it(model: TopicModel) -> None:
    sentence = Sentence("話し相手がいない")
    without, spoken = model.of(sentence, {}), model.of(sentence, {Topic.POVERTY: 8.0})

    assert spoken.get(Topic.POVERTY, 0.0) > without.get(Topic.POVERTY, 0.0)


def test_a_sentence_of_unknown_letters_leaves_every_topic_open(model: TopicModel) -> None:
    assert max(model.of(Sentence("🙂"), {}).values()) < UNRELATED


def test_every_weight_has_its_reason(model: TopicModel) -> None:
    assert "相手" in model.reasons(Sentence("話し相手"), Topic.LONELINESS)


def test_learning_twice_gives_the_same(model: TopicModel) -> None:
    sentence = Sentence("夜さみしい")
    assert TopicModel(FEW, load_vectors()).of(sentence, {}) == model.of(sentence, {})


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("上の階から毎晩子どもの悲鳴が聞こえる", Topic.CHILD_ABUSE),
        ("給料日まで財布に小銭しかありません", Topic.POVERTY),
        ("おとうさんが なくなって さびしい", Topic.BEREAVEMENT),
        ("彼がスマホを取り上げて返してくれない", Topic.DV),
        ("my landlord wants me out by Friday", Topic.DISAPPEARANCE_OF_HOUSING),
    ],
)
def test_troubles_told_without_their_names_are_understood(
    understanding: Understanding, text: str, topic: Topic
) -> None:
    assert next(iter(understanding.slots(text).likely)) is topic


@pytest.mark.parametrize(
    "text", ["あさっては晴れますか", "ＮＰＯに委託できますか", "0570-000-000", "👍"]
)
def test_what_is_no_trouble_sounds_like_no_topic(understanding: Understanding, text: str) -> None:
    assert understanding.slots(text).likely == {}


def test_examples_are_no_questions_of_the_tests() -> None:
    file = shape(read_yaml(DATA / "examples.yaml"), ExampleFile)
    examples = {fold(text) for texts in (*file.examples.values(), file.none) for text in texts}
    questions = set()
    for path in ANSWERS.glob("*.yaml"):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        questions |= {fold(row["q"]) for row in loaded.get("questions", []) if "q" in row}

    assert set(file.examples) == set(Topic)
    assert not examples & questions
