"""Documents say what is true of the program: settings, commands, dependencies, links, sizes."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
MADE = {".git", ".venv", ".hypothesis", "__pycache__", "build", "dist", ".env", ".coverage"}
"""What is made, not written; and ``data`` at the top, where the query log is."""
MADE_ENDINGS = ("_cache", ".egg-info")
LIMIT = 300
PROSE = re.compile("[ぁ-ゖー]{6}")
CHARACTER_CLASS = re.compile(r"\[[^\]]*\]")
PATTERNS = {
    "handlers/redact_names.py": "what stands around a name is matched, not said",
}
"""Files whose regular expressions hold whole Japanese words."""
MACHINE = re.compile(
    r"/(?:home|Users|root|work)/\w|[A-Z]:\\Users|index-url|find-links|pypi\.(?!org\b)\w"
    r"|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written(folder: Path = ROOT, ending: str = "") -> list[Path]:
    """Files of the repository that people wrote."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        made = MADE | ({"data"} if Path(place) == ROOT else set())
        folders[:] = [f for f in folders if f not in made and not f.endswith(MADE_ENDINGS)]
        found += [Path(place, f) for f in files if f.endswith(ending) and f not in made]
    return sorted(found)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


SOURCES = [p for layer in ("bot", "handlers", "knowledge") for p in written(ROOT / layer, ".py")]
READMES = ["README.md", "README.ja.md"]
DOCUMENTS = written(ending=".md")


# ---- settings


def settings_in_example() -> dict[str, str]:
    lines = re.findall(r"^([A-Z_]+)=(.*)$", text(ROOT / ".env.example"), re.MULTILINE)
    assert len(dict(lines)) == len(lines)
    return dict(lines)


@pytest.mark.parametrize("setting", sorted(settings_in_example() | Settings.model_fields))
def test_a_setting_stands_in_the_program_and_in_the_example(setting: str) -> None:
    assert setting.lower() in Settings.model_fields
    assert setting.upper() in settings_in_example()


def written_in_env(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_example_shows_the_defaults() -> None:
    shown = {setting: value for setting, value in settings_in_example().items() if value}
    defaults = {setting: Settings.model_fields[setting.lower()].default for setting in shown}

    assert shown == {setting: written_in_env(default) for setting, default in defaults.items()}


# ---- commands


def commands(command: TyperCommand | TyperGroup, prefix: str = "") -> Iterator[str]:
    """Every sub-command: chat, knowledge check."""
    if not isinstance(command, TyperGroup):
        yield prefix.strip()
        return
    for word, below in command.commands.items():
        yield from commands(below, f"{prefix} {word}")


COMMANDS = list(commands(get_command(app)))


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_stands_in_the_readme(command: str, readme: str) -> None:
    document = text(ROOT / readme) if (ROOT / readme).exists() else ""
    if not document:
        pytest.skip(f"{readme} is not written yet")

    assert re.search(rf"\btsunagari {command}\b", document)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_command_that_is_told_exists(document: Path) -> None:
    groups = {command.split()[0] for command in COMMANDS if " " in command}
    told = re.findall(r"`(?:\.venv/bin/)?tsunagari ([a-z]+)(?: ([a-z]+)\b)?", text(document))
    named = {f"{word} {below}".strip() if word in groups else word for word, below in told}

    assert named - set(COMMANDS) - groups == set()


# ---- dependencies


def dependencies() -> list[str]:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    direct = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return sorted({re.match(r"[\w-]+", requirement)[0] for requirement in direct})


@pytest.mark.parametrize("dependency", dependencies())
def test_a_dependency_has_its_reason(dependency: str) -> None:
    reasons = [text(path) for path in written(ROOT / "docs" / "adr")]
    if not reasons:
        pytest.skip("docs/adr is not written yet")

    assert any(re.search(rf"^\| `{dependency}` \| \S", reason, re.MULTILINE) for reason in reasons)


def test_no_reason_is_given_for_a_dependency_that_is_gone() -> None:
    told = re.findall(r"^\| `([\w-]+)` \|", text(ROOT / "docs/adr/dependencies.md"), re.MULTILINE)

    assert set(told) - set(dependencies()) == set()


# ---- links


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(<?([^)\s>]+)>?\)", text(document))
    relative = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]

    assert [link for link in relative if not (document.parent / link).exists()] == []


# ---- what does not belong into files


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_sentences_people_read_stand_in_data(path: Path) -> None:
    lines = [CHARACTER_CLASS.sub("[]", line) for line in text(path).splitlines()]

    assert bool([line for line in lines if PROSE.search(line)]) == (name(path) in PATTERNS)


@pytest.mark.parametrize("path", [p for p in written() if p != Path(__file__)], ids=name)
def test_a_file_knows_nothing_of_the_machine_it_was_written_on(path: Path) -> None:
    content = path.read_bytes().decode("utf-8", "replace")

    assert MACHINE.findall(content) == []


# ---- sizes


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_fits_on_three_screens(path: Path) -> None:
    lines = len(text(path).splitlines())

    assert lines <= LIMIT, "a file with a second purpose wants a second room"
