"""Writes what was measured into ``docs/quality.md`` and draws its pictures.

The document is written by people; what is measured stands between ``<!-- name -->`` and
``<!-- /name -->`` and is replaced.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from handlers.library import Library
from tests.quality import ablation, calibrate, own
from tests.quality.measure import Measure, markdown

DOCS: Final = Path(__file__).parents[2] / "docs"
DOCUMENT: Final = DOCS / "quality.md"
PICTURES: Final = DOCS / "pictures"
_ROW: Final = re.compile(r"^\| own questions: (\w+) \| [^|]+ \| ([\d.]+) \|", re.MULTILINE)
_WIDTH: Final = 0.1

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "tsunagari", "svg.fonttype": "none", "figure.figsize": (6, 3.6)}


def figures() -> dict[str, float]:
    """The last figures of the own questions, as the document tells them."""
    return {kind: float(value) for kind, value in _ROW.findall(DOCUMENT.read_text("utf-8"))}


def write(library: Library, mine: Sequence[Measure], development: Sequence[Measure]) -> None:
    """Put the measures into the document, and what each part is worth."""
    _replace("own", markdown(mine))
    if development:
        _replace("development", markdown(development))
    _replace("ablation", _ablation(library))
    _draw_calibration()
    _draw_thresholds(library)


def write_bench(found: Sequence[Mapping[str, Any]], seconds: float, memory: float) -> None:
    """Put the times of the searches into the document."""
    mine = {result["size"]: result["median"] for result in found if result["name"] == "ours"}
    rows = [
        [
            f"{r['size']:,}", r["name"], f"{r['median']:.2f}",
            f"{r['median'] / mine[r['size']]:.1f}", f"{r['last']:.2f}", f"{r['build']:.1f}",
            f"{r['memory']:.0f}",
        ]
        for r in found
    ]  # fmt: skip
    head = ["entries", "search", "median ms", "× ours", "p99 ms", "build s", "MiB"]
    start = (
        f"`tsunagari ask` takes {seconds:.1f} s from start to answer and {memory:.0f} MiB, "
        "indexes kept."
    )
    _replace("bench", f"{_table(head, rows)}\n\n{start}")
    _draw_latency(found)


def _replace(name: str, made: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    replaced, count = block.subn(lambda match: f"{match[1]}\n{made}\n\n{match[2]}", text)
    if not count:
        message = f"{DOCUMENT}: no <!-- {name} --> … <!-- /{name} -->"
        raise ValueError(message)
    DOCUMENT.write_text(replaced, encoding="utf-8")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ablation(library: Library) -> str:
    lines = list(ablation.lines(library))
    rows = [[line.part, *(f"{value:.3f}" for value in line.values.values())] for line in lines]
    return _table(["", *lines[0].values], rows)


def _draw_calibration() -> None:
    """How often an entry is right, for each range of probability."""
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], linestyle=":", color="gray", label="as promised")
    names = ("clauses and programs", "windows")
    for name, (features, right) in zip(names, calibrate.pairs(), strict=True):
        weights, constant = calibrate.fit(features, right)
        promised = 1 / (1 + np.exp(-(features @ weights + constant)))
        points = list(_bins(promised, right))
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xlabel="probability", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    _save(figure, axes, "calibration")


def _bins(promised: np.ndarray, right: np.ndarray) -> Iterator[tuple[float, float]]:
    for low in np.arange(0, 1, _WIDTH):
        inside = (promised >= low) & (promised < low + _WIDTH)
        if inside.any():
            yield float(promised[inside].mean()), float(right[inside].mean())


def _draw_thresholds(library: Library) -> None:
    """What is answered rightly, wrongly and not at all, for each least probability."""
    answerable, outside = [], []
    for question in own.questions():
        if question.file.startswith(own.RESIDENTS) or len(question.turns) > 1:
            continue
        scores = library.index.rank(question.turns[0])
        best = max((*scores.of("guideline/").items(), *scores.of("program/").items()), key=_score)
        expected = question.row.get("expect", question.row.get("expect_set"))
        if expected == ["unanswered"]:
            outside.append(best[1])
        else:
            answerable.append((best[1], best[0] in {*expected, *question.row.get("also", [])}))
    least = np.linspace(0, 1, 51)
    scores_, right = map(np.array, zip(*answerable, strict=True))
    figure, axes = plt.subplots()
    axes.plot(least, [((scores_ >= t) & right).mean() for t in least], label="answered rightly")
    axes.plot(least, [((scores_ >= t) & ~right).mean() for t in least], label="answered wrongly")
    axes.plot(
        least,
        [(np.array(outside) >= t).mean() for t in least],
        label="answered, though nothing is known",
        linestyle="--",
    )
    axes.set(xlabel="least probability for an answer", ylabel="share of questions", ylim=(0, 1))
    _save(figure, axes, "thresholds")


def _score(pair: tuple[str, float]) -> float:
    return pair[1]


def _draw_latency(found: Sequence[Mapping[str, Any]]) -> None:
    """Milliseconds a question over the number of entries."""
    figure, axes = plt.subplots()
    for name in dict.fromkeys(result["name"] for result in found):
        points = [(r["size"], r["median"]) for r in found if r["name"] == name]
        axes.loglog(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xlabel="entries", ylabel="median ms a question")
    _save(figure, axes, "latency")


def _save(figure: Any, axes: Any, name: str) -> None:
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    PICTURES.mkdir(exist_ok=True)
    figure.tight_layout()
    figure.savefig(PICTURES / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
