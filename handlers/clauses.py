"""What is said about the guideline: clauses quoted word for word."""

from functools import cached_property

from handlers.messages import Card
from knowledge.editions import digest
from knowledge.entries import Clause, Law
from knowledge.load import Knowledge
from knowledge.replies import Replies
from knowledge.vocabulary import Kind


class ClauseDesk:
    """Writes the cards of clauses."""

    def __init__(self, knowledge: Knowledge, replies: Replies) -> None:
        """Take the guideline and the sentences."""
        self._guideline = knowledge.guideline
        self.clauses = {clause.id: clause for clause in knowledge.guideline.clauses}
        self._replies = replies

    def named(self, reference: str) -> list[Clause]:
        """The clauses a reference names: itself, or all of a section such as ``guideline/4``."""
        if reference in self.clauses:
            return [self.clauses[reference]]
        return [c for c in self.clauses.values() if c.id.startswith(f"{reference}-")]

    def label(self, clause: Clause) -> str:
        """Place and short title, for lists and buttons."""
        return f"{clause.place} {clause.title}"

    def card(self, clause: Clause, score: float) -> Card:
        """The quote card of one clause."""
        say = self._replies.say
        lines = [
            *([say("clause.plain", value=clause.plain)] if clause.plain else []),
            *self._see(clause),
            *self._laws(clause),
            self.source(clause),
        ]
        return Card(
            id=clause.id,
            kind=Kind.CLAUSE,
            title=say("clause.title", place=clause.place, title=clause.title),
            score=round(score, 4),
            quote=clause.text,
            lines=tuple(lines),
            place=clause.place,
        )

    def _see(self, clause: Clause) -> list[str]:
        if not clause.see:
            return []
        separator = self._replies.say("list.separator")
        names = separator.join(self.label(self.clauses[other]) for other in clause.see)
        return [self._replies.say("clause.see", value=names)]

    def _laws(self, clause: Clause) -> list[str]:
        if not clause.laws:
            return []
        separator = self._replies.say("list.separator")
        return [self._replies.say("clause.laws", value=separator.join(map(law_name, clause.laws)))]

    def source(self, clause: Clause) -> str:
        """Where a clause comes from, with a short hash by which its text can be compared."""
        return self._replies.say("clause.source_full", **self.facts, digest=digest(clause.text))

    def citation(self, clause: Clause) -> str:
        """The clause as documents cite it, behind a quotation."""
        return self._replies.say("clause.citation", **self.facts, place=clause.place)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Title, number and days of the document, for sentences."""
        guideline = self._guideline
        checked = guideline.source.checked
        return {
            "document": guideline.document,
            "notice": guideline.notice_number,
            "issued": guideline.issued,
            "issuer": guideline.issuer,
            "edition": guideline.edition,
            "in_force": guideline.in_force_from.isoformat(),
            "checked": checked.isoformat() if checked else "",
        }


def law_name(law: Law) -> str:
    """A law as the clause writes it: its name, number and article."""
    number = f"（{law.number}）" if law.number else ""
    return f"{law.name}{number}{law.article}"
