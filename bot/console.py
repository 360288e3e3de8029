"""The conversation in a terminal: cards, numbered choices, a clean end."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.app import App
from handlers.commands import COMMANDS, WITH_WORDS
from handlers.messages import Card, Choice, Incoming, Reply
from knowledge.replies import BASE
from knowledge.text import fold

CONVERSATION: Final = "console:here"
CHOICE_DIGITS: Final = 2
"""A longer number is no choice: somebody who types 119 must be heard."""


@dataclass
class Conversation:
    """One person at one terminal."""

    app: App
    """The assistant."""
    console: Console
    """Where it is shown."""
    read: Callable[[str], str] = input
    """Reads one line after a prompt; EOFError and KeyboardInterrupt end the conversation."""
    choices: tuple[Choice, ...] = field(default=())
    """The choices on the screen."""
    language: str = BASE
    """The language that was spoken last."""

    def run(self) -> None:
        """Talk until /quit, Ctrl-C or the end of input."""
        self._say("chat.welcome")
        while True:
            try:
                line = self.read(f"\n{self._text('chat.prompt')} > ")
            except (EOFError, KeyboardInterrupt):
                self.console.print()
                break
            if not self._turn(line.strip()):
                break
        self._say("chat.bye")

    def _turn(self, line: str) -> bool:
        """Answer one line; False when the conversation is over."""
        command = unicodedata.normalize("NFKC", line).lower()
        if command in {"/quit", "/exit", "/q"}:
            return False
        if command in {"/help", "/?"}:
            self._say("chat.help")
        elif command == "/start":
            self._say("chat.welcome")
        elif command.startswith("/") and not self._knows(command):
            self._command(line)
        elif command.isdecimal() and len(command) <= CHOICE_DIGITS and self.choices:
            self._choose(int(command))
        elif line:
            self._answer(line, None)
        return True

    def _command(self, line: str) -> None:
        """A command that is a choice; words after most of them are a question."""
        name, _, rest = unicodedata.normalize("NFKC", line[1:]).partition(" ")
        choice = COMMANDS.get(name.lower())
        if choice is None:
            self._say("chat.unknown_command")
        else:
            self._answer(rest.strip(), None if rest and choice not in WITH_WORDS else choice)

    def _choose(self, number: int) -> None:
        if 1 <= number <= len(self.choices):
            choice = self.choices[number - 1]
            self.console.print(Text(f"  {choice.label}", style="dim"))
            self._answer("", choice.id)
        else:
            self._say("chat.unknown_number")

    def _answer(self, text: str, choice: str | None) -> None:
        incoming = Incoming(
            text=text,
            conversation=CONVERSATION,
            at=self.app.clock.now(),
            channel="console",
            choice=choice,
        )
        reply = self.app.assistant.answer(incoming)
        self.choices = reply.choices
        self.language = reply.language or self.language
        if reply.clears:
            self.console.clear()
        show(self.console, reply)

    def _knows(self, command: str) -> bool:
        return self.app.library.commands.of(fold(command)) is not None

    def _text(self, key: str) -> str:
        return self.app.library.replies.say(key, self.language)

    def _say(self, key: str) -> None:
        self.console.print(Text(self._text(key)))


def show(console: Console, reply: Reply) -> None:
    """Print a reply: paragraphs, cards in frames, numbered choices."""
    style = "bold" if reply.crisis else ""
    for paragraph in reply.opening:
        console.print(Padding(Text(paragraph, style=style), (1, 0, 0, 0)))
    for card in reply.cards:
        console.print(_panel(card))
    for paragraph in reply.closing:
        console.print(Text(paragraph, style="dim"))
    if reply.attachment:
        console.print(Text(reply.attachment.text))
    for number, choice in enumerate(reply.choices, start=1):
        console.print(Text(f"  {number}. {choice.label}", style="cyan"))


def _panel(card: Card) -> Panel:
    body = Text()
    if card.quote:
        body.append(f"{card.quote}\n\n", style="bold")
    body.append("\n".join(card.lines))
    return Panel(body, title=Text(card.title), title_align="left", border_style="green")
