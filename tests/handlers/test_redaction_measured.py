"""The line that redaction holds on a set of its own; the figures are in docs/privacy.md."""

import pytest

from tests import redaction
from tests.redaction import HELD_OUT, OPEN, Sentence, kept, recall, sentences, share, table

EVERY = list(sentences())
RECALL = 0.98
"""Over the whole set; half a point under what was measured."""
EACH = 0.95
"""Of each kind."""
WRONGLY = 1
"""So many things that should stay are taken."""


def test_the_set_is_large_and_cut_in_two() -> None:
    assert len(EVERY) >= 400
    assert len({sentence.text for sentence in EVERY}) == len(EVERY)
    assert {sentence.half for sentence in EVERY} == {OPEN, HELD_OUT}


def test_nearly_everything_personal_is_gone() -> None:
    assert share(recall(EVERY)) >= RECALL


@pytest.mark.parametrize("kind", sorted({kind for s in EVERY for kind, _ in s.secrets}))
def test_no_kind_is_much_worse_than_the_others(kind: str) -> None:
    gone, count = recall(EVERY)[kind]

    assert gone / count >= EACH


def test_what_staff_need_stays() -> None:
    assert kept(EVERY)[0] <= WRONGLY


@pytest.mark.parametrize(
    ("secret", "redacted", "pieces"),
    [
        ("090-1234", "090-[number]", ["090"]),
        ("川瀬結衣", "[name]結衣", ["結衣"]),
        ("kawase@example.com", "Please", []),
        ("川瀬", "[name]", []),
    ],
)
def test_a_piece_that_is_left_counts_as_missed(
    secret: str, redacted: str, pieces: list[str]
) -> None:
    assert redaction.leaked(secret, redacted)[:1] == pieces


def test_a_sentence_tells_what_must_go_and_what_must_stay() -> None:
    marked = redaction._sentence("name", "{川瀬}です、{phone|090}、<110>")

    assert marked == Sentence(
        "name", "川瀬です、090、110", (("name", "川瀬"), ("phone", "090")), ("110",)
    )


def test_the_document_shows_the_figures_of_today() -> None:
    document = (redaction.FILE.parents[2] / "docs" / "privacy.md").read_text("utf-8")

    assert table() in document
