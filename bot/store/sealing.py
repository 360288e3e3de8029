"""Encrypts what lies on disk for moments: what people wrote, and what they are answered."""

import os
from base64 import b64decode, b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE: Final = 12
"""Bytes of the number that is used once, as AES-GCM wants it."""


class Seal:
    """AES-256-GCM under a key of its own, derived from the key of pseudonyms."""

    def __init__(self, key: str, purpose: str) -> None:
        """Another ``key`` or ``purpose`` opens nothing of this one.

        Raises:
            ValueError: the key is empty.
        """
        if not key:
            message = "the key is empty"
            raise ValueError(message)
        derived = HKDF(SHA256(), length=32, salt=None, info=f"tsunagari {purpose}".encode())
        self._cipher = AESGCM(derived.derive(key.encode("utf-8", "surrogatepass")))

    def seal(self, content: str, about: str) -> str:
        """Encrypt; it can only be read back as being about the same thing."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, content.encode(), about.encode())
        return b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str, about: str) -> str | None:
        """What was encrypted; None if the key was another one, or somebody changed it."""
        try:
            data = b64decode(sealed, validate=True)
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):
            return None
