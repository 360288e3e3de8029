"""Questions that sound alike are found, each pair once, however many there are."""

from collections.abc import Iterable, Sequence

import pytest

from knowledge import alike
from knowledge.alike import Alike, look_alikes

KINDERGARTEN = "しりつようちえんのにゅうえんてつづきについて"


def test_what_sounds_alike_is_noted_on_both_sides_the_most_alike_first() -> None:
    near = KINDERGARTEN.replace("について", "にかんして")
    texts = [KINDERGARTEN, "ごみのひはいつですか", near, KINDERGARTEN]

    kept, pairs = look_alikes(texts)

    assert kept[0][0] == Alike(0, 3, 100)
    assert kept[1] == []
    assert kept[3][0] == Alike(3, 0, 100)
    assert pairs == sum(len(group) for group in kept) // 2


def test_what_cannot_be_read_aloud_is_like_nothing() -> None:
    assert look_alikes(["", "", "あ"]) == ([[], [], []], 0)


def test_no_question_has_no_look_alike() -> None:
    assert look_alikes([]) == ([], 0)


def test_of_very_many_the_most_alike_are_kept_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "KEPT", 2)

    kept, pairs = look_alikes([KINDERGARTEN] * 5)

    assert [len(group) for group in kept] == [2] * 5
    assert pairs == 10


def test_pieces_are_compared_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_CHUNK", 2)
    seen: list[int] = []

    def watch(items: Sequence[int]) -> Iterable[int]:
        for item in items:
            seen.append(item)
            yield item

    kept, pairs = look_alikes([KINDERGARTEN, "あ", "い", "う", KINDERGARTEN], watch)

    assert (kept[0], kept[4], pairs) == ([Alike(0, 4, 100)], [Alike(4, 0, 100)], 1)
    assert seen == [0, 2, 4]
