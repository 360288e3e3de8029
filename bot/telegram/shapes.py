"""What the fields of an update must be for this bot to use them; the library does not look."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

LARGEST: Final = 2**63 - 1
"""The largest number the database takes; Telegram's have at most 52 bits."""


class Field(NamedTuple):
    """What a field must be, if it is there."""

    kind: type
    """Type in JSON."""
    inner: "Mapping[str, Field] | None" = None
    """Fields of the object, or of each object of the list."""
    needed: bool = False
    """Whether it must be there."""
    instead: object = None
    """What stands in place of a damaged one that is needed, and not used by this bot."""
    limits: tuple[int, int] = (-LARGEST, LARGEST)
    """Of a number: the smallest and the largest."""


ID: Final = Field(int, needed=True)
_STR, _TEXT, _FLAG = Field(str, needed=True), Field(str), Field(bool)
_DATE = Field(int, needed=True, instead=1, limits=(0, 2**37))
_UNUSED = Field(str, needed=True, instead="")
_USER: Final = {
    "id": ID,
    "is_bot": Field(bool, needed=True, instead=False),
    "first_name": _UNUSED,
    "language_code": _TEXT,
}
_FROM, _WHO = Field(dict, _USER), Field(dict, _USER, needed=True)
_CHAT_FIELDS: Final = {"id": ID, "type": _STR}
_CHAT = Field(dict, _CHAT_FIELDS, needed=True)
_ENTITIES = Field(list, {"type": _STR, "offset": ID, "length": ID, "user": _FROM})
_BARE: Final = {
    "message_id": ID,
    "date": _DATE,
    "chat": _CHAT,
    "from": _FROM,
    "is_topic_message": _FLAG,
    "message_thread_id": Field(int),
}
_MESSAGE = Field(
    dict,
    {
        **_BARE,
        "text": _TEXT,
        "caption": _TEXT,
        "entities": _ENTITIES,
        "caption_entities": _ENTITIES,
        "media_group_id": _TEXT,
        "reply_to_message": Field(dict, _BARE),
        "new_chat_members": Field(list, _USER),
        "sender_chat": Field(dict, _CHAT_FIELDS),
    },
)
_TAP = {"id": _STR, "from": _WHO, "chat_instance": _UNUSED, "data": _TEXT}
_MEMBER = Field(dict, {"status": _STR}, needed=True)
_CHANGE = {"chat": _CHAT, "from": _FROM, "old_chat_member": _MEMBER, "new_chat_member": _MEMBER}
UPDATE: Final[Mapping[str, Field]] = {
    "message": _MESSAGE,
    "edited_message": _MESSAGE,
    "callback_query": Field(dict, {**_TAP, "message": Field(dict, _BARE)}),
    "inline_query": Field(
        dict, {"id": _STR, "from": _WHO, "query": Field(str, needed=True), "offset": _UNUSED}
    ),
    "my_chat_member": Field(dict, _CHANGE),
}
"""The kinds of updates that are answered."""


def fits(value: Any, field: Field) -> bool:  # noqa: ANN401  whatever JSON holds
    """Whether a value is what the field must be; so is None, unless it is needed."""
    if value is None:
        return not field.needed
    if not _is(value, field.kind):
        return False
    if field.kind is int:
        return field.limits[0] <= int(value) <= field.limits[1]
    if field.inner is None:
        return True
    objects: list[Any] = value if field.kind is list else [value]
    return all(
        isinstance(one, dict) and all(fits(one.get(name), f) for name, f in field.inner.items())
        for one in objects
    )


def _is(value: object, kind: type) -> bool:
    return type(value) is kind  # to isinstance, True is a number


def essence(value: Any, field: Field) -> Any:  # noqa: ANN401  the same
    """Keep what is used and is what it must be; None if something needed is not."""
    if not _is(value, field.kind) or (field.inner is None and not fits(value, field)):
        return field.instead if field.needed else None
    if field.inner is None:
        return value
    if field.kind is list:
        objects = (essence(one, Field(dict, field.inner)) for one in value)
        return [one for one in objects if one is not None]
    kept = {name: essence(value.get(name), inner) for name, inner in field.inner.items()}
    if any(inner.needed and kept[name] is None for name, inner in field.inner.items()):
        return None
    return {name: one for name, one in kept.items() if one is not None}
