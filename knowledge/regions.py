"""Which prefectures lie together: names of regions, and prefectures that touch by land."""

from collections.abc import Mapping
from pathlib import Path

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape


class RegionFile(Shape):
    """``regions.yaml``."""

    regions: Mapping[str, tuple[Text, ...]]
    """Ids of the prefectures of a region, by every name people use for it."""
    neighbours: Mapping[str, tuple[Text, ...]]
    """Ids of the prefectures that touch a prefecture by land."""


def load_regions(data: Path = DATA) -> RegionFile:
    """Read the table.

    Raises:
        KnowledgeError: it is broken.
    """
    return shape(read_yaml(data / "regions.yaml"), RegionFile)
