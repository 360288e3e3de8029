"""What changed between two editions of the guideline, old and new side by side."""

from collections.abc import Sequence

from handlers.messages import Card, Reply, Status
from knowledge.editions import Change, Kind, Mark, compare
from knowledge.entries import Clause, Guideline
from knowledge.replies import Replies
from knowledge.vocabulary import Kind as EntryKind


class ChangeDesk:
    """Compares the editions we hold."""

    def __init__(self, editions: Sequence[Guideline], replies: Replies) -> None:
        """Take the editions, oldest first, and the sentences."""
        self._editions = {edition.edition: edition for edition in editions}
        self._newest = editions[-1]
        self._replies = replies

    def summary(self, language: str) -> str:
        """Which editions there are, and which clauses the newest changed."""
        names = self._say("list.separator", language).join(self._editions)
        if len(self._editions) == 1:
            return self._say("changes.one_edition", language, editions=names)
        before = list(self._editions.values())[-2]
        changed = [c for c in compare(before, self._newest) if c.kind is not Kind.SAME]
        lines = [self._line(change, language) for change in changed]
        return self._say(
            "changes.editions", language, editions=names, count=str(len(changed)),
            lines="\n".join(lines),
        )  # fmt: skip

    def since(self, edition: str, clause_id: str) -> Change | None:
        """How a clause fared since an edition; None if it stayed, or the edition is not kept."""
        old = self._editions.get(edition)
        if old is None:
            return None
        found = [c for c in compare(old, self._newest) if c.id == clause_id]
        return found[0] if found and found[0].kind is not Kind.SAME else None

    def told(self, edition: str, change: Change, language: str = "ja") -> Reply:
        """The message to a chat that wants to know: the old text, the new one, the difference."""
        cards = [
            self._card(clause, name, language)
            for clause, name in ((change.old, edition), (change.new, self._newest.edition))
            if clause
        ]
        notice = self._say(
            "changes.told", language, place=change.clause.place, old=edition,
            new=self._newest.edition, kind=self._say(f"changes.{change.kind}", language),
        )  # fmt: skip
        marked = self._say("changes.marked", language, text=self._marked(change))
        closing = (marked,) if change.kind is Kind.CHANGED else ()
        return Reply(Status.ANSWERED, opening=(notice,), cards=tuple(cards), closing=closing)

    def _card(self, clause: Clause, edition: str, language: str) -> Card:
        title = self._say("changes.title", language, edition=edition, place=clause.place)
        return Card(clause.id, EntryKind.CLAUSE, title, 1.0, quote=clause.text, place=clause.place)

    def _marked(self, change: Change) -> str:
        signs = {Mark.DELETED: "changes.deleted", Mark.INSERTED: "changes.inserted"}
        return "".join(
            self._say(signs[piece.mark], "ja", text=piece.text)
            if piece.mark in signs
            else piece.text
            for piece in change.pieces
        )

    def _line(self, change: Change, language: str) -> str:
        kind = self._say(f"changes.{change.kind}", language)
        clause = change.clause
        return self._say(
            "changes.line", language, kind=kind, place=clause.place, title=clause.title
        )

    def _say(self, key: str, language: str, **values: str) -> str:
        return self._replies.say(key, language, **values)
