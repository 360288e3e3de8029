"""From one message to one reply: the steps in one visible list."""

import traceback
from dataclasses import replace
from pathlib import Path

import structlog

from handlers.attesting import AttestingDesk, Ownable
from handlers.checklists import ChecklistDesk
from handlers.choices import Choices
from handlers.danger_desk import DangerDesk
from handlers.fallback import HUMAN, FallbackDesk
from handlers.gaps import NoQueue, Queue
from handlers.guard import is_noise, is_too_long, tidy
from handlers.inline import InlineDesk
from handlers.keeping import conversation_after, text_to_log
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.membership import Members, MembershipDesk, NoMembers
from handlers.messages import Card, Incoming, Reply, Status
from handlers.outcomes import OutcomeDesk
from handlers.owner_desk import OwnerDesk
from handlers.owners import NoOwners, Owners
from handlers.ports import Clock, Conversation, Conversations, Query, QueryLog
from handlers.privacy import NoPrivacy, Privacy, PrivacyDesk
from handlers.program_lists import ProgramLists
from handlers.residents import ResidentDesk
from handlers.review import ReviewDesk
from handlers.route import Router
from handlers.rules import RulesDesk
from handlers.safe import discreet, neutral
from handlers.taps import Taps
from handlers.turn import Turn
from handlers.unanswered import UnansweredDesk
from handlers.understand import Reader
from knowledge.text import fold

_log = structlog.get_logger(__name__)
_SHOWS_WINDOWS = frozenset({Status.ANSWERED, Status.CRISIS_SIGNPOSTED})


