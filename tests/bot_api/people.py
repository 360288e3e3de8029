"""People who write to the bot, the groups they meet in, and what the bot sent them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.bot_api.checks import keyboard

Json = dict[str, Any]
Bring = Callable[[Json], int]
"""Queues one update for the bot, without its id; gives the id."""

WHEN = 1_795_226_400
"""Every message's date, in Unix seconds (2026-11-20 18:00 in Japan): the bot must not use it."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message of the bot."""

    text: str
    """Its label."""
    data: str | None
    """Its callback data; None for another kind of button."""
    copies: str | None
    """The text it copies; None for another kind of button."""
    message: Json
    """The message it stands under."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message the bot sent and the server accepted."""

    text: str
    """What a person reads, without markup."""
    parameters: Mapping[str, str]
    """The call as it came: text, parse_mode, reply_markup (JSON) and so on."""
    message: Json
    """The message as Telegram answered it."""

    @property
    def buttons(self) -> list[Button]:
        """The buttons under it, row by row."""
        return [
            Button(
                button["text"],
                button.get("callback_data"),
                button.get("copy_text", {}).get("text"),
                self.message,
            )
            for row in keyboard(self.parameters)
            for button in row
        ]

    def button(self, label: str) -> Button:
        """Give the button with this label; raise KeyError with the labels there are."""
        buttons = {button.text: button for button in self.buttons}
        if label not in buttons:
            raise KeyError(label, list(buttons))
        return buttons[label]


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat."""

    id: int
    """Telegram id, negative."""
    title: str
    """Its name."""

    @property
    def chat(self) -> Json:
        """The group as updates show it."""
        return {"id": self.id, "type": "supergroup", "title": self.title}


@dataclass(slots=True)
class Person:
    """Someone with Telegram. Each method queues one update for the bot and gives its id.

    ``into`` is the group it happens in; None means the private chat with the bot.
    """

    id: int
    """Telegram id."""
    bot: Json
    """The bot as updates show it."""
    bring: Bring
    """The server's way to queue an update."""
    language: str | None = "ja"
    """Language of the app; None where Telegram does not tell."""
    name: str = "花子"
    """First name."""
    messages: Iterator[int] = field(default_factory=lambda: count(1))
    """Ids of the person's messages."""

    @property
    def user(self) -> Json:
        """The person as updates show her."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return {**user, "language_code": self.language} if self.language else user

    @property
    def chat(self) -> Json:
        """The private chat with the bot."""
        return {"id": self.id, "type": "private", "first_name": self.name}

    def says(
        self, text: str, *, into: Group | None = None, replying_to: Sent | None = None
    ) -> int:
        """Write a text; a first word with ``/`` is a command, ``@name`` is a mention."""
        return self.sends(
            text=text,
            entities=entities(text),
            into=into,
            **({"reply_to_message": replying_to.message} if replying_to else {}),
        )

    def edits(self, text: str, *, message_id: int = 1, into: Group | None = None) -> int:
        """Change the text of an earlier message."""
        message = self._message(into, message_id, text=text, entities=entities(text))
        return self.bring({"edited_message": {**message, "edit_date": WHEN + 60}})

    def taps(self, button: Button) -> int:
        """Tap a button that has callback data."""
        return self.taps_data(button.data, button.message)

    def taps_data(self, data: str | None, message: Json | None) -> int:
        """Tap a button with any data, under any message: a stale one, a forged one."""
        query: Json = {"id": f"tap-{next(self.messages)}-{self.id}", "chat_instance": "1"}
        query |= {"from": self.user} | ({"data": data} if data is not None else {})
        return self.bring({"callback_query": query | ({"message": message} if message else {})})

    def types_after_mention(self, query: str) -> int:
        """Type ``@bot query`` in any chat, without sending it."""
        query_id = f"inline-{next(self.messages)}-{self.id}"
        return self.bring(
            {"inline_query": {"id": query_id, "from": self.user, "query": query, "offset": ""}}
        )

    def sends_sticker(self, *, into: Group | None = None) -> int:
        """Send a sticker."""
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        return self.sends(sticker=file(width=512, height=512, **kind), into=into)

    def sends_photo(self, caption: str = "", *, album: str = "", into: Group | None = None) -> int:
        """Send a picture; those of one album share its name."""
        words: Json = {"caption": caption, "caption_entities": entities(caption)}
        return self.sends(
            photo=[file(width=90, height=90)],
            into=into,
            **(words if caption else {}),
            **({"media_group_id": album} if album else {}),
        )

    def sends_voice(self, *, into: Group | None = None) -> int:
        """Send a voice message."""
        return self.sends(voice=file(duration=3), into=into)

    def sends_document(self) -> int:
        """Send a file."""
        return self.sends(document=file(file_name="a.pdf"))

    def sends_location(self) -> int:
        """Send a place."""
        return self.sends(location={"latitude": 35.0, "longitude": 135.0})

    def sends_contact(self) -> int:
        """Send an address-book entry."""
        return self.sends(contact={"phone_number": "09000000000", "first_name": "太郎"})

    def sends_poll(self) -> int:
        """Send a poll."""
        options = [{"persistent_id": str(n), "text": str(n), "voter_count": 0} for n in (1, 2)]
        poll = {"id": "1", "question": "?", "options": options, "total_voter_count": 0}
        flags = ("is_closed", "is_anonymous", "allows_multiple_answers", "allows_revoting")
        others = {"type": "regular", "members_only": False} | dict.fromkeys(flags, False)
        return self.sends(poll=poll | others)

    def adds_the_bot(self, group: Group, *, told: tuple[str, ...] = ("member", "message")) -> None:
        """Take the bot into a group; ``told``: which of the two updates Telegram sends."""
        if "member" in told:
            self.changes_membership(group, "left", "member")
        if "message" in told:
            self.sends(new_chat_members=[self.bot], into=group)

    def changes_membership(self, group: Group | None, old: str, new: str) -> int:
        """Change the bot's membership of a group, or block it in private: left, member, kicked."""
        states = {
            "old_chat_member": {"user": self.bot, "status": old, "until_date": 0},
            "new_chat_member": {"user": self.bot, "status": new, "until_date": 0},
        }
        chat = group.chat if group else self.chat
        return self.bring(
            {"my_chat_member": {"chat": chat, "from": self.user, "date": WHEN} | states}
        )

    def sends(self, *, into: Group | None = None, **content: Any) -> int:
        """Send a message with any content, named as in the Bot API."""
        return self.bring({"message": self._message(into, next(self.messages), **content)})

    def _message(self, into: Group | None, message_id: int, **content: Any) -> Json:
        chat = into.chat if into else self.chat
        message = {"message_id": message_id, "date": WHEN, "chat": chat, "from": self.user}
        return message | content


def entities(text: str) -> list[Json]:
    """Mark the command at the start and the mentions of a text, as Telegram does."""
    found: list[Json] = []
    offset = 0
    for word in text.split(" "):
        if word.startswith("@") or (word.startswith("/") and word[1:2].isascii() and not offset):
            kind = "mention" if word.startswith("@") else "bot_command"
            found.append({"type": kind, "offset": offset, "length": units(word.split("\n")[0])})
        offset += units(word) + 1
    return found


def units(text: str) -> int:
    """Give the length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def file(**others: Any) -> Json:
    """Give a file as updates show it, without its content."""
    return {"file_id": "f", "file_unique_id": "u", **others}
