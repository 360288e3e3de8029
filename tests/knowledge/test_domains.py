"""Words speak of the rules, of troubles, or of other matters."""

from collections import Counter

import pytest

from knowledge.domains import Domain, Domains

DOMAINS = Domains(
    {
        Domain.RULES: Counter(["委託", "委託", "県"]),
        Domain.WINDOWS: Counter(["寂しい", "夜", "県"]),
        Domain.OUTSIDE: Counter(["天気"]),
    },
    {"外注": "委託"},
)


@pytest.mark.parametrize(
    ("forms", "one", "other"),
    [
        (["委託"], Domain.RULES, Domain.WINDOWS),
        (["外注"], Domain.RULES, Domain.WINDOWS),
        (["寂しい", "夜"], Domain.WINDOWS, Domain.RULES),
        (["天気"], Domain.OUTSIDE, Domain.RULES),
    ],
)
def test_words_speak_for_their_domain(forms: list[str], one: Domain, other: Domain) -> None:
    assert DOMAINS.odds(forms, one, other) > 0
    assert DOMAINS.odds(forms, other, one) == -DOMAINS.odds(forms, one, other)


def test_words_of_both_and_no_words_decide_nothing() -> None:
    assert DOMAINS.odds([], Domain.RULES, Domain.WINDOWS) == 0
    assert DOMAINS.odds(["県"], Domain.RULES, Domain.WINDOWS) == pytest.approx(0)


def test_a_word_said_twice_counts_once() -> None:
    once = DOMAINS.odds(["委託"], Domain.RULES, Domain.WINDOWS)

    assert DOMAINS.odds(["委託", "委託"], Domain.RULES, Domain.WINDOWS) == once
