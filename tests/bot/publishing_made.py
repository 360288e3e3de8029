"""A copy of the knowledge that may be changed, drafts for it, and a publisher that is quick."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.publishing.outcome import Outcome
from bot.publishing.publisher import Publisher
from bot.publishing.replay import Replay
from bot.publishing.replays import Replays
from bot.publishing.source import LibrarySource
from bot.store.database import open_database
from bot.store.edits import Edit, draft, read_edit
from handlers.library import Library
from knowledge.load import DATA, load
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.standard_form import entry_text
from knowledge.trial import trial
from knowledge.version import version
from tests.fakes import TOKYO, FakeClock

IWATE = "windows/03-iwate.yaml"
DV = "window/iwate-dv"
HIKIKOMORI = "window/iwate-hikikomori"
LATER = datetime(2026, 12, 1, 11, tzinfo=TOKYO)
"""Nothing in the knowledge was confirmed later."""
ANSWERS = """questions:
  - {q: 委託はできますか, expect: [guideline/2-2]}
"""


def quick(library: Library) -> Callable[[Path, Shelf], Library]:
    """Opens a folder with the index that is there: what it answers is that of ``library``."""

    def opened(data: Path, _shelf: Shelf = NO_SHELF) -> Library:
        return replace(library, knowledge=load(data), version=version(data))

    return opened


@dataclass
class House:
    """All that a publication needs, in a folder of its own."""

    data: Path
    database: Path
    answers: Path
    source: LibrarySource
    publisher: Publisher
    clock: FakeClock
    library: Library

    @property
    def file(self) -> Path:
        return self.data / IWATE

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def another(self, *, alone: bool = False) -> Publisher:
        """The publisher of another process."""
        opened = quick(self.library)
        source = LibrarySource(self.data, self.clock, opened=opened)
        source.refresh()
        replays = Replays(source, self.database, self.clock, NO_SHELF, self.answers)
        return Publisher(
            source, self.database, self.clock, replays, alone=alone, answers=self.answers
        )

    def entry(self, name: str = DV) -> str:
        """An entry as it stands in its file; empty if it does not."""
        knowledge = load(self.data)
        found = {**knowledge.entries, **{one.id: one for one in knowledge.unpublished}}
        return entry_text(found[name]) if name in found else ""

    def draft(self, text: str, base: str = "", entry: str = DV, **values: object) -> Edit:
        usual = {"author": "sato", "group": None, "file": IWATE}
        given = {**usual, **values}
        db = open_database(self.database)
        number = draft(
            db, self.clock.now(), given["author"], entry=entry, file=given["file"], base=base,
            text=text, group=given["group"],
        )  # fmt: skip
        db.close()
        return self.read(number)

    def read(self, number: int) -> Edit:
        db = open_database(self.database)
        edit = read_edit(db, number)
        db.close()
        assert edit
        return edit

    def asking(self, ask: str, entry: str = DV, **values: object) -> Edit:
        """A draft that adds a way to ask."""
        base = self.entry(entry)
        return self.draft(with_ask(base, ask), base, entry, **values)

    def replayed(self, edit: Edit, publisher: Publisher | None = None) -> Replay | None:
        publisher = publisher or self.publisher
        publisher.begin_replay(edit)
        while publisher.running(edit):
            time.sleep(0.01)
        return publisher.replay_of(edit)

    def published(self, edit: Edit, who: str = "suzuki") -> Outcome:
        self.replayed(edit)
        return self.publisher.publish(edit, who)


def with_ask(text: str, ask: str) -> str:
    return text.replace("asks:\n", f"asks:\n  - {ask}\n")


def lighten(data: Path) -> None:
    """Leave what a publication needs: what the check says of the rest, it says all the time."""
    heavy = ("words", "crisis", "crisis_sentences", "examples", "out_of_scope", "phrases_to_say")
    files = [*data.glob("windows/*.yaml"), *(data / f"{name}.yaml" for name in heavy)]
    for path in files:
        if path.name not in {Path(IWATE).name, "06-yamagata.yaml"}:
            path.unlink()


def house(
    folder: Path, library: Library, *, alone: bool = False, database: Path | None = None
) -> House:
    """A house with some of the knowledge."""
    data = trial(DATA, {}, folder / "house" / "knowledge").resolve()
    lighten(data)
    answers = folder / "house" / "tests" / "answers"
    answers.mkdir(parents=True)
    (answers / "guideline.yaml").write_text(ANSWERS, encoding="utf-8")
    opened, clock = quick(library), FakeClock(LATER)
    source = LibrarySource(data, clock, opened=opened)
    source.refresh()
    database = database or folder / "tsunagari.db"
    replays = Replays(source, database, clock, NO_SHELF, answers)
    publisher = Publisher(source, database, clock, replays, alone=alone, answers=answers)
    return House(data, database, answers, source, publisher, clock, library)
