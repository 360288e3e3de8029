"""Who asked, without saying who: a keyed pseudonym in place of a conversation's key."""

import hashlib
import hmac
from typing import Final

_LENGTH: Final = 32
"""Hexadecimal digits kept, 128 bits: no two conversations meet by chance."""


def pseudonym_of(conversation: str, key: str) -> str:
    """HMAC-SHA256 of a conversation's key such as ``telegram:42``: 32 hexadecimal digits.

    Chat ids are short numbers: without a secret key anybody could hash them all and look up who
    is who. With another key every pseudonym is another one.

    Raises:
        ValueError: the key is empty.
    """
    if not key:
        message = "the pseudonym key is empty"
        raise ValueError(message)
    # surrogatepass: a channel may hand over any string, and it must count as one conversation.
    secret, said = (text.encode("utf-8", "surrogatepass") for text in (key, conversation))
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:_LENGTH]
