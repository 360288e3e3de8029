"""Which properties a window has; unknown is not yes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from knowledge.entries import Window
from knowledge.hours import Hours
from knowledge.vocabulary import Channel, Cost, Need, People, Topic

TEXT_CHANNELS: Final = frozenset({Channel.LINE, Channel.WEBCHAT, Channel.SNS, Channel.MAIL})
FILIPINO: Final = {"fil": "tl"}
"""Filipino is Tagalog by another name."""
CHANNEL_NEEDS: Final[Mapping[Need, frozenset[Channel]]] = {
    Need.PHONE: frozenset({Channel.PHONE}),
    Need.LINE: frozenset({Channel.LINE}),
    Need.CHAT: frozenset({Channel.LINE, Channel.WEBCHAT, Channel.SNS}),
    Need.TEXT: TEXT_CHANNELS | {Channel.FAX, Channel.APP},
    Need.MAIL: frozenset({Channel.MAIL}),
    Need.FAX: frozenset({Channel.FAX}),
}
"""Ways to talk, and the channels that offer them."""


def has(window: Window, need: Need, hours: Hours, at: datetime, language: str) -> bool:
    """Whether a window has a property that is asked for; ``language`` is the person's."""
    if need in CHANNEL_NEEDS:
        return any(contact.kind in CHANNEL_NEEDS[need] for contact in window.contacts)
    checks: Mapping[Need, Callable[[], bool]] = {
        Need.OPEN_NOW: lambda: reachable(window) and hours.is_open(at) is True,
        Need.NIGHT: lambda: reachable(window) and _open_at_night(hours, at),
        Need.ALWAYS_OPEN: lambda: reachable(window) and hours.always_open,
        Need.FREE: lambda: window.cost is Cost.FREE,
        Need.ANONYMOUS: lambda: window.anonymous == "yes",
        Need.WOMEN_ONLY: lambda: People.WOMEN in window.people,
        Need.MINORS: lambda: for_children(window),
        Need.FOREIGN_LANGUAGE: lambda: speaks(window, language),
    }
    return checks[need]()


def for_children(window: Window) -> bool:
    """Whether children may turn to it themselves."""
    return People.CHILD in window.people or window.topics[0] is Topic.CHILD_YOUTH


def reachable(window: Window) -> bool:
    """Whether it can be reached itself; some are only pages to look one up."""
    return bool(window.contacts)


def speaks(window: Window, language: str) -> bool:
    """Whether it speaks a language; for somebody who writes Japanese, any other one."""
    others = {FILIPINO.get(code, code) for code in window.languages} - {"ja"}
    return FILIPINO.get(language, language) in others if language != "ja" else bool(others)


def _open_at_night(hours: Hours, at: datetime) -> bool:
    late = at.replace(hour=23, minute=30)
    return hours.is_open(at) is True and hours.is_open(late) is True
