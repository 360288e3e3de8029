"""What a sentence names exactly, all in one reading."""

from pathlib import Path

import pytest

from knowledge.needs import NeedReader
from knowledge.places import Gazetteer
from knowledge.references import References
from knowledge.slots import Slots, Understanding
from knowledge.vocabulary import Activity, Need, Topic
from tests.knowledge.lists import WORDS, load_from


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    return Understanding(
        Gazetteer(), load_from(tmp_path_factory.mktemp("data")), NeedReader.load()
    )


def test_everything_is_read_at_once(understanding: Understanding) -> None:
    slots = understanding.slots("山梨の研修でSNSを再委託できる？ 無料で。R6、3(2)⑤、法第11条")

    assert slots.prefectures == ("山梨県",)
    assert slots.surfaces == ("山梨",)
    assert slots.references == References(("guideline/3-2-5",), (11,), ("R6",))
    assert slots.needs == (Need.FREE,)
    assert slots.activities == (Activity.TRAINING,)
    assert slots.facets == ("SNS",)
    assert slots.again
    assert slots.language == "ja"


def test_topics_are_read_in_any_inflection_heaviest_first(understanding: Understanding) -> None:
    slots = understanding.slots("眠れません。食べ物もない")

    assert list(slots.topics) == [Topic.MENTAL_HEALTH, Topic.POVERTY]


def test_a_program_is_asked_for(understanding: Understanding) -> None:
    assert understanding.slots("山梨の取組").asks_program
    assert not understanding.slots("山梨の窓口").asks_program


@pytest.mark.parametrize(
    ("text", "prefectures", "ambiguous"),
    [
        ("和歌山じゃなくて富山", ("富山県",), ()),
        ("大阪以外で", (), ()),
        ("長野と岐阜、長野", ("長野県", "岐阜県"), ()),
        ("札幌から甲府に", ("北海道", "山梨県"), ()),
        ("府中です", (), ("広島県", "東京都")),
        ("府中です。広島の", ("広島県",), ()),
        ("広島の府中", ("広島県",), ()),
        ("府中じゃなくて伊達", (), ("北海道", "福島県")),
        ("山口さん", (), ()),
        ("", (), ()),
    ],
)
def test_prefectures_are_certain_or_asked_back(
    understanding: Understanding,
    text: str,
    prefectures: tuple[str, ...],
    ambiguous: tuple[str, ...],
) -> None:
    slots = understanding.slots(text)

    assert slots.prefectures == prefectures
    assert slots.ambiguous == ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "再委託",
        "再々委託は？",
        "さいいたく",
        "また貸しみたいな形",
        "Can we SUBCONTRACT?",
        "孫請け",
    ],
)
def test_outsourcing_again_is_not_outsourcing(understanding: Understanding, text: str) -> None:
    assert understanding.slots(text).again


@pytest.mark.parametrize("text", ["委託", "再度、委託する", "outsourcing"])
def test_outsourcing_is_not_outsourcing_again(understanding: Understanding, text: str) -> None:
    assert not understanding.slots(text).again


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("さみしいです", "ja"),
        ("サミシイ", "ja"),
        ("相談窓口", "ja"),
        ("助けて please", "ja"),
        ("Please HELP me", "en"),
        ("Where should one go", "en"),
        ("Preciso de ajuda", "pt"),
        ("我想死", "zh"),
        ("도와주세요", "ko"),
        ("ช่วยด้วย", "th"),
        ("मलाई मद्दत चाहिन्छ", "ne"),
        ("NPO", "ja"),
        ("110", "ja"),
        ("👍", "ja"),
        ("", "ja"),
    ],
)
def test_the_language_is_that_of_the_letters_then_of_the_words(
    understanding: Understanding, text: str, language: str
) -> None:
    assert understanding.slots(text).language == language
    assert understanding.spoken(text).language == language


def test_without_word_lists_latin_letters_are_english_and_kanji_japanese(tmp_path: Path) -> None:
    start, end = WORDS.index("languages:"), WORDS.index("activities:")
    lexicon = load_from(tmp_path, f"{WORDS[:start]}languages: {{}}\n{WORDS[end:]}")
    understanding = Understanding(Gazetteer(), lexicon, NeedReader.load())

    assert understanding.slots("Preciso de ajuda").language == "en"
    assert understanding.slots("我想死").language == "ja"


def test_in_danger_only_the_language_and_certain_places_are_read(
    understanding: Understanding,
) -> None:
    assert understanding.spoken("札幌です。眠れない 3(2)") == Slots(prefectures=("北海道",))
    assert understanding.spoken("府中です") == Slots()


def test_slots_are_told_as_plain_values_and_what_is_empty_is_left_out() -> None:
    assert Slots().plain() == {}
    assert Slots(
        prefectures=("山梨県",),
        references=References(("guideline/4-3",), (11,), ("R6",)),
        topics={Topic.POVERTY: 3.0},
        needs=(Need.FREE,),
        activities=(Activity.SURVEY,),
        facets=("SNS",),
        again=True,
        language="pt",
    ).plain() == {
        "prefectures": ["山梨県"],
        "clauses": ["guideline/4-3"],
        "articles": [11],
        "years": ["R6"],
        "topics": ["poverty"],
        "needs": ["free"],
        "activities": ["survey"],
        "facets": ["SNS"],
        "again": True,
        "language": "pt",
    }
    assert Slots(ambiguous=("広島県", "東京都")).plain() == {"ambiguous": ["広島県", "東京都"]}
