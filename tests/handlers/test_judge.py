"""What a message wants, by everything that speaks for it."""

import math
from dataclasses import replace

import pytest

from handlers.answer import Assistant
from handlers.judge import EVIDENCE, WEIGHTS, Judge, Verdict, logit, probability
from handlers.library import Library
from handlers.messages import Incoming, Role
from tests.fakes import FRIDAY_MORNING


@pytest.fixture
def judged(library: Library, assistant: Assistant):
    judge = Judge(library)

    def verdict(text: str, role: str | None = None) -> Verdict:
        said = Incoming(text, "test:judge", FRIDAY_MORNING, role=Role(role) if role else None)
        return judge.verdict(assistant.explain(said)[1])

    return verdict


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9])
def test_evidence_and_probability_are_two_ways_to_say_the_same(share: float) -> None:
    assert probability(logit(share)) == pytest.approx(share)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_certainty_stays_finite(share: float) -> None:
    assert math.isfinite(logit(share))


def test_every_piece_of_evidence_has_a_weight() -> None:
    assert {len(weights) for weights in WEIGHTS.values()} == {len(EVIDENCE)}


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("NPOに委託できますか", "member", "rules"),
        ("NPOに委託できますか", None, "rules"),
        ("⑦は補助でできるの", "staff", "rules"),
        ("職場でのけ者にされています、話を聞いてほしい", "resident", "windows"),
        ("職場でのけ者にされています、話を聞いてほしい", None, "windows"),
        ("借金が返せなくて困っている", None, "windows"),
        ("明日の天気は", "member", "outside"),
        ("補助率は何割ですか", "staff", "outside"),
    ],
)
def test_what_a_message_wants(judged, text: str, role: str | None, wanted: str) -> None:
    verdict = judged(text, role)
    shares = {
        "rules": verdict.rules,
        "windows": verdict.windows,
        "outside": verdict.outside,
    }

    assert max(shares, key=lambda name: shares[name]) == wanted
    assert sum(shares.values()) == pytest.approx(1)


def test_who_asks_makes_a_difference(judged) -> None:
    text = "居場所について知りたい"

    assert judged(text, "staff").rules > judged(text, "resident").rules


def test_what_was_never_searched_is_nobodys_ask(library: Library, assistant: Assistant) -> None:
    said = Incoming("NPOに委託できますか", "test:judge", FRIDAY_MORNING)
    turn = assistant.explain(said)[1]

    assert Judge(library).met(replace(turn, ranking=None)) == 0.0
