"""Curated words stand in the patterns, and nothing of the pattern is in the words."""

import re

import pytest

from handlers import redact_names, redact_places, redact_words
from handlers.redact_words import with_words
from knowledge.redaction import load_redaction

SLOT = re.compile("⟨([^⟩]*)⟩")
PATTERNS = (
    redact_names.PATTERN,
    redact_places.BUILDING,
    redact_places.SCHOOL,
    redact_places.WORKPLACE,
)


def test_a_list_stands_where_it_is_named_one_word_or_another() -> None:
    jobs = load_redaction()["jobs"]

    filled = with_words("(?:⟨jobs⟩)は")
    assert filled == f"(?:{'|'.join(jobs)})は"
    assert all(re.fullmatch(filled, f"{job}は") for job in jobs)


def test_a_sign_in_a_word_is_no_sign_of_the_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact_words, "_lists", lambda: {"kin": ("a.b c", "#")})

    filled = re.compile(with_words("⟨kin⟩"), re.VERBOSE)
    assert [bool(filled.fullmatch(text)) for text in ("a.b c", "#", "axb c", "a.bc")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_every_list_is_used_and_every_one_used_is_there() -> None:
    used = {name for pattern in PATTERNS for name in SLOT.findall(pattern)}

    assert used == set(load_redaction())
    assert all(not SLOT.search(with_words(pattern)) for pattern in PATTERNS)


def test_a_list_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        with_words("⟨nobody⟩")
