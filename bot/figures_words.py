"""Figures in words: what cells and tables are called, and how hidden numbers are written."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.store.counting import UNKNOWN, Period
from handlers.staff import GroupState, Resolution
from knowledge.entries import Window
from knowledge.load import Knowledge
from knowledge.replies import BASE, Replies

_NAMED: Final = {
    "topic": "topic.",
    "language": "language.",
    **{
        table: f"figures.{table}."
        for table in ("status_group", "status", "afterwards", "role", "channel")
    },
}
"""How the keys of sentences begin that name the cells of a table."""


@dataclass(frozen=True, slots=True)
class Words:
    """Names in one language."""

    replies: Replies
    """Every sentence."""
    knowledge: Knowledge
    """Titles of entries."""
    language: str = BASE
    """ja, en."""

    def say(self, key: str, **values: str) -> str:
        """The sentence of a key."""
        return self.replies.say(key, self.language, **values)

    def table(self, table: str) -> str:
        """What a table is called."""
        return self.say(f"figures.table.{table}")

    def cell(self, table: str, cell: str) -> str:
        """What a cell is called; its own id where it has no name."""
        if cell == UNKNOWN:
            return self.say("figures.unknown")
        if table == "entry":
            return self.title(cell)
        if table == "hour":
            return self.say("figures.hour", hour=cell)
        key = f"{_NAMED[table]}{cell}" if table in _NAMED else ""
        return self.say(key) if key in self.replies.texts else cell

    def title(self, entry: str) -> str:
        """What an entry is called; its id where it is gone."""
        found = self.knowledge.entries.get(entry)
        return found.title if found else entry

    def number(self, count: int | None) -> str:
        """A count as it is read; what stands for a hidden one."""
        return self.say("figures.hidden") if count is None else f"{count:,}"

    def share(self, share: float | None) -> str:
        """A share as it is read."""
        return self.say("figures.none") if share is None else f"{share:.1%}"

    def days(self, days: float | None) -> str:
        """Days as they are read."""
        if days is None:
            return self.say("figures.none")
        return self.say("figures.days", days=f"{days:.1f}" if days % 1 else f"{days:.0f}")

    def done(self, state: GroupState, resolution: Resolution | None) -> str:
        """What was done about a group."""
        key = f"resolution.{resolution}" if resolution else f"state.{state}"
        return self.say(f"figures.{key}")

    def period(self, period: Period) -> str:
        """A period as it is read."""
        if period == Period.month(f"{period.since:%Y-%m}"):
            month = (
                f"{period.since.month:02}" if self.language != BASE else f"{period.since.month}"
            )
            return self.say("figures.month", year=f"{period.since.year}", month=month)
        since, until = period.since.isoformat(), period.until.isoformat()
        return self.say("figures.range", since=since, until=until)


def oldest_checks(knowledge: Knowledge, today: date) -> list[tuple[Window, int]]:
    """Published windows and the days since they were assured, longest ago first."""
    aged = ((window, (today - window.assured).days) for window in knowledge.windows)
    return sorted(aged, key=lambda item: (-item[1], item[0].id))
