"""What happens to a message before anything reads it."""

import re
import unicodedata
from typing import Final

LIMIT: Final = 1000
"""Characters read at once. People in distress write at length; the check for danger reads on."""
NOISE_LENGTH: Final = 3
"""A letter said oftener than this is no word."""
READ_FOR_DANGER: Final = 8000
"""Characters the check for danger reads even of a message that is too long to answer."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES: Final = re.compile(r"[ \t\u3000\u00a0]+")


def tidy(text: str) -> str:
    """Remove invisible characters and surplus spaces; line ends stay."""
    kept = "".join(
        character
        for character in text[:READ_FOR_DANGER]
        if character == "\n" or unicodedata.category(character) not in _INVISIBLE
    )
    return _SPACES.sub(" ", kept).strip()


def is_noise(folded: str) -> bool:
    """Whether a folded message has no words: nothing, one letter, or one letter over and over.

    #9999 is a number people call.
    """
    over_and_over = len(folded) > NOISE_LENGTH and len(set(folded)) == 1
    return len(folded) <= 1 or (over_and_over and not folded.isdecimal())


def is_too_long(text: str) -> bool:
    """Whether a message is longer than is read at once."""
    return len(text) > LIMIT
