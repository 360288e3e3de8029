"""An assistant that answers with the token of the question, so that both can be compared."""

import re

from handlers.messages import Card, Incoming, Reply, Status

TOKEN = re.compile(r"k\d+")
LONG = "long"
"""A question with this word is answered in three messages."""
PARTS = 3


class Echo:
    """Implements ``bot.telegram.outside.Answers``."""

    def answer(self, incoming: Incoming) -> Reply:
        said = incoming.choice or incoming.text
        found = TOKEN.search(said)
        if found is None:
            return Reply(Status.SMALLTALK, opening=("?",))
        token = found.group()
        if LONG not in said:
            return Reply(Status.ANSWERED, opening=(f"{token}/1",))
        parts = tuple(f"{token}/{part} " + "x" * 3000 for part in range(1, PARTS + 1))
        return Reply(Status.ANSWERED, opening=parts)

    def is_urgent(self, incoming: Incoming) -> bool:
        del incoming
        return False

    def offer(self, text: str) -> tuple[Card, ...]:
        del text
        return ()

    def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        del conversation, language
        return ()
