"""Drafts become knowledge: replayed, signed by a second person, checked, written, committed."""

import sqlite3
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

import structlog
from sqlite_utils import Database

from bot.files import write
from bot.publishing.git import Repository, Tracked
from bot.publishing.marking import mark_published, mark_undone
from bot.publishing.outcome import Outcome, Problem, RefusedError, Warned
from bot.publishing.placing import Placed, brought, check_data, on_trial, place, take_back
from bot.publishing.replay import Replay
from bot.publishing.replays import Replays
from bot.publishing.source import AGE, LibrarySource
from bot.settings import Settings
from bot.shelf import FolderShelf
from bot.store.database import cause_of, open_database, writing
from bot.store.edits import Edit, read_edit
from handlers.library import Library
from handlers.ports import Clock
from handlers.staff import EditState
from knowledge.edits import conflict
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.version import version

_log = structlog.get_logger()


def publisher_of(settings: Settings, source: LibrarySource, clock: Clock) -> "Publisher":
    """The publisher of a data folder, as the settings have it."""
    answers = source.data.parent.parent / "tests" / "answers"
    trials = FolderShelf(settings.cache_folder).for_trials()
    known = answers if answers.is_dir() else None
    replays = Replays(source, settings.database_path, clock, trials, known)
    alone = settings.publish_alone
    return Publisher(source, settings.database_path, clock, replays, alone=alone, answers=known)


