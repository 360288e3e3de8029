"""Hypothesis strategies for updates as Telegram would bring them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from telegram import CallbackQuery, Message, Update

from tests.bot_api.people import WHEN, Json, entities
from tests.fuzz.schema import DATES, Part, is_object, marks, parts, variants

Draw = Callable[[st.SearchStrategy[Any]], Any]
Thing = TypeVar("Thing")

CANARY: Final = "ぬばたまのあいことば"
"""Stands in what people write; no output may hold it."""
BOT: Final = "tsunagari_bot"
ASKED: Final = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
MESSAGES: Final = ("message", "edited_message")
OTHERS: Final = tuple(
    part.name for part in parts(Update) if part.name not in {*ASKED, "update_id"}
)
"""Kinds that Telegram is not asked for."""
INTEGERS: Final = (0, 1, 2, 3, 17, 4096, 2**31 - 1, 2**31, 2**52 - 1, -1, -(2**31), -1002003004005)
DAYS: Final = (1, WHEN, WHEN, WHEN, 2**31 - 1, 2**31, 32503680000)
STRINGS: Final = (
    CANARY,
    f"{CANARY}です",
    f"<b>{CANARY}</b>",
    "a",
    "",
    "https://example.jp/?a=1&b=2",
    "😢",
)
TEXTS: Final = (
    CANARY,
    f"さみしい {CANARY}",
    f"もう死にたい {CANARY}",
    "NPOに委託できますか",
    "県の取組を見たい",
    "岐阜の相談窓口",
    "じゃあ青森は？",
    "I feel lonely",
    "ありがとう",
    "夜に話せるところ",
    "1",
    "？",
    "/start",
    "/start abc",
    f"/start {CANARY}",
    "/help",
    f"/help {CANARY}",
    "/place",
    "/place 岐阜県",
    "/lang",
    "/lang en",
    "/clear",
    "/forget",
    "/export",
    "/privacy",
    "/rules 委託",
    "/programs",
    "/checklists",
    "/nothing",
    "/help@other_bot",
    f"/help@{BOT}",
    f"@{BOT} さみしい",
    f"@{BOT}",
    "/",
    "消す",
    "忘れて",
    f"<a href='{CANARY}",
    f"'; drop table queries; -- {CANARY}",
    f"%s {{0}} {{name}} {CANARY}",
    " ",
    "\n",
)
DATA: Final = (
    "windows",
    "rules",
    "programs",
    "place",
    "start:windows",
    "prefecture:gifu",
    "prefecture:19",
    "guideline/2-2",
    "window/houterasu",
    "clause:guideline/2-2",
    "review:later:1",
    "owner:1",
    CANARY,
    "x" * 64,
)
ANONYMOUS: Final = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Under whose name administrators write who do not show theirs."""
DEPTH: Final = 4
"""Objects within objects; deeper ones have no more than they need."""


@cache
def below(number: int) -> st.SearchStrategy[int]:
    """A number from 0 on."""
    return st.integers(0, number - 1)


class Maker:
    """Makes the parts of one update."""

    def __init__(self, draw: Draw, person: int, covered: set[tuple[type, str]]) -> None:
        """``person``: Telegram id of who does it; ``covered``: gets the fields that were made."""
        self.draw = draw
        self.person = person
        self._covered = covered

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of these."""
        return things[self.draw(below(len(things)))]

    def chance(self, of: int) -> bool:
        """Once in so many times."""
        return bool(self.draw(below(of)) == 0)

    def update(self) -> tuple[str, Json]:
        """An update without its number, and its kind."""
        kind = self.pick(OTHERS) if self.chance(6) else self.pick((*ASKED, *["message"] * 5))
        part = next(part for part in parts(Update) if part.name == kind)
        self._covered.add((Update, kind))
        made = self.object(part.kind)
        if part.kind is Message:
            self._set(made)
        elif part.kind is CallbackQuery:
            self._tap(made)
        elif "from" in made:
            made["from"] = self.user()
        return kind, {kind: made}

    def object(self, kind: type, depth: int = 0) -> Json:
        """An object with what it needs, and a few fields more."""
        own = self.pick(variants(kind))
        made: Json = dict(marks(own))
        optional = [part for part in parts(own) if not part.needed]
        more = 0 if depth >= DEPTH or not optional else self.draw(below(4))
        chosen = {self.pick(optional).name for _ in range(more)}
        for part in parts(own):
            if part.needed or part.name in chosen:
                self._covered.add((own, part.name))
                made[part.name] = self._many(part, part.many, depth)
        return made

    def user(self) -> Json:
        """The person."""
        code = self.pick(("ja", "en", "pt-br", "vi", "xx", None))
        made = {"id": self.person, "is_bot": False, "first_name": CANARY}
        return made | ({"language_code": code} if code else {})

    def _many(self, part: Part, many: int, depth: int) -> Any:
        if many:
            return [self._many(part, many - 1, depth) for _ in range(self.draw(below(3)))]
        if is_object(part.kind):
            return self.object(part.kind, depth + 1)
        return self._plain(part)

    def _plain(self, part: Part) -> Any:
        if part.words:
            return self.pick(part.words)
        match part.kind:
            case _ if part.kind is str:
                return self.pick(
                    {"text": TEXTS, "caption": TEXTS, "data": DATA}.get(part.name, STRINGS)
                )
            case _ if part.kind is float:
                return self.pick((0.0, 35.5, -1.0))
            case _ if part.kind == DATES:
                return self.pick(DAYS)
            case _ if part.kind is bool:
                return self.chance(2)
        return self.pick(INTEGERS)

    def _set(self, message: Json) -> None:
        """Put a message where people write."""
        if self.chance(2):
            message["text"] = self.pick(TEXTS)
        if "text" in message and not self.chance(6):
            message["entities"] = entities(message["text"])
        scene = self.pick(("private",) * 6 + ("group", "forum", "channel", "anonymous", "any"))
        if scene == "any":
            return
        message["from"] = self.user()
        message["message_id"] = 1 + self.draw(below(1000))
        if scene == "private":
            message["chat"] = self.private()
            message.pop("sender_chat", None)
            return
        message["chat"] = {"id": -self.person, "type": "supergroup", "title": CANARY}
        if scene == "forum":
            message |= {"is_topic_message": True, "message_thread_id": 7}
            message["chat"]["is_forum"] = True
        elif scene == "channel":
            message["chat"]["type"] = "channel"
            message["sender_chat"] = dict(message["chat"])
            del message["from"]
        elif scene == "anonymous":
            message |= {"from": dict(ANONYMOUS), "sender_chat": dict(message["chat"])}

    def private(self) -> Json:
        """The person's chat with the bot."""
        return {"id": self.person, "type": "private", "first_name": CANARY}

    def _tap(self, query: Json) -> None:
        query |= {"from": self.user(), "data": self.pick(DATA), "id": f"tap-{self.person}"}
        if query.get("message") and not self.chance(4):
            query["message"]["chat"] = self.private()
