"""Where nothing can be published: drafts can be written and are checked as text only."""

from collections.abc import Sequence

from bot.store.edits import Edit
from bot.web.ports import Outcome, Replay
from knowledge.findings import Finding


class NoPublisher:
    """Implements ``bot.web.ports.Publisher``; refuses everything."""

    def check(self, edit: Edit) -> Sequence[Finding]:
        """Nothing is known beyond the text."""
        del edit
        return ()

    def begin_replay(self, edit: Edit) -> None:
        """Nothing is asked again."""

    def replay_of(self, edit: Edit) -> Replay | None:
        """There is none."""
        del edit
        return None

    def running(self, edit: Edit) -> bool:
        """Never."""
        del edit
        return False

    def publish(self, edit: Edit, who: str) -> Outcome:
        """Nothing is written."""
        del edit, who
        return Outcome("not_written")

    def undo(self, edit: Edit, who: str) -> Outcome:
        """Nothing is written."""
        return self.publish(edit, who)
