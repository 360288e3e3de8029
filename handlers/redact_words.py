"""Puts the curated word lists into the patterns by which personal data is found."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from knowledge.redaction import load_redaction

_SLOT: Final = re.compile("⟨([a-z_]+)⟩")


def with_words(pattern: str) -> str:
    """The pattern with every ⟨list⟩ replaced by its words, one or the other: 娘|息子.

    Raises:
        KnowledgeError: the lists are broken.
        KeyError: there is no such list: a mistake in the program.
    """
    return _SLOT.sub(lambda slot: "|".join(map(re.escape, _lists()[slot[1]])), pattern)


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    """The program's own, not those that staff edit: what is kept never depends on an edit."""
    return load_redaction()
