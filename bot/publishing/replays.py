"""Replays, one after the other on a thread of its own; each draft's last one is kept in memory."""

import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Lock
from typing import Final

import structlog

from bot.publishing.placing import on_trial, place
from bot.publishing.questions import Question, Said, from_log, from_tests
from bot.publishing.replay import Answer, Asker, Replay, ask_all, compared
from bot.publishing.source import UNSOUND, LibrarySource
from bot.store.database import cause_of, open_database
from bot.store.edits import Edit
from handlers.library import Library
from handlers.ports import Clock
from knowledge.findings import Finding, KnowledgeError, Severity
from knowledge.shelf import Shelf

_HOUR: Final = 11
"""Questions are asked at eleven in the morning: most windows are open."""
_KEPT: Final = 4
"""Libraries whose answers are kept: today's, and those of the last drafts."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Job:
    """A replay that was begun."""

    text: str
    """The draft's text."""
    version: str
    """Version of the data when it was begun."""
    done: "Future[_Result]"
    """What comes of it."""


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of a replay."""

    version: str
    """Version of the data it was made with."""
    replay: Replay | None
    """What it showed; None where it could not be made."""
    findings: tuple[Finding, ...] = ()
    """Why not."""


class Replays:
    """Begins replays and keeps what they showed. Nothing survives the process."""

    def __init__(
        self,
        source: LibrarySource,
        database: Path,
        clock: Clock,
        trials: Shelf,
        answers: Path | None = None,
    ) -> None:
        """Prepare; ``trials`` keeps the indexes of drafts, ``answers`` holds test questions."""
        self._source = source
        self._database = database
        self._clock = clock
        self._trials = trials
        self._answers = answers
        self._lock = Lock()  # guards the jobs
        self._jobs: dict[int, _Job] = {}
        self._stop = Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="replay")
        # The replaying thread's alone: what libraries answered, by version and moment.
        self._known: dict[tuple[str, datetime], dict[Said, Answer]] = {}

    def begin(self, edit: Edit) -> None:
        """Begin a replay, unless it runs or was made for this text and this data."""
        version = self._version()
        with self._lock:
            job = self._jobs.get(edit.id)
            if job and self._serves(job, edit, version):
                return
            if job:
                job.done.cancel()  # if it still waits, nobody does for it
            done = self._thread.submit(self._run, edit)
            self._jobs[edit.id] = _Job(edit.text, version, done)
        done.add_done_callback(_tell)

    def of(self, edit: Edit) -> Replay | None:
        """What it showed; None while it runs, was not begun, or is of another text or data."""
        result = self._result(edit)
        return result.replay if result and result.version == self._version() else None

    def trouble(self, edit: Edit) -> tuple[Finding, ...]:
        """Why the last replay of this text could not be made; empty otherwise."""
        result = self._result(edit)
        return result.findings if result else ()

    def running(self, edit: Edit) -> bool:
        """Whether a replay of the draft runs, or waits for another one to end."""
        with self._lock:
            job = self._jobs.get(edit.id)
        return job is not None and not job.done.done()

    def close(self) -> None:
        """Break off what runs, drop what waits."""
        self._stop.set()
        self._thread.shutdown(cancel_futures=True)

    def _serves(self, job: _Job, edit: Edit, version: str) -> bool:
        if job.text != edit.text:
            return False
        if not job.done.done():
            return job.version == version
        result = _result_of(job)
        return result is not None and bool(result.replay) and result.version == version

    def _result(self, edit: Edit) -> _Result | None:
        with self._lock:
            job = self._jobs.get(edit.id)
        return _result_of(job) if job and job.text == edit.text else None

    def _version(self) -> str:
        try:
            return self._source.version()
        except OSError:
            return ""

    # --- on the replaying thread ---

    def _run(self, edit: Edit) -> _Result:
        version = self._version()
        try:
            library = self._source.loaded()
            return _Result(library.version, self._replay(edit, library))
        except KnowledgeError as error:
            data = self._source.data
            found = tuple(one.seen_from(data) for one in error.findings)
            return _Result(version, None, found)
        except UNSOUND as error:
            _log.error("replay failed", edit=edit.id, error=type(error).__name__)
            values = {"error": type(error).__name__}
            # A warning: an error would take the button away by which it is tried again.
            why = Finding("not_replayed", Path(edit.file), 1, values, severity=Severity.WARNING)
            return _Result(version, None, (why,))
        except (OSError, sqlite3.Error) as error:
            _log.warning("replay failed", edit=edit.id, error=cause_of(error))
            return _Result(version, None, (Finding("not_tried", Path(edit.file), 1),))

    def _replay(self, edit: Edit, library: Library) -> Replay:
        change = place(edit, library, self._source.data)
        now = self._clock.now()
        with closing(open_database(self._database)) as db:
            questions = [*from_log(db, now), *from_tests(self._answers)]
        at = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
        with on_trial(change) as data:
            then = self._source.tried(data, self._trials)
        after = self._asked(then, at, questions)
        return compared(questions, self._asked(library, at, questions), after)

    def _asked(
        self, library: Library, at: datetime, questions: list[Question]
    ) -> dict[Said, Answer]:
        """What a library answers; what it answered before is not asked again.

        Once a draft is published, its library is that of today.
        """
        before = self._known.pop((library.version, at), {})
        wanted = {question.said for question in questions}
        known = {said: answer for said, answer in before.items() if said in wanted}
        for _ in ask_all(Asker(library, at), questions, known):
            if self._stop.is_set():
                raise InterruptedError
        self._known[library.version, at] = known
        for old in list(self._known)[:-_KEPT]:
            del self._known[old]
        return known


def _result_of(job: _Job) -> _Result | None:
    if not job.done.done() or job.done.cancelled() or job.done.exception():
        return None
    return job.done.result()


def _tell(done: "Future[_Result]") -> None:
    """A mistake of ours, which the thread would otherwise keep to itself."""
    if not done.cancelled() and (error := done.exception()):
        _log.error("replay broke off", error=type(error).__name__)
