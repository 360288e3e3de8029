"""What an update, as damaged, asks of the bot; judged without the bot's own code."""

from typing import Any, Final

from tests.bot_api.people import Json
from tests.fuzz.damage import Case
from tests.fuzz.making import ASKED, BOT, MESSAGES

LARGEST: Final = 2**63 - 1


def as_read(case: Case) -> Any:
    """The update as a reader of JSON gets it: of two fields of one name, the last."""
    return _without_first(case.update)


def awaited(update: Any) -> int | None:
    """The private chat in which somebody wrote words that must be answered; None if none."""
    if not isinstance(update, dict) or not _number(update.get("update_id")):
        return None
    kinds = [kind for kind in ASKED if update.get(kind) is not None]
    if len(kinds) != 1 or kinds[0] not in MESSAGES or not isinstance(update[kinds[0]], dict):
        return None
    message: Json = update[kinds[0]]
    sender = message.get("from") if isinstance(message.get("from"), dict) else {}
    chat = message.get("chat") if isinstance(message.get("chat"), dict) else {}
    assert isinstance(sender, dict)
    assert isinstance(chat, dict)
    if sender.get("is_bot") is True or not _wrote(message, edited=kinds[0] == "edited_message"):
        return None
    if _number(chat.get("id")):
        is_private = chat["id"] > 0 and chat.get("type") in ("private", *_no_texts(chat))
        return chat["id"] if is_private else None
    found = sender.get("id") if chat.get("type") == "private" else None
    return found if _number(found) and found > 0 else None


def concerned(update: Any) -> set[int]:
    """Every chat and person it names near the top; nobody else may be written to."""
    found: set[int] = set()
    for kind in ASKED:
        one = update.get(kind) if isinstance(update, dict) else None
        near = [one, one.get("message")] if isinstance(one, dict) else []
        for place in near:
            if isinstance(place, dict):
                found |= {
                    who["id"]
                    for who in (place.get("chat"), place.get("from"))
                    if isinstance(who, dict) and _number(who.get("id"))
                }
    return found


def _wrote(message: Json, *, edited: bool) -> bool:
    text, caption = message.get("text"), message.get("caption")
    words = text if isinstance(text, str) and text else caption
    if not isinstance(words, str) or not words or words.startswith("@raw"):
        return False
    command = words.split()[0] if words.startswith("/") else ""
    named = command.partition("@")[2].lower()
    return not (edited and (command or _is_marked(message))) and named in {"", BOT}


def _is_marked(message: Json) -> bool:
    """Whether it is marked as a command, which is not done again when it is edited."""
    marks = message.get("entities")
    first = marks[0] if isinstance(marks, list) and marks else None
    return isinstance(first, dict) and first.get("type") == "bot_command"


def _no_texts(chat: Json) -> tuple[Any, ...]:
    kind = chat.get("type")
    return () if isinstance(kind, str) else (kind,)


def _number(value: Any) -> bool:
    return type(value) is int and -LARGEST <= value <= LARGEST


def _without_first(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_first(one) for key, one in value.items() if key != "@twice@"}
    return [_without_first(one) for one in value] if isinstance(value, list) else value
