"""Word vectors in which only a few words have a meaning."""

import numpy as np

from knowledge.text import words
from knowledge.vectors import Vectors

MEANINGS = (("孤独", "寂しい", "友だち"), ("費用", "金"), ("学校", "授業"))


class FakeVectors(Vectors):
    """Only these words have vectors; those of one meaning have the same one."""

    def __init__(self, meanings: tuple[tuple[str, ...], ...] = MEANINGS) -> None:
        self._numbers = {
            form: number
            for number, meaning in enumerate(meanings)
            for word in meaning
            for form in words(word).forms
        }

    def __repr__(self) -> str:
        return f"FakeVectors({self._numbers})"

    @property
    def dimensions(self) -> int:
        return 8

    def of(self, word: str) -> np.ndarray | None:
        if word not in self._numbers:
            return None
        return np.eye(self.dimensions, dtype=np.float32)[self._numbers[word]]
