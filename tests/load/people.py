"""Ten thousand people, and what they write: the project's own test questions."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from handlers.crisis import CrisisWatch
from knowledge.reading import read_yaml
from tests.bot_api.people import Json, entities
from tests.bot_api.server import FIRST_ID
from tests.load.server import LoadServer

PEOPLE: Final = 10_000
IN_DANGER: Final = "danger"
"""Kind of the messages of people in danger."""
ORDINARY: Final = "ordinary"
"""Kind of all the others."""
CRIES: Final = ("死にたい", "もう消えてしまいたい", "夫に殴られて怖い", "薬をたくさん飲んだ")
TAPS: Final = ("start:windows", "start:rules", "start:programs")


class Crowd:
    """Lets people write, the same for the same seed."""

    def __init__(self, server: LoadServer, seed: int = 1) -> None:
        """``server``: where they are."""
        self._server = server
        self._dice = random.Random(seed)  # noqa: S311
        self._questions = questions()
        self._ids = _ids(0)
        self._ids_in_danger = _ids(PEOPLE)

    def ask(self) -> None:
        """Let the next person write."""
        thrown = self._dice.random()
        content: Json
        if thrown < 0.15:
            content = {"text": "/start", "entities": entities("/start")}
        elif thrown < 0.4:
            content = {"data": self._dice.choice(TAPS)}
        else:
            content = {"text": self._dice.choice(self._questions)}
        self._server.ask(next(self._ids), ORDINARY, content)

    def cry(self) -> None:
        """Let somebody in danger write."""
        self._server.ask(next(self._ids_in_danger), IN_DANGER, {"text": self._dice.choice(CRIES)})


def questions() -> list[str]:
    """What people ask in the tests of answers, but for those in danger."""
    folder, watch = Path(__file__).parents[1] / "answers", CrisisWatch.load()
    names = ("windows_national_1", "windows_national_2", "guideline", "programs", "unanswerable")
    files = [read_yaml(folder / f"{name}.yaml").data for name in names]
    asked = [str(one["q"]) for file in files for one in file["questions"]]
    return [text for text in asked if watch.notice(text) is None]


def _ids(begin: int) -> Iterator[int]:
    while True:
        yield from range(FIRST_ID + begin, FIRST_ID + begin + PEOPLE)
