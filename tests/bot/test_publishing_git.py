"""What is published is committed alone, under the names of those who wrote and signed it."""

import subprocess
import time
from pathlib import Path

import pytest

from bot.publishing.git import Repository, Tracked
from bot.publishing.outcome import Warned
from handlers.library import Library
from tests.bot.publishing_made import HIKIKOMORI, IWATE, House, house

ASK = "夫がこわくて家に帰れない"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.jp", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a file, and something staged that is not ours."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.yaml").write_text("a\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    (root / "staged").write_text("x")
    git(root, "add", ".")
    return root


@pytest.fixture
def here(tmp_path: Path, library: Library) -> House:
    """The house, committed."""
    here = house(tmp_path, library)
    root = here.data.parent.parent
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return here


def committed(root: Path) -> list[str]:
    return git(root, "show", "--name-only", "--format=%an|%ae|%cn|%s", "HEAD").split("\n")


def hook(root: Path, script: str) -> None:
    path = root / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_file_is_clean_or_changed(root: Path, tmp_path: Path) -> None:
    repository = Repository(root)

    assert repository.tracked(root / "a.yaml") is Tracked.CLEAN
    (root / "a.yaml").write_text("b\n")
    assert repository.tracked(root / "a.yaml") is Tracked.CHANGED
    assert Repository(tmp_path).tracked(tmp_path / "b.yaml") is Tracked.NO


def test_without_git_there_is_no_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert Repository(root).tracked(root / "a.yaml") is Tracked.NO


def test_a_git_that_cannot_start_is_none(root: Path, tmp_path: Path) -> None:
    assert Repository(tmp_path / "nowhere").tracked(root / "a.yaml") is Tracked.UNKNOWN


def test_a_git_that_is_no_program_is_none(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.publishing.git.shutil.which", lambda _: str(root / "a.yaml"))

    assert Repository(root).tracked(root / "a.yaml") is Tracked.NO


def test_one_file_is_committed_and_what_is_staged_stays(root: Path) -> None:
    (root / "新しい.yaml").write_text("b\n")

    assert Repository(root).commit(root / "新しい.yaml", "knowledge: x", "佐藤 <\n", "suzuki")

    head, _, name = committed(root)
    assert head == "佐藤|account@tsunagari.invalid|suzuki|knowledge: x"
    assert name.endswith('.yaml"')
    assert git(root, "diff", "--cached", "--name-only") == "staged"


def test_nothing_of_the_surroundings_leads_git_elsewhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    git_config = root / ".git" / "config"
    git_config.write_text(f"{git_config.read_text()}[commit]\n\tgpgsign = true\n")
    (root / "a.yaml").write_text("b\n")

    assert Repository(root).commit(root / "a.yaml", "m", "sato", "sato")


def test_what_somebody_committed_already_is_no_fault(root: Path) -> None:
    assert Repository(root).commit(root / "a.yaml", "m", "sato", "sato")


def test_a_hook_that_refuses_is_told(root: Path) -> None:
    hook(root, "exit 1")
    (root / "a.yaml").write_text("b\n")

    assert not Repository(root).commit(root / "a.yaml", "m", "sato", "sato")


def test_a_hook_that_never_ends_is_ended(root: Path) -> None:
    hook(root, "sleep 60")
    (root / "a.yaml").write_text("b\n")
    began = time.monotonic()

    assert not Repository(root, seconds=2).commit(root / "a.yaml", "m", "sato", "sato")

    assert time.monotonic() - began < 30
    assert not (root / ".git" / "index.lock").exists()


def test_a_lock_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.yaml").write_text("b\n")
    lock = root / ".git" / "index.lock"
    lock.touch()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            lock.unlink()

    monkeypatch.setattr("bot.publishing.git.sleep", wait)

    assert Repository(root).commit(root / "a.yaml", "m", "sato", "sato")
    assert len(waits) == 2


def test_a_lock_that_stays_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.yaml").write_text("b\n")
    (root / ".git" / "index.lock").touch()
    monkeypatch.setattr("bot.publishing.git._PAUSE", 0.0)

    assert not Repository(root).commit(root / "a.yaml", "m", "sato", "sato")


# ---- with the publisher


def test_a_publication_and_its_undoing_are_commits(here: House) -> None:
    root = here.data.parent.parent
    (root / "staged").write_text("x")
    git(root, "add", "staged")
    edit = here.asking(ASK)

    assert here.published(edit).warnings == ()

    head, _, *names = committed(root)
    assert head == ("sato|sato@tsunagari.invalid|suzuki|knowledge: window/iwate-dv")
    assert names == [f"knowledge/data/{IWATE}"]
    assert here.publisher.undo(edit, "tanaka").warnings == ()
    assert committed(root)[0].startswith("tanaka|tanaka@tsunagari.invalid|tanaka|")
    assert git(root, "diff", "HEAD~2", "--name-only", "--", "knowledge") == ""
    assert git(root, "diff", "--cached", "--name-only") == "staged"


def test_a_failing_commit_leaves_the_file_published(here: House) -> None:
    hook(here.data.parent.parent, "exit 1")
    edit = here.asking(ASK)

    outcome = here.published(edit)

    assert (outcome.problem, outcome.warnings) == (None, (Warned.NOT_COMMITTED,))
    assert here.entry() == edit.text


def test_changes_of_others_in_the_file_are_committed_too_and_that_is_told(here: House) -> None:
    root = here.data.parent.parent
    text = here.text.replace("019-629-9610", "019-629-9611")
    here.file.write_text(text, encoding="utf-8")
    here.source.refresh()
    edit = here.asking("家から出られない兄", HIKIKOMORI)

    assert here.published(edit).warnings == (Warned.OTHERS_CHANGES,)
    assert git(root, "status", "--porcelain", "--", "knowledge") == ""
