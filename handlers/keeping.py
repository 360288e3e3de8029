"""What is kept of a message: the conversation after it, and its wording if it was unanswered."""

from datetime import datetime

from handlers.messages import Reply, Status
from handlers.outcomes import told
from handlers.ports import Conversation
from handlers.redact import redact
from handlers.turn import Turn
from handlers.unanswered import wording
from knowledge.vocabulary import Kind


def conversation_after(turn: Turn, reply: Reply) -> Conversation:
    """What is remembered until the person's next message."""
    before, crisis = turn.before, turn.before.crisis or reply.crisis
    if reply.clears:
        return Conversation(crisis=crisis, danger=before.danger, language=before.language)
    shown = tuple(card.id for card in reply.cards if card.kind is Kind.WINDOW)
    text, asked_at = _said_before(turn, reply, crisis=crisis)
    return Conversation(
        slots=turn.slots,
        crisis=crisis,
        danger=turn.danger.kind if turn.danger and turn.in_danger else before.danger,
        words=turn.words if turn.words.forms else before.words,
        route=reply.cards[0].kind if reply.cards else before.route,
        # Who asks what another prefecture does has not moved there.
        place=turn.prefecture if shown or turn.forgets_place else before.place,
        text=text,
        asked_at=asked_at,
        waits=bool(reply.offered),
        shown=reply.cards[0].id if reply.cards else before.shown,
        language=turn.chosen_language or before.language,
        # After a failed window the rest of its list comes next, so the list stays.
        listed=before.listed if turn.outcome or not shown else shown,
        told=told(turn),
        asked_to_forget=turn.asks_to_forget,
    )


def text_to_log(turn: Turn, reply: Reply) -> str | None:
    """The redacted text of an unanswered message; of no other, and never in danger."""
    if reply.status.group != "unanswered" or reply.crisis or turn.danger:
        return None
    return redact(turn.text) if turn.text else wording(turn) or None


def _said_before(turn: Turn, reply: Reply, *, crisis: bool) -> tuple[str, datetime | None]:
    """The wording to log if the person says that the answer was none, and its moment."""
    if crisis or turn.danger or turn.cause:  # once is enough
        return "", None
    if turn.text:
        found = reply.offered or reply.status.group == Status.ANSWERED.group
        return redact(turn.text) if found else "", turn.incoming.at
    return turn.before.text, turn.before.asked_at
