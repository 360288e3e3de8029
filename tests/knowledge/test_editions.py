"""Editions of the guideline: which is in force, what changed, and files that are not sound."""

from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.editions import Change, Kind, Mark, compare, digest, in_force, pieces
from knowledge.load import load
from tests.knowledge.broken import newest_date
from tests.next_edition import ADDED, REMOVED, data_with_next_edition, next_edition

R6 = load().guideline
R7 = next_edition(R6)


def test_only_what_changed_is_said_to_have_changed() -> None:
    changes = {
        change.id: change.kind for change in compare(R6, R7) if change.kind is not Kind.SAME
    }

    assert changes == {
        "guideline/4-3": Kind.CHANGED, REMOVED: Kind.REMOVED, ADDED: Kind.ADDED
    }  # fmt: skip


def test_an_edition_does_not_differ_from_itself() -> None:
    assert {change.kind for change in compare(R6, R6)} == {Kind.SAME}
    assert len(compare(R6, R6)) == 27


def test_a_removed_clause_is_shown_as_it_last_was() -> None:
    removed = next(change for change in compare(R6, R7) if change.id == REMOVED)

    assert removed.clause.place == "３（２）⑩"
    assert [piece.mark for piece in removed.pieces] == [Mark.DELETED]


def test_a_change_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="guideline/x"):
        _ = Change("guideline/x", Kind.SAME, None, None).clause


def test_pieces_give_both_texts_back() -> None:
    old, new = "委託を行うことができる。", "委託及び補助を行うことができるものとする。"
    found = pieces(old, new)

    assert "".join(p.text for p in found if p.mark is not Mark.INSERTED) == old
    assert "".join(p.text for p in found if p.mark is not Mark.DELETED) == new


def test_a_digest_knows_words_and_not_line_breaks() -> None:
    assert digest("委託\nする") == digest("委託する") != digest("受託する")
    assert len(digest("")) == 8


def test_the_edition_that_came_into_force_last_is_in_force() -> None:
    assert in_force([R7, R6]).edition == "R7"


def test_the_newest_file_is_the_guideline_and_the_older_is_kept(tmp_path: Path) -> None:
    knowledge = load(data_with_next_edition(tmp_path))

    assert [edition.edition for edition in knowledge.editions] == ["R6", "R7"]
    assert knowledge.guideline.edition == "R7"
    assert "見本の補助金" in knowledge.entries["guideline/4-3"].text


def codes(data: Path) -> list[str]:
    files = {"r7.yaml"}
    found = check(data, today=newest_date(data))
    return [finding.code for finding in found if finding.path.name in files]


def test_another_edition_is_compared_with_its_own_document(tmp_path: Path) -> None:
    data = data_with_next_edition(tmp_path)
    assert codes(data) == []

    source = data / "sources" / "guideline_r7.txt"
    source.write_text(source.read_text(encoding="utf-8").replace("見本", ""), encoding="utf-8")
    assert codes(data) == ["edition_differs"]

    source.unlink()
    assert codes(data) == ["edition_without_source"]


def test_another_edition_without_its_shape_is_found(tmp_path: Path) -> None:
    data = data_with_next_edition(tmp_path)
    (data / "guideline" / "r7.yaml").write_text("edition: R7\n", encoding="utf-8")

    assert codes(data)
