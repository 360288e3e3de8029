"""What was published is committed where the data folder is in a git repository; never pushed."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import sleep
from typing import Final

import structlog

SECONDS: Final = 30.0
"""How long one command may take; a hook may check the whole data."""
_TRIES: Final = 5
_PAUSE: Final = 0.2
"""Seconds between two tries while somebody else writes the index."""
_NONE: Final = "not a git repository"
_BUSY: Final = "index.lock"
_MAIL: Final = "@tsunagari.invalid"

_log = structlog.get_logger()


class Tracked(StrEnum):
    """How git sees a file."""

    NO = "no"
    """There is no git, or no repository."""
    CLEAN = "clean"
    """As it was committed last, or not there yet."""
    CHANGED = "changed"
    """Somebody changed it and has not committed it."""
    UNKNOWN = "unknown"
    """There is a repository, but git does not say."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a command of git said."""

    status: int
    """Exit status; -1 where it did not end in time."""
    out: str
    """Standard output."""
    err: str
    """Standard error."""


class Repository:
    """The repository that a folder may be in."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        """Nothing is looked at yet."""
        self._folder = folder
        self._seconds = seconds

    def tracked(self, file: Path) -> Tracked:
        """How git sees a file of the folder."""
        said = self._git("status", "--porcelain", "--untracked-files=normal", "--", str(file))
        if said is None or (said.status and _NONE in said.err):
            return Tracked.NO
        if said.status:
            return Tracked.UNKNOWN
        return Tracked.CHANGED if said.out.strip() else Tracked.CLEAN

    def commit(self, file: Path, message: str, author: str, committer: str) -> bool:
        """Commit this file as it is now and nothing else, whatever is staged; False if it failed.

        Names of accounts become ``name <name@tsunagari.invalid>``. Hooks run, nothing is signed.
        """
        names = {**_person("AUTHOR", author), **_person("COMMITTER", committer)}
        commands = (
            ("add", "--", str(file)),
            ("commit", "--quiet", "--no-gpg-sign", f"--message={message}", "--", str(file)),
        )
        for command in commands:
            said = self._patiently(*command, names=names)
            if said is None or said.status:
                status = said.status if said else None
                _log.warning("not committed", command=command[0], status=status)
                return self.tracked(file) is Tracked.CLEAN  # somebody else committed it already
        return True

    def _patiently(self, *arguments: str, names: Mapping[str, str]) -> _Said | None:
        said = self._git(*arguments, names=names)
        for _ in range(_TRIES):
            if said is None or not said.status or _BUSY not in said.err:
                break
            sleep(_PAUSE)
            said = self._git(*arguments, names=names)
        return said

    def _git(self, *arguments: str, names: Mapping[str, str] | None = None) -> _Said | None:
        """What git says; None where there is no git."""
        git = shutil.which("git")
        if git is None:
            return None
        try:
            process = subprocess.Popen(  # noqa: S603  a list of ours, no shell  # nosec B603
                [git, "-C", str(self._folder), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                env={**_surroundings(), **(names or {})},
                start_new_session=True,
            )
        except OSError:
            return None
        with process:
            try:
                out, err = process.communicate(timeout=self._seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return _Said(-1, "", "")
        return _Said(process.returncode, out, err)


def _end(process: "subprocess.Popen[str]") -> None:
    """End git and its hooks; asked kindly, git takes away its lock."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=2)
            return


def _surroundings() -> dict[str, str]:
    """The environment without what would lead git elsewhere; it asks nobody anything."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}


def _person(part: str, name: str) -> dict[str, str]:
    local = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "account"
    shown = re.sub(r"[<>\x00-\x1f\x7f]", "", name).strip() or "account"
    return {f"GIT_{part}_NAME": shown, f"GIT_{part}_EMAIL": f"{local}{_MAIL}"}
