"""The kinds of danger."""

from enum import StrEnum
from typing import Final


class DangerKind(StrEnum):
    """The kinds of danger; of several in one message the first in this order decides."""

    OVERDOSE = "overdose"
    MEDICAL = "medical"
    CHILD_ABUSE_NOW = "child-abuse-now"
    VIOLENCE_NOW = "violence-now"
    SUICIDE = "suicide"
    SELF_HARM = "self-harm"
    THIRD_PARTY = "third-party"


KINDS: Final = tuple(DangerKind)
