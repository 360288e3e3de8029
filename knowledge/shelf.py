"""Where indexes may be kept that take seconds to make; the program that runs brings the place."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol

from knowledge.field import Arrays


class Shelf(Protocol):
    """Keeps arrays, named after what they were made from."""

    def arrays(self, kind: str, contents: Iterable[str], made: Callable[[], Arrays]) -> Arrays:
        """The arrays of these contents, as they were kept, or made now."""
        ...


class NoShelf:
    """Keeps nothing."""

    def arrays(self, kind: str, contents: Iterable[str], made: Callable[[], Arrays]) -> Arrays:
        """The arrays, made now."""
        del kind, contents
        return made()


NO_SHELF: Final = NoShelf()
"""For what is made once and thrown away."""
