"""The queue: groups of unanswered questions, the largest gap first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from bot.store.grouping import group_new
from bot.store.groups import read_groups
from bot.web.desk import Call
from handlers.gaps import Group
from handlers.staff import GroupState
from knowledge.grouping import Grouping
from knowledge.vocabulary import Topic

PAGE: Final = 50
"""Groups on a page."""
KINDS: Final = ("question", "window")
_MOST: Final = 3
"""Topics, prefectures and the like that are named of a group."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What a group is about, without a word of what people wrote."""

    topics: tuple[str, ...]
    """Topics, the most frequent first."""
    prefectures: tuple[str, ...]
    """Prefectures, likewise."""
    languages: tuple[str, ...]
    """Languages, likewise."""
    causes: tuple[str, ...]
    """Causes: none_chosen, disliked."""
    disliked: tuple[tuple[str, int], ...]
    """Entries people said were no answer, and how often."""


def gist(group: Group) -> Gist:
    """What a group is about."""
    asked = group.questions
    return Gist(
        topics=_often(topic for q in asked for topic in q.topics),
        prefectures=_often(name for q in asked for name in q.prefectures),
        languages=_often(q.language for q in asked),
        causes=_often(q.cause for q in asked if q.cause),
        disliked=tuple(Counter(q.about for q in asked if q.about).most_common()),
    )


def _often(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common(_MOST))


def group_questions(call: Call) -> None:
    """Put new questions into groups, so that the queue is as it is now."""
    index = call.library.index
    group_new(call.db, lambda groups: Grouping(index, groups), call.now)


def show_groups(call: Call) -> Response:
    """The queue, filtered."""
    group_questions(call)
    state = call.asked("state") or GroupState.OPEN.value
    states = [one for one in GroupState if state in {one.value, "all"}]
    every = [group for group in read_groups(call.db, call.now, states) if _wanted(call, group)]
    first = (call.page - 1) * PAGE
    shown = [(group, gist(group)) for group in every[first : first + PAGE]]
    return call.draw(
        "groups.html",
        groups=shown,
        count=len(every),
        page=call.page,
        more=len(every) > first + PAGE,
        wanted={
            "state": state,
            **{name: call.asked(name) for name in ("kind", "topic", "prefecture")},
        },
        states=[*(one.value for one in GroupState), "all"],
        kinds=KINDS,
        topics=[topic.value for topic in Topic],
        prefectures=[one.name for one in call.library.gazetteer.prefectures],
        entries=call.library.knowledge.entries,
    )


def _wanted(call: Call, group: Group) -> bool:
    kind, topic, prefecture = (call.asked(name) for name in ("kind", "topic", "prefecture"))
    window = call.library.knowledge.entries.get(group.window or "")
    topics = {t for q in group.questions for t in q.topics} | {*getattr(window, "topics", ())}
    places = {p for q in group.questions for p in q.prefectures} | {getattr(window, "area", "")}
    return (
        kind in {"", KINDS[bool(group.window)]}
        and (not topic or topic in topics)
        and (not prefecture or prefecture in places)
    )
