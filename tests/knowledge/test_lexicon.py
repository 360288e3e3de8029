"""By which words people show a topic, a need, an activity; on a small invented list of words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.findings import KnowledgeError
from knowledge.lexicon import Lexicon
from knowledge.text import fold, lemmas, words
from knowledge.vocabulary import Activity, Need, Topic
from tests.knowledge.lists import SCOPE, WORDS, load_from


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return load_from(tmp_path_factory.mktemp("data"))


Topics = Callable[[str], list[str]]


@pytest.fixture
def topics(lexicon: Lexicon) -> Topics:
    return lambda text: [str(topic) for topic in lexicon.topics(fold(text), lemmas(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("さみしいです", ["loneliness"]),
        ("サミシイ", ["loneliness"]),
        ("お金 が、ない！", ["poverty"]),
        ("家賃が払えず、眠れない", ["mental-health", "poverty"]),
        ("今日はいい天気", []),
        ("", []),
    ],
)
def test_topics_stand_heaviest_first(topics: Topics, text: str, expected: list[str]) -> None:
    assert topics(text) == expected


@pytest.mark.parametrize("text", ["眠れません", "眠れなかった", "ぜんぜん眠れなくて"])
def test_a_phrase_is_found_in_any_inflection(topics: Topics, text: str) -> None:
    assert topics(text) == ["mental-health"]


def test_without_lemmas_a_phrase_is_found_only_as_it_stands(lexicon: Lexicon) -> None:
    assert lexicon.topics(fold("眠れません")) == {}
    assert lexicon.topics(fold("眠れない")) == {Topic.MENTAL_HEALTH: 8.0}


def test_the_negation_of_a_phrase_is_not_the_phrase(topics: Topics) -> None:
    assert topics("よく眠れます") == []
    assert topics("お金がありました") == []


def test_a_single_word_must_settle_its_topic_to_be_found_in_any_inflection(
    topics: Topics,
) -> None:
    assert topics("食べられません") == []
    assert topics("眠れません") == ["mental-health"]


def test_a_word_cut_into_a_bare_not_is_not_found_in_every_not(topics: Topics) -> None:
    assert topics("赤ちゃんの よなき") == ["parenting"]
    assert topics("赤ちゃんが無くて") == []


def test_a_strong_phrase_counts_twice(lexicon: Lexicon) -> None:
    assert lexicon.topics(fold("家賃")) == {Topic.POVERTY: 4.0}
    assert lexicon.topics(fold("食べ物")) == {Topic.POVERTY: 3.0}


def test_a_phrase_within_a_longer_one_counts_once(lexicon: Lexicon) -> None:
    assert lexicon.topics(fold("話し相手がいない")) == {
        Topic.LONELINESS: float(len("話し相手") + len("相手がいない")),
    }
    assert lexicon.topics(fold("お金がない"))[Topic.POVERTY] == 5.0


def test_a_phrase_of_signs_alone_is_nowhere(topics: Topics) -> None:
    assert "！？" in WORDS
    assert topics("！？") == topics("今日はいい天気！？") == []


def test_needs_are_read(lexicon: Lexicon) -> None:
    text = "深夜に無料で話せますか"

    assert lexicon.needs(fold(text), lemmas(text)) == (Need.NIGHT, Need.FREE)
    assert lexicon.needs(fold("昼に有料で")) == ()


def test_a_need_is_found_in_any_inflection(lexicon: Lexicon) -> None:
    text = "お金がかかりませんか"

    assert lexicon.needs(fold(text), lemmas(text)) == (Need.FREE,)


def test_activities_are_read_in_the_guidelines_order(lexicon: Lexicon) -> None:
    assert lexicon.activities(fold("研修とアンケート")) == (Activity.SURVEY, Activity.TRAINING)


@pytest.mark.parametrize("text", ["SNSで", "ｓｎｓ", "インスタに載せる", "エックス"])
def test_a_facet_is_named_by_itself_or_another_word(lexicon: Lexicon, text: str) -> None:
    assert lexicon.facets(fold(text)) == ("SNS",)


@pytest.mark.parametrize("text", ["山梨の取組", "とりくみは？"])
def test_a_program_is_asked_for(lexicon: Lexicon, text: str) -> None:
    assert lexicon.asks_program(fold(text))
    assert not lexicon.asks_program(fold("山梨の窓口"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("こんにちは！", "greeting"),
        ("ありがとう、助かりました。", "thanks"),
        ("こんにちは、ありがとう、助かりました", "greeting"),
        ("こんにちは、ありがとう、助かりました、こんにちは", None),
        ("こんにちは、委託できますか", None),
        ("委託できますか", None),
        ("", None),
    ],
)
def test_small_talk_is_a_message_that_is_nothing_else(
    lexicon: Lexicon, text: str, kind: str | None
) -> None:
    assert lexicon.smalltalk(fold(text)) == kind


def test_a_message_that_says_only_trouble_is_wordless(lexicon: Lexicon) -> None:
    assert lexicon.wordless(fold("タスケテ…"))
    assert not lexicon.wordless(fold("たすけて、家賃が"))


@pytest.mark.parametrize("word", ["委託", "外注", "アウトソーシング"])
def test_synonyms_are_joined_to_the_first_of_their_group(lexicon: Lexicon, word: str) -> None:
    (form,) = words(word).forms

    assert lexicon.synonyms[form] == "委託"


def test_a_word_without_synonyms_stands_for_itself(lexicon: Lexicon) -> None:
    assert "居場所" not in lexicon.synonyms


def test_the_first_group_a_word_stands_in_counts(lexicon: Lexicon) -> None:
    assert lexicon.synonyms["外注"] == lexicon.synonyms["委託"]
    assert lexicon.synonyms.get("団体", "団体") == "団体"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("補助率は？", "rate"),
        ("国は何割ですか", "rate"),
        ("県の割合は何割ですか", None),
        ("いつまで", "deadline"),
        ("委託できますか", None),
    ],
)
def test_a_subject_outside_the_documents_is_known(
    lexicon: Lexicon, text: str, subject: str | None
) -> None:
    found = lexicon.subject(fold(text))

    assert (found.id if found else None) == subject


@pytest.mark.parametrize(
    ("lists", "scope", "code"),
    [
        (WORDS.replace("poverty:", "money:", 1), SCOPE, "not_in_list"),
        (WORDS.replace("wordless:", "speechless:"), SCOPE, "unknown_key"),
        (WORDS.replace("smalltalk:", "topics:"), SCOPE, "repeated_key"),
        (WORDS, SCOPE.replace("label: 補助率, ", ""), "missing_key"),
    ],
    ids=["unknown topic", "unknown key", "key twice", "no label"],
)
def test_a_broken_list_is_refused(tmp_path: Path, lists: str, scope: str, code: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_from(tmp_path, lists, scope)

    assert code in {finding.code for finding in caught.value.findings}


def test_the_curated_lists_are_sound() -> None:
    lexicon = Lexicon.load()

    assert set(lexicon.file.topics) == set(Topic)
    assert set(lexicon.file.activities) == set(Activity)
    assert set(lexicon.file.needs) == set(Need)
