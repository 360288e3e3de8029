"""Cuts a long reply into messages Telegram takes, never inside a tag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape
from itertools import accumulate

LIMIT = 4096
"""Characters Telegram allows in one message. It counts UTF-16 units after the tags are read; here
the tags count too, so a body can only be shorter than allowed."""

_ENDS = ("\n\n", "\n", "。", "！", "？", ". ", " ")
"""Where a long text may be cut: ends of paragraphs first, then of lines, sentences, words."""


class Style(Enum):
    """How a piece looks: before and after it in HTML, and in plain text."""

    PLAIN = ("", "", "", "")
    TITLE = ("<b>", "</b>", "■ ", "")
    QUOTE = ("<blockquote>", "</blockquote>", "「", "」")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one style. Everything outside the style's own tags is escaped."""

    text: str
    """What the person reads; not blank."""
    style: Style = Style.PLAIN
    """How it looks."""
    url: str = ""
    """Where the text leads; empty for no link."""

    @property
    def html(self) -> str:
        """The piece in Telegram's HTML."""
        before, after, _, _ = self.style.value
        text = escape(self.text, quote=False)
        link = f'<a href="{escape(self.url)}">{text}</a>' if self.url else text
        return f"{before}{link}{after}"

    @property
    def plain(self) -> str:
        """The piece without any markup; a link shows its address."""
        _, _, before, after = self.style.value
        link = f": {self.url}" if self.url else ""
        return f"{before}{self.text}{link}{after}"


Block = tuple[Piece, ...]
"""Pieces that belong together, one under the other: a paragraph, a card."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one message: blocks with an empty line between them."""

    blocks: tuple[Block, ...]
    """At least one block of at least one piece."""

    @property
    def html(self) -> str:
        """The text in Telegram's HTML; at most LIMIT units, tags included."""
        return "\n\n".join("\n".join(piece.html for piece in block) for block in self.blocks)

    @property
    def plain(self) -> str:
        """The text without any markup, never longer than the HTML."""
        return "\n\n".join("\n".join(piece.plain for piece in block) for block in self.blocks)


def split(blocks: Sequence[Block], limit: int = LIMIT) -> list[Body]:
    """Put blocks into as few bodies as keep each block whole, if it can be whole at all."""
    bodies: list[Body] = []
    for block in blocks:
        for part in _parts(block, limit):
            longer = Body((*bodies[-1].blocks, part)) if bodies else Body((part,))
            if bodies and units(longer.html) <= limit:
                bodies[-1] = longer
            else:
                bodies.append(Body((part,)))
    return bodies


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts: most characters 1, emoji and rare kanji 2."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(block: Block, limit: int) -> Iterator[Block]:
    part: Block = ()
    for piece in (short for long in block for short in _short(long, limit)):
        if part and units(Body(((*part, piece),)).html) > limit:
            yield part
            part = ()
        part = (*part, piece)
    if part:
        yield part


def _short(piece: Piece, limit: int) -> Iterator[Piece]:
    text = piece.text
    while text:
        rest = Piece(text, piece.style, piece.url)
        if units(rest.html) <= limit:
            yield rest
            return
        room = limit - (units(rest.html) - units(escape(text, quote=False)))
        end = _end(text, room)
        if head := text[:end].rstrip():
            yield Piece(head, piece.style, piece.url)
        text = text[end:].lstrip()


def _end(text: str, room: int) -> int:
    """Where to cut so that the escaped head has at most ``room`` units: at least 1 character."""
    sizes = accumulate(units(escape(character, quote=False)) for character in text)
    most = max(1, sum(1 for _ in _while_at_most(room, sizes)))
    for mark in _ENDS:
        found = text.rfind(mark, most // 2, most)
        if found > 0:
            return found + len(mark)
    return most


def _while_at_most(room: int, sizes: Iterator[int]) -> Iterator[int]:
    for size in sizes:
        if size > room:
            return
        yield size
