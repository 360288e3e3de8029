"""Whether a message tells of danger. Runs before everything, needs no index and no network.

Two witnesses are heard. Curated signs (``crisis.yaml``) are sure of what they know; a small model
(``crisis_model.npz``) knows what people in danger write like, and hears what no sign says. A sign
adds a fixed weight to what the model thinks, so that the model can also doubt it: then care is
shown in place of an alarm, and nothing only where it is sure of an ordinary message.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from knowledge.danger.kinds import KINDS, DangerKind
from knowledge.danger.letters import Disguises, letters, plain
from knowledge.danger.model import MODEL, Judgement, Model
from knowledge.danger.signs import CrisisFile, Seen, Signs
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml, shape

__all__ = ["CrisisWatch", "Danger", "DangerKind"]

ALARM: Final = 0.5
"""From these log-odds on there is an alarm. Of the sentences kept apart for testing, 0 would
notice 1.5 in a hundred more and alarm at 2 in a hundred more hard ordinary ones; 1 the reverse,
2.5 fewer and 1.5 fewer."""
SIGN: Final = 3.0
"""What a sign adds to the model's log-odds; from 2 to 3 hardly a figure changes."""
CARE: Final = 0.6
"""From this probability on the model alone asks for care."""
DOUBT: Final = 0.05
"""Below this probability of care the model is sure enough to overrule a sign."""
GRAMS: Final = 8
"""So many grams explain what the model heard."""
_CLAUSE: Final = re.compile(r"[^、。,!?\n]+")


@dataclass(frozen=True, slots=True)
class Danger:
    """What was noticed in a message."""

    kind: DangerKind
    """Which danger."""
    soft: bool
    """True: no alarm, but care (sadness near danger, a negated wish, exhaustion)."""
    windows: tuple[str, ...]
    """Ids of the windows, in the order to show."""
    abroad: tuple[str, ...] = ()
    """Ids of windows to add where they speak the person's language."""


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile, model: Model) -> None:
        """Join the witnesses. Raises ``ValueError`` with a pattern that cannot be read."""
        self._disguises = Disguises(file.spellings)
        self._windows = {kind: (file.windows[kind], file.gentle[kind]) for kind in KINDS}
        self._abroad = {kind: file.abroad[kind] for kind in KINDS}
        self._signs = Signs(file)
        self._model = model

    @property
    def named(self) -> frozenset[str]:
        """Ids of every window that is shown in danger or with care."""
        shown = (ids for pair in self._windows.values() for ids in pair)
        return frozenset(itertools.chain(*shown, *self._abroad.values()))

    @classmethod
    def load(cls, path: Path = DATA / "crisis.yaml") -> Self:
        """Read the signs, and the model beside them.

        Raises:
            KnowledgeError: what is unsound, with its line.
        """
        document = read_yaml(path)
        model = Model.load(path.with_name(MODEL))
        try:
            return cls(shape(document, CrisisFile), model)
        except (KeyError, ValueError) as error:
            wrong, text = str(error.args[0]), path.read_text(encoding="utf-8")
            line = text[: text.find(wrong)].count("\n") + 1
            values = {"key": "", "value": wrong, "why": ""}
            raise KnowledgeError([Finding("crisis_pattern", path, line, values)]) from None

    def notice(self, text: str) -> Danger | None:
        """The danger a message tells of; None if there is none."""
        heard = self._hear(text)
        if not (heard.alarm or heard.cares):
            return None
        soft, kind = not heard.alarm, heard.kind
        return Danger(kind, soft, self._windows[kind][soft], self._abroad[kind])

    def explain(self, text: str) -> dict[str, Any]:
        """What was heard and how much it weighs, as plain data. It quotes the message."""
        heard = self._hear(text)
        danger = self.notice(text)
        sign, judged = heard.sign, heard.judged
        return {
            "outcome": "none" if not danger else "care" if danger.soft else "alarm",
            "kind": danger.kind.value if danger else None,
            "log_odds": round(heard.log_odds, 2),
            "alarm_from": ALARM,
            "sign": sign and {"kind": sign.kind.value, "soft": sign.soft, "letters": sign.letters},
            "model": {
                "kind": judged.kind.value,
                "log_odds": round(judged.danger, 2),
                "care": round(judged.care, 2),
                "part": judged.part,
                "grams": self._model.strongest(judged.part, judged.kind, GRAMS),
            },
        }

    def _hear(self, text: str) -> "_Heard":
        said = plain(text)
        meant = self._disguises.off(said)
        seen = [sign for way in {said, meant} if (sign := self._signs.worst(letters(way)))]
        sign = min(seen, key=lambda sign: sign.rank, default=None)
        heard = _Heard(sign, self._model.judge(meant))
        if heard.alarm or not sign or sign.soft:
            return heard
        return next(self._alone(meant), heard)

    def _alone(self, meant: str) -> Iterator["_Heard"]:
        """Clauses that are alarming by themselves: a question beside them must not drown them.

        Without their neighbours both witnesses must hear it, the model without the sign's weight.
        """
        for clause in _CLAUSE.findall(meant):
            sign, judged = self._signs.worst(letters(clause)), self._model.judge(clause)
            if sign and not sign.soft and judged.danger >= ALARM:
                yield _Heard(sign, judged)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What both witnesses say of a message."""

    sign: Seen | None
    """The most urgent sign."""
    judged: Judgement
    """What the model thinks."""

    @property
    def log_odds(self) -> float:
        """Both together."""
        return self.judged.danger + (SIGN if self.sign and not self.sign.soft else 0.0)

    @property
    def alarm(self) -> bool:
        """Whether it is a cry for help."""
        return self.log_odds >= ALARM

    @property
    def cares(self) -> bool:
        """Whether care is due at least."""
        return self.judged.care >= (DOUBT if self.sign else CARE)

    @property
    def kind(self) -> DangerKind:
        """Which danger: a sign knows better, but one of care does not name an alarm."""
        named = self.sign and not (self.alarm and self.sign.soft)
        return self.sign.kind if self.sign and named else self.judged.kind
