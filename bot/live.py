"""The assistant of the newest knowledge: swapped whole, between one message and the next."""

from collections.abc import Callable
from datetime import datetime

from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Card, Incoming, Reply
from handlers.ports import Clock
from handlers.turn import Turn


class Live:
    """Answers with the newest library; safe to use from several threads."""

    def __init__(
        self, source: Callable[[], Library], make: Callable[[Library], Assistant], clock: Clock
    ) -> None:
        """``source`` gives the newest library; ``make`` joins an assistant with it."""
        self._source = source
        self._make = make
        self._clock = clock
        library = source()
        self._made = (library, make(library), clock.now())

    def _newest(self) -> tuple[Library, Assistant, datetime]:
        library = self._source()
        if library is not self._made[0]:  # whole tuples are swapped, so threads never see half
            self._made = (library, self._make(library), self._clock.now())
        return self._made

    @property
    def library(self) -> Library:
        """The newest library."""
        return self._newest()[0]

    @property
    def loaded(self) -> datetime:
        """Since when it answers from this library."""
        return self._newest()[2]

    def answer(self, incoming: Incoming) -> Reply:
        """See ``Assistant.answer``."""
        return self._newest()[1].answer(incoming)

    def is_urgent(self, incoming: Incoming) -> bool:
        """See ``Assistant.is_urgent``."""
        return self._newest()[1].is_urgent(incoming)

    def explain(self, incoming: Incoming) -> tuple[Reply, Turn]:
        """See ``Assistant.explain``."""
        return self._newest()[1].explain(incoming)

    def offer(self, text: str) -> tuple[Card, ...]:
        """See ``Assistant.offer``."""
        return self._newest()[1].offer(text)

    def reminders(self, conversation: str, language: str) -> tuple[str, ...]:
        """See ``Assistant.reminders``."""
        return self._newest()[1].reminders(conversation, language)

    def told(self, entry_id: str, conversation: str, language: str) -> Reply | None:
        """See ``Assistant.told``."""
        return self._newest()[1].told(entry_id, conversation, language)

    def say(self, key: str, language: str = "ja", **values: str) -> str:
        """See ``Replies.say``."""
        return self.library.replies.say(key, language, **values)
