"""The lists by which personal data is recognised: whole, each word once, longer words first."""

import shutil
from pathlib import Path

import pytest

from knowledge.findings import KnowledgeError
from knowledge.load import DATA
from knowledge.redaction import PREFECTURES, REDACTION, load_redaction


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in (REDACTION, "prefectures.yaml"):
        shutil.copy(DATA / name, tmp_path)
    return tmp_path


def test_prefectures_are_called_as_people_call_them() -> None:
    short = load_redaction()[PREFECTURES]

    assert len(short) == 47
    assert {"北海道", "東京", "京都", "大阪", "神奈川"} <= set(short)
    assert not {"京", "東京都", "大阪府", "青森県"} & set(short)


@pytest.mark.parametrize("name", load_redaction())
def test_a_list_holds_each_word_once_and_longer_ones_before_their_beginnings(name: str) -> None:
    words = load_redaction()[name]

    assert len(set(words)) == len(words) > 0
    hidden = [
        (word, later)
        for place, word in enumerate(words)
        for later in words[place:]
        if later != word and later.startswith(word)
    ]
    assert hidden == []


def test_a_list_that_is_missing_or_unknown_is_named_with_its_file(data: Path) -> None:
    path = data / REDACTION
    text = path.read_text(encoding="utf-8").replace("\nkin:\n", "\nkind:\n")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError) as caught:
        load_redaction(data)
    assert {finding.values["key"] for finding in caught.value.findings} == {"kin", "kind"}
    assert {finding.path for finding in caught.value.findings} == {path}
