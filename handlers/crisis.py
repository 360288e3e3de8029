"""Whether a message tells of danger. Runs before everything, needs no index and no network.

Two witnesses are heard. Curated signs (``crisis.yaml``) are sure of what they know; a small model
(``crisis_model.npz``) knows what people in danger write like, and hears what no sign says. A sign
weighs a fixed amount on the model's scale, so that the model can also doubt it: then care is
shown in place of an alarm, never nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from knowledge.danger.kinds import KINDS, DangerKind
from knowledge.danger.letters import Disguises, letters, plain
from knowledge.danger.model import Judgement, Model
from knowledge.danger.signs import CrisisFile, Seen, Signs
from knowledge.danger.training import MODEL
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, read_yaml, shape

__all__ = ["KINDS", "CrisisWatch", "Danger", "DangerKind"]

ALARM: Final = 0.5
"""From these log-odds on there is an alarm."""
SIGN: Final = 3.0
"""What a sign adds to the model's log-odds."""
CARE: Final = 0.6
"""From this probability on the model alone asks for care."""
GRAMS: Final = 8
"""So many grams explain what the model heard."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What was noticed in a message."""

    kind: DangerKind
    """Which danger."""
    soft: bool
    """True: no alarm, but care (sadness near danger, a negated wish, exhaustion)."""
    windows: tuple[str, ...]
    """Ids of the windows, in the order to show."""


class CrisisWatch:
    """Notices people in danger."""

    def __init__(self, file: CrisisFile, model: Model) -> None:
        """Join the witnesses. Raises ``ValueError`` with a pattern that cannot be read."""
        self._disguises = Disguises(file.spellings)
        self._windows = {kind: (file.windows[kind], file.gentle[kind]) for kind in KINDS}
        self._signs = Signs(file)
        self._model = model

    @classmethod
    def load(cls, path: Path = DATA / "crisis.yaml") -> Self:
        """Read the signs, and the model beside them.

        Raises:
            KnowledgeError: what is unsound, with its line.
        """
        document = read_yaml(path)
        try:
            return cls(shape(document, CrisisFile), _model(path.with_name(MODEL)))
        except (KeyError, ValueError) as error:
            wrong, text = str(error.args[0]), path.read_text(encoding="utf-8")
            line = text[: text.find(wrong)].count("\n") + 1
            values = {"key": "", "value": wrong, "why": ""}
            raise KnowledgeError([Finding("crisis_pattern", path, line, values)]) from None

    def notice(self, text: str) -> Danger | None:
        """The danger a message tells of; None if there is none."""
        sign, judged = self._hear(text)
        alarm = _log_odds(sign, judged) >= ALARM
        if not (alarm or sign or judged.care >= CARE):
            return None
        kind = sign.kind if sign and alarm >= (not sign.soft) else judged.kind
        return Danger(kind, not alarm, self._windows[kind][not alarm])

    def _hear(self, text: str) -> tuple[Seen | None, Judgement]:
        said = plain(text)
        meant = self._disguises.off(said)
        seen = [sign for way in {said, meant} if (sign := self._signs.worst(letters(way)))]
        sign = min(seen, key=lambda sign: sign.rank, default=None)
        return sign, self._model.judge(meant)


def _model(path: Path) -> Model:
    return Model.load(path)


def _log_odds(sign: Seen | None, judged: Judgement) -> float:
    return judged.danger + (SIGN if sign and not sign.soft else 0.0)
