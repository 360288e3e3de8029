"""Words that are commands: «消す» for people who cannot type a Latin one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.text import fold

COMMANDS: Final = "commands.yaml"


class CommandFile(Shape):
    """``commands.yaml``."""

    commands: Mapping[Text, tuple[Text, ...]]
    """The words of each command, by its id."""


class Commands:
    """Knows commands by their words."""

    def __init__(self, data: Path = DATA) -> None:
        """Read the words.

        Raises:
            KnowledgeError: the file is broken.
        """
        listed = shape(read_yaml(data / COMMANDS), CommandFile).commands
        self._ids = {fold(word): command for command, group in listed.items() for word in group}

    def of(self, folded: str) -> str | None:
        """The id of the command that a folded message is; None if it says anything else."""
        return self._ids.get(folded)
