"""How a command tells what it did, or why it ends."""

from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from knowledge.replies import Replies


class Telling:
    """What a command works with; whoever inherits from it has the sentences."""

    __slots__ = ()

    replies: "Replies"
    """Every sentence."""

    def say(self, key: str, **values: str) -> None:
        """Tell whoever runs the command."""
        typer.echo(self.replies.say(key, **values))

    def stop(self, key: str, **values: str) -> NoReturn:
        """Tell why it ends here, with exit status 1."""
        typer.echo(self.replies.say(key, **values), err=True)
        raise typer.Exit(1)
