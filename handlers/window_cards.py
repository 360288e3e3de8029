"""What the card of one window says: how to reach it, whether it is open now, who says so."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from handlers.messages import Card
from knowledge.attesting import Standing
from knowledge.entries import NATIONWIDE, Window
from knowledge.hours import Hours, State
from knowledge.replies import BASE, EASY, Replies
from knowledge.vocabulary import Channel, Cost, Kind, Need

_WEEK: Final = 7
"""Days after which a weekday alone would mean the one before."""

_JAPANESE: Final = frozenset({BASE, EASY})


class WindowCards:
    """Writes the cards of windows."""

    def __init__(self, replies: Replies) -> None:
        """Take the sentences."""
        self._replies = replies

    def card(  # noqa: PLR0913  what is known of the window, and of who asks
        self,
        window: Window,
        score: float,
        at: datetime,
        language: str,
        *,
        hours: Hours,
        prefecture: str | None,
        standing: Standing,
        has: Sequence[Need] = (),
    ) -> Card:
        """The card of one window; ``prefecture`` is the one it stands in, if any."""
        say = _speaker(self._replies, language)
        state = hours.state(at)
        lines = [
            *self._has(has, say),
            *self._contacts(window, say),
            self._open(hours, state, at, language),
            *_optional(say, "card.hours", window.hours),
            self._cost(window, say),
            *_optional(say, "card.for", window.audience),
            *self._languages(window, say, language),
            *([say("card.anonymous")] if window.anonymous == "yes" else []),
            *_optional(say, "card.note", window.note),
            *([say("card.area", value=window.area)] if window.area != NATIONWIDE else []),
            say("card.operator", value=window.operator),
            *([say("card.overdue")] if standing.overdue else []),
            self._source(window, standing, say),
        ]
        return Card(
            id=window.id,
            kind=Kind.WINDOW,
            title=title(window, language),
            score=round(max(0.0, min(score, 1.0)), 4),
            lines=tuple(lines),
            numbers=tuple(c.value for c in window.contacts if c.kind is Channel.PHONE),
            url=window.url if window.url.startswith("http") else "",
            prefecture=prefecture,
            topics=window.topics,
            area=window.area,
            channels=tuple(dict.fromkeys(c.kind for c in window.contacts)),
            languages=window.languages,
            free=None if window.cost is Cost.UNKNOWN else window.cost is Cost.FREE,
            always_open=hours.always_open,
            open_now=state.open,
        )

    def _has(self, has: Sequence[Need], say: Callable[..., str]) -> list[str]:
        names = say("list.separator").join(say(f"need.{need}") for need in has)
        return [say("card.asked", value=names)] if names else []

    def _contacts(self, window: Window, say: Callable[..., str]) -> list[str]:
        if not window.contacts:
            return [say("card.look_up"), *([window.url] if window.url else [])]
        return [
            say(
                f"card.{contact.kind}",
                value=say("card.labelled", value=contact.value, label=contact.label)
                if contact.label
                else contact.value,
            )
            for contact in window.contacts
        ]

    def _open(self, hours: Hours, state: State, at: datetime, language: str) -> str:
        say = _speaker(self._replies, language)
        if state.open is None:
            return say("card.hours_unknown")
        if state.open:
            if hours.always_open:
                return say("card.always_open")
            until = state.until
            return (
                say("card.open_until", until=self._moment(until, at, language))
                if until
                else (say("card.open"))
            )
        opens = state.opens
        return (
            say("card.closed_next", opens=self._moment(opens, at, language))
            if opens
            else (say("card.closed"))
        )

    def _moment(self, moment: datetime, at: datetime, language: str) -> str:
        say = _speaker(self._replies, language)
        days = (moment.date() - at.astimezone(moment.tzinfo).date()).days
        key = {0: "moment.today", 1: "moment.tomorrow"}.get(days, "moment.weekday")
        key = key if days < _WEEK else "moment.day"
        weekday = say("weekdays").split()[moment.weekday()]
        time = f"{moment.hour}:{moment.minute:02}"
        return say(key, time=time, month=str(moment.month), day=str(moment.day), weekday=weekday)

    def _cost(self, window: Window, say: Callable[..., str]) -> str:
        return say("card.cost_unknown" if window.cost is Cost.UNKNOWN else f"card.{window.cost}")

    def _languages(self, window: Window, say: Callable[..., str], language: str) -> list[str]:
        if window.languages == (BASE,) and language in _JAPANESE:
            return []
        names = say("list.separator").join(say(f"language.{code}") for code in window.languages)
        return [say("card.languages", value=names)]

    def _source(self, window: Window, standing: Standing, say: Callable[..., str]) -> str:
        source = window.url or window.sources[0].url or window.sources[0].title
        confirmed = standing.confirmed or window.assured
        return say("card.source", source=source, assured=confirmed.isoformat())


def title(window: Window, language: str) -> str:
    """The name, in Latin letters for people from abroad where there is one."""
    abroad = window.name_en if language not in _JAPANESE else ""
    return abroad or window.name


def _speaker(replies: Replies, language: str) -> Callable[..., str]:
    return lambda key, **values: replies.say(key, language, **values)


def _optional(say: Callable[..., str], key: str, value: str) -> list[str]:
    return [say(key, value=value)] if value else []
