"""Turns a reply, which is free of any channel, into Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.outside import Says
from bot.telegram.splitting import LIMIT, Block, Piece, Style, split
from handlers.messages import Card, Choice, Reply

NUMBERS = 6
"""Copy buttons under one reply: more would push the choices off a small screen."""
NUMBERS_IN_A_ROW = 2
"""Copy buttons side by side; a telephone number fits half a small screen."""
ROW_WIDTH = 32
"""Latin letters that a row of buttons on a small screen shows in all."""
CHOICE_BYTES = 64
"""Telegram refuses a longer ``callback_data``, and with it the whole message."""
URL_UNITS = 2000
"""A longer address is not shown as a link: it would leave no room for the text."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send."""

    html: str
    """Its text in Telegram's HTML, at most 4,096 UTF-16 units with the tags."""
    plain: str
    """The same text without markup, for when the HTML is refused."""
    keyboard: InlineKeyboardMarkup | None = None
    """Buttons under it; only the last part of a reply has them."""


def render(reply: Reply, replies: Says, language: str = "ja", limit: int = LIMIT) -> list[Part]:
    """Give the messages of a reply, in order; none for a reply without any text.

    Paragraphs and cards stand in the reply's order, so the first card of a crisis reply is
    preceded by its short opening alone. ``language`` is that of link and button labels.
    """
    blocks = [
        *(_paragraph(text) for text in reply.opening),
        *(_card(card, replies.say("telegram.page", language)) for card in reply.cards),
        *(_paragraph(text) for text in reply.closing),
    ]
    bodies = split([block for block in blocks if block], limit)
    keyboard = _keyboard(reply, replies, language)
    return [
        Part(body.html, body.plain, keyboard if body is bodies[-1] else None) for body in bodies
    ]


def _paragraph(text: str) -> Block:
    return (Piece(text.strip()),) if text.strip() else ()


def _card(card: Card, page: str) -> Block:
    pieces = [
        Piece(card.title.strip(), Style.TITLE),
        Piece(card.quote.strip(), Style.QUOTE),
        *(Piece(line.strip()) for line in card.lines),
    ]
    # A card that prints its address needs no link to it: Telegram links it by itself.
    if _is_web(card.url) and not any(card.url in line for line in card.lines):
        pieces.append(Piece(page, url=card.url))
    return tuple(piece for piece in pieces if piece.text)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as "http://[": not an address at all
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= URL_UNITS


def _keyboard(reply: Reply, replies: Says, language: str) -> InlineKeyboardMarkup | None:
    numbers = list(dict.fromkeys(number for card in reply.cards for number in card.numbers))
    copies = [
        InlineKeyboardButton(
            replies.say("telegram.copy", language, number=number),
            copy_text=CopyTextButton(number),
        )
        for number in numbers[:NUMBERS]
    ]
    rows = [
        *(copies[i : i + NUMBERS_IN_A_ROW] for i in range(0, len(copies), NUMBERS_IN_A_ROW)),
        *([_button(choice) for choice in row] for row in _rows(reply.choices)),
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(choices: Sequence[Choice]) -> list[list[Choice]]:
    """Choices in rows: short labels side by side, as many as are read whole on a small screen."""
    rows: list[list[Choice]] = []
    for choice in filter(_is_sendable, choices):
        row = [*rows[-1], choice] if rows else [choice]
        if len(row) > 1 and max(width(c.label) for c in row) <= ROW_WIDTH // len(row):
            rows[-1] = row
        else:
            rows.append([choice])
    return rows


def width(text: str) -> int:
    """How wide a text is, a Latin letter being 1 and a Japanese one 2."""
    return sum(2 if east_asian_width(character) in "FWA" else 1 for character in text)


def _is_sendable(choice: Choice) -> bool:
    return bool(choice.label.strip()) and 1 <= len(choice.id.encode()) <= CHOICE_BYTES


def _button(choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(choice.label, callback_data=choice.id)
