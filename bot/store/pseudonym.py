"""Who asked, without saying who: a keyed pseudonym in place of a conversation's key."""

import hashlib
import hmac
from typing import Final

_LENGTH: Final = 32
"""Hexadecimal digits kept, 128 bits: no two conversations meet by chance."""


def pseudonym_of(conversation: str, key: str) -> str:
    """HMAC-SHA256 of a conversation's key such as ``telegram:42``: 32 hexadecimal digits.

    Chat ids are short numbers: without a secret key anybody could hash them all and look up who
    is who. With another key every pseudonym is another one. A key of several lines is a chain,
    the oldest first: each is laid over the pseudonym that the one before it made, so a database
    whose key was changed is read on, and no former key tells anything by itself (ADR 24).

    Raises:
        ValueError: the key is empty.
    """
    keys = key.split("\n")
    if not all(keys):
        message = "the pseudonym key is empty"
        raise ValueError(message)
    said = conversation
    for one in keys:
        # surrogatepass: a channel may hand over any string, and it must count as one conversation.
        secret, text = (word.encode("utf-8", "surrogatepass") for word in (one, said))
        said = hmac.new(secret, text, hashlib.sha256).hexdigest()[:_LENGTH]
    return said
