"""Checklists as ticks in the chat: their state stands in the buttons and nowhere else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from handlers.clauses import ClauseDesk
from handlers.messages import Choice, Reply, Status
from handlers.turn import Turn
from knowledge.checklists import Checklist, Item
from knowledge.replies import BASE, Replies

MENU: Final = "checklists"
TICKS: Final = "checklist/"
END: Final = "end:checklist/"
_DONE: Final = "1"
_OPEN: Final = "0"


class ChecklistDesk:
    """Shows checklists; a tap carries the slug and a digit for each question: ``…:0110``."""

    def __init__(
        self, checklists: Sequence[Checklist], clauses: ClauseDesk, replies: Replies
    ) -> None:
        """Take the lists, the quotes and the sentences."""
        self._lists = {checklist.id: checklist for checklist in checklists}
        self._clauses = clauses
        self._replies = replies
        self.fixed: Mapping[str, Callable[[Turn], Reply]] = {MENU: self.menu}
        self.by_prefix: Mapping[str, Callable[[Turn, str], Reply | None]] = {
            TICKS: self.show,
            END: self.end,
        }

    def menu(self, turn: Turn) -> Reply:
        """Which list?"""
        choices = (
            Choice(checklist.id, _title(checklist, turn.language))
            for checklist in self._lists.values()
        )
        sentence = self._say(turn, "checklists.which")
        return Reply(Status.CLARIFY_CHOICE, opening=(sentence,), choices=tuple(choices))

    def show(self, turn: Turn, state: str) -> Reply | None:
        """A list with its ticks; None for one that does not exist or has other questions now."""
        found = self._read(state)
        if found is None:
            return None
        checklist, ticks = found
        return Reply(
            Status.CLARIFY_CHOICE,
            opening=(
                self._summary(turn, "checklist.opening", checklist, ticks),
                self._say(turn, "checklist.ours"),
            ),
            choices=(
                *self._toggles(turn, checklist, ticks),
                Choice(
                    f"{END}{checklist.id.removeprefix(TICKS)}:{ticks}",
                    self._say(turn, "choice.checklist_end"),
                ),
                *(self._read_choice(turn, clause_id) for clause_id in _clauses(checklist)),
            ),
        )

    def end(self, turn: Turn, state: str) -> Reply | None:
        """The list with its ticks and every citation once, to paste."""
        found = self._read(state)
        if found is None:
            return None
        checklist, ticks = found
        ids = _clauses(checklist)
        citations = [self._clauses.citation(self._clauses.clauses[clause_id]) for clause_id in ids]
        summary = self._summary(turn, "checklist.result", checklist, ticks)
        return Reply(
            Status.ANSWERED,
            opening=(
                self._say(turn, "clause.copy_opening"),
                "\n".join([summary, *citations]),
                self._say(turn, "checklist.ours"),
            ),
            choices=(Choice(f"{checklist.id}:{ticks}", _title(checklist, turn.language)),),
            offered=tuple(self._clauses.card(self._clauses.clauses[i], 1.0) for i in ids),
        )

    def _read(self, state: str) -> tuple[Checklist, str] | None:
        slug, _, ticks = state.partition(":")
        checklist = self._lists.get(f"{TICKS}{slug}")
        if checklist is None:
            return None
        ticks = ticks or _OPEN * len(checklist.items)
        sound = len(ticks) == len(checklist.items) and set(ticks) <= {_OPEN, _DONE}
        return (checklist, ticks) if sound else None

    def _summary(self, turn: Turn, key: str, checklist: Checklist, ticks: str) -> str:
        lines = [
            self._say(
                turn,
                "checklist.done" if tick == _DONE else "checklist.open",
                number=str(number),
                text=_text(item, turn.language),
                place=self._clauses.clauses[item.clause].place,
            )
            for number, (item, tick) in enumerate(zip(checklist.items, ticks, strict=True), 1)
        ]
        return self._say(
            turn,
            key,
            title=_title(checklist, turn.language),
            done=str(ticks.count(_DONE)),
            count=str(len(ticks)),
            lines="\n" + "\n".join(lines),
        )

    def _toggles(self, turn: Turn, checklist: Checklist, ticks: str) -> Iterator[Choice]:
        for number, tick in enumerate(ticks):
            other = _OPEN if tick == _DONE else _DONE
            key = "choice.untick" if tick == _DONE else "choice.tick"
            after = ticks[:number] + other + ticks[number + 1 :]
            yield Choice(f"{checklist.id}:{after}", self._say(turn, key, number=str(number + 1)))

    def _read_choice(self, turn: Turn, clause_id: str) -> Choice:
        place = self._clauses.clauses[clause_id].place
        return Choice(clause_id, self._say(turn, "choice.read", place=place))

    def _say(self, turn: Turn, key: str, **values: str) -> str:
        return self._replies.say(key, turn.language, **values)


def _clauses(checklist: Checklist) -> list[str]:
    return list(dict.fromkeys(item.clause for item in checklist.items))


def _title(checklist: Checklist, language: str) -> str:
    return checklist.title if language == BASE else checklist.title_en


def _text(item: Item, language: str) -> str:
    return item.text if language == BASE else item.text_en
