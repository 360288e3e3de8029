"""Whether a message tells of danger: every invented sentence is a case of its own."""

from pathlib import Path
from time import process_time

import pytest
import yaml

from handlers.crisis import CrisisWatch, DangerKind, _regex
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


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("but: [errand,", "but: [だれも知らない,", "crisis_pattern"),
        ("windows:\n  suicide:", "windows:\n  self-harm: []\n  suicide:", "repeated_key"),
        ("gentle:\n  suicide:", "gentle:\n  #", "crisis_pattern"),
        ("windows:\n  suicide:", "windows:\n  sadness:", "not_in_list"),
        ("readings:\n  {", "readings:\n  {困: (こま, ", "wrong_value"),
    ],
)
def test_an_unsound_file_stops_the_start(tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(KnowledgeError) as refused:
        CrisisWatch.load(broken(tmp_path, old, new))

    assert refused.value.findings[0].code == code


def test_every_pattern_can_be_compared(watch: CrisisWatch) -> None:
    for reader in (watch._reader, watch._kana_reader):
        for table in (reader._signs, reader._harmless):
            for source in {source for found in table.values() for source, _ in found}:
                assert _regex(source)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("死にたい", "window/inochi-sos"),
        ("リスカがやめられない", "window/inochi-sos"),
        ("友達が死にたいと言っています", "window/inochi-sos"),
        ("睡眠薬を全部飲んだ", "window/119"),
        ("父が倒れて意識がありません", "window/119"),
        ("いま夫に殴られています", "window/110"),
        ("お父さんにたたかれる。こわい", "window/189"),
    ],
)
def test_the_first_window_fits_the_danger(text: str, first: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert danger.windows[0] == first


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("睡眠薬を全部飲んだ。死にたい", DangerKind.OVERDOSE),
        ("死にたい。父が倒れて意識がありません", DangerKind.MEDICAL),
        ("友達が死にたいと言っています。私も死にたい", DangerKind.SUICIDE),
        ("友達が死にたいと言っています", DangerKind.THIRD_PARTY),
    ],
)
def test_of_several_dangers_the_most_urgent_decides(
    text: str, kind: DangerKind, watch: CrisisWatch
) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert danger.kind is kind


@pytest.mark.parametrize(
    "harmless",
    ["死ぬほど忙しい", "笑い死ぬ", "自殺対策の研修はありますか", "市にたいして", "OD缶はどこ"],
)
@pytest.mark.parametrize("text", ["{}。もう死にたい", "もう死にたい。{}", "{}、消えたい"])
def test_harmless_words_cancel_only_themselves(
    text: str, harmless: str, watch: CrisisWatch
) -> None:
    assert watch.notice(harmless) is None
    danger = watch.notice(text.format(harmless))
    assert danger is not None
    assert not danger.soft


@pytest.mark.parametrize("text", ["", "。", "…", "!?", "123", "😀😀", "\u200b", "あ" * 5000])
def test_nothing_said_is_no_danger(text: str, watch: CrisisWatch) -> None:
    assert watch.notice(text) is None


@pytest.mark.parametrize("text", ["薬を", "友達が", "死", "もう", "i want ", "隣の子が", "次は私"])
def test_the_longest_message_telegram_sends_takes_no_three_seconds(
    text: str, watch: CrisisWatch
) -> None:
    message = (text * 4096)[:4096]
    watch.notice(message)
    start = process_time()

    watch.notice(message)

    assert process_time() - start < 3
