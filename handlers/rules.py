"""Moving about in the guideline: buttons under a clause, contents, the whole document."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from handlers.clauses import ClauseDesk
from handlers.messages import Card, Choice, Reply, Status
from handlers.programs import ProgramDesk
from handlers.turn import Turn
from knowledge.entries import Clause, Program
from knowledge.replies import Replies
from knowledge.vocabulary import CLAUSE_OF_ACTIVITY

CONTENTS: Final = "rules:contents"
WHOLE: Final = "rules:whole"
FILE: Final = "rules:file:"
LAW: Final = "law:"
USES: Final = "uses:"
COPY: Final = "copy:"
FILES: Final = ("docx", "markdown")
"""The kinds of file the whole document can be had as."""


class RulesDesk:
    """Leads from clause to clause."""

    def __init__(self, clauses: ClauseDesk, programs: ProgramDesk, replies: Replies) -> None:
        """Take the quotes and the sentences."""
        self._clauses = clauses
        self._programs = programs
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {
            CONTENTS: self.contents,
            WHOLE: self.whole,
        }
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            FILE: self.file,
            LAW: self.law,
            USES: self.uses,
            COPY: self.copy,
        }

    @cached_property
    def _order(self) -> list[Clause]:
        """Every clause, as the document has them."""
        return list(self._clauses.clauses.values())

    def buttons(self, language: str, ids: Sequence[str]) -> tuple[Choice, ...]:
        """What can be tapped under quoted clauses; several ones only open each by itself."""
        shown = [self._clauses.clauses[clause_id] for clause_id in ids]
        if len(shown) > 1:
            return tuple(self._open(clause, language) for clause in shown)
        clause = shown[0]
        users = self.users(clause)
        uses = self._replies.say("choice.uses", language, count=str(len(users)))
        return (
            Choice(f"{COPY}{clause.id}", self._replies.say("choice.copy", language)),
            *(self._open(self._clauses.clauses[other], language) for other in clause.see),
            *self._laws(clause, language),
            *([Choice(f"{USES}{clause.id}", uses)] if users else []),
            *self._around(clause, language),
            Choice(CONTENTS, self._replies.say("choice.contents", language)),
        )

    def users(self, clause: Clause) -> list[Program]:
        """The programs that rest on a clause: by their activities, or because they name it."""
        activities = {a for a, clause_id in CLAUSE_OF_ACTIVITY.items() if clause_id == clause.id}
        return [
            program
            for program in self._programs.by_prefecture.values()
            if activities & set(program.activities) or clause.id in program.see
        ]

    def contents(self, turn: Turn) -> Reply:
        """The table of contents, and the ways to read the whole."""
        lines = [self._clauses.label(clause) for clause in self._order]
        sentence = self._say(
            turn, "rules.contents", **self._clauses.facts, contents="\n".join(lines)
        )
        sections = [clause for clause in self._order if clause.id.count("-") <= 1]
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(sentence,),
            choices=(
                *(Choice(c.id, self._clauses.label(c)) for c in sections),
                Choice(WHOLE, self._say(turn, "choice.whole")),
                *(Choice(f"{FILE}{kind}", self._say(turn, f"choice.{kind}")) for kind in FILES),
            ),
        )

    def whole(self, turn: Turn) -> Reply:
        """Every clause, quoted in order; the source stands once, at the end."""
        cards = [
            Card(c.id, c.kind, self._clauses.label(c), 1.0, quote=c.text, place=c.place)
            for c in self._order
        ]
        return Reply(
            Status.ANSWERED,
            opening=(self._say(turn, "rules.whole", **self._clauses.facts),),
            cards=tuple(cards),
            closing=(self._clauses.source(self._order[0]),),
            choices=(Choice(CONTENTS, self._say(turn, "choice.contents")),),
        )

    def file(self, turn: Turn, kind: str) -> Reply | None:
        """The whole document as a file, which the channel makes."""
        if kind not in FILES:
            return None
        return Reply(
            Status.ANSWERED,
            opening=(self._say(turn, "rules.file", **self._clauses.facts),),
            closing=(self._clauses.source(self._order[0]),),
            choices=(Choice(CONTENTS, self._say(turn, "choice.contents")),),
            file=kind,
        )

    def law(self, turn: Turn, named: str) -> Reply | None:
        """A law as the clause names it; its text is not ours to show."""
        clause_id, _, number = named.rpartition(":")
        clause = self._clauses.clauses.get(clause_id)
        if clause is None or not number.isdecimal() or int(number) >= len(clause.laws):
            return None
        law = clause.laws[int(number)]
        values = {"name": law.name, "number": law.number, "article": law.article}
        lines = [self._say(turn, f"law.{key}", value=v) for key, v in values.items() if v]
        lines.append(self._say(turn, "law.named_in", place=clause.place))
        return Reply(
            Status.ANSWERED,
            opening=("\n".join(lines), self._say(turn, "clause.see_law")),
            choices=(self._open(clause, turn.language),),
            offered=(self._clauses.card(clause, 1.0),),
        )

    def uses(self, turn: Turn, clause_id: str) -> Reply | None:
        """The prefectures whose programs rest on a clause, quoted."""
        clause = self._clauses.clauses.get(clause_id)
        if clause is None:
            return None
        users = self.users(clause)
        key = "rules.uses" if users else "rules.uses_none"
        counted = {"count": str(len(users))} if users else {}
        values = {"place": clause.place, "year": self._programs.year}
        return Reply(
            Status.ANSWERED,
            opening=(self._say(turn, key, **values, **counted),),
            cards=tuple(self._programs.card(program, 1.0) for program in users),
            choices=(self._open(clause, turn.language),),
        )

    def copy(self, turn: Turn, clause_id: str) -> Reply | None:
        """Text and citation, to paste into a document."""
        clause = self._clauses.clauses.get(clause_id)
        if clause is None:
            return None
        quote = self._say(turn, "clause.copy_ready", text=clause.text)
        return Reply(
            Status.ANSWERED,
            opening=(
                self._say(turn, "clause.copy_opening"),
                f"{quote}\n{self._clauses.citation(clause)}",
            ),
            choices=(self._open(clause, turn.language),),
            offered=(self._clauses.card(clause, 1.0),),
        )

    def _open(self, clause: Clause, language: str) -> Choice:
        label = self._replies.say("choice.see", language, place=clause.place, title=clause.title)
        return Choice(clause.id, label)

    def _laws(self, clause: Clause, language: str) -> list[Choice]:
        return [
            Choice(
                f"{LAW}{clause.id}:{number}",
                self._replies.say("choice.law", language, name=law.name),
            )
            for number, law in enumerate(clause.laws)
        ]

    def _around(self, clause: Clause, language: str) -> list[Choice]:
        """The clause before and the one after, in the document's order."""
        here = self._order.index(clause)
        near = (("choice.before", here - 1), ("choice.after", here + 1))
        return [
            Choice(
                self._order[number].id,
                self._replies.say(key, language, place=self._order[number].place),
            )
            for key, number in near
            if 0 <= number < len(self._order)
        ]

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)
