"""The commands that any channel may offer, and the choice each of them takes."""

from collections.abc import Mapping
from typing import Final

from handlers.checklists import MENU as CHECKLISTS
from handlers.membership import CHANGES, INVITE, JOIN, LEAVE
from handlers.owner_desk import OWNERS
from handlers.program_lists import MENU as PROGRAMS
from handlers.review import REVIEW
from handlers.rules import CONTENTS

COMMANDS: Final[Mapping[str, str]] = {
    "rules": CONTENTS,
    "programs": PROGRAMS,
    "checklists": CHECKLISTS,
    "changes": CHANGES,
    "invite": INVITE,
    "join": JOIN,
    "leave": LEAVE,
    "owners": OWNERS,
    "review": REVIEW,
}
"""Name of the command → id of the choice."""
WITH_WORDS: Final = frozenset([INVITE, JOIN])
"""Choices that take the words after their command; after others, words are a question."""
