"""What is done to an update, each with the name it has in the table."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Message

from tests.bot_api.people import Json
from tests.fuzz.making import CANARY, MESSAGES, Maker

HALVES: Final = ("\ud83d", "\ude22", f"\ude22\ud83d{CANARY}", f"さみしい\udfff{CANARY}")
WILD: Final = (
    "\x00",
    f"\x00\x01\x02\x1b[31m{CANARY}\x7f",
    f"{CANARY}\r\n\t\x0b\u2028\u2029",
    f"さみしい\x00{CANARY}",
    "\u200b\u200d\ufeff\u2060",
    "\u202e\u202d\u2066",
)
LONG: Final = (
    "😢" * 4096,
    f"\u202e{CANARY}\u202c",
    f"أشعر بالوحدة {CANARY}",
    "e" + "\u0301" * 400,
    f"{CANARY}さみしい" * 300,
    "👨‍👩‍👧‍👦" * 100,
    "あ" * 5000,
    "/" * 4096,
    "@tsunagari_bot " * 250,
    "<" * 4096,
    "&amp;" * 800,
    "死にたい" * 1000,
)
HUGE: Final = (2**63, -(2**63) - 1, 2**64, 10**30, -(10**40), 2**63 - 1)
NEVER: Final = (0, -1, -62135596801, 253402300800, 2**62, -(2**62), 10**20, 1.5, 1e300)
WRONG: Final = (
    True,
    False,
    0,
    -1,
    1.5,
    "",
    "1",
    CANARY,
    [],
    [1],
    [[]],
    {},
    {"id": 1},
    {CANARY: CANARY},
    [CANARY],
    [None],
)


@dataclass(slots=True)
class Case:
    """One update that was damaged, or not."""

    name: str
    """What was done to it."""
    kind: str
    """Its kind before that."""
    update: Any
    """The update; what JSON cannot say of Python's values stands in ``raw``."""
    raw: dict[str, str] = field(default_factory=dict)
    """JSON in place of the texts that are its keys."""

    @property
    def json(self) -> bytes:
        """The update as it comes."""
        text = json.dumps(self.update)
        for mark, raw in self.raw.items():
            text = text.replace(f'"{mark}"', raw)
        return text.encode()


Damage = Callable[[Maker, Case], None]