class Assistant:
    """Answers messages. Holds no state of its own: conversations come and go by their port."""

    def __init__(  # noqa: PLR0913, PLR0917  the ports
        self,
        library: Library,
        log: QueryLog,
        conversations: Conversations,
        clock: Clock,
        members: Members | None = None,
        queue: Queue | None = None,
        owners: Owners | None = None,
        privacy: Privacy | None = None,
    ) -> None:
        """Join the desks that answer; where a port is None, nothing of its kind is kept."""
        self._library = library
        self._log = log
        self._conversations = conversations
        self._clock = clock
        replies, places = library.replies, library.gazetteer
        self._choices = Choices(replies, places)
        self._fallback = FallbackDesk(library.windows, replies, self._choices, clock.now())
        self._residents = ResidentDesk(library.windows, places, replies, self._choices)
        self._danger = DangerDesk(library.windows, self._residents, replies)
        rules = RulesDesk(library.clauses, library.programs, replies)
        lists = ProgramLists(library.programs, places, library.regions, replies)
        self._membership = MembershipDesk(
            members or NoMembers(), library.clauses, library.changes, replies
        )
        ownable = Ownable(library.knowledge, library.programs, library.windows)
        owners = owners or NoOwners()
        self._outcomes = OutcomeDesk(library.windows, replies, self._choices)
        self._unanswered = UnansweredDesk(log, self._fallback, replies)
        self._inline = InlineDesk(library)
        self._members = MemberDesk(
            library.clauses, library.programs, self._residents, replies, self._choices,
            rules, lists, self._membership,
        )  # fmt: skip
        self._router = Router(library, self._residents, self._members, self._fallback, lists)
        self._reader = Reader(library)
        self._taps = Taps(
            library, self._residents, self._members, self._fallback, self._choices,
            [
                rules, lists, self._membership, self._unanswered,
                OwnerDesk(owners, ownable, self._membership, replies),
                AttestingDesk(owners, ownable, replies),
                ReviewDesk(queue or NoQueue(), library),
                PrivacyDesk(privacy or NoPrivacy(), conversations, replies),
                ChecklistDesk(library.checklists, library.clauses, replies),
            ],
        )  # fmt: skip
        self._steps = (
            self._guard,
            self._crisis,
            self._refuse_too_long,
            self._tap,
            self._command,
            self._understand,
            self._small,
            self._find,
            self._router.route,
        )

    def answer(self, incoming: Incoming) -> Reply:
        """Answer one message. Never raises: whatever breaks, a national window is shown."""
        started = self._clock.seconds()
        turn = Turn(incoming, Conversation())
        text = None
        try:
            turn.incoming = replace(incoming, role=self._membership.role(incoming))
            turn.before = self._conversations.get(incoming.conversation) or turn.before
            reply = self._finish(turn, self._run(turn))
            if not turn.forgot:
                self._conversations.put(incoming.conversation, conversation_after(turn, reply))
            text = text_to_log(turn, reply)
        except Exception as error:  # noqa: BLE001 - the one at the top: people still get help
            # The exception's own words may quote the person; its kind and place cannot.
            _log.error("answer_failed", error=type(error).__name__, where=_where(error))
            crisis = turn.before.crisis or turn.in_danger
            language = turn.before.language or incoming.language
            reply = replace(self._fallback.error(language), crisis=crisis)
        if not turn.forgot:  # a row of this turn would tie the person again
            self._record(turn, reply, self._clock.seconds() - started, text)
        return reply

    def is_urgent(self, incoming: Incoming) -> bool:
        """Whether the person may be in danger, or was not long ago. Keeps nothing."""
        before = self._conversations.get(incoming.conversation)
        if before and before.crisis:
            return True
        return self._library.watch.notice(tidy(incoming.text)) is not None

    def explain(self, incoming: Incoming) -> tuple[Reply, Turn]:
        """Answer one message, and give what was found out on the way; nothing is logged."""
        turn = Turn(incoming, Conversation())
        return self._finish(turn, self._run(turn)), turn

    def offer(self, text: str) -> tuple[Card, ...]:
        """Cards for any chat, at most ten; what is typed there is neither kept nor logged."""
        return self._inline.offer(text, self._clock.now())

    def told(self, entry_id: str, conversation: str, language: str) -> Reply | None:
        """What somebody who waited for an answer is told; None where the entry is gone."""
        before = self._conversations.get(conversation) or Conversation()
        incoming = Incoming("", conversation, self._clock.now(), language=language)
        turn = Turn(replace(incoming, choice=entry_id), before)
        if entry_id not in self._library.knowledge.entries:
            return None
        reply = self._finish(turn, self._taps.answer(turn))
        told = self._library.replies.say("unanswered.told", turn.language)
        first, rest = neutral(reply, self._library.replies)
        return replace(reply, opening=(*first, told, *rest))

    def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        """The contact to keep in sight under words that are not the assistant's: /start, /help."""
        before = self._conversations.get(conversation)
        if not before or not before.crisis:
            return ()
        incoming = Incoming("", conversation, self._clock.now(), language=language)
        reply = self._danger.latched(Turn(incoming, before), Reply(Status.SMALLTALK), HUMAN)
        return reply.closing

    def _run(self, turn: Turn) -> Reply:
        for step in self._steps:
            reply = step(turn)
            if reply:
                return reply
        return self._fallback.no_match(turn)

    def _guard(self, turn: Turn) -> None:
        turn.text = tidy(turn.incoming.text)
        turn.folded = fold(turn.text)

    def _crisis(self, turn: Turn) -> Reply | None:
        """Before everything else, and without the index."""
        turn.danger = self._library.watch.notice(turn.text)
        if turn.danger and turn.in_danger:
            # Remembered before it is answered: whatever breaks now, it stays noticed.
            noticed = replace(turn.before, crisis=True, danger=turn.danger.kind)
            self._conversations.put(turn.incoming.conversation, noticed)
            turn.slots = self._library.understanding.spoken(turn.text)
            return self._danger.answer(turn, turn.danger)
        return None

    def _refuse_too_long(self, turn: Turn) -> Reply | None:
        return self._fallback.too_long(turn) if is_too_long(turn.text) else None

    def _tap(self, turn: Turn) -> Reply | None:
        return self._taps.answer(turn) if turn.incoming.choice else None

    def _command(self, turn: Turn) -> Reply | None:
        """«消す», «やさしい日本語で»: words that do what a button does."""
        command = self._library.commands.of(turn.folded)
        return self._taps.take(turn, command) if command else None

    def _understand(self, turn: Turn) -> None:
        self._reader.read(turn)

    def _small(self, turn: Turn) -> Reply | None:
        """Greetings, and messages that say only that somebody is there."""
        if turn.danger:
            return None
        kind = self._library.lexicon.smalltalk(turn.folded)
        if kind:
            sentence = self._library.replies.say(f"smalltalk.{kind}", turn.language)
            choices = self._choices.start(turn.language) if kind != "thanks" else ()
            return Reply(Status.SMALLTALK, opening=(sentence,), choices=choices)
        noise = is_noise(turn.folded) and not turn.slots.references.clauses
        if noise or self._library.lexicon.wordless(turn.folded):
            return self._residents.wordless(turn)
        return None

    def _find(self, turn: Turn) -> None:
        self._reader.rank(turn, self._library.index)

    def _finish(self, turn: Turn, reply: Reply) -> Reply:
        reply = replace(reply, slots=turn.slots.plain(), language=turn.language)
        if reply.clears:  # an unasked message later would undo the clear screen
            self._log.hush(turn.incoming.conversation)
            return replace(reply, crisis=turn.before.crisis)
        if reply.status in _SHOWS_WINDOWS:
            reply = self._outcomes.offer(turn, reply)
        reply = self._unanswered.offer(turn, discreet(turn, reply, self._library.replies))
        if turn.before.crisis and not reply.crisis:
            return self._danger.latched(turn, reply, HUMAN)
        return reply

    def _record(self, turn: Turn, reply: Reply, latency: float, text: str | None) -> None:
        if turn.outcome:
            self._log.outcome(turn.outcome)
        cards = (*reply.cards, *reply.offered)
        self._log.record(
            Query(
                at=turn.incoming.at,
                conversation=turn.incoming.conversation,
                channel=turn.incoming.channel,
                role=turn.incoming.role,
                status=reply.status,
                entries=tuple(card.id for card in cards),
                scores=tuple(card.score for card in cards),
                slots=dict(reply.slots),
                latency=latency,
                text=text,
                knowledge=self._library.version,
                cause=turn.cause,
                about=turn.about,
            )
        )


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