class Publisher:
    """Publishes and undoes edits; safe to use from several threads.

    The right to write to the database is held from the last look at the data until the file is
    written and the edit is marked, so that two publishers come one after the other.
    """

    def __init__(  # noqa: PLR0913  what a publication needs
        self,
        source: LibrarySource,
        database: Path,
        clock: Clock,
        replays: Replays,
        *,
        alone: bool = False,
        answers: Path | None = None,
    ) -> None:
        """Join; with ``alone`` an account may sign its own draft; ``answers``: test questions."""
        self._source = source
        self._database = database
        self._clock = clock
        self._replays = replays
        self._alone = alone
        self._answers = answers
        self._repository = Repository(source.data)
        self._already: tuple[str, date, list[Finding]] | None = None
        self._publishing = Lock()  # one commit at a time; other processes wait for the database

    # --- before it is signed ---

    def check(self, edit: Edit) -> Sequence[Finding]:
        """Errors and warnings that the change would bring; nothing that the data has already.

        Paths are within the data folder. Findings about the entry itself have lines of its own
        text, from 1; all others lines of their file.

        Raises:
            OSError: there is no room to try it.
        """
        try:
            library = self._source.loaded()
            return self._brought(place(edit, library, self._source.data))
        except KnowledgeError as error:
            return self._seen(error.findings)

    def begin_replay(self, edit: Edit) -> None:
        """Begin to replay people's questions in the background, unless it runs or was done."""
        self._replays.begin(edit)

    def replay_of(self, edit: Edit) -> Replay | None:
        """What it showed; None while it runs, was not begun, or draft or data changed since."""
        return self._replays.of(edit)

    def running(self, edit: Edit) -> bool:
        """Whether a replay of the draft runs, or waits for another one to end."""
        return self._replays.running(edit)

    def trouble(self, edit: Edit) -> tuple[Finding, ...]:
        """Why the last replay of this text could not be made; empty otherwise."""
        return self._replays.trouble(edit)

    def close(self) -> None:
        """Break off what runs in the background."""
        self._replays.close()

    # --- the deeds ---

    def publish(self, edit: Edit, who: str) -> Outcome:
        """Sign a draft as ``who`` saw it: write it, commit it, resolve its group if shown."""
        return self._done(edit, lambda: self._publish(edit, who))

    def undo(self, edit: Edit, who: str) -> Outcome:
        """Put the entry's former text back, whatever else was published since."""
        return self._done(edit, lambda: self._undo(edit, who))

    def _publish(self, edit: Edit, who: str) -> Outcome:
        library = self._source.loaded()
        kept = self._kept(edit)
        if kept is None or kept.state is not EditState.DRAFT:
            raise RefusedError(Problem.NOT_DRAFT)
        if who in kept.writers and not self._alone:
            raise RefusedError(Problem.OWN_DRAFT)
        change = place(kept, library, self._source.data)
        if conflict(kept.base, change.now) and conflict(kept.text, change.now):
            raise RefusedError(Problem.CONFLICT)
        # Whoever signs has seen the replay of the text that is given, not of a later one.
        replay = self._replays.of(edit) if edit.text == kept.text else None
        if replay is None:
            raise RefusedError(Problem.NO_REPLAY)

        def mark(db: Database, now: str) -> None:
            mark_published(db, kept, self._clock.now(), who, replay, change, now)

        done = self._written(library, change, mark, Problem.NO_REPLAY)
        if not change.shown:
            done = replace(done, warnings=(Warned.NOT_SHOWN, *done.warnings))
        words = f"Edit {kept.id}, written by {kept.author}, signed by {who}."
        return self._committed(change, done, words, (kept.author, who))

    def _undo(self, edit: Edit, who: str) -> Outcome:
        library = self._source.loaded()
        kept = self._kept(edit)
        if kept is None or kept.state is not EditState.PUBLISHED:
            raise RefusedError(Problem.CHANGED_SINCE)
        change = take_back(kept, library, self._source.data)
        if conflict(kept.text, change.now) and conflict(kept.base, change.now):
            raise RefusedError(Problem.CHANGED_SINCE)

        def mark(db: Database, now: str) -> None:
            mark_undone(db, kept, self._clock.now(), who, now)

        # A text that grew old is no worse than one that was wrong; the check goes on telling it.
        done = self._written(library, change, mark, Problem.CHANGED_SINCE, allowed={AGE})
        return self._committed(change, done, f"Edit {kept.id} undone by {who}.", (who, who))

    def _done(self, edit: Edit, deed: Callable[[], Outcome]) -> Outcome:
        """Do it, one at a time; whatever is refused or fails is told."""
        try:
            with self._publishing:
                return deed()
        except RefusedError as refused:
            return Outcome(refused.problem, findings=refused.findings)
        except KnowledgeError as error:
            return Outcome(Problem.CHECK_FAILED, findings=self._seen(error.findings))
        except (OSError, sqlite3.Error) as error:
            _log.error("not published", edit=edit.id, error=cause_of(error))
            return Outcome(Problem.NOT_WRITTEN)

    # --- its steps ---

    def _kept(self, edit: Edit) -> Edit | None:
        with closing(open_database(self._database)) as db:
            return read_edit(db, edit.id)

    def _brought(self, change: Placed) -> tuple[Finding, ...]:
        today = self._clock.now().date()
        already = self._found_already(self._source.version(), today)
        with on_trial(change) as data:
            return brought(change, check_data(data, today, self._answers), already)

    def _found_already(self, now: str, today: date) -> list[Finding]:
        """What the check finds in the data as it is: the same until it changes."""
        if self._already is None or self._already[:2] != (now, today):
            found = check_data(self._source.data, today, self._answers)
            self._already = now, today, found
            return found
        return self._already[2]

    def _seen(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(finding.seen_from(self._source.data) for finding in findings)

    def _written(
        self,
        library: Library,
        change: Placed,
        mark: Callable[[Database, str], None],
        overtaken: Problem,
        allowed: AbstractSet[str] = frozenset(),
    ) -> Outcome:
        """Check the change, write it and mark it, all or nothing; errors may be ``allowed``."""
        findings = self._brought(change)
        errors = (found for found in findings if found.severity is Severity.ERROR)
        if any(error.code not in allowed for error in errors):
            raise RefusedError(Problem.CHECK_FAILED, findings)
        tracked = self._repository.tracked(change.file)
        with closing(open_database(self._database)) as db, ExitStack() as undoing:
            with writing(db):
                if version(self._source.data) != library.version:  # somebody else, in between
                    raise RefusedError(overtaken)
                write(change.file, change.after)
                undoing.callback(_put_back, change)
                now = version(self._source.data)
                mark(db, now)
            undoing.pop_all()
        warnings = (Warned.OTHERS_CHANGES,) if tracked is Tracked.CHANGED else ()
        return Outcome(None, now, findings, warnings)

    def _committed(
        self, change: Placed, done: Outcome, words: str, people: tuple[str, str]
    ) -> Outcome:
        """The commit comes last: if it fails the file stays published, and that is told."""
        if self._repository.tracked(change.file) is Tracked.NO:
            return done
        message = f"knowledge: {change.entry.id}\n\n{words}"
        if self._repository.commit(change.file, message, *people):
            return done
        return replace(done, warnings=(*done.warnings, Warned.NOT_COMMITTED))


def _put_back(change: Placed) -> None:
    """The database failed after the file was written."""
    try:
        write(change.file, change.before)
    except OSError as error:
        # The draft stays one; signing it again finds its text in the file and only marks it.
        _log.error("file not put back", file=change.name, error=cause_of(error))