def spots(value: Any, depth: int = 0) -> list[tuple[Any, Any]]:
    """Every place within it, as container and key; the outer ones twice and more."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in list(inner):
        if key != "update_id":
            found += [(value, key)] * max(1, 4 - depth)
        if isinstance(one, (dict, list)):
            found += spots(one, depth + 1)
    return found


def objects(value: Any) -> list[Json]:
    """Every object within it."""
    found = [value] if isinstance(value, dict) else []
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, (dict, list)):
            found += objects(one)
    return found


def put(maker: Maker, case: Case, value: Any, kind: type = object) -> None:
    """Put a value somewhere, rather in place of one of the same kind."""
    places = spots(case.update)
    alike = [(where, key) for where, key in places if type(where[key]) is kind] or places
    where, key = maker.pick(alike)
    where[key] = deepcopy(value)


def unknown_field(maker: Maker, case: Case) -> None:
    made = {"id": 1, "name": CANARY}
    maker.pick(objects(case.update))[f"new_{maker.pick('abc')}"] = maker.pick(
        (made, CANARY, 7, [made], True)
    )


def unknown_kind(_maker: Maker, case: Case) -> None:
    case.update = {"update_id": case.update["update_id"], "telepathy": case.update[case.kind]}


def missing(maker: Maker, case: Case) -> None:
    where, key = maker.pick([spot for spot in spots(case.update) if isinstance(spot[0], dict)])
    del where[key]


def wrong_type(maker: Maker, case: Case) -> None:
    put(maker, case, maker.pick(WRONG), maker.pick((str, int, dict, list, object)))


def null(maker: Maker, case: Case) -> None:
    put(maker, case, None, maker.pick((str, int, dict, list)))


def huge(maker: Maker, case: Case) -> None:
    put(maker, case, maker.pick(HUGE), int)


def endless(maker: Maker, case: Case) -> None:
    raw = maker.pick(
        ("9" * 5000, "-" + "1" * 20000, "NaN", "Infinity", "-Infinity", "1e999", "0." + "3" * 9000)
    )
    _raw(maker, case, raw, int)


def never(maker: Maker, case: Case) -> None:
    dates = [
        (o, key)
        for o in objects(case.update)
        for key in o
        if "date" in str(key) and key != "update_id"
    ]
    where, key = maker.pick(dates or spots(case.update))
    where[key] = maker.pick(NEVER)


def half(maker: Maker, case: Case) -> None:
    put(maker, case, maker.pick(HALVES), str)


def wild(maker: Maker, case: Case) -> None:
    put(maker, case, maker.pick(WILD), str)


def deep(maker: Maker, case: Case) -> None:
    levels = maker.pick((40, 150, 330, 600, 990, 1100, 5000))
    raw = maker.pick(("[" * levels + "]" * levels, '{"a":' * levels + "1" + "}" * levels))
    if maker.chance(2):
        _raw(maker, case, raw, maker.pick((str, int, dict)))
    else:
        case.raw["@raw@"] = raw
        maker.pick(objects(case.update))["new_field"] = "@raw@"


def twice(maker: Maker, case: Case) -> None:
    where = maker.pick([one for one in objects(case.update) if one.keys() - {"update_id"}])
    key = maker.pick(sorted(map(str, where.keys() - {"update_id"})))
    value = maker.pick((where[key], *WRONG))
    case.raw["@twice@"] = json.dumps(key)
    before = where.pop(key)
    where["@twice@"], where[key] = before, deepcopy(value)  # the last one counts


def empty(maker: Maker, case: Case) -> None:
    put(maker, case, maker.pick(("", [], {})), maker.pick((str, list, dict)))


def long(maker: Maker, case: Case) -> None:
    if maker.chance(2) and isinstance(case.update.get(case.kind), dict):
        case.update[case.kind][maker.pick(("text", "caption", "data", "query"))] = maker.pick(LONG)
    else:
        put(maker, case, maker.pick(LONG), str)


def beyond(maker: Maker, case: Case) -> None:
    message = case.update[case.kind] if case.kind in MESSAGES else maker.object(Message)
    text = maker.pick(
        (
            "😢😢",
            "/help 😢",
            "@tsunagari_bot 😢",
            "さみしい",
            "/start@tsunagari_bot",
            "",
            "a😢b @x",
        )
    )
    name = maker.pick(("text", "caption"))
    message[name] = text
    message["entities" if name == "text" else "caption_entities"] = [
        {
            "type": maker.pick(("mention", "bot_command", "text_mention", "url", "new_type")),
            "offset": maker.pick((0, 0, 1, 2, 3, 100, -1, 2**40)),
            "length": maker.pick((0, 1, 3, 5, 7, 5000, -1, 2**40)),
        }
        for _ in range(maker.pick((1, 2)))
    ]
    case.update = {"update_id": case.update["update_id"], "message": message}


def several(maker: Maker, case: Case) -> None:
    for _ in range(3):
        _, more = maker.update()
        case.update |= more


def no_number(maker: Maker, case: Case) -> None:
    wrong = maker.pick((None, "1", 1.5, [], {}, True, 2**63, -(2**70)))
    if wrong is None:
        del case.update["update_id"]
    else:
        case.update["update_id"] = wrong


def no_object(maker: Maker, case: Case) -> None:
    case.update = deepcopy(maker.pick((None, 1, CANARY, [], [case.update], True, {}, [[]], 1.5)))


def _raw(maker: Maker, case: Case, raw: str, kind: type) -> None:
    case.raw["@raw@"] = raw
    put(maker, case, "@raw@", kind)


DAMAGE: Final[Mapping[str, Damage]] = {
    "as it should be": lambda _maker, _case: None,
    "a field that is not known": unknown_field,
    "a kind that is not known": unknown_kind,
    "a field missing": missing,
    "a wrong type": wrong_type,
    "null": null,
    "a number beyond 64 bits": huge,
    "thousands of digits, NaN, Infinity": endless,
    "a date that never was": never,
    "half a character": half,
    "NUL, control and invisible characters": wild,
    "40 to 5,000 levels deep": deep,
    "a key twice": twice,
    "nothing in it: text, list or object": empty,
    "4,096 emoji, right to left, very long": long,
    "entities beyond the text or within a character": beyond,
    "several kinds in one update": several,
    "no number, or a wrong one": no_number,
    "no object": no_object,
}
"""All of it; the first does nothing."""
