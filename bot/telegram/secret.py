"""The secret of the webhook, compared in a time that tells nothing of it."""

import hmac


class SteadySecret(str):
    """A text that is compared in constant time.

    python-telegram-bot compares the header with ``!=``, which stops at the first letter that
    differs: with patience, the time of the refusal tells a secret letter by letter. Python asks
    the operand of the narrower class first, so this one decides whatever stands on the left.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether the other is the same text."""
        return isinstance(other, str) and hmac.compare_digest(_bytes(self), _bytes(other))

    def __ne__(self, other: object) -> bool:
        """Whether it is not."""
        return not self == other

    __hash__ = str.__hash__


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
