"""What happens when a choice is tapped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from handlers import choices as ids
from handlers.choices import Choices
from handlers.fallback import FallbackDesk
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.messages import Choice, Reply, Status
from handlers.outcomes import OutcomeDesk
from handlers.preferences import PreferenceDesk
from handlers.residents import SETTLED, ResidentDesk
from handlers.turn import Turn
from knowledge.entries import Clause, Program
from knowledge.text import words
from knowledge.vocabulary import Topic

_TOPICS: Final = frozenset(Topic)


class Tappable(Protocol):
    """A desk with buttons of its own."""

    fixed: Mapping[str, Callable[[Turn], Reply]]
    """What whole ids of choices do."""
    by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]]
    """What ids that begin so do, given the rest; None means the button is stale."""


class Taps:
    """Answers taps; one that means nothing any more gets a friendly word."""

    def __init__(  # noqa: PLR0913, PLR0917  the desks that answer
        self,
        library: Library,
        residents: ResidentDesk,
        members: MemberDesk,
        fallback: FallbackDesk,
        choices: Choices,
        desks: Sequence[Tappable] = (),
    ) -> None:
        """Take the desks that answer; ``desks`` bring buttons of their own."""
        outcomes = OutcomeDesk(library.windows, library.replies, choices)
        preferences = PreferenceDesk(library.replies, choices)
        self._library = library
        self._residents = residents
        self._members = members
        self._fallback = fallback
        self._choices = choices
        self._fixed: Mapping[str, Callable[[Turn], Reply]] = {
            ids.WINDOWS: residents.start,
            ids.RULES: self._rules,
            ids.PROGRAMS: members.which,
            ids.PLACE: residents.where,
            ids.NONE: fallback.none_chosen,
            **preferences.fixed,
            **{choice: answer for desk in desks for choice, answer in desk.fixed.items()},
        }
        self._if_remembered: Mapping[str, Callable[[Turn], Reply | None]] = {
            ids.ANOTHER: outcomes.which,
        }
        self._by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            ids.TOPIC: self._topic,
            ids.REGION: self._region,
            ids.HOME: self._home,
            ids.PROGRAM_REGION: self._program_region,
            ids.ASKED: self._asked,
            ids.LANGUAGE: preferences.language,
            ids.SAY: self._to_say,
            ids.ABOUT: outcomes.about,
            ids.REACHED: outcomes.reached,
            ids.FAILED: outcomes.failed,
            ids.WRONG: outcomes.wrong,
            **{prefix: answer for desk in desks for prefix, answer in desk.by_prefix.items()},
        }

    def answer(self, turn: Turn) -> Reply:
        """The reply to a tapped choice."""
        return self.take(turn, turn.incoming.choice or "")

    def take(self, turn: Turn, choice: str) -> Reply:
        """The reply to a choice, tapped or said in words."""
        turn.slots = turn.before.slots
        if choice in self._fixed:
            return self._fixed[choice](turn)
        if choice in self._if_remembered:
            return self._if_remembered[choice](turn) or self._fallback.stale(turn)
        for prefix, answer in self._by_prefix.items():
            if choice.startswith(prefix):
                return answer(turn, choice.removeprefix(prefix)) or self._fallback.stale(turn)
        return self._entry(turn, choice) or self._fallback.stale(turn)

    def _entry(self, turn: Turn, entry_id: str) -> Reply | None:
        entry = self._library.knowledge.entries.get(entry_id)
        if entry is None:
            return None
        if isinstance(entry, Clause):
            return self._members.quote(turn, [(entry_id, 1.0)])
        if isinstance(entry, Program):
            return self._members.program(turn, [(entry_id, 1.0)])
        cards = self._library.windows.cards([entry_id], turn.incoming.at, turn.language)
        return Reply(Status.ANSWERED, cards=tuple(cards))

    def _rules(self, turn: Turn) -> Reply:
        sentence = self._library.replies.say("start.rules", turn.language)
        sections = [c for c in self._library.clauses.clauses.values() if c.id.count("-") <= 1]
        choices = (Choice(c.id, self._library.clauses.label(c)) for c in sections)
        return Reply(Status.CLARIFY_CHOICE, opening=(sentence,), choices=tuple(choices))

    def _topic(self, turn: Turn, topic: str) -> Reply | None:
        if topic not in _TOPICS:
            return None
        turn.slots = replace(turn.slots, topics={Topic(topic): SETTLED}, prefectures=())
        turn.words = words(self._library.replies.say(f"topic.{topic}"))
        turn.ranking = self._library.index.rank(turn.words)
        return self._residents.answer(turn)

    def _to_say(self, turn: Turn, topic: str) -> Reply | None:
        """What to say to a window, in Japanese, with the person's own language beside it."""
        if topic not in _TOPICS:
            return None
        say = self._library.replies.say
        pairs = self._library.to_say.of(Topic(topic), turn.language)
        return Reply(
            Status.ANSWERED,
            opening=(
                say("phrases.opening", turn.language),
                *(
                    say("phrases.one", turn.language, japanese=japanese)
                    if own == japanese
                    else say("phrases.both", turn.language, japanese=japanese, own=own)
                    for japanese, own in pairs
                ),
            ),
            closing=(say("phrases.closing", turn.language),),
        )

    def _region(self, turn: Turn, region: str) -> Reply | None:
        within = self._choices.within(region)
        if not within:
            return None
        sentence = self._library.replies.say("start.region", turn.language)
        homes = self._choices.homes(within, turn.language)
        return Reply(Status.CLARIFY_PREFECTURE, opening=(sentence,), choices=homes)

    def _home(self, turn: Turn, prefecture_id: str) -> Reply | None:
        prefecture = self._library.gazetteer.by_id.get(prefecture_id)
        if prefecture is None:
            return None
        turn.slots = replace(turn.slots, prefectures=(prefecture.name,), ambiguous=())
        if turn.before.words:
            turn.ranking = turn.rest_ranking = self._library.index.rank(turn.before.words)
        kept = self._library.replies.say(
            "start.place_kept",
            turn.language,
            prefecture=self._choices.prefecture(prefecture.name, turn.language),
        )
        reply = self._residents.answer(turn)
        return replace(reply, opening=(kept, *reply.opening))

    def _program_region(self, turn: Turn, region: str) -> Reply | None:
        within = self._choices.within(region)
        if not within:
            return None
        sentence = self._library.replies.say("program.which", turn.language)
        choices = (Choice(f"{ids.ASKED}{p.id}", p.name) for p in within)
        return Reply(Status.CLARIFY_PREFECTURE, opening=(sentence,), choices=tuple(choices))

    def _asked(self, turn: Turn, prefecture_id: str) -> Reply | None:
        prefecture = self._library.gazetteer.by_id.get(prefecture_id)
        if prefecture is None:
            return None
        turn.slots = replace(turn.slots, prefectures=(prefecture.name,), ambiguous=())
        return self._members.of_prefectures(turn, turn.slots.prefectures, 1.0)
