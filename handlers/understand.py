"""Reading a message in its conversation: «じゃあ岐阜は？» takes over what was asked before."""

import re
from dataclasses import replace
from typing import Final

import numpy as np

from handlers.library import Library
from handlers.turn import Turn
from knowledge.search import Index
from knowledge.slots import Slots
from knowledge.text import Sentence, words
from knowledge.vocabulary import Kind

_NEGATED: Final = re.compile(r"[^\s、。,.!?！？]{1,8}?(?:じゃなくて?|ではなくて?|でなく)、?")
"""補助じゃなくて委託: what is not meant must not be found."""
EMPTY_WORDS: Final = frozenset(
    ["県", "都", "府", "方", "他", "何", "場合", "じゃあ", "では", "又", "後", "それ", "そちら",
     "こちら", "此方", "其方", "其れ", "同じ", "一緒", "隣", "御願い", "願う", "次", "今度", "分",
     "教える", "見せる", "聞く", "知る", "見る", "頼む",
     "そう", "そうする", "なら", "ほな", "ほんで"]
)  # fmt: skip
"""Words of a message that only points back."""
WHERE_WORDS: Final = frozenset(
    ["根拠", "番", "番号", "項", "条", "号", "規定", "箇所", "何処", "条文"]
)
"""Words of a message that only asks where what was answered stands: 根拠は何番？"""
_LISTED: Final = "guideline/3-2-"
_NOTES: Final = "guideline/4-1-"
_NOTES_TOO: Final = frozenset(f"{_LISTED}{number}" for number in (1, 2, 3))
PARTICLES: Final = "のでにはも"
"""What may be left of 大阪府で before what is said."""
POINTING_LENGTH: Final = 3
"""A message of so few words may need the one before."""
JOINT: Final = 0.85
"""What the message before adds counts this much."""
SURE: Final = 0.5
"""A message understood this surely stands alone."""


class Reader:
    """Reads slots and compares with every entry."""

    def __init__(self, library: Library) -> None:
        """Take the library."""
        self._understanding = library.understanding
        self._lexicon = library.lexicon

    def read(self, turn: Turn) -> None:
        """Words and slots of the message, completed from the conversation."""
        sentence = Sentence(turn.text)
        meant = _NEGATED.sub(" ", turn.text)
        turn.words = sentence.words if meant == turn.text else words(meant)
        turn.slots = self._understanding.slots(sentence)
        before = turn.before
        if turn.slots.surfaces:
            rest = sentence.without(turn.slots.surfaces)
            turn.rest = rest.words
            turn.wordless = self._lexicon.wordless(rest.folded.lstrip(PARTICLES))
        else:
            turn.rest = turn.words
        turn.slots = _beside(turn.slots, before.slots)
        turn.points = bool(turn.slots.prefectures) and not set(turn.rest.forms) - EMPTY_WORDS
        if turn.points:
            kept = before.slots
            turn.slots = replace(
                turn.slots,
                topics=kept.topics,
                likely=kept.likely,
                needs=kept.needs,
                activities=kept.activities,
                facets=kept.facets,
            )
        elif before.route is Kind.PROGRAM and not turn.slots.prefectures:
            turn.carried = bool(before.slots.prefectures and not turn.slots.references.clauses)
            if turn.carried:
                turn.slots = replace(turn.slots, prefectures=before.slots.prefectures)

    def rank(self, turn: Turn, index: Index) -> None:
        """How near every entry is, with the help of the message before if it takes that."""
        before = turn.before.words
        asks_where = turn.words.forms and not set(turn.words.forms) - EMPTY_WORDS - WHERE_WORDS
        if before and (turn.points or asks_where):  # the same again, there; or: by which number?
            turn.words = before
            turn.ranking = turn.rest_ranking = index.rank(before)
            return
        ranking = index.rank(turn.words)
        if before and len(ranking.scores):
            short = len(turn.words.forms) <= POINTING_LENGTH
            if short and float(ranking.scores.max()) < SURE:
                joint = index.rank(before + turn.words)
                ranking = replace(ranking, scores=np.maximum(ranking.scores, joint.scores * JOINT))
        turn.ranking = ranking
        turn.rest_ranking = ranking if turn.rest is turn.words else index.rank(turn.rest)


def _beside(slots: Slots, before: Slots) -> Slots:
    """After ４（１）①, a mere ③ is ４（１）③, not ３（２）③."""
    if not any(clause.startswith(_NOTES) for clause in before.references.clauses):
        return slots
    clauses = tuple(
        _NOTES + clause.removeprefix(_LISTED) if clause in _NOTES_TOO else clause
        for clause in slots.references.clauses
    )
    return replace(slots, references=replace(slots.references, clauses=clauses))
