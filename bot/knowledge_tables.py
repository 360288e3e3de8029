"""Tables in Japanese of what we know and of what is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml
from rich import box
from rich.console import Console
from rich.table import Table

from knowledge.census import Census
from knowledge.editions import Change, Kind
from knowledge.entries import NATIONWIDE
from knowledge.gaps import OLD, Gaps, Unconfirmed
from knowledge.replies import Replies
from knowledge.vocabulary import Topic

if TYPE_CHECKING:
    from bot.store.owners import Due

FEW: Final = 10
"""Prefectures that are named rather than counted as the rest."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Writes tables."""

    console: Console
    """Where to."""
    replies: Replies
    """Headings and names."""

    def census(self, census: Census) -> None:
        """How much we know."""
        kinds = [(self._say(f"knowledge.kind.{kind}"), n) for kind, n in census.kinds.items()]
        kinds.append((self._say("knowledge.kind.unpublished"), census.unpublished))
        kinds.append((self._say("knowledge.kind.draft"), census.drafts))
        self._table("kinds", ("kind", "count"), kinds)
        self._table("areas", ("area", "count"), census.areas.items())
        topics = [(self._topic(topic), *counts) for topic, counts in census.topics.items()]
        self._table("topics", ("topic", "national", "local"), topics)
        ages = [(self._say(f"knowledge.age.{age}"), count) for age, count in census.ages.items()]
        self._table("ages", ("age", "count"), ages)

    def entry(self, place: str, fields: dict[str, Any]) -> None:
        """An entry as its file has it, and where that is."""
        text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=999)
        self.console.print(f"{place}\n\n{text}", end="", soft_wrap=True)

    def unknown_id(self, entry_id: str, nearest: Sequence[str]) -> None:
        """That there is no such entry."""
        near = self._say("list.separator").join(nearest)
        text = self._say("knowledge.unknown_id", id=entry_id, nearest=near)
        self.console.print(text, soft_wrap=True)

    def changes(self, changes: Sequence[Change]) -> None:
        """Two editions clause by clause: how each fared, and old and new text side by side."""
        changed = [change for change in changes if change.kind is not Kind.SAME]
        self.console.print(
            self._say("diff.summary", changed=str(len(changed)), count=str(len(changes)))
        )
        for change in changed:
            clause = change.clause
            kind = self._say(f"changes.{change.kind}")
            line = self._say("changes.line", kind=kind, place=clause.place, title=clause.title)
            table = Table(self._say("diff.old"), self._say("diff.new"), box=box.SIMPLE)
            table.add_row(*(c.text if c else "" for c in (change.old, change.new)))
            self.console.print(line, table)

    def gaps(self, unconfirmed: Sequence[Unconfirmed], gaps: Gaps, areas: Sequence[str]) -> None:
        """What is missing."""
        prefectures = [area for area in areas if area != NATIONWIDE]
        for why in dict.fromkeys(window.why for window in unconfirmed):
            waiting = [(w.area, w.name, w.id) for w in unconfirmed if w.why == why]
            columns = ("area", "name", "id")
            self._table("unconfirmed", columns, waiting, note=why, count=len(waiting))
        lacking = [
            (self._topic(topic), len(without), self._where(without, prefectures))
            for topic, without in sorted(gaps.without.items(), key=lambda item: len(item[1]))
        ]
        self._table("without", ("topic", "prefectures", "where"), lacking)
        most = Counter(area for without in gaps.without.values() for area in without)
        self._table("least", ("area", "count"), most.most_common())
        undated = self._say("knowledge.undated")
        old = [(w.area, w.name, w.id, seen or undated) for w, seen in gaps.old]
        self._table("old", ("area", "name", "id", "newest"), old, count=len(old), years=OLD)
        hours = [(window.area, window.name, window.id) for window in gaps.hours_unknown]
        self._table("hours_unknown", ("area", "name", "id"), hours, count=len(hours))

    def due(self, found: "Sequence[Due]", counts: Mapping[str, int]) -> None:
        """What should be confirmed, and why."""
        rows = [
            (
                one.area,
                one.title,
                one.entry,
                one.confirmed or "",
                one.asked or "",
                self._say(f"knowledge.overdue.{one.overdue}") if one.overdue else "",
                self._say(f"knowledge.answer.{one.answer}") if one.answer else "",
                one.owners,
            )
            for one in found
        ]
        columns = ("area", "name", "id", "confirmed", "asked", "overdue", "answer", "owners")
        self._table("due", columns, rows, None, **counts)

    def _where(self, without: Sequence[str], prefectures: Sequence[str]) -> str:
        """The prefectures without a window; where those with one are few, rather these."""
        with_one = [area for area in prefectures if area not in without]
        if not with_one:
            return self._say("knowledge.all")
        if len(with_one) <= FEW < len(without):
            return self._say("knowledge.nearly_all", areas=self._joined(with_one))
        return self._joined(without)

    def _joined(self, names: Iterable[str]) -> str:
        return self._say("list.separator").join(names)

    def _topic(self, topic: Topic) -> str:
        return f"{self._say(f'topic.{topic}')} ({topic})"

    def _table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        note: str | None = None,
        **values: int,
    ) -> None:
        shown = {name: str(value) for name, value in values.items()}
        heading = self._say(f"knowledge.{title}", **shown)
        table = Table(caption=note, caption_justify="left", box=box.SIMPLE)
        for column in columns:
            whole = column == "id"  # people copy it
            table.add_column(self._say(f"knowledge.{column}"), overflow="fold", no_wrap=whole)
        for row in rows:
            table.add_row(*map(str, row))
        # Not as the table's title, which is folded to the width of a narrow table.
        self.console.print(heading)
        self.console.print(table)

    def _say(self, key: str, **values: str) -> str:
        return self.replies.say(key, **values)
