"""What is sealed can be read with the same key only, and as being about the same thing."""

import pytest

from bot.store.sealing import Seal

KEY = "k" * 32
WORDS = "だれにも言わないで"


def test_what_was_sealed_is_read_back() -> None:
    assert Seal(KEY, "post").unseal(Seal(KEY, "post").seal(WORDS, "update 7"), "update 7") == WORDS


def test_nothing_of_it_can_be_seen_and_no_two_look_alike() -> None:
    seal = Seal(KEY, "post")
    assert seal.seal(WORDS, "update 7") != seal.seal(WORDS, "update 7")
    assert WORDS not in seal.seal(WORDS, "update 7")


@pytest.mark.parametrize(
    ("key", "purpose", "about"),
    [("x" * 32, "post", "update 7"), (KEY, "other", "update 7"), (KEY, "post", "update 8")],
)
def test_with_another_key_purpose_or_thing_it_stays_shut(
    key: str, purpose: str, about: str
) -> None:
    assert Seal(key, purpose).unseal(Seal(KEY, "post").seal(WORDS, "update 7"), about) is None


@pytest.mark.parametrize("sealed", ["", "AAAA", "?", "あ", "A" * 80])
def test_what_somebody_changed_stays_shut(sealed: str) -> None:
    assert Seal(KEY, "post").unseal(sealed, "update 7") is None


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(ValueError, match="empty"):
        Seal("", "post")
