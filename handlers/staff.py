"""What staff do with what could not be answered: who may what, and how a group ends."""

from enum import StrEnum
from typing import Final


class StaffRole(StrEnum):
    """What an account may do; each may what the one before may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"

    def may(self, wanted: "StaffRole") -> bool:
        """Whether this role may do what another one may."""
        order = list(StaffRole)
        return order.index(self) >= order.index(wanted)


class GroupState(StrEnum):
    """Where a group of unanswered questions stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """How a group was resolved."""

    COVERED_BY = "covered_by"
    NEEDS_ENTRY = "needs_entry"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_A_QUESTION = "not_a_question"


class EditState(StrEnum):
    """Where an edit of an entry stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    UNDONE = "undone"
    DISCARDED = "discarded"


PEOPLE: Final = 3
"""So many different people must have asked alike before staff may read what they wrote."""
SMALL: Final = 5
"""Counts of fewer people than this leave the console only as «fewer than»."""
