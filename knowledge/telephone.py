"""Telephone numbers in a running text, as one dials them: 0570 keeps its zero."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from knowledge.checks.windows import is_phone

_DASH: Final = re.compile(r"(?<=[\d)])\s?[-‐‑‒–—―−ー]\s?(?=[\d(])")
_NUMBER: Final = re.compile(
    r"""
    (?<![\d#@.-]) (?:
      \(0\d{1,4}\)\s?\d{1,4}-\d{3,4} | 0\d{1,4}\s?\(\d{1,4}\)\s?\d{3,4}
      | 0\d{1,4}-\d{1,4}-\d{3,4} | 0\d{1,3}\s\d{2,4}\s\d{3,4} | 0\d{9,10} | \#\d{4}
      | (?:110|118|119|171|188|189)(?=番(?!地|号|の家))
    ) (?!-?\d)
    """,
    re.VERBOSE,
)
_FAX: Final = re.compile(
    r"(?<!電話)(?<!電話[・/、&兼(])(?<!tel)(?<!tel[・/、&兼(])"
    r"(?:fax|ファ?ッ?クス|ファクシミリ)(?:番号)?[\s:は()・]*$",
    re.IGNORECASE,
)
"""Says that what follows is a fax; one for both (電話・FAX) can be called."""
_BEFORE: Final = 20
_NO_DIGIT: Final = re.compile(r"[^\d#]+")


def telephone_numbers(text: str) -> tuple[str, ...]:
    """Every number that can be dialled in Japan, each once, in the order of the text."""
    return tuple(dict.fromkeys(_found(text)))


def _found(text: str) -> Iterator[str]:
    plain = _DASH.sub("-", unicodedata.normalize("NFKC", text))
    for match in _NUMBER.finditer(plain):
        number = _NO_DIGIT.sub("-", match.group()).strip("-")
        before = plain[max(match.start() - _BEFORE, 0) : match.start()]
        if is_phone(number) and not _FAX.search(before):
            yield number
