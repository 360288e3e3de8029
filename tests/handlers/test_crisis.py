"""Whether a message tells of danger: every invented sentence is a case of its own."""

from pathlib import Path

import pytest
import yaml

from handlers.crisis import CrisisWatch, DangerKind
from handlers.library import Library
from knowledge.findings import KnowledgeError
from knowledge.load import DATA

FILE = Path(__file__).parents[1] / "data" / "crisis.yaml"
SENTENCES = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
MISSES = frozenset(SENTENCES["misses"].split("\n")) - {""}
"""What is known to go wrong; it must be taken off the list once it goes right."""


def lines(text: str) -> list[str]:
    return [line.replace("⏎", "\n") for line in text.strip().split("\n")]


def cases(group: object) -> list:
    texts = group.values() if isinstance(group, dict) else [group]
    return [
        pytest.param(
            line,
            id=line[:60],
            marks=[pytest.mark.xfail(reason="a known miss")] if line in MISSES else [],
        )
        for text in texts
        for line in lines(text)
    ]


@pytest.fixture(scope="module")
def watch() -> CrisisWatch:
    return CrisisWatch.load()


@pytest.mark.parametrize("text", cases(SENTENCES["alarms"]))
def test_a_cry_for_help_is_noticed(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert not danger.soft


@pytest.mark.parametrize("text", cases(SENTENCES["ordinary"]))
def test_an_ordinary_message_raises_no_alarm(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is None or danger.soft


@pytest.mark.parametrize("text", cases(SENTENCES["soft"]))
def test_a_soft_sign_is_met_with_care_and_no_alarm(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert danger.soft


def test_asks_about_the_rules_raise_no_alarm(watch: CrisisWatch, library: Library) -> None:
    asks = [
        ask
        for entry in library.knowledge.entries.values()
        if entry.kind != "window"
        for ask in entry.asks
    ]

    alarmed = [ask for ask in asks if (danger := watch.notice(ask)) and not danger.soft]

    assert alarmed == []


@pytest.mark.parametrize("kind", DangerKind)
def test_every_danger_shows_a_window_open_round_the_clock(
    kind: DangerKind, library: Library
) -> None:
    windows = yaml.load((DATA / "crisis.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)

    shown = [library.windows.windows[i] for i in windows["windows"][kind][:4]]

    assert any(window.opening_hours == "24/7" for window in shown)


def broken(folder: Path, old: str, new: str) -> Path:
    path = folder / "crisis.yaml"
    text = (DATA / "crisis.yaml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "pattern", ["(しにたい", "しにたい)", "<だれも知らない名>", "…しにたい", "!(ない)"]
)
def test_a_pattern_nobody_can_read_is_named_with_its_line(tmp_path: Path, pattern: str) -> None:
    path = broken(tmp_path, "harmless: >\n", f"harmless: >\n  {pattern}\n")

    with pytest.raises(KnowledgeError) as refused:
        CrisisWatch.load(path)

    (finding,) = refused.value.findings
    assert finding.code == "crisis_pattern"
    assert finding.line > 1
    assert finding.values["value"] == pattern
