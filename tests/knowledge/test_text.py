"""Text as it is stored, compared and split into words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import (
    Lemma,
    Sentence,
    clean,
    ends_inflected,
    fold,
    hiragana,
    lemmas,
    tokenizer,
    without_space,
    words,
)

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_kangxi_radicals_are_stored_as_ordinary_kanji() -> None:
    assert clean("費⽤を⾒る") == "費用を見る"


@pytest.mark.parametrize("sign", ["⑦", "（２）", "ＤＶ", "ﾄﾔﾏ", "㈱", "１", "　", "\n"])
def test_what_nfkc_would_change_survives_cleaning(sign: str) -> None:
    assert unicodedata.normalize("NFKC", sign) != sign or sign == "\n"
    assert clean(f"前{sign}後") == f"前{sign}後"


@given(ANY_TEXT)
def test_cleaning_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(clean(text)) == len(text)
    assert clean(clean(text)) == clean(text)


def test_layout_is_taken_out_for_comparing_with_a_source() -> None:
    assert without_space(" ３\u3000事業\n 内容\t（１）") == "３事業内容（１）"


def test_katakana_becomes_hiragana_and_nothing_else_changes() -> None:
    assert hiragana("トヤマ県のヴィ、ー・ABC漢字") == "とやま県のゔぃ、ー・ABC漢字"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＤＶ", "dv"),
        ("ｶﾞｰﾃﾞﾝ", "がーでん"),
        ("４（３）", "43"),
        ("⑦ を、見せて！", "7を見せて"),
        ("死_に_た　い…", "死にたい"),
        ("👍 ", ""),
        ("", ""),
    ],
)
def test_texts_are_compared_without_width_case_kana_and_signs(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_spaces_and_signs_around_a_text_change_nothing(text: str) -> None:
    assert fold(f" 「{text}」、\n") == fold(text)


def test_the_analyser_is_made_once() -> None:
    assert tokenizer() is tokenizer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("さみしい", "寂しい"),
        ("引っ越し", "引越し"),
        ("ひきこもり", "引きこもり"),
        ("ＮＰＯ", "npo"),
    ],
)
def test_spellings_of_a_word_have_one_form(one: str, other: str) -> None:
    assert words(one).forms == words(other).forms


def test_particles_auxiliaries_and_signs_are_no_words() -> None:
    assert words("NPOに、委託できますか？").forms == ("npo", "委託")


def test_the_reading_is_that_of_the_whole_sentence() -> None:
    assert words("交付金の目的は？").reading == "こうふきんのもくてきは"
    assert words("さみしい ﾄﾔﾏ").reading == "さみしいとやま"


def test_english_words_lose_their_endings_and_function_words_are_dropped() -> None:
    english = words("Can we outsource the Project?")

    assert english.forms == ("outsourc", "project")
    assert english.reading == "canweoutsourcetheproject"


@pytest.mark.parametrize("text", ["", "  ", "、。！", "…"])
def test_signs_alone_say_nothing(text: str) -> None:
    assert words(text) == words("")
    assert words(text).forms == ()
    assert words(text).reading == ""
    assert lemmas(text) == ()


@pytest.mark.parametrize("text", ["眠れない", "眠れません", "眠れなかった", "眠れなくて"])
def test_an_inflected_word_is_one_lemma(text: str) -> None:
    assert lemmas(text) == (Lemma("眠る", negated=True, inflected=True),)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("歩いている", ["歩く"]),
        ("歩いて、いる", ["歩く", "居る"]),
        ("相談する", ["相談"]),
        ("お金がない", ["御", "金", "無い"]),
        ("ない", ["無い"]),
        ("ずっと", ["ずっと"]),
    ],
)
def test_lemmas_are_the_words_that_carry_meaning(text: str, forms: list[str]) -> None:
    assert [lemma.form for lemma in lemmas(text)] == forms


def test_a_negation_belongs_to_the_word_before_it() -> None:
    eaten, slept = lemmas("食べたけど眠れない")

    assert (eaten.form, eaten.negated) == ("食べる", False)
    assert (slept.form, slept.negated) == ("眠る", True)


@pytest.mark.parametrize("text", ["眠れない", "お金がない", "死にたい", "さみしい", "食べた"])
def test_a_phrase_ends_in_a_whole_inflected_word(text: str) -> None:
    assert ends_inflected(text)


@pytest.mark.parametrize("text", ["", "電話はでき", "相談窓口", "電話で", "眠れなくて"])
def test_a_phrase_does_not_end_in_an_inflected_word(text: str) -> None:
    assert not ends_inflected(text)


@given(ANY_TEXT)
def test_any_text_can_be_split(text: str) -> None:
    assert words(text) == words(text)
    assert all(lemma.form for lemma in lemmas(text))


def test_a_sentence_is_split_into_words_once_however_many_look_at_it() -> None:
    sentence = Sentence("東京駅で眠れません")
    assert sentence.words is sentence.words
    assert [m.surface() for m in sentence.morphemes][:1] == ["東京駅"]
    assert [m.surface() for m in sentence.parts][:2] == ["東京", "駅"]
    assert Sentence.of(sentence) is sentence
    assert Sentence.of("眠れません").lemmas == sentence.lemmas[2:]
