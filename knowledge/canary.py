"""The lines by which the running bot tests itself: does a cry for help show the window it must?"""

from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape

CANARY: Final = "canary.yaml"


class CanaryLine(Shape):
    """One synthetic cry for help."""

    text: Text
    """What is said."""
    window: Text
    """Id of a window whose number must be in the reply."""


class CanaryFile(Shape):
    """``canary.yaml``."""

    lines: tuple[CanaryLine, ...]
    """The lines, in the order they are said."""


def canary_lines(data: Path = DATA) -> tuple[CanaryLine, ...]:
    """The lines.

    Raises:
        KnowledgeError: the file is broken.
    """
    return shape(read_yaml(data / CANARY), CanaryFile).lines
