"""What Telegram refuses in a message, in the words it refuses it with."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, NoReturn

TAGS = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}
"""Tags of Telegram's HTML that the server knows."""


class RefusedError(Exception):
    """The Bot API refuses a call; the message is its description."""

    def __init__(self, description: str, status: int) -> None:
        """``status``: of HTTP."""
        super().__init__(description)
        self.status = status


def refuse(description: str, status: int = 400) -> NoReturn:
    """Refuse a call."""
    raise RefusedError(description, status)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            refuse_markup(f'unsupported start tag "{tag}"')
        if tag == "a" and not dict(attrs).get("href"):
            refuse_markup("a link without an address")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            refuse_markup(f'unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text += data

    def close(self) -> None:
        super().close()
        if self._open:
            refuse_markup(f'can\'t find end tag corresponding to start tag "{self._open[-1]}"')


def visible_text(html: str) -> str:
    """Give what a person reads of Telegram's HTML; raise RefusedError if it is malformed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text


def check_message(parameters: Mapping[str, str]) -> str:
    """Give the visible text of a ``sendMessage`` call; raise RefusedError as Telegram would."""
    text = parameters.get("text", "")
    if parameters.get("parse_mode") == "HTML":
        text = visible_text(text)
    if not text.strip():
        refuse("Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        refuse("Bad Request: message is too long")
    for row in keyboard(parameters):
        for button in row:
            _check_button(button)
    return text


def check_results(results: list[dict[str, Any]]) -> None:
    """Refuse inline results as Telegram would: too many, twice the same, no text to send."""
    if len(results) > 50:
        refuse("Bad Request: RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        refuse("Bad Request: RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64 or not result["title"].strip():
            refuse("Bad Request: RESULT_ID_INVALID")
        content = result["input_message_content"]
        check_message({"text": content["message_text"], "parse_mode": content["parse_mode"]})


def keyboard(parameters: Mapping[str, str]) -> list[list[dict[str, Any]]]:
    """Give the rows of inline buttons of a call; none if it has no keyboard."""
    markup = json.loads(parameters.get("reply_markup", "{}"))
    rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
    return rows


def _check_button(button: Mapping[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        refuse("Bad Request: inline keyboard button text must be non-empty")
    kinds = {"callback_data", "copy_text", "url"} & button.keys()
    if len(kinds) != 1:
        refuse("Bad Request: BUTTON_TYPE_INVALID")
    if "callback_data" in kinds and not 1 <= len(button["callback_data"].encode()) <= 64:
        refuse("Bad Request: BUTTON_DATA_INVALID")
    if "copy_text" in kinds and not 1 <= len(button["copy_text"]["text"]) <= 256:
        refuse("Bad Request: BUTTON_COPY_TEXT_INVALID")
    if "url" in kinds and not button["url"].startswith(("http://", "https://")):
        refuse("Bad Request: BUTTON_URL_INVALID")


def refuse_markup(what: str) -> NoReturn:
    """Refuse a text whose HTML cannot be read."""
    refuse(f"Bad Request: can't parse entities: {what}")
