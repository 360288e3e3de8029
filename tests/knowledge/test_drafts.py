"""Drafts lie beside the knowledge: they are checked and found again, and nobody is shown them."""

from datetime import date

import pytest

from knowledge.drafts import Draft, DraftFile, Near, Origin, draft_files, load_drafts
from knowledge.findings import KnowledgeError
from knowledge.load import load
from knowledge.write import dump
from tests.knowledge.broken import Copy

ORIGIN = Origin(file="faq.csv", imported=date(2026, 11, 21), encoding="CP932", rows=2)


def draft(number: int, *alike: int, near: str = "guideline/2-2", id_: str = "") -> Draft:
    return Draft(
        id=id_ or f"draft/faq/{number}",
        line=number + 1,
        asks=(f"質問{number}",),
        text="答え",
        near=(Near(id=near, score=0.9),),
        look_alikes=tuple(f"draft/faq/{other}" for other in alike),
    )


def write(copy: Copy, *drafts: Draft, name: str = "faq") -> None:
    (copy.data / "drafts").mkdir(exist_ok=True)
    copy.write(f"drafts/{name}.yaml", dump(DraftFile(origin=ORIGIN, drafts=drafts)))


def test_without_an_import_there_are_none(copy: Copy) -> None:
    assert draft_files(copy.data) == []
    assert list(load_drafts(copy.data)) == []


def test_drafts_are_found_with_file_and_line(copy: Copy) -> None:
    write(copy, draft(1), draft(2))

    second = list(load_drafts(copy.data))[1]

    assert second.draft == draft(2)
    assert second.path == copy.data / "drafts" / "faq.yaml"
    lines = second.path.read_text(encoding="utf-8").splitlines()
    assert lines[second.line - 1] == "  - id: draft/faq/2"


def test_nobody_is_shown_a_draft(copy: Copy) -> None:
    before = load(copy.data)
    write(copy, draft(1))

    assert load(copy.data) == before
    assert not any(id_.startswith("draft/") for id_ in before.entries)


def test_sound_drafts_are_no_finding(copy: Copy) -> None:
    write(copy, draft(1, 2), draft(2, 1))
    write(copy, draft(3, id_="draft/other/3"), name="other")

    assert copy.found() == []


def test_an_id_stands_once_in_all_files(copy: Copy) -> None:
    write(copy, draft(1))
    write(copy, draft(1), name="other")

    assert copy.found() == [("repeated_id", "drafts/other.yaml", 7, "draft/faq/1")]


def test_a_draft_is_called_a_draft(copy: Copy) -> None:
    write(copy, draft(1, id_="window/110-2"))

    assert copy.found() == [("draft_id", "drafts/faq.yaml", 7, "window/110-2")]


def test_the_entries_near_a_draft_exist(copy: Copy) -> None:
    write(copy, draft(1, near="guideline/9-9"))

    assert copy.found() == [("draft_near", "drafts/faq.yaml", 13, "draft/faq/1")]


def test_a_draft_that_is_done_with_can_be_deleted(copy: Copy) -> None:
    write(copy, draft(1, 2))

    assert copy.found() == []


def test_a_draft_without_its_shape_is_found_and_cannot_be_loaded(copy: Copy) -> None:
    write(copy, draft(1))
    copy.replace("drafts/faq.yaml", "drafts:", "text:", "teksto:")

    assert {code for code, *_ in copy.found()} == {"unknown_key", "missing_key"}
    with pytest.raises(KnowledgeError, match="teksto"):
        list(load_drafts(copy.data))
