"""Updates of every kind and damage: a few each time; tens of thousands with ``tests.fuzz``."""

import telegram
from telegram import Update

from handlers.library import Library
from tests.fuzz.damage import DAMAGE, Case
from tests.fuzz.judging import awaited
from tests.fuzz.making import ASKED, OTHERS
from tests.fuzz.running import Tally, each_case, run
from tests.fuzz.schema import marks, parts, reachable, variants
from tests.fuzz.tables import faults, fields, table

CASES, SEED = 150, 20261128


def test_whatever_comes_nobody_is_left_without_an_answer(library: Library) -> None:
    tally = run(CASES, SEED, library)
    assert faults(tally) == ""
    assert sum(tally.cases.values()) == CASES
    assert {"answered", "left alone"} <= {one for found in tally.results.values() for one in found}
    assert f"| all | {CASES} |" in table(tally)


def test_the_same_seed_makes_the_same_cases() -> None:
    made: list[list[bytes]] = [[], []]
    for bodies in made:
        each_case(40, SEED, Tally(), lambda case, bodies=bodies: bodies.append(case.json))
    assert made[0] == made[1]


def test_every_damage_and_nearly_every_field_is_made() -> None:
    tally = Tally()
    each_case(1500, SEED, tally, lambda _case: None)
    assert tally.cases.keys() == DAMAGE.keys()
    assert len(tally.kinds) == len(parts(Update)) - 1
    assert len(tally.covered) > 550
    assert " of 149 kinds of objects" in fields(tally) or telegram.__version__ != "22.8"


def test_the_schema_is_that_of_the_library() -> None:
    kinds = {kind.__name__ for kind in reachable()}
    assert {"Message", "Giveaway", "Story", "Checklist", "UniqueGift", "ChatMemberOwner"} <= kinds
    assert {*ASKED, *OTHERS, "update_id"} == {part.name for part in parts(Update)}
    assert marks(telegram.ReactionTypeEmoji) == {"type": "emoji"}
    assert telegram.ChatMemberBanned in variants(telegram.ChatMember)
    (needed, *_) = [part for part in parts(telegram.Message) if part.name == "chat"]
    assert needed.needed


def test_what_must_be_answered_is_judged_without_the_bot() -> None:
    chat, user = {"id": 5, "type": "private"}, {"id": 5, "is_bot": False}
    message = {"chat": chat, "from": user, "text": "さみしい"}

    def judged(**changes: object) -> int | None:
        return awaited({"update_id": 1, "message": message | changes})

    assert judged() == judged(text=None, caption="x") == judged(chat={"id": 5}) == 5
    assert judged(chat={"id": "?", "type": "private"}) == 5
    for silent in (
        {"text": ""}, {"text": 3}, {"chat": {"id": -5, "type": "group"}}, {"chat": None},
        {"from": {"id": 5, "is_bot": True}}, {"text": "/help@other_bot"},
    ):  # fmt: skip
        assert judged(**silent) is None
    assert awaited({"update_id": "1", "message": message}) is None
    assert awaited({"update_id": 1, "edited_message": message | {"text": "/help"}}) is None
    assert awaited({"update_id": 1, "message": message, "edited_message": message}) is None
    assert awaited([]) is None


def test_a_case_is_brought_as_it_would_come() -> None:
    case = Case("x", "message", {"update_id": 1, "@twice@": "@raw@"}, {"@raw@": "[[]]"})
    case.raw["@twice@"] = '"message"'
    assert case.json == b'{"update_id": 1, "message": [[]]}'
