"""``docs/safety.md`` says what is true: figures on the sentences kept apart, settings, windows."""

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings
from handlers.crisis import CrisisWatch, DangerKind
from handlers.danger_desk import EMERGENCY
from handlers.library import Library
from knowledge.load import DATA
from knowledge.vocabulary import Topic

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "safety.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
HELD_OUT = yaml.load(
    (ROOT / "tests/data/crisis.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
OPEN, CLOSE = "<!-- held-out -->\n", "<!-- /held-out -->"
BASE = "ja"


def lines(text: str) -> list[str]:
    return [line.replace("⏎", "\n") for line in text.strip().split("\n")]


def table() -> str:
    """The figures as they are now."""
    watch = CrisisWatch.load()
    groups = {**HELD_OUT["danger"], "soft signs": HELD_OUT["care"]}
    rows = ["| sentences | of | alarmed | care only |", "|---|---|---|---|"]
    for name, text in [*groups.items(), ("ordinary, hard ones", HELD_OUT["ordinary"])]:
        found = [watch.notice(line) for line in lines(text)]
        alarmed = sum(danger is not None and not danger.soft for danger in found)
        care = sum(danger is not None and danger.soft for danger in found)
        rows.append(f"| {name} | {len(found)} | {alarmed} | {care} |")
    return "\n".join(rows) + "\n"


def test_the_figures_are_those_of_today() -> None:
    """When they change: write what this test says into the document."""
    told = TEXT.partition(OPEN)[2].partition(CLOSE)[0]

    assert told == table()


@pytest.mark.parametrize("window", sorted(set(re.findall(r"`(window/[\w-]+)`", TEXT))))
def test_a_window_that_is_told_of_exists(window: str, library: Library) -> None:
    assert window in library.windows.windows


def test_the_settings_have_the_values_that_are_told() -> None:
    told = dict(re.findall(r"`(CRISIS_HOURS|CANARY_MINUTES)` \((\d+)", TEXT))

    assert {name: str(Settings.model_fields[name.lower()].default) for name in told} == told
    assert len(told) == 2


@pytest.mark.parametrize("kind", DangerKind)
def test_every_kind_of_danger_is_told(kind: DangerKind) -> None:
    assert f"`{kind}`" in TEXT


def test_what_is_told_to_be_missing_is_missing(library: Library) -> None:
    """When a window is found, the document must say so."""
    windows = library.windows.windows.values()
    psychiatric = [window.id for window in windows if "精神科救急" in window.name]
    at_night = [
        window.id
        for window in windows
        if window.opening_hours == "24/7"
        and {*window.topics} & {Topic.SUICIDE, Topic.MENTAL_HEALTH, Topic.LONELINESS}
        and {*window.languages} - {BASE}
    ]

    assert psychiatric == ["window/okinawa-seishin-kyukyu"]
    assert at_night == []


def test_nothing_comes_before_what_is_told_to_come_first() -> None:
    windows = yaml.load((DATA / "crisis.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    first = {kind: ids[0] for kind, ids in windows["windows"].items()}

    assert {kind for kind, window in first.items() if window in EMERGENCY} == {
        "overdose",
        "medical",
        "violence-now",
        "child-abuse-now",
    }
