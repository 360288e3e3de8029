"""A new window begins with what is known; what is not is empty, and found by the check."""

from pathlib import Path

import pytest

from knowledge.findings import KnowledgeError
from knowledge.new_window import new_window
from knowledge.typed import read_entry

FILE = Path("windows/21-gifu.yaml")


def test_what_is_known_stands_in_it() -> None:
    text = new_window(
        topics=["dv", "women"], area="岐阜県", languages=["pt", "ja-easy"], asks=['"夜": # だけ']
    )
    for field, value in (("id: window/", "new"), ('name: ""', "あ"), ('operator: ""', "い")):
        text = text.replace(field, f"{field.replace(chr(34) * 2, '')}{value}", 1)
    text = text.replace('value: ""', 'value: "110"').replace('title: ""', "title: 頁")
    text = text.replace('assured: ""', 'assured: "2026-11-21"').replace('by: ""', "by: 甲")
    entry = read_entry(text, FILE)

    assert (entry.id, entry.title) == ("window/new", "あ")
    assert entry.asks == ('"夜": # だけ',)
    assert entry.model_dump()["languages"] == ("ja", "pt")
    assert entry.model_dump()["area"] == "岐阜県"


def test_what_is_not_known_is_found_missing() -> None:
    with pytest.raises(KnowledgeError) as error:
        read_entry(new_window(), FILE)

    keys = {finding.values.get("key") for finding in error.value.findings}
    assert {"name", "operator", "topics", "area", "assured", "assured_by"} <= keys
