"""Nobody can tell from the log who asked."""

import hashlib

import pytest

from bot.store.pseudonym import pseudonym_of

KEY, OTHER = "k" * 32, "l" * 32


def test_same_conversation_has_the_same_pseudonym():
    assert pseudonym_of("telegram:42", KEY) == pseudonym_of("telegram:42", KEY)


def test_pseudonym_is_32_hexadecimal_digits():
    pseudonym = pseudonym_of("telegram:42", KEY)

    assert len(pseudonym) == 32
    assert set(pseudonym) <= set("0123456789abcdef")


def test_other_conversation_has_another_pseudonym():
    assert pseudonym_of("telegram:42", KEY) != pseudonym_of("telegram:43", KEY)


def test_other_key_gives_another_pseudonym():
    assert pseudonym_of("telegram:42", KEY) != pseudonym_of("telegram:42", OTHER)


@pytest.mark.parametrize("digest", ["sha256", "sha1", "md5", "sha512"])
@pytest.mark.parametrize("joined", ["telegram:42", f"{KEY}telegram:42", f"telegram:42{KEY}"])
def test_a_plain_hash_does_not_find_the_conversation(digest, joined):
    """Chat ids are short: whoever can hash them all must still not find one."""
    plain = hashlib.new(digest, joined.encode()).hexdigest()

    assert plain[:32] != pseudonym_of("telegram:42", KEY)


def test_the_key_may_not_be_empty():
    with pytest.raises(ValueError, match="key is empty"):
        pseudonym_of("telegram:42", "")


def test_any_string_has_a_pseudonym():
    assert pseudonym_of("web:\ud800", KEY) != pseudonym_of("web:\ud801", KEY)
