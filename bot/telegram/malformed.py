"""Updates as Telegram brought them, before the library sees them: what can be read of them.

An update that cannot be read is confirmed all the same, else it would come again for ever and
keep out all that stand behind it. Of a message whose words can be told, the words are answered;
of any other from a private chat, the person gets a national window.
"""

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import structlog
from telegram import Bot, TelegramObject, Update, User

from bot.telegram.reading import bot_language
from bot.telegram.sending import Place, place_of_update
from bot.telegram.shapes import ID, UPDATE, essence, fits
from bot.telegram.tolerant import Json, load, without_surrogates

log = structlog.get_logger()

KEY: Final = "tsunagari_malformed"
"""Field of an update that was malformed; the library keeps fields that it does not know."""
UNREADABLE: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What the library raises at an update that it cannot read."""

_WORDS: Final = ("text", "caption", "data", "query")
_TAP: Final = "callback_query"
_MESSAGES: Final = ("message", "edited_message")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def sound(data: object) -> Json | None:
    """Give an update that is fit to be read, or what can be read of it; None without a number.

    Of kinds that Telegram is not asked for, nothing is left.
    """
    if not isinstance(data, dict) or not fits(data.get("update_id"), ID):
        log.warning("update malformed", kind=_kind(data))
        return None
    asked = {name: data[name] for name in ("update_id", KEY, *UPDATE) if name in data}
    try:
        whole = without_surrogates(asked)
    except UNREADABLE:  # nested too deeply
        return rescued(data)
    fit = all(fits(whole.get(kind), field) for kind, field in UPDATE.items())
    return whole if fit else rescued(data)


def parsed(given: Json, bot: Bot) -> Update:
    """Have the library read what ``sound`` gave."""
    with suppress(*UNREADABLE):
        return Update.de_json(given, bot)
    with suppress(*UNREADABLE):
        return Update.de_json(rescued(given), bot)
    return Update.de_json(_nothing_of(given), bot)


def readable(body: bytes | str, bot: Bot) -> Update | None:
    """Give the update in some JSON, or what can be read of it; None without a number."""
    given = sound(load(body.encode() if isinstance(body, str) else body))
    return None if given is None else parsed(given, bot)


def rescued(data: Json) -> Json:
    """Give what this bot needs of an update, if there are words in it; else whom to apologize to.

    Only the kind and the number are logged.
    """
    kind, update_id = _kind(data), data["update_id"]
    log.warning("update malformed", kind=kind, update=update_id)
    told = essence(data.get(kind), UPDATE[kind]) if kind in UPDATE else None
    if told and kind == _TAP and data[kind].get("message") and "message" not in told:
        told = None  # whose chat it was cannot be told, and others may read along
    if told and any(told.get(name) for name in _WORDS):
        return without_surrogates({"update_id": update_id, kind: told, KEY: {}})
    return _nothing_of(data)


def payload_of(update: Update) -> str:
    """Give the update as JSON that ``readable`` takes; of what has none, whom to apologize to.

    The library's own ``to_json`` fails at news of a pinned message that is gone, for one.
    """
    try:
        return json.dumps(update.to_dict(), default=_plain)
    except UNREADABLE:  # nested too deeply
        place = place_of_update(update)
        private = place is not None and place.chat_id > 0
        whom = {"chat": place.chat_id, "language": place.language} if place and private else {}
        return json.dumps({"update_id": update.update_id, KEY: whom})


def is_malformed(update: Update) -> bool:
    """Whether this is what could be read of a malformed update."""
    return KEY in update.api_kwargs


def place_of_malformed(update: Update) -> Place | None:
    """Give the private chat in which a person awaits an answer to what could not be read."""
    whom = update.api_kwargs.get(KEY)
    if not isinstance(whom, dict) or not fits(whom.get("chat"), ID):
        return None
    chat: int = whom["chat"]
    user = User(chat, "", is_bot=False, language_code=whom.get("language"))
    return Place(chat, bot_language(user), owner=f"telegram:{chat}")


def _plain(value: object) -> object:
    """What the library leaves in its dictionaries."""
    if isinstance(value, TelegramObject):
        return value.to_dict()
    return int(value.timestamp()) if isinstance(value, datetime) else None


def _kind(data: object) -> str:
    known = next((kind for kind in UPDATE if kind in data), "") if isinstance(data, dict) else ""
    return known or "other"


def _nothing_of(data: Json) -> Json:
    kind = _kind(data)
    return {"update_id": data["update_id"], KEY: _whom(kind, data.get(kind))}


def _whom(kind: str, given: Any) -> Json:  # noqa: ANN401  whatever JSON holds
    """Find a private chat; where there may be others too, nobody."""
    if kind not in (*_MESSAGES, _TAP) or not isinstance(given, dict):
        return {}
    found: Any
    sender = _object(given.get("from"))
    message = given if kind in _MESSAGES else given.get("message")
    if message is None:  # of a tap whose message is gone, only the person is told
        found = sender.get("id")
    else:
        chat = _object(_object(message).get("chat"))
        found = chat.get("id")
        if not fits(found, ID) and chat.get("type") == "private":
            found = sender.get("id")
    # Chats with more than one person have ids below zero.
    if not fits(found, ID) or found <= 0 or sender.get("is_bot") is True:
        return {}
    code = sender.get("language_code")
    known = isinstance(code, str) and _LANGUAGE.fullmatch(code)
    return {"chat": found} | ({"language": code} if known else {})


def _object(value: Any) -> Json:  # noqa: ANN401  the same
    return value if isinstance(value, dict) else {}
