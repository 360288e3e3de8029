"""The model of danger: what it reads, and that training gives the same file again."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.danger.kinds import KINDS
from knowledge.danger.letters import Disguises, letters, plain
from knowledge.danger.model import LONG, MODEL, Model, grams, parts
from knowledge.danger.training import SENTENCES, is_stale, train
from knowledge.load import DATA

SMALL = """
danger:
  suicide: |
    死にたい
    もう死にたい
    とても死にたい
  medical: |
    息をしていない⏎たすけて
    息をしていません
care: |
  さみしい
  とてもさみしい
ordinary:
  daily: |
    ごみの日はいつ
    ごみの日はいつですか
    👍
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / SENTENCES).write_text(SMALL, encoding="utf-8")
    (tmp_path / "crisis.yaml").write_bytes((DATA / "crisis.yaml").read_bytes())
    return tmp_path


def test_training_again_gives_the_file_that_is_there(tmp_path: Path) -> None:
    made = train(DATA)
    made.save(tmp_path)

    with np.load(DATA / MODEL) as kept, np.load(tmp_path / MODEL) as again:
        assert str(kept["grams"]) == str(again["grams"])
        assert str(kept["of"]) == str(again["of"])
        # Another processor adds up in another order; more than a step apart is another model.
        apart = np.abs(kept["weights"].astype(int) - again["weights"].astype(int))
        assert apart.max() <= 1


def test_a_few_sentences_are_enough_to_tell_them_apart(folder: Path) -> None:
    train(folder).save(folder)
    model = Model.load(folder / MODEL)

    assert model.judge("死にたい").danger > 0
    assert model.judge("死にたい").kind == "suicide"
    assert model.judge("息をしていない").kind == "medical"
    assert model.judge("ごみの日はいつ").danger < 0
    assert model.judge("さみしい").care > 0.5
    assert model.judge("さみしい").danger < 0


def test_a_model_of_other_sentences_is_stale(folder: Path) -> None:
    train(folder).save(folder)
    fresh = is_stale(folder)
    (folder / SENTENCES).write_text(SMALL + "    もう一文\n", encoding="utf-8")

    assert not fresh
    assert is_stale(folder)


def test_line_ends_make_no_other_sentences(folder: Path) -> None:
    train(folder).save(folder)
    (folder / SENTENCES).write_bytes(SMALL.replace("\n", "\r\n").encode())

    assert not is_stale(folder)


def test_a_message_with_no_known_gram_is_judged_by_the_prior() -> None:
    model = Model(["=死ぬ"], np.ones((1, 9), dtype=np.float32), np.zeros(9, dtype=np.float32))

    assert model.judge("☀").kind is KINDS[0]


def test_the_strongest_grams_are_those_that_speak_for_the_danger() -> None:
    weights = np.zeros((3, 9), dtype=np.float32)
    weights[0, 2 + KINDS.index("suicide")] = 2
    weights[1, 0] = 3
    model = Model(["死", "に", "た"], weights, np.zeros(9, dtype=np.float32))

    assert model.strongest("死にたい", KINDS[KINDS.index("suicide")], 5) == {"死": 2.0}


def test_grams_are_letters_sounds_and_words() -> None:
    found = grams("死にたい")

    assert {"死に", "^死", "~しに", "=死ぬ", "=死ぬ|たい"} <= found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("短い文。です。", ["短い文。です。"]),
        ("一つだけの長い文" * 10, ["一つだけの長い文" * 10]),
    ],
)
def test_a_short_message_is_read_as_a_whole(text: str, expected: list[str]) -> None:
    assert list(parts(text)) == expected


def test_a_longer_message_is_read_two_sentences_at_a_time_too() -> None:
    text = "これは最初の文です。これは二番目の文です。これは三番目の文です。最後です。"
    text += "もう一つ文があります。"

    assert list(parts(text))[:2] == [text, "これは最初の文です。これは二番目の文です。"]
    assert list(parts(text))[-1] == "もう一つ文があります。"


def test_a_very_long_message_is_read_in_parts_only() -> None:
    text = "これは文です。" * LONG

    assert text not in set(parts(text))


def test_a_very_long_sentence_is_read_all_the_same() -> None:
    text = "あ" * (LONG + 1)

    assert list(parts(text)) == [text]


def test_disguises_are_taken_off() -> None:
    disguises = Disguises({"タヒに": "死に", "💊": "薬"})

    assert disguises.off(plain("ﾀﾋにたい💊")) == "死にたい薬"
    assert Disguises({}).off("ab") == "ab"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("し.に.た.い", "しにたい"),
        ("シニタイーーー", "しにたい"),
        ("死\u200bにたい", "死にたい"),
        ("I  want!to", "i want。to"),
        ("自○したい", "自〇したい"),
        ("死にたいいいいい", "死にたいい"),
    ],
)
def test_letters_are_compared_as_they_sound(text: str, same: str) -> None:
    assert letters(plain(text)) == same
