"""Whether a message tells of danger, on sentences the model was not trained on."""

import json
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
import yaml

from handlers.crisis import CrisisWatch, DangerKind
from handlers.library import Library
from knowledge.danger.training import SENTENCES, SentenceFile
from knowledge.findings import KnowledgeError
from knowledge.load import DATA, read_yaml, shape

FILE = Path(__file__).parents[1] / "data" / "crisis.yaml"
HELD_OUT = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
SURE = HELD_OUT["sure"].strip().split("\n")
"""Cries so plain that every one of them must be heard, whatever the model learns."""


def lines(text: str) -> list[str]:
    return [line.replace("⏎", "\n") for line in text.strip().split("\n")]


@pytest.fixture(scope="module")
def watch() -> CrisisWatch:
    return CrisisWatch.load()


@pytest.fixture(scope="module")
def alarmed(watch: CrisisWatch) -> Callable[[list[str]], list[str]]:
    def those(texts: list[str]) -> list[str]:
        return [text for text in texts if (found := watch.notice(text)) and not found.soft]

    return those


@pytest.mark.parametrize("text", SURE)
def test_a_plain_cry_for_help_is_always_heard(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert not danger.soft


@pytest.mark.parametrize("kind", DangerKind)
def test_danger_of_every_kind_is_heard_in_unseen_sentences(
    kind: DangerKind, alarmed: Callable[[list[str]], list[str]]
) -> None:
    texts = lines(HELD_OUT["danger"][kind])

    assert len(alarmed(texts)) >= 0.88 * len(texts)


def test_danger_is_heard_in_unseen_sentences(alarmed: Callable[[list[str]], list[str]]) -> None:
    texts = [line for text in HELD_OUT["danger"].values() for line in lines(text)]

    assert len(alarmed(texts)) >= 0.95 * len(texts)


def test_hard_ordinary_sentences_are_mostly_left_alone(
    alarmed: Callable[[list[str]], list[str]],
) -> None:
    texts = lines(HELD_OUT["ordinary"])

    assert len(alarmed(texts)) <= 0.08 * len(texts)


def test_soft_signs_are_met_with_care_and_rarely_with_an_alarm(
    watch: CrisisWatch, alarmed: Callable[[list[str]], list[str]]
) -> None:
    texts = lines(HELD_OUT["care"])

    assert sum(watch.notice(text) is not None for text in texts) >= 0.92 * len(texts)
    assert len(alarmed(texts)) <= 0.25 * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        *("食べるものがない", "米がない", "お米 ない", "がすとまった", "水道が止まりそう"),
        *("三日カップ麺しか食べてない", "子どもに食べさせるものがない", "私の記録", "自分のメモ"),
        *("tôi muốn đổi công ty", "むすこがでていってかえってこない"),
    ],
)
def test_hunger_and_short_lines_alone_are_no_alarm(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is None or danger.soft


@pytest.mark.parametrize(
    "text",
    [
        *("家で食べさせてもらえない", "ママがごはんくれない", "ぼくだけごはんがない"),
        *("親が何も食べさせてくれません", "「殺すぞ」って父に言われた"),
    ],
)
def test_a_child_that_is_not_fed_or_threatened_is_heard(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert not danger.soft
    assert danger.windows[0] == "window/189"


@pytest.mark.parametrize("text", ["さようなら", "ごめんね", "また殴られた"])
def test_a_lone_farewell_stays_on_the_safe_side(text: str, watch: CrisisWatch) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert not danger.soft


def test_no_sentence_is_for_training_and_for_testing() -> None:
    file = shape(read_yaml(DATA / SENTENCES), SentenceFile)
    trained = {text for text, _ in file.examples()}
    groups = [*HELD_OUT["danger"].values(), HELD_OUT["care"], HELD_OUT["ordinary"]]

    assert trained.isdisjoint(line for text in groups for line in lines(text))


def test_asks_about_the_rules_raise_no_alarm(
    library: Library, alarmed: Callable[[list[str]], list[str]]
) -> None:
    entries = library.knowledge.entries.values()
    asks = [ask for entry in entries if entry.kind != "window" for ask in entry.asks]

    assert len(alarmed(asks)) <= 0.005 * len(asks)


@pytest.mark.parametrize("kind", DangerKind)
def test_every_danger_shows_a_window_open_round_the_clock(
    kind: DangerKind, library: Library
) -> None:
    windows = yaml.load((DATA / "crisis.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)

    shown = [library.windows.windows[i] for i in windows["windows"][kind][:4]]

    assert any(window.opening_hours == "24/7" for window in shown)


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("死にたい", DangerKind.SUICIDE, "window/inochi-sos"),
        ("リスカがやめられない", DangerKind.SELF_HARM, "window/inochi-sos"),
        ("友達が死にたいと言っています", DangerKind.THIRD_PARTY, "window/inochi-sos"),
        ("睡眠薬を全部飲んだ", DangerKind.OVERDOSE, "window/119"),
        ("父が倒れて意識がありません", DangerKind.MEDICAL, "window/119"),
        ("いま夫に殴られています", DangerKind.VIOLENCE_NOW, "window/110"),
        ("お父さんにたたかれる。こわい", DangerKind.CHILD_ABUSE_NOW, "window/189"),
        ("睡眠薬を全部飲んだ。死にたい", DangerKind.OVERDOSE, "window/119"),
        ("死にたい。父が倒れて意識がありません", DangerKind.MEDICAL, "window/119"),
        ("友達が死にたいと言っています。私も死にたい", DangerKind.SUICIDE, "window/inochi-sos"),
    ],
)
def test_the_most_urgent_danger_names_the_first_window(
    text: str, kind: DangerKind, first: str, watch: CrisisWatch
) -> None:
    danger = watch.notice(text)

    assert danger is not None
    assert danger.kind is kind
    assert danger.windows[0] == first


@pytest.mark.parametrize(
    "harmless",
    ["死ぬほど忙しい", "笑い死ぬ", "自殺対策の研修はありますか", "市にたいして", "OD錠はどこ"],
)
@pytest.mark.parametrize("text", ["{}。もう死にたい", "もう死にたい。{}", "{}。消えたい"])
def test_harmless_words_cancel_only_themselves(
    text: str, harmless: str, watch: CrisisWatch
) -> None:
    assert watch.notice(harmless) is None
    danger = watch.notice(text.format(harmless))
    assert danger is not None
    assert not danger.soft


def test_a_cry_at_the_end_of_a_long_ordinary_message_is_heard(watch: CrisisWatch) -> None:
    story = "引っ越しの手続きを教えてください。印鑑はいりますか。" * 20
    danger = watch.notice(f"{story}でも本当は、今夜死のうと思っています。")

    assert watch.notice(story) is None
    assert danger is not None
    assert not danger.soft


@pytest.mark.parametrize(
    "text",
    ["", "。", "…", "!?", "123", "😀😀", "\u200b", "あ" * 5000, "x" * 9000, "\ud800"],
    ids=range(10),
)
def test_nothing_said_is_no_danger(text: str, watch: CrisisWatch) -> None:
    assert watch.notice(text) is None


# Why


def test_an_alarm_tells_its_sign_and_its_strongest_grams(watch: CrisisWatch) -> None:
    why = watch.explain("もう死にたい")

    assert why["outcome"] == "alarm"
    assert why["kind"] == "suicide"
    assert why["sign"]["letters"] == "死にたい"
    assert any("死" in gram for gram in why["model"]["grams"])
    assert json.loads(json.dumps(why)) == why


def test_an_alarm_without_a_sign_tells_which_part_of_the_message_spoke(watch: CrisisWatch) -> None:
    text = "保険の書類はどこに出せばいいのでしょうか。来月にはもう私はこの世におりませんので。"
    why = watch.explain(text)

    assert why["outcome"] == "alarm"
    assert "この世におりません" in why["model"]["part"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("ごみの日はいつですか", "none"), ("死にたいわけじゃないけど、さみしい", "care")],
)
def test_it_is_told_when_there_was_no_alarm(text: str, outcome: str, watch: CrisisWatch) -> None:
    assert watch.explain(text)["outcome"] == outcome


# Speed


def test_an_ordinary_message_takes_well_under_half_a_millisecond(watch: CrisisWatch) -> None:
    texts = lines(HELD_OUT["ordinary"])

    def once() -> float:
        start = process_time()
        for text in texts:
            watch.notice(text)
        return (process_time() - start) / len(texts)

    # Measured 0.0002; the machines of the tests are slower, and busy with other things.
    assert min(once() for _ in range(3)) < 0.001


def test_nothing_is_left_to_compile_when_the_first_message_comes() -> None:
    start = process_time()
    watch = CrisisWatch.load()
    loaded = process_time() - start
    start = process_time()
    watch.notice("もうすぐ退職します。年金の手続きを教えてください")

    assert loaded < 1.5  # measured 0.35 s
    assert process_time() - start < 0.1


@pytest.mark.parametrize("text", ["薬を", "友達が", "死", "もう", "i want ", "隣の子が", "次は私"])
def test_the_longest_message_telegram_sends_takes_no_three_seconds(
    text: str, watch: CrisisWatch
) -> None:
    message = (text * 4096)[:4096]
    start = process_time()

    watch.notice(message)

    assert process_time() - start < 3


# The file


def broken(folder: Path, old: str, new: str) -> Path:
    path = folder / "crisis.yaml"
    text = (DATA / "crisis.yaml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (folder / "crisis_model.npz").write_bytes((DATA / "crisis_model.npz").read_bytes())
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
        ("but: [", "but: [だれも知らない, ", "crisis_pattern"),
        ("windows:\n  suicide:", "windows:\n  self-harm: []\n  suicide:", "repeated_key"),
        ("gentle:\n  suicide:", "gentle:\n  #", "crisis_pattern"),
        ("windows:\n  suicide:", "windows:\n  sadness:", "not_in_list"),
    ],
)
def test_an_unsound_file_stops_the_start(tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(KnowledgeError) as refused:
        CrisisWatch.load(broken(tmp_path, old, new))

    assert refused.value.findings[0].code == code


@pytest.mark.parametrize(("content", "code"), [("", "missing_file"), ("PK no zip", "unreadable")])
def test_a_missing_or_broken_model_stops_the_start(
    tmp_path: Path, content: str, code: str
) -> None:
    path = broken(tmp_path, "windows:", "windows:")
    model = tmp_path / "crisis_model.npz"
    model.unlink()
    if content:
        model.write_text(content)

    with pytest.raises(KnowledgeError) as refused:
        CrisisWatch.load(path)

    assert refused.value.findings[0].code == code
