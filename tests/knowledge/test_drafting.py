"""From a municipality's FAQ to drafts: word for word, each question once, none lost."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from knowledge.drafting import NEAR, NEAREST, Import, Step, make_drafts, slug
from knowledge.drafts import Draft, DraftFile, Near
from knowledge.faq import read_faq
from knowledge.load import read_yaml, shape
from knowledge.write import dump

DAY = date(2026, 11, 21)


class One(NamedTuple):
    id: str
    score: float


class FakeEntries:
    """Finds for a question what it was told to."""

    def __init__(self, **found: Sequence[One]) -> None:
        self.found = found
        self.asked: list[tuple[str, int]] = []

    def search(self, question: str, limit: int, /) -> Sequence[One]:
        self.asked.append((question, limit))
        return self.found.get(question, ())


def made(folder: Path, rows: str, entries: FakeEntries | None = None, **more: Any) -> Import:
    path = folder / "市のFAQ.csv"
    path.write_text(f"id,question,answer,category\n{rows}", encoding="utf-8")
    return make_drafts(path, read_faq(path), DAY, entries or FakeEntries(), **more)


def drafts(imported: Import) -> list[str]:
    return [draft.id for draft in imported.file.drafts]


def test_a_row_becomes_a_draft_word_for_word(tmp_path: Path) -> None:
    rows = '7,委託できますか,"はい。\n電話（０５７０）０６４－５５６、ＦＡＸ06-6416-5730",福祉\n'

    (draft,) = made(tmp_path, rows).file.drafts

    assert draft == Draft(
        id="draft/市のfaq/7",
        line=2,
        category="福祉",
        asks=("委託できますか",),
        text="はい。\n電話（０５７０）０６４－５５６、ＦＡＸ06-6416-5730",
        numbers=("0570-064-556",),
    )


def test_the_file_says_where_it_comes_from(tmp_path: Path) -> None:
    origin = made(tmp_path, "1,a,b,\n2,,b,\n").file.origin

    assert origin.model_dump(mode="json") == {
        "file": "市のFAQ.csv",
        "imported": "2026-11-21",
        "encoding": "UTF-8",
        "rows": 2,
    }


def test_a_question_asked_again_is_listed_and_no_draft(tmp_path: Path) -> None:
    rows = (
        "1,ごみの日はいつ？,月曜 です,\n2,ゴミの日はいつ,月曜です,\n3,ごみの日は、いつ,火曜です,\n"
    )

    imported = made(tmp_path, rows)

    assert drafts(imported) == ["draft/市のfaq/1"]
    assert [
        (one.question.line, one.first.line, one.same_answer) for one in imported.duplicates
    ] == [(3, 2, True), (4, 2, False)]


def test_questions_of_signs_only_are_not_taken_for_one(tmp_path: Path) -> None:
    imported = made(tmp_path, "1,？,a,\n2,！,b,\n3,？,c,\n")

    assert drafts(imported) == ["draft/市のfaq/1", "draft/市のfaq/2"]
    assert [one.question.id for one in imported.duplicates] == ["3"]
    assert imported.pairs == 0


def test_questions_that_sound_alike_name_each_other(tmp_path: Path) -> None:
    rows = "a,私立幼稚園の入園手続,1,\nb,住民票,2,\nc,市立幼稚園の入園手続,3,\n"

    imported = made(tmp_path, rows)

    first, other, last = imported.file.drafts
    assert (first.look_alikes, other.look_alikes, last.look_alikes) == (
        (last.id,),
        (),
        (first.id,),
    )
    assert [(one.first, one.second, one.score) for one in imported.look_alikes] == [
        (first, last, 100)
    ]
    assert imported.pairs == 1


def test_the_best_pair_comes_first(tmp_path: Path) -> None:
    rows = (
        "1,障害者は住居確保給付金の支給対象者となりますか,a,\n"
        "2,障害がある人は住居確保給付金の支給対象者となりますか,a,\n"
        "3,市立幼稚園の入園手続,a,\n4,私立幼稚園の入園手続,a,\n"
    )

    scores = [pair.score for pair in made(tmp_path, rows).look_alikes]

    assert scores[0] == 100
    assert scores == sorted(scores, reverse=True)


def test_entries_that_may_answer_it_already_are_noted(tmp_path: Path) -> None:
    found = [
        One("guideline/2-2", 0.876),
        One("guideline/2-3", NEAR),
        One("window/110", NEAR - 0.01),
    ]
    entries = FakeEntries(委託=found)

    first, second = made(tmp_path, "1,委託,a,\n2,住民票,b,\n", entries).file.drafts

    assert first.near == (
        Near(id="guideline/2-2", score=0.88),
        Near(id="guideline/2-3", score=NEAR),
    )
    assert second.near == ()
    assert entries.asked == [("委託", NEAREST), ("住民票", NEAREST)]


def test_who_waits_is_told_how_far_it_is(tmp_path: Path) -> None:
    class Watched:
        def __init__(self) -> None:
            self.steps: dict[Step, int] = {}

        def watch(self, step: Step) -> Any:
            def go(items: Sequence[Any]) -> Iterable[Any]:
                self.steps[step] = len(items)
                return items

            return go

    progress = Watched()
    made(tmp_path, "1,a,b,\n2,b,c,\n", progress=progress)

    assert progress.steps == {Step.LOOK_ALIKES: 1, Step.NEAR: 2}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("faq.csv", "faq"),
        ("令和６年度 FAQ_最新.csv", "令和6年度-faq-最新"),
        ("くらし.手続き.csv", "くらし-手続き"),
        ("___.csv", "faq"),
    ],
)
def test_the_name_of_the_file_is_part_of_the_id(name: str, expected: str) -> None:
    assert slug(Path(name)) == expected


def test_written_and_read_and_written_again_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = (
        '0570,no,0120,はい\n"#8008",2026-11-21,"9:00\n# 行\n- 110",yes\n'
        '"a ""b"" c","「質問」: 1","終わり ",\U0001f4de\n'
    )
    entries = FakeEntries(no=[One("guideline/2-2", 1.0)])
    file = made(tmp_path, rows, entries).file
    written = dump(file, "下書き\nです")
    path = tmp_path / "faq.yaml"
    path.write_text(written, encoding="utf-8", newline="")

    read = shape(read_yaml(path), DraftFile)

    assert read == file
    assert dump(read, "下書き\nです") == written
    assert '- "no"' in written
    assert "draft/市のfaq/0570" in written
